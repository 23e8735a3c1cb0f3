"""What the server itself says to people, in one language: each event in its sentences.

The lines come without their end, and with the ``-- `` in front that no person's line can begin
with (`huddle.dialects.plain`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from huddle.dialects.wording import worded
from huddle.events import (
    Answer,
    Closing,
    Gap,
    Goodbye,
    Greeting,
    Help,
    Here,
    Joined,
    LanguageIs,
    Left,
    Missed,
    Motd,
    NickIs,
    Notice,
    NotUtf8,
    Past,
    Refused,
    Renamed,
    ReturnWord,
    RoomList,
    Roster,
    TimesAre,
    Welcome,
)
from huddle.locale import N_, Wording

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

NAMED_IN_A_CROWD = 2
"""Names told of many who join (or leave) together; the others are counted."""


class Sentences:
    """The sentences of one language."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def day(self, day: date) -> str:
        """A day as one writes it."""
        _ = self._wording.gettext
        return _("{day} {month} {year}").format(
            day=day.day, month=_(MONTHS[day.month - 1]), year=day.year
        )

    def notice(self, event: Notice) -> str:
        """What happened in the room."""
        _ = self._wording.gettext
        match event:
            case Joined(nicks=nicks):
                return self._crowd(_("{who} joined"), _("{who} and {count} more joined"), nicks)
            case Left(nicks=nicks):
                return self._crowd(_("{who} left"), _("{who} and {count} more left"), nicks)
            case Renamed(nick=nick, new=new):
                return _("{nick} is now {new}").format(nick=nick, new=new)

    def _crowd(self, few: str, many: str, nicks: tuple[str, ...]) -> str:
        rest = len(nicks) - NAMED_IN_A_CROWD
        if len(nicks) == 1 or rest <= 1:
            return few.format(who=", ".join(nicks))
        return many.format(who=", ".join(nicks[:NAMED_IN_A_CROWD]), count=rest)

    def answer(self, event: Answer) -> Iterator[str]:
        """What the person is told; nothing for what only programs need."""
        _, ngettext = self._wording.gettext, self._wording.ngettext
        match event:
            case Greeting():
                yield _("Welcome to huddle. What is your nick?")
            case Refused(error=error):
                yield f"-- {worded(error, self._wording)}"
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
            case Missed(count=count):
                missed = ngettext(
                    "you missed {count} message", "you missed {count} messages", count
                )
                yield f"-- {missed.format(count=count)} --"
            case Motd(lines=lines):
                yield from (f"-- {line}".rstrip() for line in lines)
            case _:
                sentence = self._sentence(event)
                if sentence:
                    yield f"-- {sentence}"

    def _sentence(self, event: Answer) -> str:
        _ = self._wording.gettext
        match event:
            case Welcome(nick=nick, rooms=rooms):
                here = " ".join(self._others(state.here) for state in rooms.values())
                return _("Hello {nick}. {here} /help lists the commands, /salir leaves.").format(
                    nick=nick, here=here
                )
            case ReturnWord(word=word):
                return _("your return word: {word}").format(word=word)
            case Here():
                return self._others(event)
            case Roster(here=here, away=away):
                people = self._people(here.count, here.names)
                return people if not away else f"{people} {self._away(away)}"
            case RoomList(rooms=rooms_there):
                listed = ", ".join(f"{room.room} ({room.count})" for room in rooms_there)
                return _("rooms: {rooms}").format(rooms=listed)
            case NickIs(nick=nick):
                return _("you are {nick}").format(nick=nick)
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
