"""The commands of a client: the rows of `huddle.protocol.commands`, which people with `nc` have.

They mean what the row says, in the room that one is in. Some take something else here: those stand
in `OWN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from huddle.client.commands import arguments as read
from huddle.client.commands.arguments import Read
from huddle.client.commands.intents import Confide, Intent, meant
from huddle.locale import N_
from huddle.locale.clock import HouseClock
from huddle.protocol import commands
from huddle.protocol.arguments import word
from huddle.protocol.commands import Command
from huddle.protocol.requests import ChangeNick

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

OWN: Mapping[str, Read] = {
    "help": read.show_help,
    "nick": word(ChangeNick),
    "me": read.act,
    "msg": read.tell,
    "inbox": read.inbox,
    "history": read.history,
    "join": read.join,
    "leave": read.leave,
}
"""The commands that take something of the client's own, by their English names."""

_ALONE: Mapping[str, Confide] = {
    "register": read.REGISTRATION,
    "login": read.LOGIN,
    "password": read.NEW_PASSWORD_FOR_OLD,
    "key": read.ROOM_KEY,
}
"""What is asked for where nothing stands behind a command."""


def _row(command: Command) -> Command:
    takes, summary = _OTHERWISE.get(command.english, (command.takes, None))
    return replace(command, takes=takes, summary=summary or command.summary)


COMMANDS = tuple(_row(each) for each in commands.COMMANDS if each.english != "back")
"""All of them but the one for return words, which a client needs not."""


def read_intent(command: Command, text: str) -> Intent | None:
    """What a command means with this text behind its name; None: it does not take that."""
    if not text and (asked := _ALONE.get(command.english)) is not None:
        return asked
    read_text = OWN.get(command.english, command.read)
    found = command.request() if read_text is None else read_text(text, _CLOCK)
    return found if found is None or isinstance(found, Intent) else meant(found)
