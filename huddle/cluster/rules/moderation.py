"""How a room is, and who is restricted in it.

What takes something off or puts another in its place names the version that was seen: of two hosts
who change the same at once, the second is told that it is another by now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from huddle.cluster.effects import VOID, Changed, Done, Marked, Outcome, Refused
from huddle.cluster.entries import Restrict, Restriction, Set
from huddle.cluster.forms import hexadecimal
from huddle.cluster.rules import lookalikes, pace, roles, room_membership
from huddle.cluster.rules.batch_context import BatchContext, check
from huddle.cluster.state import KEPT, Restricted, Room, Session
from huddle.protocol.errors import BadField
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import Role
from huddle.record import account_identity, session_identity

MOST = 20
"""Restrictions that one entry sets: a ban is two, on a person and on the nick."""

CALLED_FROM_RULES = 3
"""By these rules and later ones a ban of a nick is one of whoever has that nick, or one that looks
like it, where the ban stands in the log: they may just have taken it."""

_Keys = Mapping[str, tuple[str, ...]]
"""The keys of the nicks that restrictions are on, by their targets."""

_SETTINGS: dict[str, tuple[type, Role]] = {
    "topic": (str, Role.GUEST),
    "key": (str, Role.HOST),
    "slow": (int, Role.HOST),
    "quiet": (bool, Role.HOST),
}
"""What each setting is, and who may change it in a room."""


def change(context: BatchContext, entry: Set) -> Outcome:
    """Change a setting of a room, such as its topic or its key."""
    room, known = context.state.rooms.get(entry.room), _SETTINGS.get(entry.setting)
    if known is None or type(entry.value) is not known[0] or not _is_sound(entry):
        return Refused("bad-field", ("setting",))
    check(roles.lacks(context, entry.by, room, known[1]))
    if room is None:
        return Refused("no-such-room", (entry.room,))
    if entry.by and known[1] is Role.GUEST:
        session = context.state.sessions[entry.by]
        if session.number not in room.seats:
            return Refused("no-such-room", (entry.room,))
        check(roles.silence(context, session, room))
    if entry.seen is not None and entry.seen != room.versions.get(entry.setting, 0):
        return VOID
    setattr(room, entry.setting, entry.value)
    room.versions[entry.setting] = context.position
    if not room.slow:
        pace.clear(context.state, room)
    nick = roles.nick_of(context.state, entry.by)
    if entry.setting == "topic":
        room.topic_by = nick if entry.value else ""
    # That there is a key is for all to know; which, for none.
    value = bool(room.key) if entry.setting == "key" else entry.value
    if entry.by or entry.setting != "key":  # else the room was made with it
        context.effects.append(Changed(entry.room, nick, entry.setting, value, entry.by))
    context.audit(entry.audit, entry.room, nick)
    context.keep_room(entry.room)
    return Done(context.position)


def _is_sound(entry: Set) -> bool:
    """Whether a key is a hash, as it is to be kept."""
    if entry.setting == "key":
        try:
            hexadecimal("value", entry.value)
        except BadField:
            return False
    return True


def restrict(context: BatchContext, entry: Restrict) -> Outcome:
    """Restrictions of a room are set and taken off, all of them or none."""
    room = context.state.rooms.get(entry.room)
    check(roles.lacks(context, entry.by, room, Role.HOST))
    if room is None:
        return Refused("no-such-room", (entry.room,))
    if entry.audit is not None:  # else it was given before
        reason = next((each.reason for each in entry.marks if each.reason), "")
        check(roles.gives_no_reason(context, entry.by, room, reason))
    entry = _as_they_are_now(context, entry)
    check(_cannot(context, entry, room))
    for lifted in entry.lifted:
        room.restrictions.pop((lifted.kind, lifted.who), None)  # it may just have ended
        room.networks.pop((lifted.kind, lifted.who), None)
        lookalikes.forget(context.state, room, lifted.kind, lifted.who)
        _tell(context, room, lifted.kind, lifted.who, 0)
    by = roles.nick_of(context.state, entry.by)
    context.audit(entry.audit, entry.room, by)
    keys = _keys(entry)
    for mark in entry.marks:
        _set(context, room, mark, by, keys.get(mark.who, ()))
    _send_out(context, room, [mark for mark in entry.marks if mark.kind == "ban"], by)
    return Done(context.position)


def _keys(entry: Restrict) -> _Keys:
    return {f"nick:{name[1]}": name[1:] for name in entry.nicks}


def _as_they_are_now(context: BatchContext, entry: Restrict) -> Restrict:
    """Who was a guest where it was asked, and has an account by now, is meant still."""
    return replace(
        entry,
        marks=tuple([replace(each, who=_now(context, each.who)) for each in entry.marks]),
        lifted=tuple([replace(each, who=_now(context, each.who)) for each in entry.lifted]),
    )


def _now(context: BatchContext, who: str) -> str:
    kind, _, number = who.partition(":")
    if kind != "session" or not (number.isdecimal() and number.isascii()):
        return who
    session = context.state.sessions.get(int(number[:16]))
    return who if session is None else session.identity


def _cannot(context: BatchContext, entry: Restrict, room: Room) -> Refused | None:
    for lifted in entry.lifted:
        there = room.restrictions.get((lifted.kind, lifted.who))
        if there is None:
            return Refused("nobody-there", ("",))  # it has been taken off by now
        if there.version != lifted.seen:
            return VOID
    if len({(each.kind, each.who) for each in entry.lifted}) < len(entry.lifted):
        return Refused("bad-field", ("drop",))
    if len(entry.marks) > MOST or any(mark.kind not in roles.KINDS for mark in entry.marks):
        return Refused("bad-field", ("set",))
    check(_aims_too_high(context, entry, room))
    _forget_ended(context, room)
    keys = {*room.restrictions, *((mark.kind, mark.who) for mark in entry.marks)}
    limits = context.state.limits
    if entry.marks and len(keys) > limits.marks:
        return Refused("too-many", ("marks", limits.marks))
    return _share(context, entry, room, len(keys))


def _aims_too_high(context: BatchContext, entry: Restrict, room: Room) -> Refused | None:
    """A host does nothing to an operator, and bans no network; one is muted with its guest."""
    if not entry.by:
        return None
    own = roles.role(context.state, context.state.sessions[entry.by], room, context.time)
    keys = _keys(entry)
    for mark in entry.marks:
        if mark.first and mark.kind == "ban" and own < Role.OPERATOR:
            return Refused("not-allowed", ("operator",))
        called = _called(context, keys.get(mark.who, ())) if mark.kind == "ban" else ()
        for who in (mark.who, *called):
            if own < roles.role_of(context.state, who, room, context.time):
                return Refused("not-allowed", ("operator",))
    return None


def _called(context: BatchContext, keys: tuple[str, ...]) -> Iterator[str]:
    """Those who have a nick with one of these keys."""
    for owner in dict.fromkeys(context.state.names.get(key, KEPT) for key in keys):
        if owner != KEPT:
            yield account_identity(-owner) if owner < KEPT else session_identity(owner)


def _share(context: BatchContext, entry: Restrict, room: Room, count: int) -> Refused | None:
    """What hosts set is bounded for the house; a few in each room always go."""
    state, limits = context.state, context.state.limits
    few = count <= limits.marks_all // limits.rooms
    if few or not entry.by or not entry.marks:
        return None
    if roles.role(state, state.sessions[entry.by], room, context.time) is Role.OPERATOR:
        return None
    others = sum(len(each.restrictions) for each in state.rooms.values() if each is not room)
    full = others + count > limits.marks_all
    return Refused("too-many", ("marks_all", limits.marks_all)) if full else None


def _forget_ended(context: BatchContext, room: Room) -> None:
    holding = dict(roles.holding(room, context.time))
    for kind, who in room.restrictions.keys() - holding.keys():
        context.rows["mark", room.name[0], kind, who] = None
        lookalikes.forget(context.state, room, kind, who)
    room.restrictions = holding
    room.networks = {key: None for key in room.networks if key in holding}


def _set(
    context: BatchContext, room: Room, mark: Restriction, by: str, keys: tuple[str, ...]
) -> None:
    room.restrictions[mark.kind, mark.who] = Restricted(
        mark.nick,
        mark.until,
        mark.reason,
        by,
        context.time,
        mark.first,
        mark.last,
        context.position,
    )
    if mark.first:
        room.networks[mark.kind, mark.who] = None
    else:
        room.networks.pop((mark.kind, mark.who), None)
    lookalikes.note(context.state, room, mark.kind, mark.who, keys)
    _tell(context, room, mark.kind, mark.who, context.position)


def _tell(context: BatchContext, room: Room, kind: str, who: str, version: int) -> None:
    context.effects.append(Marked(room.name[0], kind, who, version))
    context.rows["mark", room.name[0], kind, who] = None


def _send_out(context: BatchContext, room: Room, bans: list[Restriction], by: str) -> None:
    """Whom a ban is on goes at once; one on a network or a nick spares those whom it would let
    in."""
    targets = {mark.who: mark for mark in bans}
    networks = [mark for mark in bans if mark.first]
    if not bans:
        return
    if room.name[0] == FIRST_ROOM:
        there = [number for number, each in context.state.sessions.items() if each.here]
    else:
        there = list(room.seats)
    for session in (context.state.sessions[number] for number in there):
        mark = targets.get(session.identity) or _of_nick(context, room, targets, session)
        mark = mark or _of_network(networks, session)
        is_person = mark is not None and mark.who == session.identity
        if mark is None or not (is_person or roles.ban(context, session, room)):
            continue
        room_membership.send_out(context, session, room, by, mark.reason, mark.until)


def _of_nick(
    context: BatchContext, room: Room, targets: Mapping[str, Restriction], session: Session
) -> Restriction | None:
    if context.state.rules < CALLED_FROM_RULES:
        return None
    those = lookalikes.targets(context.state, room, "ban", session.nick)
    return next((targets[who] for who in those if who in targets), None)


def _of_network(networks: list[Restriction], session: Session) -> Restriction | None:
    host = session.host
    for each in networks:
        if len(host) == len(each.first) and each.first <= host <= each.last:
            return each
    return None
