"""Targets: whom an act is aimed at, and whether it may be."""

from __future__ import annotations

from huddle.acts.caller import Caller
from huddle.errors import BadField, NobodyThere
from huddle.permissions import Role
from huddle.record import MarkKind
from huddle.registry import Owner
from huddle.rooms import Room
from huddle.sessions import Session


def meant(caller: Caller, nick: str) -> Owner:
    """The person of that nick, here or held. Raises `NobodyThere`."""
    meant = caller.huddle.registry.meant(nick)
    if meant is None or meant.identity == "account:0":
        raise NobodyThere(nick)
    return meant


def sessions_of(caller: Caller, owner: Owner) -> list[Session]:
    return [owner] if isinstance(owner, Session) else list(owner.sessions.values())


def _role(caller: Caller, owner: Owner, room: Room) -> Role:
    if isinstance(owner, Session):
        return caller.huddle.role(owner, room.name)
    if owner.is_operator:
        return Role.OPERATOR
    host = caller.huddle.directory.marks.of(room.name, MarkKind.HOST, owner.identity)
    return Role.MEMBER if host is None else Role.HOST


def aimed_at(caller: Caller, nick: str, room: Room) -> Owner:
    """Whom an act of moderation may be aimed at: not oneself, and nobody who is more."""
    owner = meant(caller, nick)
    if owner.identity == caller.session.identity:
        raise BadField("nick")
    caller.check_aim(room, _role(caller, owner, room))
    return owner
