"""What a person is in a room, and what keeps them from entering it or from speaking there.

It is asked where something is wanted, so that the person is answered at once; and again here, at
the batch's time, since a ban or a mute may have come first in the log.
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.cluster.effects import Refused
from huddle.cluster.rules import lookalikes, pace
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.state import Account, Name, Restricted, Room, Session, State
from huddle.protocol.permissions import Role

KINDS = _BAN, _MUTE, _VOICE, _HOST = "ban", "mute", "voice", "host"
"""The kinds of restrictions, by the names that they have in the log."""

REASONS_FROM_RULES = 3
"""By these rules and later ones the room is not told the reason that somebody muted gives for an
act of theirs."""


def role(state: State, session: Session, room: Room | None, time: int) -> Role:
    """What the session's person is in the room; in the whole house, without one."""
    if _is_operator(state, session):
        return Role.OPERATOR
    if room is not None and _of(room, _HOST, session.identity, time) is not None:
        return Role.HOST
    return Role.MEMBER if session.account else Role.GUEST


def _is_operator(state: State, session: Session) -> bool:
    if not session.account:
        return session.in_charge
    return _is_appointed(state, state.accounts[session.account])


def _is_appointed(state: State, account: Account) -> bool:
    return account.operator or account.nick[1] in state.kept


def role_of(state: State, identity: str, room: Room, time: int) -> Role:
    """What the person with this identity is in the room; a stranger, where it is none."""
    kind, _, number = identity.partition(":")
    if kind not in ("session", "account") or not number.isdecimal() or not number.isascii():
        return Role.STRANGER
    if kind == "session":
        session = state.sessions.get(int(number[:16]))
        return Role.STRANGER if session is None else role(state, session, room, time)
    account = state.accounts.get(int(number[:16]))
    if account is None:
        return Role.STRANGER
    if _is_appointed(state, account):
        return Role.OPERATOR
    host = _of(room, _HOST, identity, time)
    return Role.MEMBER if host is None else Role.HOST


def lacks(context: BatchContext, by: int, room: Room | None, least: Role) -> Refused | None:
    """Why the person of the session ``by``, 0 for the house itself, may not do in the room what
    takes the role ``least``; None where they may."""
    if not by:
        return None
    session = context.state.sessions.get(by)
    if session is None or not session.here:
        return Refused("session-unknown")
    if role(context.state, session, room, context.time) < least:
        return Refused("not-allowed", (least.name.lower(),))
    return None


def nick_of(state: State, by: int) -> str:
    """What the doer of something is called; the house itself has no nick."""
    return state.sessions[by].nick[0] if by in state.sessions else ""


# -- restrictions ------------------------------------------------------------------------------


def holding(room: Room, time: int) -> Iterator[tuple[tuple[str, str], Restricted]]:
    """The restrictions of the room that have not ended by then."""
    return ((key, each) for key, each in room.restrictions.items() if _holds(each, time))


def _holds(restricted: Restricted, time: int) -> bool:
    return not restricted.until or restricted.until > time


def _of(room: Room, kind: str, who: str, time: int) -> Restricted | None:
    there = room.restrictions.get((kind, who))
    return there if there is not None and _holds(there, time) else None


def _of_nick(context: BatchContext, room: Room, kind: str, nick: Name) -> Restricted | None:
    for who in lookalikes.targets(context.state, room, kind, nick):
        there = _of(room, kind, who, context.time)
        if there is not None:
            return there
    return None


def _on_host(room: Room, kind: str, host: str, time: int) -> Restricted | None:
    """The one on a network that the host is in. Both are written so that text compares as numbers
    do: of one length, and the version in front."""
    if not host:
        return None
    for key in room.networks:
        each = room.restrictions[key]
        is_meant = key[0] == kind and len(each.first) == len(host)
        if is_meant and each.first <= host <= each.last and _holds(each, time):
            return each
    return None


def ban(
    context: BatchContext, session: Session, room: Room | None, host: str = ""
) -> Refused | None:
    """Why the session may not be in the room; a ban on a network is not one for the room's
    hosts."""
    if room is None or not room.restrictions:
        return None
    if session.account and context.state.accounts[session.account].nick[1] in context.state.kept:
        return None
    found = ban_on(context, room, session.identity, session.nick)
    if found is None and role(context.state, session, room, context.time) < Role.HOST:
        network = _on_host(room, _BAN, host or session.host, context.time)
        found = None if network is None else _banned(room, network)
    return found


def ban_on(context: BatchContext, room: Room | None, identity: str, nick: Name) -> Refused | None:
    """The ban on that identity, or on all who are called so, or by a nick that looks like it."""
    if room is None:
        return None
    found = _of(room, _BAN, identity, context.time)
    found = found or _of_nick(context, room, _BAN, nick)
    return None if found is None else _banned(room, found)


def _banned(room: Room, found: Restricted) -> Refused:
    return Refused("banned", (room.name[0], found.until, found.reason))


def entry(
    context: BatchContext, session: Session, room: Room | None, key: str = "", has: int = 0
) -> Refused | None:
    """Why the session, which ``has`` so many seats, may not take one in the room; None where it
    may. ``room`` is None where there is none yet, and it would be made."""
    limits = context.state.limits
    if has >= limits.rooms_each:
        return Refused("too-many", ("rooms_each", limits.rooms_each))
    if room is None:
        if len(context.state.rooms) >= limits.rooms:
            return Refused("too-many", ("rooms", limits.rooms))
        return None
    banned = ban(context, session, room)
    if banned is not None or room.key in ("", key):
        return banned
    host = _of(room, _HOST, session.identity, context.time)
    return None if host is not None else Refused("room-locked", (room.name[0],))


def silence(context: BatchContext, session: Session, room: Room) -> Refused | None:
    """Why the session may not speak in a restricted room now; None where it may, and then it counts
    as having spoken."""
    refused = unheard(context, session, room)
    if refused is None and room.slow:
        count(context, session, room)
    return refused


def unheard(context: BatchContext, session: Session, room: Room) -> Refused | None:
    """As `silence`, of a session that has not spoken by asking.

    Operators may always, and so may hosts, unless they are muted; a voice lifts quiet and slow.
    """
    rank = role(context.state, session, room, context.time)
    if rank is Role.OPERATOR:
        return None
    mute = _mute(context, session, room, rank)
    if mute is not None:
        return Refused("muted", (room.name[0], mute.until, mute.reason))
    if _is_free(context, session, room, rank):
        return None
    if room.quiet:
        return Refused("room-quiet", (room.name[0],))
    wait = pace.left(context, session, room) if room.slow else 0
    return Refused("too-fast", (wait / 1000,)) if wait > 0 else None


def gives_no_reason(context: BatchContext, by: int, room: Room, reason: str) -> Refused | None:
    """Why the session ``by``, a host or an operator, may not give this reason to the room."""
    if context.state.rules < REASONS_FROM_RULES or not (by and reason):
        return None
    return unheard(context, context.state.sessions[by], room)


def count(context: BatchContext, session: Session, room: Room) -> None:
    """The session has spoken in a slow room, and waits there from now on, if it is one who has
    to."""
    rank = role(context.state, session, room, context.time)
    if not _is_free(context, session, room, rank):
        pace.count(context, session, room)


def _is_free(context: BatchContext, session: Session, room: Room, rank: Role) -> bool:
    return rank >= Role.HOST or _of(room, _VOICE, session.identity, context.time) is not None


def mute(context: BatchContext, session: Session, room: Room) -> Refused | None:
    """Why the session may not take another nick in the room, by the rules before 3: one that is
    muted there would speak by the other. None where it may."""
    if role(context.state, session, room, context.time) is Role.OPERATOR:
        return None
    there = _mute(context, session, room, Role.GUEST)
    return None if there is None else Refused("muted", (room.name[0], there.until, there.reason))


def _mute(context: BatchContext, session: Session, room: Room, rank: Role) -> Restricted | None:
    there = _of(room, _MUTE, session.identity, context.time)
    if there is not None or session.account:
        return there
    there = _of_nick(context, room, _MUTE, session.nick)
    if there is None and rank is not Role.HOST:
        there = _on_host(room, _MUTE, session.host, context.time)
    return there
