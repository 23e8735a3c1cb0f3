"""What one types and what one is shown: the conversation of a person, or a pipe, with the client.

It knows no terminal: lines come in as text, and go out through a `Screen`. A person is asked when
something is to be decided. A pipe cannot be asked: what needs a decision ends it, or is told on its
error output and remembered in its exit status, so nothing gets lost without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.client import commands, events
from huddle.client.events import Event, Untrusted
from huddle.client.journal import Trouble
from huddle.client.options import DEFAULT_ROOM as MAIN_ROOM
from huddle.client.rendering import Rendering
from huddle.client.requests import ChangeNick, Join, Leave
from huddle.client.session import ClientSession
from huddle.client.state import Kind
from huddle.locale import N_, translator

OK, FAILED = 0, 1
"""Exit statuses: all was said and acknowledged; something was not."""

TROUBLES = {
    Trouble.IN_USE: N_("This nick is in use by another huddle-client; this one is somebody else."),
    Trouble.UNWRITABLE: N_("Nothing can be kept on this disk; a restart will not know what was."),
    Trouble.DAMAGED: N_("What was kept from last time is damaged; some of it may be lost."),
    Trouble.TOO_NEW: N_("What was kept from last time is for a newer huddle-client."),
}

YES, NO = frozenset({"y", "yes", "s", "si", "sí"}), frozenset({"n", "no"})


class Screen(Protocol):
    """Where lines go."""

    def show(self, lines: Sequence[str]) -> None:
        """To the reader of the conversation."""

    def warn(self, lines: Sequence[str]) -> None:
        """To the one who runs the program: on a terminal the same person."""

    def crowded(self, crowded: bool) -> None:
        """Whether to stop giving what is typed, for now."""

    def close(self, status: int) -> None:
        """All is said and done."""


class Connection(Protocol):
    """The way to the server (`Link`)."""

    def start(self) -> None: ...

    def stop(self) -> Deferred[None]: ...

    def carry_out(self, events: Sequence[Event]) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has been found or made for a nick, and its way to the server.

    With a ``trouble`` other than `Trouble.DAMAGED` it is not kept.
    """

    session: ClientSession
    link: Connection
    trouble: Trouble | None = None


class Question(Enum):
    """What the next line that is typed answers."""

    NICK = auto()
    DOUBT = auto()
    TRUST = auto()
    LEAVING = auto()


class Conversation:
    """One run of the program.

    ``open_session`` finds the session of a nick; events go to the function given to it. A pipe is
    not ``interactive``. Without a ``nick`` a person is asked for one. ``read`` tells what a typed
    line means. ``announce_waiting``: say so when a person's line cannot go out now.
    """

    def __init__(
        self,
        screen: Screen,
        rendering: Rendering,
        open_session: Callable[[str, Callable[[Event], None]], Opened],
        *,
        interactive: bool,
        nick: str | None,
        room: str = MAIN_ROOM,
        read: Callable[[str], commands.Meaning] = commands.meaning_of,
        announce_waiting: bool = True,
    ) -> None:
        self._screen = screen
        self._rendering = rendering
        self._rendering.room = room
        self._read = read
        self._announce_waiting = announce_waiting and interactive
        self._open_session = open_session
        self._interactive = interactive
        self._nick = nick
        self._opened: Opened | None = None
        self._question: Question | None = None
        self._suggestion: str | None = None
        self._trusting: Deferred[bool] | None = None
        self._status = OK
        self._kept = True
        self._been_in = self._finishing = self._closing = False

    def begin(self) -> None:
        """Connect, or ask for the nick that is needed for it."""
        if self._nick is not None:
            self._open(self._nick)
        else:
            self._question = Question.NICK
            _ = self._rendering.wording.gettext
            self._screen.show([_("Welcome to huddle. What is your nick?")])

    @property
    def asking(self) -> bool:
        """Whether the next line that is typed is the answer to a question."""
        return self._question is not None

    # What is typed

    def typed(self, lines: Sequence[str]) -> None:
        """Lines have been typed; those to be said are said together."""
        together: list[str] = []
        for line in lines:
            meaning = self._read(line) if self._question is None else None
            if isinstance(meaning, commands.Say) and meaning == commands.Say(meaning.text):
                together.append(meaning.text)
                continue
            self._say(together)
            together = []
            if meaning is None:
                self._answer(line)
            else:
                self._obey(meaning)
        self._say(together)

    def pasted(self, lines: Sequence[str]) -> None:
        """Lines are to be said together just as they are, also those that look like commands."""
        self._say(lines)

    def line_too_long(self) -> None:
        """A line was typed that is too long to be kept while it is typed; it is gone."""
        self._fail()
        self._warn(self._rendering.wording.gettext("Not said: it is too long."))

    def ended(self) -> None:
        """No more lines come. A pipe waits for what it said; a person has left."""
        if self._interactive:
            self.leave()
        else:
            self._finishing = True
            self._finish_if_settled()

    def wish_to_leave(self) -> None:
        """Leave; a person with lines that cannot go out now is asked first, once.

        Where they can, the farewell goes out behind them, and is answered after them.
        """
        session = None if self._opened is None else self._opened.session
        on_their_way = session is None or (session.online and not session.waiting)
        unsaid = 0 if session is None or on_their_way else session.unacknowledged
        asked = self._question in (Question.LEAVING, Question.TRUST)
        if not unsaid or not self._interactive or asked:
            self.leave()
            return
        self._question = Question.LEAVING
        self._ask_whether_to_leave(unsaid)

    def leave(self) -> None:
        """Leave now."""
        if self._opened is None:
            self._close()
        else:
            self._carry_out(self._opened.session.leave())

    # What is shown

    def shown(self) -> None:
        """All that was shown has been taken by its reader."""
        if self._opened is not None and not self._closing:
            self._carry_out(self._opened.session.shown())

    def screen_full(self) -> None:
        """The reader does not keep up: nothing more is read from the server."""
        if self._opened is not None:
            self._opened.link.pause()

    def screen_drained(self) -> None:
        """The reader keeps up again."""
        if self._opened is not None:
            self._opened.link.resume()

    def trouble(self, trouble: Trouble) -> None:
        """The session is not kept as it should be."""
        self._kept = trouble is Trouble.DAMAGED
        self._warn(self._rendering.wording.gettext(TROUBLES[trouble]))

    def trusted(self, event: Untrusted) -> Deferred[bool]:
        """Ask whether a certificate is the server's; fires with the answer."""
        answered: Deferred[bool] = Deferred()
        self._trusting, self._question = answered, Question.TRUST
        self._screen.show(self._rendering.notices(self._rendering.doubt(event)))
        self._ask_whether_to_trust()
        return answered

    def _show(self, event: Event) -> None:
        self._follow(event)
        lines = self._rendering.lines(event)
        if lines:
            self._output_of(event)(lines)
        match event:
            case events.NickRefused(suggestion=suggestion):
                self._ask_for_nick(suggestion)
            case events.InDoubt():
                self._ask_about_doubts()
            case events.Denied(request=Join()) if not self._interactive:
                self.leave()
            case events.Replaced() | events.Offline(retry_in=None):
                self._close(FAILED)
            case events.Farewell(unsaid=unsaid):
                self._tell_unsaid(unsaid)
                self._close()
            case events.Acknowledged() | events.Refused() | events.Expired():
                self._tell_if_crowded()
        self._finish_if_settled()

    def _follow(self, event: Event) -> None:
        """Remember what an event changes here."""
        match event:
            case events.Welcomed():
                self._been_in = True
                if self._question is Question.NICK:
                    self._question = None
            case events.Answered(request=Join(room=room)):
                self._rendering.room = room
            case events.Answered(request=Leave(room=room)) if room == self._rendering.room:
                self._rendering.room = MAIN_ROOM
            case events.Denied(request=Join(room=room)) if room == self._rendering.room:
                self._fail()
                if self._interactive:
                    self._rendering.room = MAIN_ROOM
            case events.Refused() | events.Expired() | events.Denied():
                self._fail()

    def _output_of(self, event: Event) -> Callable[[Sequence[str]], None]:
        """Where an event is shown: a pipe's output is for what happened on the server."""
        match event:
            case (
                events.Said()
                | events.Gap()
                | events.Joined()
                | events.Left()
                | events.Renamed()
                | events.Here()
                | events.Reset()
                | events.Answered()
                | events.Welcomed()
                | events.Named()
                | events.Motd()
            ):
                return self._screen.show
            case _:
                return self._screen.warn

    def _warn(self, sentence: str) -> None:
        self._screen.warn(self._rendering.notices(iter([sentence])))

    def _tell_unsaid(self, unsaid: int) -> None:
        if unsaid:
            self._fail()
            sentence = self._of_unsaid_kept(unsaid) if self._kept else self._of_unsaid_lost(unsaid)
            self._warn(sentence.format(count=unsaid))

    def _of_unsaid_kept(self, count: int) -> str:
        ngettext = self._rendering.wording.ngettext
        return ngettext(
            "{count} line has not been acknowledged; it is said again next time.",
            "{count} lines have not been acknowledged; they are said again next time.",
            count,
        )

    def _of_unsaid_lost(self, count: int) -> str:
        ngettext = self._rendering.wording.ngettext
        return ngettext(
            "{count} line has not been acknowledged, and is not kept.",
            "{count} lines have not been acknowledged, and are not kept.",
            count,
        )

    def _fail(self) -> None:
        """A person has seen it; a pipe's owner learns it from the exit status."""
        if not self._interactive:
            self._status = FAILED

    # Questions

    def _answer(self, line: str) -> None:
        word = line.strip()
        if isinstance(commands.meaning_of(word), commands.Quit):
            self.leave()
            return
        match self._question:
            case Question.NICK:
                self._take_nick(word or self._suggestion or "")
            case Question.LEAVING:
                self._decide_to_leave(word.lower())
            case Question.TRUST:
                self._decide_to_trust(word.lower())
            case _:
                self._decide(word.lower())

    def _take_nick(self, nick: str) -> None:
        _ = self._rendering.wording.gettext
        if not nick:
            self._screen.show([_("What is your nick?")])
            return
        self._question = None
        if self._opened is None:
            self._open(nick)
        else:
            self._carry_out(self._opened.session.take_nick(nick))

    def _decide(self, word: str) -> None:
        if word not in YES | NO:
            self._ask_whether_to_say_again()
            return
        self._question = None
        assert self._opened is not None  # it was its event that raised the question
        self._carry_out(self._opened.session.decide_doubts(say_again=word in YES))

    def _decide_to_leave(self, word: str) -> None:
        assert self._opened is not None  # it has lines
        if word in YES:
            self.leave()
        elif word in NO:
            self._question = None
        else:
            self._ask_whether_to_leave(self._opened.session.unacknowledged)

    def _decide_to_trust(self, word: str) -> None:
        if word not in YES | NO or self._trusting is None:
            self._ask_whether_to_trust()
            return
        answered, self._trusting, self._question = self._trusting, None, None
        answered.callback(word in YES)

    def _ask_whether_to_trust(self) -> None:
        _ = self._rendering.wording.gettext
        question = _(
            "Is that the server's fingerprint? Then only it is taken from now on. (yes, no)"
        )
        self._screen.show(self._rendering.notices(iter([question])))

    def _ask_whether_to_leave(self, unsaid: int) -> None:
        sentence = self._of_unsaid_kept(unsaid) if self._kept else self._of_unsaid_lost(unsaid)
        _ = self._rendering.wording.gettext
        question = _("Leave now? (yes, no)")
        sentences = iter([sentence.format(count=unsaid), question])
        self._screen.show(self._rendering.notices(sentences))

    def _ask_for_nick(self, suggestion: str | None) -> None:
        if not self._interactive:
            self._fail()
            self.leave()
            return
        self._question, self._suggestion = Question.NICK, suggestion
        _ = self._rendering.wording.gettext
        if suggestion:
            sentence = _("What is your nick? (Enter: {nick})").format(nick=suggestion)
        else:
            sentence = _("What is your nick?")
        self._screen.show(self._rendering.notices(iter([sentence])))

    def _ask_about_doubts(self) -> None:
        if self._interactive:
            self._question = Question.DOUBT
            self._ask_whether_to_say_again()
        else:
            self._fail()
            assert self._opened is not None  # it was its event
            self._carry_out(self._opened.session.decide_doubts(say_again=False))

    def _ask_whether_to_say_again(self) -> None:
        _ = self._rendering.wording.gettext
        self._screen.show(self._rendering.notices(iter([_("Say them again? (yes, no)")])))

    # Wishes

    def _say(self, texts: Sequence[str], kind: Kind = Kind.SAY, room: str | None = None) -> None:
        if texts and self._opened is not None:
            where = room or self._rendering.room
            self._carry_out(self._opened.session.say(texts, where, kind))
            self._tell_if_waiting()

    def _tell_if_waiting(self) -> None:
        session = self._opened.session if self._opened is not None else None
        if session is not None and session.waiting and self._announce_waiting:
            ngettext = self._rendering.wording.ngettext
            self._warn(
                ngettext(
                    "{count} line waits to be said.",
                    "{count} lines wait to be said.",
                    session.waiting,
                ).format(count=session.waiting)
            )

    def _obey(self, meaning: commands.Meaning) -> None:
        if self._opened is None:
            return
        session = self._opened.session
        match meaning:
            case commands.Say(text, kind, room):
                self._say([text], kind, room)
            case commands.Tell(nick, text):
                self._carry_out(session.tell(nick, text))
                self._tell_if_waiting()
            case commands.Ask(request):
                wanted = request(self._rendering.room)
                if isinstance(wanted, ChangeNick):
                    self._carry_out(session.take_nick(wanted.nick))
                else:
                    self._carry_out(session.ask(wanted))
            case commands.Enter(room, key):
                self._carry_out(session.ask(Join(room, key)))
            case commands.Quit():
                self.wish_to_leave()
            case _:
                self._obey_here(meaning)

    def _obey_here(self, meaning: commands.Meaning) -> None:
        """Wishes that do not concern the server."""
        rendering = self._rendering
        match meaning:
            case commands.ShowHelp():
                self._screen.show(rendering.notices(rendering.help()))
            case commands.SetLanguage(language):
                rendering.wording = translator(language)
                if self._opened is not None:
                    self._opened.session.language = language
                _ = rendering.wording.gettext
                self._screen.show(rendering.notices(iter([_("I speak English now.")])))
            case commands.SetTimes(on):
                rendering.times = not rendering.times if on is None else on
                _ = rendering.wording.gettext
                told = (
                    _("every line shows its time")
                    if rendering.times
                    else _("new lines show no time")
                )
                self._screen.show(rendering.notices(iter([told])))
            case commands.Mistake():
                self._screen.warn(rendering.notices(rendering.mistake(meaning)))

    # In between

    def _open(self, nick: str) -> None:
        self._opened = self._open_session(nick, self._show)
        if self._opened.trouble is not None:
            self.trouble(self._opened.trouble)
        if self._rendering.room != MAIN_ROOM:
            # Asked before there is a connection, it goes out before anything that is said there.
            self._carry_out(self._opened.session.ask(Join(self._rendering.room)))
        self._opened.link.start()

    def _carry_out(self, happened: Sequence[Event]) -> None:
        assert self._opened is not None  # `happened` came from its session
        self._opened.link.carry_out(happened)
        self._tell_if_crowded()
        self._finish_if_settled()

    def _tell_if_crowded(self) -> None:
        if self._opened is not None:
            self._screen.crowded(self._opened.session.crowded)

    def _finish_if_settled(self) -> None:
        if self._finishing and not self._closing and self._opened is not None:
            session = self._opened.session
            if session.settled and (session.online or self._been_in):
                self._finishing = False
                self._carry_out(session.leave())

    def _close(self, status: int | None = None) -> None:
        if self._closing:
            return
        self._closing = True
        status = self._status if status is None else status
        if self._opened is None:
            self._screen.close(status)
        else:
            self._opened.link.stop().addCallback(lambda _: self._screen.close(status))
