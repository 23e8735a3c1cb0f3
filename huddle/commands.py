"""The one table of commands that a person can type, in both languages.

The plain dialect finds commands here, `/help` is made from it, and a program's requests go by the
English names. A command's ``read`` turns what stands behind its name into a request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from huddle.errors import BadField, UnknownRequest
from huddle.events import CommandHelp, Kind
from huddle.locale import N_
from huddle.requests import (
    Back,
    ChangeNick,
    HelpWanted,
    History,
    Leave,
    Request,
    Say,
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
    read: Callable[[str], Request]

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


def _me(text: str) -> Request:
    return Say(text, Kind.ME)


def _nick(name: str) -> Request:
    return ChangeNick(name or None)


def _history(count: str) -> Request:
    if not count:
        return History()
    if not count.isdecimal() or len(count) > 9 or int(count) == 0:
        raise BadField("count")
    return History(int(count))


def _times(wish: str) -> Request:
    if wish.lower() not in _ON_OFF:
        raise BadField("on|off")
    return SetTimes(_ON_OFF[wish.lower()])


COMMANDS = (
    Command("help", "ayuda", ("", ""), N_("lists the commands"), lambda _: HelpWanted()),
    Command("who", "quien", ("", ""), N_("tells who is here"), lambda _: Who()),
    Command("nick", "apodo", ("NAME", "NOMBRE"), N_("changes your nick"), _nick),
    Command("me", "yo", ("TEXT", "TEXTO"), N_("says what you do: * ana waves"), _me),
    Command("history", "historial", ("[N]", "[N]"), N_("shows the last N messages"), _history),
    Command("times", "horas", ("[on|off]", "[sí|no]"), N_("shows the time on every line"), _times),
    Command("lang", "idioma", ("en|es", "en|es"), N_("changes the language"), SetLanguage),
    Command("back", "volver", ("WORD", "PALABRA"), N_("takes your nick back"), Back),
    Command("quit", "salir", ("", ""), N_("leaves"), lambda _: Leave()),
)

_BY_NAME = {name: command for command in COMMANDS for name in (command.english, command.spanish)}
_BY_NAME["quién"] = _BY_NAME["quien"]
_BY_NAME["exit"] = _BY_NAME["quit"]


def read_command(line: str) -> Request:
    """The request in a line that begins with ``/``. Raises `UnknownRequest` and `BadField`."""
    name, _, rest = line[1:].partition(" ")
    command = _BY_NAME.get(name.lower())
    if command is None:
        raise UnknownRequest(name)
    return command.read(rest.strip())
