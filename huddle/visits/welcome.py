"""The welcome: what a session is told and shown on coming in, to the house and to a room."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from huddle.delivery.outlet import Outlet
from huddle.delivery.stream import Stream
from huddle.huddle import Huddle
from huddle.people.sessions import Session
from huddle.protocol.answers import (
    Answer,
    Entered,
    Missed,
    Motd,
    Refused,
    Reset,
    ReturnWord,
    Welcome,
)
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.requests import Hello
from huddle.record import RecordFailure
from huddle.rooms import inbox
from huddle.rooms.room import Room
from huddle.visits.arrival import Arrived
from huddle.visits.crash_cursors import UNSURE_MS
from huddle.visits.house import House


async def program_comes_in(house: House, outlet: Outlet, arrived: Arrived, hello: Hello) -> None:
    """Show a program in: its session takes its seats, and is given what its hello asks for."""
    huddle, session = house.huddle, arrived.session
    rooms, private = await _enter(house, outlet, arrived, hello.after)
    for room in rooms:
        show(huddle, outlet, room, hello)
        session.rooms[room.name] = None
    if not rooms:
        return
    if arrived.logged_in:
        outlet.answer(Reset(INBOX, huddle.record.epoch))
        show_inbox(huddle, outlet, session, None, hello.replay)
    elif INBOX not in hello.after:
        if private:
            show_inbox(huddle, outlet, session, session.rooms.get(session.inbox), hello.replay)
    elif private or hello.after[INBOX]:
        stream = huddle.inboxes.open(session.inbox)
        show(huddle, outlet, stream, hello)
        session.rooms[stream.name] = None


async def person_comes_in(house: House, outlet: Outlet, arrived: Arrived) -> None:
    """Show a person in: their session takes its seats, and is given what they have not had."""
    huddle, session = house.huddle, arrived.session
    cursors = dict(session.rooms)
    own: dict[str, int] = {}
    if arrived.back or session.account is not None:
        own = await _said_themselves(huddle, session, cursors)
        if session.outlet is not outlet:
            return
    rooms, private = await _enter(house, outlet, arrived, ())
    for room in rooms:
        if arrived.back:
            show_again(huddle, outlet, room, cursors.get(room.name), own.get(room.name, 0))
        else:
            show_room(huddle, outlet, room, None, None)
        session.rooms[room.name] = None
    if rooms and private:
        inbox = session.inbox
        show_inbox(huddle, outlet, session, cursors.get(inbox), 0, own.get(inbox, 0))
    if rooms and arrived.back:
        huddle.presence.shown(session, outlet, UNSURE_MS / 1000)


async def _said_themselves(
    huddle: Huddle, session: Session, cursors: Mapping[str, int | None]
) -> dict[str, int]:
    """How many of the messages behind these seqs a person said themselves, by room. What they said
    right before they were lost is behind where they surely were.

    In each room one block is looked at: who is lost says nothing more, so theirs come first.
    """
    own: dict[str, int] = {}
    for name, after in {session.inbox: inbox.read(session), **_known(cursors)}.items():
        newest = min(huddle.record.extent(name).newest, after + huddle.limits.block)
        if after < newest:
            with suppress(RecordFailure):
                read = await huddle.record.read(name, after + 1, newest)
                own[name] = sum(map(session.is_author, read))
    return own


def _known(cursors: Mapping[str, int | None]) -> dict[str, int]:
    return {name: seq for name, seq in cursors.items() if seq is not None}


async def _enter(
    house: House, outlet: Outlet, arrived: Arrived, after: Collection[str]
) -> tuple[list[Room], int]:
    """Take seats for the session in the rooms where it was, and in those that it names, and give it
    the welcome.

    Returns the rooms, and the last seq of its inbox. It is told why it may not come into others: a
    session that was away for too long may be no member any more of a room with a key. No rooms are
    returned, nothing is told, and no seat is taken or given up, from when it is on this connection
    no more: the seats are those of the next one.
    """
    huddle, session = house.huddle, arrived.session
    named = huddle.directory.known(after) if after else ()
    rooms: list[Room] = []
    refused: list[HuddleError] = []
    for name in dict.fromkeys([*named, *session.rooms]):
        if name[0] == INBOX:
            continue
        try:
            house.admission.check_room(session, name, None)
            rooms.append(await huddle.claims.take_seat(session, name))
        except HuddleError as error:
            if session.outlet is outlet:
                huddle.membership.leave_closed(session, name)
                refused.append(error)
        if session.outlet is not outlet:
            return [], 0
    # Who is in one room at a time may have been given another in place of one that was given up.
    for room in list(rooms):
        if room.name not in session.rooms:
            rooms.remove(room)
    if not rooms:
        rooms = [await huddle.claims.take_seat(session, FIRST_ROOM)]
        if session.outlet is not outlet:
            return [], 0
    private = huddle.record.extent(session.inbox).newest
    outlet.answer(*_welcome(house, arrived, rooms, private), *map(Refused, refused))
    return rooms, private


def _welcome(house: House, arrived: Arrived, rooms: Sequence[Room], private: int) -> list[Answer]:
    """Who is here and, to those who are new, what the house wants to be read.

    ``private`` is the last seq of the session's inbox.
    """
    session, huddle = arrived.session, house.huddle
    states: dict[str, Entered] = {}
    for room in rooms:
        states[room.label] = entered(huddle, room, session)
    if private and session.traits.brings_cursors:
        states[INBOX] = Entered(INBOX, 0, (), seq=private)
    told: list[Answer] = [Welcome(session.nick, huddle.record.epoch, session.last_id, states)]
    if house.motd and not arrived.back:
        told.append(Motd(tuple(house.motd)))
    if arrived.word is not None:
        told.append(ReturnWord(arrived.word))
    return told


def entered(huddle: Huddle, room: Room, session: Session, id: int | None = None) -> Entered:
    """How a room is, as one of its members is told on coming in; they are not among the names.
    ``id`` is that of the request by which they came."""
    row = huddle.directory.row(room.name)
    here = room.here(session.number)
    return Entered(
        here.room,
        here.count,
        here.names,
        (),
        row.topic,
        row.key is not None,
        row.slow,
        row.quiet,
        room.history.newest,
        id,
    )


def show_again(huddle: Huddle, outlet: Outlet, room: Stream, after: int | None, own: int) -> None:
    """Give a person who is back a room from where they were, their ``own`` lines among the others;
    those are shown, too, and are not what they missed."""
    published = room.history.newest
    if after is None:
        after = max(published - huddle.limits.replay, 0)
    elif after + own < published:
        outlet.answer(Missed(room.label, published - after - own))
    outlet.subscribe(room, after, own_until=published)


def show(huddle: Huddle, outlet: Outlet, room: Stream, hello: Hello) -> None:
    """Give a room as the hello asks for it: exactly what came behind the seq that a program has.

    When what it has is of another record, it starts anew.
    """
    after = hello.after.get(room.label)
    if after is not None and hello.epoch not in (None, huddle.record.epoch):
        outlet.answer(Reset(room.label, huddle.record.epoch))
        after = None
    show_room(huddle, outlet, room, after, hello.replay)


def show_room(
    huddle: Huddle, outlet: Outlet, room: Stream, after: int | None, replay: int | None
) -> None:
    """Give a room from the seq ``after`` of this record, or from ``replay`` messages back."""
    published, limits = room.history.newest, huddle.limits
    if after is not None:
        if after <= published:
            outlet.subscribe(room, after)
            return
        outlet.answer(Reset(room.label, huddle.record.epoch))
    count = limits.replay if replay is None else min(replay, limits.history)
    outlet.subscribe(room, max(published - count, 0), own_until=published)


def show_inbox(
    huddle: Huddle,
    outlet: Outlet,
    session: Session,
    had: int | None,
    replay: int | None,
    own: int = 0,
) -> None:
    """Give the private messages behind ``had``, or else those that no device has had; of those
    ``own`` are by the person themselves.

    A program gets at least the last ``replay``. An inbox in which there is nothing yet is opened
    with the first message.
    """
    if not huddle.record.extent(session.inbox).newest:
        return
    room = huddle.inboxes.open(session.inbox)
    if outlet.subscribes_to(room):
        return
    after = inbox.read(session) if had is None else had
    if session.traits.brings_cursors:
        count = huddle.limits.replay if replay is None else min(replay, huddle.limits.history)
        after = min(after, max(room.history.newest - count, 0))
        outlet.subscribe(room, after, own_until=room.history.newest)
    else:
        show_again(huddle, outlet, room, after, own)
    session.rooms[room.name] = None


async def go_home(huddle: Huddle, session: Session) -> None:
    """Take a person, who has no room any more, to the first one, and show it to them. Where they
    were on their way into another by then, they are out of that one again."""
    room = await huddle.claims.change_seat(session, FIRST_ROOM)
    if session.outlet is None:
        return
    session.outlet.answer(entered(huddle, room, session))
    show_room(huddle, session.outlet, room, None, None)
    session.rooms[room.name] = None
