"""What the server itself says to people, in one language: each event in its sentences.

The lines come without their end, and with the ``-- `` in front that no person's line can begin
with (`huddle.dialects.plain.dialect`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huddle.dialects.plain import listings
from huddle.dialects.plain.moments import Moments
from huddle.dialects.plain.personal import personal
from huddle.dialects.wording import worded
from huddle.locale import Wording
from huddle.locale.clock import HouseClock
from huddle.locale.durations import brief
from huddle.protocol.answers import (
    Answer,
    AuditList,
    BanList,
    Closing,
    Done,
    Entered,
    Gap,
    Goodbye,
    Greeting,
    Help,
    LanguageIs,
    Missed,
    Motd,
    NickIs,
    NotUtf8,
    Parted,
    Past,
    Refused,
    ReturnWord,
    RoomList,
    RoomState,
    Roster,
    TimesAre,
    TopicIs,
    Welcome,
    WhoIs,
)
from huddle.protocol.events import FIRST_ROOM, INBOX, Here, is_inbox


class Sentences:
    """The sentences of one language."""

    def __init__(self, wording: Wording, clock: HouseClock) -> None:
        self._wording = wording
        self._moments = Moments(wording, clock)

    def answer(self, event: Answer) -> Iterator[str]:
        """What the person is told; nothing for what only programs need."""
        _, ngettext = self._wording.gettext, self._wording.ngettext
        match event:
            case Greeting():
                yield _("Welcome to huddle. What is your nick?")
            case Refused(error=error):
                yield f"-- {worded(error, self._wording, self._moments.at)}"
            case Help(commands=commands):
                for command in commands:
                    yield f"-- {command.english} · {command.spanish}: {_(command.summary)}"
            case Past(messages=messages) if not messages:
                yield f"-- {_('There is nothing to show.')}"
            case Past(later=later) if later:
                follow = ngettext(
                    "{count} more message follows", "{count} more messages follow", later
                )
                yield f"-- {follow.format(count=later)} --"
            case Gap(first=first, last=last):
                count = last - first + 1
                gone = ngettext("{count} message is gone", "{count} messages are gone", count)
                yield f"-- {gone.format(count=count)} --"
            case Missed():
                yield f"-- {self._missed(event)} --"
            case Motd(lines=lines):
                yield from (f"-- {line}".rstrip() for line in lines)
            case _:
                yield from (f"-- {sentence}" for sentence in self._sentences(event) if sentence)

    def _missed(self, event: Missed) -> str:
        ngettext, count = self._wording.ngettext, event.count
        if event.room == INBOX:
            missed = ngettext(
                "you missed {count} private message", "you missed {count} private messages", count
            )
        else:
            missed = ngettext("you missed {count} message", "you missed {count} messages", count)
        return missed.format(count=count)

    def _sentences(self, event: Answer) -> Iterator[str]:
        match event:
            case Welcome(nick=nick, rooms=rooms):
                yield from self._welcome(nick, rooms)
            case Entered(room=room, state=state):
                here = self._others(state.here)
                yield f"{self._in(room)} {here}"
                yield from self._how(state)
            case RoomList():
                yield from listings.rooms(event, self._wording)
            case BanList():
                yield from listings.bans(event, self._wording, self._moments)
            case AuditList():
                yield from listings.acts(event, self._wording, self._moments)
            case _:
                yield self._sentence(event) or personal(event, self._wording, self._moments)

    def _welcome(self, nick: str, rooms: Mapping[str, RoomState]) -> Iterator[str]:
        _ = self._wording.gettext
        shown = {room: state for room, state in rooms.items() if not is_inbox(room)}
        here = " ".join(self._others(state.here) for state in shown.values())
        hello = _("Hello {nick}. {here} /help lists the commands, /salir leaves.")
        yield hello.format(nick=nick, here=here)
        for room, state in shown.items():
            if room != FIRST_ROOM:
                yield self._in(room)
            yield from self._how(state)

    def _in(self, room: str) -> str:
        return self._wording.gettext("You are in {room} now.").format(room=room)

    def _how(self, state: RoomState) -> Iterator[str]:
        """What is unusual about a room, for somebody who comes in."""
        _ = self._wording.gettext
        if state.topic:
            yield _("topic: {topic}").format(topic=state.topic)
        if state.keyed:
            yield _("locked room: it opens with its key")
        if state.slow:
            yield _("slow room: one line every {time}").format(time=brief(state.slow))
        if state.quiet:
            yield _("quiet room: only those with a voice speak")

    def _sentence(self, event: Answer) -> str:
        _ = self._wording.gettext
        match event:
            case ReturnWord(word=word):
                return _("your return word: {word}").format(word=word)
            case Here():
                return self._others(event)
            case Roster(here=here, away=away):
                people = self._people(here.count, here.names)
                return people if not away else f"{people} {self._away(away)}"
            case NickIs(nick=nick):
                return _("you are {nick}").format(nick=nick)
            case TopicIs(topic=""):
                return _("This room has no topic.")
            case TopicIs(topic=topic, by=""):
                return _("topic: {topic}").format(topic=topic)
            case TopicIs(topic=topic, by=by):
                return _("topic, by {by}: {topic}").format(by=by, topic=topic)
            case Parted(room=room):
                return _("You have left {room}.").format(room=room)
            case WhoIs():
                return listings.somebody(event, self._wording)
            case _:
                return self._short(event)

    def _short(self, event: Answer) -> str:
        _ = self._wording.gettext
        match event:
            case LanguageIs():
                return _("I speak English now.")
            case TimesAre(on=on):
                return _("every line shows its time") if on else _("new lines show no time")
            case NotUtf8():
                return _("Your terminal does not send UTF-8; I read it as Latin-1.")
            case Done():
                return _("Done.")
            case Goodbye():
                return _("Bye!")
            case Closing():
                return _("The server is closing. Bye!")
            case _:
                return ""

    def _others(self, here: Here) -> str:
        _ = self._wording.gettext
        if here.count <= 1:
            return _("Nobody else is here.")
        return self._people(here.count - 1, here.names)

    def _people(self, count: int, names: tuple[str, ...]) -> str:
        _, ngettext = self._wording.gettext, self._wording.ngettext
        named = ", ".join(names)
        if count > len(names):
            more = ngettext("and {count} more", "and {count} more", count - len(names))
            named = f"{named} {more.format(count=count - len(names))}"
        here = ngettext("{count} here: {names}.", "{count} here: {names}.", count)
        return here.format(count=count, names=named)

    def _away(self, away: tuple[str, ...]) -> str:
        _ = self._wording.gettext
        return _("Away: {names}.").format(names=", ".join(away))
