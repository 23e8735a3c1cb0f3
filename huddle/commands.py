"""The one table of commands that a person can type, in both languages.

The plain dialect finds commands here, `/help` is made from it, and a program's requests go by the
English names. A command's ``read`` turns what stands behind its name into a request, or into None
when that makes no sense.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huddle.errors import BadUsage, UnknownCommand
from huddle.events import CommandHelp, Kind
from huddle.house_clock import HouseClock
from huddle.locale import N_, language_named
from huddle.requests import (
    Back,
    ChangeNick,
    HelpWanted,
    History,
    Leave,
    Request,
    Say,
    Search,
    SetLanguage,
    SetTimes,
    Who,
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: how it is called, what it takes, what it does."""

    english: str
    spanish: str
    takes: tuple[str, str]
    summary: str
    read: Callable[[str, HouseClock], Request | None]

    @property
    def help(self) -> CommandHelp:
        """Its row of the help."""
        return CommandHelp(
            f"/{self.english} {self.takes[0]}".rstrip(),
            f"/{self.spanish} {self.takes[1]}".rstrip(),
            self.summary,
        )


_ON_OFF: Mapping[str, bool | None] = {
    "": None,
    "on": True,
    "sí": True,
    "si": True,
    "off": False,
    "no": False,
}


def _me(text: str, _: HouseClock) -> Request:
    return Say(text, Kind.ME)


def _nick(name: str, _: HouseClock) -> Request:
    return ChangeNick(name or None)


def _history(wish: str, clock: HouseClock) -> Request | None:
    if not wish:
        return History()
    if wish.isdecimal() and len(wish) < 10 and int(wish):
        return History(int(wish))
    since = clock.read(wish)
    return None if since is None else History(since=since)


def _search(words: str, _: HouseClock) -> Request | None:
    return Search(words) if words else None


def _lang(name: str, _: HouseClock) -> Request | None:
    language = language_named(name)
    return None if language is None else SetLanguage(language)


def _back(word: str, _: HouseClock) -> Request | None:
    return Back(word) if word else None


def _times(wish: str, _: HouseClock) -> Request | None:
    wish = wish.lower()
    return SetTimes(_ON_OFF[wish]) if wish in _ON_OFF else None


COMMANDS = (
    Command("help", "ayuda", ("", ""), N_("lists the commands"), lambda *_: HelpWanted()),
    Command("who", "quien", ("", ""), N_("tells who is here"), lambda *_: Who()),
    Command("nick", "apodo", ("NAME", "NOMBRE"), N_("changes your nick"), _nick),
    Command("me", "yo", ("TEXT", "TEXTO"), N_("says what you do: * ana waves"), _me),
    Command(
        "history",
        "historial",
        ("[N|14:30|yesterday]", "[N|14:30|ayer]"),
        N_("shows the last N messages, or those since that time"),
        _history,
    ),
    Command(
        "search", "buscar", ("WORDS", "PALABRAS"), N_("shows messages with these words"), _search
    ),
    Command("times", "horas", ("[on|off]", "[sí|no]"), N_("shows the time on every line"), _times),
    Command("lang", "idioma", ("en|es", "en|es"), N_("changes the language"), _lang),
    Command("back", "volver", ("WORD", "PALABRA"), N_("takes your nick back"), _back),
    Command("quit", "salir", ("", ""), N_("leaves"), lambda *_: Leave()),
)

_GAP = re.compile(r"\s")
_BY_NAME = {name: command for command in COMMANDS for name in (command.english, command.spanish)}
_BY_NAME["quién"] = _BY_NAME["quien"]
_BY_NAME["exit"] = _BY_NAME["quit"]


def read_command(line: str, clock: HouseClock) -> Request:
    """The request in a line that begins with ``/``. Raises `UnknownCommand` and `BadUsage`."""
    name, *rest = _GAP.split(line[1:], maxsplit=1)
    command = _BY_NAME.get(name.lower())
    if command is None:
        raise UnknownCommand(name)
    request = command.read("".join(rest).strip(), clock)
    if request is None:
        raise BadUsage(f"{command.help.english} · {command.help.spanish}")
    return request
