"""The commands of a client: the rows of `huddle.protocol.commands`, which people with `nc` have.

They mean what the row says, in the room that one is in. Some take something else here: those stand
in `_OWN`.
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
from huddle.protocol.codec import dataclass
from huddle.protocol.commands import Command
from huddle.protocol.requests import ChangeNick

TIMELESS = HouseClock(UTC, lambda: 0)
"""The clock where nothing has a time in it, as in what is read here."""


@dataclass(frozen=True, slots=True)
class _Own:
    """What is the client's own about a command: how it is typed, what it does, how what stands
    behind its name is read, and what is asked where nothing stands there. None: as its row says."""

    usages: tuple[str, str] | None = None
    summary: str | None = None
    read: Read | None = None
    alone: Confide | None = None


_OWN: Mapping[str, _Own] = {
    "help": _Own(read=read.show_help),
    "nick": _Own(read=word(ChangeNick)),
    "me": _Own(read=read.act),
    "msg": _Own(
        ("msg NICK [TEXT]", "privado APODO [TEXTO]"),
        N_("says it to one person only; without a text: what you say from now on"),
        read.tell,
    ),
    "inbox": _Own(read=read.inbox),
    "history": _Own(read=read.history),
    "join": _Own(read=read.join),
    "leave": _Own(
        ("leave [ROOM]", "dejar [SALA]"),
        N_("goes out of a room, or ends a talk with one person"),
        read.leave,
    ),
    "register": _Own(
        ("register [[NICK] PASSWORD]", "registrar [[APODO] CLAVE]"), alone=read.REGISTRATION
    ),
    "login": _Own(("login [[NICK] PASSWORD]", "acceder [[APODO] CLAVE]"), alone=read.LOGIN),
    "password": _Own(
        ("password [OLD NEW]", "clave [VIEJA NUEVA]"), alone=read.NEW_PASSWORD_FOR_OLD
    ),
    "key": _Own(("key [WORD|-]", "llave [PALABRA|-]"), alone=read.ROOM_KEY),
}
"""By the English names of the commands of which something is."""

_NOTHING = _Own()


def _row(command: Command) -> Command:
    own = _OWN.get(command.english, _NOTHING)
    usages, summary = own.usages or command.usages, own.summary or command.summary
    return replace(command, usages=usages, summary=summary)


COMMANDS = tuple(_row(each) for each in commands.COMMANDS if each.english != "back")
"""All of them but the one for return words, which a client needs not."""


def read_intent(command: Command, text: str) -> Intent | None:
    """What a command means with this text behind its name; None: it does not take that."""
    own = _OWN.get(command.english, _NOTHING)
    if not text and own.alone is not None:
        return own.alone
    read_text = own.read or command.read
    found = command.request() if read_text is None else read_text(text, TIMELESS)
    return found if found is None or isinstance(found, Intent) else meant(found)
