"""The commands that a person can type, found by their names in either language.

The plain dialect reads lines here, and `/help` is made here: everybody is shown the commands whose
deed they may do. The table itself is in `huddle.protocol.commands`.
"""

from __future__ import annotations

import re

from huddle.locale import ENGLISH
from huddle.locale.clock import HouseClock
from huddle.protocol.answers import CommandHelp
from huddle.protocol.commands import COMMANDS, Command
from huddle.protocol.errors import BadUsage, UnknownCommand
from huddle.protocol.permissions import Role, is_of_rooms, may
from huddle.protocol.requests import Request

__all__ = ["COMMANDS", "Command", "commands_for", "holds_secret", "read_command", "typed"]

_ALIASES = {"quién": "quien", "quiénes": "quienes", "buzón": "buzon", "oír": "oir", "exit": "quit"}
_GAP = re.compile(r"\s")
_BY_NAME = {name: command for command in COMMANDS for name in (command.english, command.spanish)}
_BY_NAME.update({alias: _BY_NAME[name] for alias, name in _ALIASES.items()})


def commands_for(role: Role, here: Role | None = None) -> tuple[CommandHelp, ...]:
    """The help for somebody of this role, in the room another: the commands they may use."""
    return tuple(
        command.help
        for command in COMMANDS
        if may(here if here is not None and is_of_rooms(command.deed) else role, command.deed)
    )


def typed(act: str, language: str) -> str:
    """An act of moderation, which the record calls by its English command, as one types it."""
    command = _BY_NAME.get(act)
    if command is None:
        return act
    return f"/{command.english if language == ENGLISH else command.spanish}"


def holds_secret(line: str) -> bool:
    """Whether a line is a command with a secret behind its name."""
    if not line.startswith("/"):
        return False
    command = _BY_NAME.get(_GAP.split(line[1:], maxsplit=1)[0].lower())
    return command is not None and command.secret


def read_command(line: str, clock: HouseClock) -> Request:
    """The request in a line that begins with ``/``. Raises `UnknownCommand` and `BadUsage`.

    Neither repeats what stands behind the name.
    """
    name, *rest = _GAP.split(line[1:], maxsplit=1)
    command = _BY_NAME.get(name.lower())
    if command is None:
        raise UnknownCommand(name)
    request = command.read("".join(rest).strip(), clock)
    if request is None:
        raise BadUsage(f"{command.help.english} · {command.help.spanish}")
    return request
