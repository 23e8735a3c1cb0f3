"""What `/help` shows: the commands that a session may use, or what one of them does."""

from __future__ import annotations

from huddle.huddle import Huddle
from huddle.people.sessions import Session
from huddle.protocol.answers import Help
from huddle.protocol.commands import command_named, commands_for
from huddle.protocol.errors import NotAllowed, UnknownCommand
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import LEAST


def help_for(huddle: Huddle, session: Session | None, name: str | None, id: int | None) -> Help:
    """The help on the command of this name; None: on all that the session may use where it is.

    Raises `UnknownCommand`.
    """
    here = FIRST_ROOM if session is None else next(iter(session.seats), FIRST_ROOM)
    allowed = commands_for(huddle.role(session), huddle.role(session, here))
    if name is None:
        return Help(allowed, id=id)
    command = command_named(name)
    if command is None:
        raise UnknownCommand(name.removeprefix("/"))
    row = command.help
    return Help(
        (row,), None if row in allowed else NotAllowed(LEAST[command.request].name.lower()), id=id
    )
