"""Who is in which room. An account on several devices is one person there, told of once."""

from __future__ import annotations

from huddle.cluster.effects import (
    VOID,
    Done,
    Gone,
    Joined,
    Left,
    Marked,
    Outcome,
    Refused,
    Removed,
)
from huddle.cluster.entries import Cut, Seat, Unseat
from huddle.cluster.rules import names, roles, shares, speaking
from huddle.cluster.rules.batch_context import BatchContext, check
from huddle.cluster.rules.reading import arrival_cursors, inbox_cursors
from huddle.cluster.state import Name, Restricted, Room, Session
from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.permissions import Role


def seats(session: Session) -> list[str]:
    """The rooms that the session is in, without its inbox."""
    return [room for room in session.rooms if room[0] != INBOX]


def held(context: BatchContext, number: int) -> Session | None:
    """The session, if it is here and the node whose batch this is holds it."""
    session = context.state.sessions.get(number)
    return (
        session if session is not None and session.here and session.life == context.life else None
    )


def seat(context: BatchContext, entry: Seat) -> Outcome:
    """The session comes into the room that has this name, or one that looks like it."""
    session = held(context, entry.session)
    if session is None:
        return Refused("replaced")
    room = context.state.room_named(entry.room)
    if room is not None and session.number in room.seats:
        return Done()
    full = 0 if entry.move else len(seats(session))
    check(roles.entry(context, session, room, entry.key, full))
    if entry.move:
        for other in seats(session):
            leave(context, session, context.state.rooms[other])
    there = room or _make(context, entry.room)
    come_in(context, session, there)
    if room is None and entry.host:
        _found(context, session, there, entry.key)
    context.keep_session(session)
    return Done()


def _found(context: BatchContext, session: Session, room: Room, key: str) -> None:
    """The person who has made the room is its host, and nobody has been in it without the key."""
    name, position = room.name[0], context.position
    host = Restricted(session.nick[0], 0, "", "", context.time, "", "", position)
    room.restrictions["host", session.identity] = host
    context.effects.append(Marked(name, "host", session.identity, position))
    context.rows["mark", name, "host", session.identity] = None
    if key:
        room.key, room.versions["key"] = key, position
        context.keep_room(name)


def _make(context: BatchContext, name: Name) -> Room:
    state = context.state
    room = state.rooms[name[0]] = Room(name)
    names.take(state.room_names, name, name[0])
    return room


def _close(context: BatchContext, room: Room) -> None:
    """The last one has left: of a room in which nothing ever was nothing stays, not even its name,
    or anyone could use up all the rooms that there may be."""
    if room.seats or room.newest or room.versions or room.name[0] == FIRST_ROOM:
        return
    if any(kind != "host" for kind, _ in room.restrictions):
        return
    for kind, who in room.restrictions:  # the one who has made it
        context.rows["mark", room.name[0], kind, who] = None
    del context.state.rooms[room.name[0]]
    names.give_up(context.state.room_names, room.name, room.name[0])


def opened(context: BatchContext, name: Name) -> Room | None:
    """The room of that name, made where there is none; None where there are too many rooms."""
    room = context.state.room_named(name)
    if room is None and len(context.state.rooms) < context.state.limits.rooms:
        return _make(context, name)
    return room


def come_in(context: BatchContext, session: Session, room: Room) -> None:
    """The session has a seat in the room; the others are told where its person had none."""
    name, person = room.name[0], session.person
    session.rooms.setdefault(name, None)
    if session.number in room.seats:
        return
    room.seats[session.number] = None
    devices = room.people.get(person, 0)
    room.people[person] = devices + 1
    if not devices:
        nick = session.nick[0]
        context.effects.append(Joined(name, nick, session.number, len(room.people)))


def leave(
    context: BatchContext, session: Session, room: Room, by: str = "", reason: str = ""
) -> None:
    """The session is in the room no more, and reads nothing more of it."""
    session.rooms.pop(room.name[0], None)
    stand_up(context, session, room, by, reason)


def stand_up(
    context: BatchContext, session: Session, room: Room, by: str = "", reason: str = ""
) -> None:
    """As `leave`, of a session that may find the room again when it comes back."""
    if session.number not in room.seats:
        return
    del room.seats[session.number]
    person = session.person
    room.people[person] -= 1
    if not room.people[person]:
        del room.people[person]
        count, nick = len(room.people), session.nick[0]
        context.effects.append(Left(room.name[0], nick, session.number, count, by, reason))
    _close(context, room)


def unseat(context: BatchContext, entry: Unseat) -> Outcome:
    """The session goes out of a room, by its own will."""
    session, room = held(context, entry.session), context.state.rooms.get(entry.room)
    if session is None:
        return Refused("replaced")
    if room is None or session.number not in room.seats:
        return Refused("no-such-room", (entry.room,))
    leave(context, session, room)
    context.keep_session(session)
    return Done()


def cut(context: BatchContext, entry: Cut) -> Outcome:
    """A host or operator sends a session out of a room, or out of the house."""
    state, room = context.state, context.state.rooms.get(entry.room)
    session = state.sessions.get(entry.session)
    check(roles.lacks(context, entry.by, room, Role.HOST))
    if room is None or session is None or not session.here:
        return Refused("nobody-there", ("" if session is None else session.nick[0],))
    if entry.by:
        mine = roles.role(state, state.sessions[entry.by], room, context.time)
        if mine < roles.role(state, session, room, context.time):
            return Refused("not-allowed")
        check(roles.gives_no_reason(context, entry.by, room, entry.reason))
    if room.name[0] != FIRST_ROOM and session.number not in room.seats:
        return VOID
    by = roles.nick_of(state, entry.by)
    context.audit(entry.audit, room.name[0], by)
    send_out(context, session, room, by, entry.reason, None)
    return Done()


def send_out(
    context: BatchContext, session: Session, room: Room, by: str, reason: str, banned: int | None
) -> None:
    """The session is out of the room, and was told why; the first room stands for the house."""
    name = room.name[0]
    context.effects.append(Removed(session.number, name, by, reason, banned))
    if name != FIRST_ROOM:
        leave(context, session, room, by, reason)
        context.keep_session(session)
        return
    for other in seats(session):
        leave(context, session, context.state.rooms[other], by, reason)
    go(context, session)


def go(context: BatchContext, session: Session) -> None:
    """The session is over. It keeps its rooms, to find them again."""
    state = context.state
    for name in seats(session):
        stand_up(context, session, state.rooms[name])
    shares.forget(state, session)
    inbox_cursors.is_cut_off(context, session)
    arrival_cursors.forget(state, session)
    session.here, session.away = False, True
    state.present -= 1
    session.losses += 1
    if session.account:
        state.accounts[session.account].devices.pop(session.number, None)
    else:
        names.give_up_nick(state, session.nick, session.number)
    context.effects.append(Gone(session.number))
    context.keep_session(session)
    if state.rules >= speaking.BLOCKS_FROM_RULES:
        session.block, session.firsts = 0, {}
    session.spare = shares.has_left_too_often(state, session)
    shares.note(state, session)
