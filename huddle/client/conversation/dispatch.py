"""Carries out what was typed: asks the session for it, or does what does not concern the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from huddle.client.commands import intents
from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.conversation.display import Display
from huddle.client.rendering.rendering import Rendering
from huddle.client.session.events import Event
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Kind
from huddle.locale import translator
from huddle.locale.clock import HouseClock
from huddle.locale.errors import refusal
from huddle.locale.wording import (
    JOINS_QUIET,
    JOINS_TOLD,
    LANGUAGE_IS,
    NUMBERS_OFF,
    NUMBERS_ON,
    TIMES_OFF,
    TIMES_ON,
    YOU_ARE_IN,
)
from huddle.protocol import requests
from huddle.protocol.events import INBOX


@dataclass(eq=False, repr=False)
class Dispatch:
    """The dispatch of one conversation. ``clock`` is the one by which a person says when.

    ``announce_waiting``: say so when a line cannot go out now. ``failed`` is called when something
    typed is not done.
    """

    display: Display
    rendering: Rendering
    where: CurrentRoom
    buffers: Buffers
    clock: HouseClock
    announce_waiting: bool = field(kw_only=True)
    failed: Callable[[], None] = field(kw_only=True)
    _aside: dict[str, str] = field(default_factory=dict, init=False)
    """Where the last line typed was for one person alone (`/msg`): that person's nick."""

    def say(
        self,
        session: ClientSession,
        texts: Sequence[str],
        kind: Kind = Kind.SAY,
        room: str | None = None,
        *,
        re: int = 0,
        edits: int = 0,
    ) -> list[Event]:
        """Say texts where one is, or in a room; what follows from it."""
        partner = self.where.partner
        self._aside.pop(self.where.place_before_eyes, None)
        if room is None and partner is not None:
            return session.tell(partner, *texts, act=kind is Kind.ME, re=re, edits=edits)
        return session.say(texts, room or self.where.aim, kind, re=re, edits=edits)

    def tell_if_waiting(self, session: ClientSession) -> None:
        """Tell of lines that cannot go out now."""
        if session.waiting and self.announce_waiting:
            told = self.rendering.wording.counted(
                "{count} line waits to be said.", "{count} lines wait to be said.", session.waiting
            )
            self.display.warn(told)

    def obey(self, session: ClientSession, intent: intents.Intent) -> list[Event]:
        """Do what was meant; what follows from it."""
        match intent:
            case intents.Say(text, room=room, re=re) if re and self._is_private(room):
                happened = self._answer(session, text, re, here=room is None)
            case intents.Say(text, kind, room, re, edits):
                happened = self.say(session, [text], kind, room, re=re, edits=edits)
            case requests.Fix(text, None):
                happened = self._fix(session, text)
            case requests.Fix(text, int(seq), room):
                happened = self._fix_numbered(session, text, seq, room)
            case intents.Tell(nick, text, re, edits):
                happened = self._tell(session, nick, text, re=re, edits=edits)
            case _:
                return self._ask(session, intent)
        self.tell_if_waiting(session)
        return happened

    def _ask(self, session: ClientSession, intent: intents.Intent) -> list[Event]:
        """Ask the server; or do what does not concern it, or what it cannot be asked just now."""
        rendering = self.rendering
        _ = rendering.wording.gettext
        match intent:
            case intents.Ask(request):
                wanted = request(self.where.place)
                if isinstance(wanted, requests.ChangeNick) and wanted.nick is not None:
                    return session.take_nick(wanted.nick)
                return session.ask(wanted)
            case intents.Recall(when, room):
                since = self.clock.read(when)
                return session.ask(requests.History(room or self.where.place, since=since))
            case requests.Join(room, key):
                self.where.entering(room)
                return session.ask(requests.Join(room, key))
            case requests.Login(nick, password):
                return session.ask(requests.Login(nick or session.nick, password))
            case requests.Leave(room):
                return self._go_out(session, room)
            case requests.Delete(room, seq, nick):
                return self._erase(session, seq, nick, room)
            case intents.ShowHelp(one="") if session.online:
                return session.ask(requests.HelpWanted())
            case intents.ShowHelp(one) if one:
                self.display.tell(*rendering.help_on(one))
            case intents.ShowHelp():
                self.show_help()
            case intents.Talk(nick):
                self.where.partner = nick
                self.display.tell(
                    _("What you say is for {nick} only; /leave ends that.").format(nick=nick)
                )
            case requests.SetLanguage(language):
                rendering.wording = translator(language)
                session.language = language
                self.display.tell(rendering.wording.gettext(LANGUAGE_IS))
            case requests.SetTimes(on):
                rendering.times = not rendering.times if on is None else on
                self.display.tell(_(TIMES_ON) if rendering.times else _(TIMES_OFF))
            case intents.NotSaid():
                self.refuse(rendering.not_said())
            case requests.HushJoins(on):
                rendering.quiet_joins = not rendering.quiet_joins if on is None else on
                self.display.tell(_(JOINS_QUIET) if rendering.quiet_joins else _(JOINS_TOLD))
            case requests.SetNumbers(on):
                rendering.numbers = not rendering.numbers if on is None else on
                self.display.tell(_(NUMBERS_ON) if rendering.numbers else _(NUMBERS_OFF))
            case intents.Mistake():
                self.refuse(*rendering.mistake(intent))
        return []

    def _go_out(self, session: ClientSession, room: str | None) -> list[Event]:
        _ = self.rendering.wording.gettext
        if room is None and self.where.partner is not None:
            self.buffers.close(self.where.place_before_eyes)
            self.where.partner = None
            self.display.tell(_(YOU_ARE_IN).format(room=self.where.room))
            return []
        left = room or self.where.aim
        if set(session.rooms) <= {left}:
            self.display.tell(_("You are in no other room; /quit leaves."))
            return []
        self.where.leaving(left, session.rooms)
        return session.ask(requests.Leave(left))

    def _last_partner(self) -> str | None:
        """The one person to whom the last line was said that was typed here."""
        return self._aside.get(self.where.place_before_eyes, self.where.partner)

    def _is_private(self, room: str | None) -> bool:
        return room == INBOX or (room is None and self.where.partner is not None)

    def _tell(
        self,
        session: ClientSession,
        nick: str,
        text: str,
        *,
        acts: bool = False,
        re: int = 0,
        edits: int = 0,
    ) -> list[Event]:
        here = self.where.place_before_eyes
        if nick == self.where.partner:
            self._aside.pop(here, None)
        else:
            self._aside[here] = nick
        return session.tell(nick, text, act=acts, re=re, edits=edits)

    def _answer(self, session: ClientSession, text: str, re: int, *, here: bool) -> list[Event]:
        """Answer a private message; ``here``: one of the person to whom one talks."""
        nick, partner = self.buffers.partner_of(re), self.where.partner
        if nick is None or (here and nick != partner):
            return self._no_such_message()
        return self._tell(session, nick, text, re=re)

    def _fix(self, session: ClientSession, text: str) -> list[Event]:
        """Put right what was typed here last, to whomever that was said."""
        if session.unacknowledged:
            return self._still_on_its_way()
        nick = self._last_partner()
        buffer = self.buffers.of(self.where.aim if nick is None else f"{INBOX}{nick}")
        seq = buffer.last_own()
        if seq is None:
            return self._no_such_message()
        if nick is not None:
            return self._tell(session, nick, text, acts=buffer.acts(seq), edits=seq)
        kind = Kind.ME if buffer.acts(seq) else Kind.SAY
        return self.say(session, [text], kind, edits=seq)

    def _fix_numbered(
        self, session: ClientSession, text: str, seq: int, room: str | None
    ) -> list[Event]:
        """Put right the message of this number; whether it is one's own the server knows."""
        if not self._is_private(room):
            kind = Kind.ME if self.buffers.of(self.where.aim).acts(seq) else Kind.SAY
            return self.say(session, [text], kind, edits=seq)
        partner = self.where.partner
        nick = self.buffers.partner_of(seq) or partner  # it may be older than what is remembered
        if nick is None or (room is None and nick != partner):
            return self._no_such_message()
        acts = self.buffers.of(f"{INBOX}{nick}").acts(seq)
        return self._tell(session, nick, text, acts=acts, edits=seq)

    def _no_such_message(self, kind: str = "here") -> list[Event]:
        return self.refuse(refusal("no-such-message", self.rendering.wording, kind))

    def _still_on_its_way(self) -> list[Event]:
        """The last line has no number yet: the one before it is not meant."""
        _ = self.rendering.wording.gettext
        return self.refuse(_("Your last line is still on its way; try it again."))

    def refuse(self, *sentences: str) -> list[Event]:
        """Tell why something is not done that the server was not asked for: nothing follows, and a
        pipe has failed."""
        self.failed()
        self.display.warn(*sentences)
        return []

    def _erase(
        self, session: ClientSession, seq: int | None, nick: str | None, room: str | None
    ) -> list[Event]:
        place, partner = room or self.where.place, self.where.partner
        if seq is None and nick is None and (aside := self._last_partner()) is not None:
            place, partner = INBOX, aside
        if seq is None and nick is None and session.unacknowledged:
            return self._still_on_its_way()
        whole = seq is not None
        if seq is None:
            buffer = self.buffers.of(place if partner is None else f"{INBOX}{partner}")
            seq = buffer.last_own() if nick is None else buffer.last_of(nick)
        if seq is None:
            return self._no_such_message("")
        return session.ask(requests.Delete(place, seq, block=whole))

    def show_help(self) -> None:
        """List all commands, whether one may use them or not."""
        self.display.tell(*self.rendering.help())
