"""The commands of a client: the rows of `huddle.protocol.commands`, which people with `nc` have.

Most ask the server for what the row says, in the room that one is in. Some mean something else
here, or take something else: those stand in `OWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC

from huddle.client.commands import arguments as read
from huddle.client.commands.intents import Intent, Misused, Quit, ShowHelp, about_here
from huddle.locale import N_
from huddle.locale.clock import HouseClock
from huddle.protocol import commands
from huddle.protocol.commands import Command
from huddle.protocol.requests import ProgramRequest

_CLOCK = HouseClock(UTC, lambda: 0)  # nothing that is read here has a time in it

_OTHERWISE: Mapping[str, tuple[tuple[str, str], str | None]] = {
    "msg": (
        ("NICK [TEXT]", "APODO [TEXTO]"),
        N_("says it to one person only; without a text: what you say from now on"),
    ),
    "leave": (("[ROOM]", "[SALA]"), N_("goes out of a room, or ends a talk with one person")),
    "register": (("[[NICK] PASSWORD]", "[[APODO] CLAVE]"), None),
    "login": (("[[NICK] PASSWORD]", "[[APODO] CLAVE]"), None),
    "password": (("[OLD NEW]", "[VIEJA NUEVA]"), None),
    "key": (("[WORD|-]", "[PALABRA|-]"), None),
}
"""What commands take here, and what they do, where that is another thing than with `nc`."""

OWN: Mapping[str, Callable[[str], Intent]] = {
    "help": ShowHelp,
    "nick": read.nick,
    "me": read.act,
    "msg": read.tell,
    "inbox": read.inbox,
    "history": read.history,
    "search": read.search,
    "join": read.join,
    "leave": read.leave,
    "delete": read.deletion,
    "re": read.reply,
    "fix": read.fix,
    "raw": read.raw,
    "numbers": read.numbers,
    "times": read.times,
    "quiet-joins": read.quiet_joins,
    "lang": read.language,
    "register": read.registration,
    "login": read.login,
    "password": read.password,
    "key": read.key,
    "announce": read.announcement,
    "quit": lambda _: Quit(),
}
"""The commands that mean something of the client's own, by their English names."""


def _row(command: Command) -> Command:
    takes, summary = _OTHERWISE.get(command.english, (command.takes, None))
    return replace(command, takes=takes, summary=summary or command.summary)


COMMANDS = tuple(_row(each) for each in commands.COMMANDS if each.english != "back")
"""All of them but the one for return words, which a client needs not."""


def read_intent(command: Command, text: str) -> Intent:
    """What a command means with this text behind its name. Raises `Misused`."""
    if (own := OWN.get(command.english)) is not None:
        return own(text)
    request = command.request() if command.read is None else command.read(text, _CLOCK)
    if not isinstance(request, ProgramRequest):
        raise Misused
    return about_here(request)
