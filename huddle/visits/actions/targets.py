"""Targets: the person an act is aimed at, and whether it may be."""

from __future__ import annotations

from huddle.people.registry import Owner
from huddle.people.sessions import Account, Session
from huddle.protocol.errors import NobodyThere, NotAllowed, Oneself
from huddle.rooms.room import Room
from huddle.visits.actions.caller import Caller


def meant(caller: Caller, nick: str) -> Owner:
    """The person of that nick, here or held. Raises `NobodyThere`."""
    meant = caller.huddle.registry.meant(nick)
    if meant is None:
        raise NobodyThere(nick)
    return meant


def sessions_of(caller: Caller, owner: Owner) -> list[Session]:
    return [owner] if isinstance(owner, Session) else list(owner.sessions.values())


def aimed_at(caller: Caller, nick: str, room: Room) -> Owner:
    """The person called ``nick``, at whom the caller may aim an act of moderation.

    Raises `NobodyThere` and as `check_target`.
    """
    owner = meant(caller, nick)
    check_target(caller, owner, room)
    return owner


def check_target(caller: Caller, owner: Owner, room: Room) -> None:
    """Raises `Oneself` when it is aimed at oneself, `NotAllowed` at a person with a higher role.

    An operator whom the house has appointed (``--op``) is for another such alone to touch.
    """
    own = caller.session.account
    if owner.identity == caller.session.identity:
        raise Oneself("nick")
    if isinstance(owner, Account) and owner.appointed and not (own and own.appointed):
        raise NotAllowed("house")
    caller.check_aim(room, caller.huddle.role(owner, room.name))
