"""Rooms: going in and out, who is where, and how a room is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from huddle.protocol.answers import (
    Answer,
    NickIs,
    Parted,
    RoomList,
    RoomListing,
    Roster,
    TopicIs,
)
from huddle.protocol.errors import FirstRoom, HuddleError, RoomLocked
from huddle.protocol.events import FIRST_ROOM, Changed, Setting
from huddle.protocol.long_answers import Made
from huddle.protocol.permissions import Role
from huddle.protocol.requests import (
    ChangeNick,
    Invite,
    Join,
    Leave,
    Rooms,
    SetKey,
    SetQuiet,
    SetSlow,
    Topic,
    Who,
)
from huddle.protocol.text import sayable
from huddle.record import AuditEntry, Mark, MarkKind, RoomRow
from huddle.rooms.room import Room
from huddle.visits.actions.caller import Caller
from huddle.visits.welcome import entered, go_home, show_room


async def join(caller: Caller, request: Join) -> None:
    """Into a room. Raises `BadRoom`, `Banned`, `RoomLocked`, `TooManyTries` and `TooMany`."""
    huddle, session = caller.huddle, caller.session
    name = huddle.directory.named(request.room)
    if name in session.rooms:
        room = huddle.room(name)
    else:
        room = await _take_seat(caller, name, _admit(caller, name, request.key))
    caller.outlet.answer(entered(huddle, room, session, request.id))
    if not caller.outlet.subscribes_to(room):
        show_room(huddle, caller.outlet, room, request.after, request.replay)
        session.rooms[name] = None


def _admit(caller: Caller, name: str, key: str | None) -> bytes | None:
    """Let the caller in, or raise why not; returns the hash of the key that was brought."""
    authentication, who = caller.house.authentication, (caller.session.number, name)
    if key is not None:
        authentication.check_keys(caller.address, who)
    hashed = None if key is None else authentication.hashed_key(key)
    try:
        caller.house.admission.check_room(caller.session, name, hashed)
    except RoomLocked:
        if key is not None:
            authentication.wrong_key(caller.address, who)
        raise
    return hashed


async def _take_seat(caller: Caller, name: str, key: bytes | None) -> Room:
    """Take a seat; a caller who makes the room is its host, and the key they bring is its key."""
    huddle, session = caller.huddle, caller.session
    new = not huddle.directory.is_known(name)
    if new:
        is_operator = huddle.role(session) is Role.OPERATOR
        huddle.directory.make(name, "" if is_operator else caller.address, huddle.seconds())
    enter = huddle.claims.take_seat if session.traits.many_rooms else huddle.claims.change_seat
    try:
        room = await enter(session, name, (key or b"") if new else None)
    except Exception:
        made = huddle.directory.find(name)
        if new and made is not None and not len(made):
            huddle.directory.close(name)
        raise
    if new and not huddle.directory.restrictions.any_of(name, MarkKind.HOST):
        host = Mark(name, MarkKind.HOST, session.identity, session.nick, time=huddle.saving.stamp())
        huddle.directory.restrictions.set(host)
        locked = () if key is None else (huddle.directory.put(RoomRow(name, key=key)),)
        huddle.saving.save_quietly(host, *locked)
    return room


async def leave(caller: Caller, request: Leave) -> Answer | None:
    """Out of a room; a person goes back to the first one. Raises `NoSuchRoom`, `FirstRoom`."""
    room = caller.room(request.room)
    if caller.session.traits.many_rooms:
        await caller.huddle.claims.leave_seat(caller.session, room)
        return Parted(room.label, id=request.id)
    if room.name == FIRST_ROOM:
        raise FirstRoom
    await caller.huddle.claims.leave_seat(caller.session, room)
    await go_home(caller.huddle, caller.session)
    return None


async def nick(caller: Caller, request: ChangeNick) -> Answer:
    """Another name, or which one it is. Raises as `Renaming.rename`."""
    if request.nick is not None:
        await caller.house.renaming.rename(caller.session, request.nick)
    return NickIs(caller.session.nick, id=request.id)


def who(caller: Caller, request: Who) -> Answer:
    """Who is in the room, and who of them is away."""
    room = caller.stream(request.room)
    here = room.here()
    return Roster(here.room, here.count, here.names, room.away(), request.id)


def rooms(caller: Caller, request: Rooms) -> Answer:
    """The rooms that have members. A locked one's topic is for its members."""
    listings = Made(tuple(caller.huddle.rooms), lambda room: _listing(caller, room))
    return RoomList(listings, id=request.id)


def invite(caller: Caller, request: Invite) -> Answer:
    """How others come in, and into the room that is meant."""
    room = caller.room(request.room)
    told = caller.house.invitation("" if room.name == FIRST_ROOM else room.label)
    return replace(told, id=request.id)


def _listing(caller: Caller, room: Room) -> RoomListing:
    row = caller.huddle.directory.row(room.name)
    shown = row.key is None or room.name in caller.session.rooms
    return RoomListing(room.label, len(room), row.topic if shown else "", row.key is not None)


# -- how a room is -----------------------------------------------------------------------------


async def topic(caller: Caller, request: Topic) -> Answer | None:
    """What the room is about; who may speak there may say it anew."""
    if request.text is None:
        room = caller.stream(request.room)
        row = caller.huddle.directory.row(room.name)
        return TopicIs(room.label, row.topic, row.topic_by, id=request.id)
    room = caller.room(request.room)
    if room.restricted:
        caller.huddle.speaking.check(caller.session, room)
    text = request.text and sayable(request.text, caller.huddle.limits.topic)
    by = caller.session.nick if text else ""
    await _change(caller, room, Setting.TOPIC, text, topic=text, topic_by=by)
    return caller.seen(request.id)


async def key(caller: Caller, request: SetKey) -> Answer | None:
    """Only those who bring this word come in from now on; None: all do. Raises `FirstRoom`."""
    room = caller.room(request.room)
    if room.name == FIRST_ROOM:
        raise FirstRoom
    hashed = None if request.key is None else caller.house.authentication.hashed_key(request.key)
    await _change(caller, room, Setting.KEY, hashed is not None, key=hashed)
    return caller.seen(request.id)


async def slow(caller: Caller, request: SetSlow) -> Answer | None:
    """So many seconds between two texts of one person, `Limits.slowest` at most."""
    room = caller.room(request.room)
    seconds = min(max(request.seconds, 0.0), caller.huddle.limits.slowest)
    await _change(caller, room, Setting.SLOW, seconds, slow=seconds)
    return caller.seen(request.id)


async def quiet(caller: Caller, request: SetQuiet) -> Answer | None:
    """Only those with a voice speak, or all again."""
    room = caller.room(request.room)
    await _change(caller, room, Setting.QUIET, request.on, quiet=request.on)
    return caller.seen(request.id)


async def _change(
    caller: Caller, room: Room, setting: Setting, value: str | bool | float, **fields: Any
) -> None:
    """Change the room's row, and tell everybody there. The topic is anybody's; the rest is
    moderation.

    Raises `NotRecorded`, and what a log refuses. Then it is as it was, but for what is another by
    now: that was changed meanwhile, here or on another node.
    """
    directory, nick = caller.huddle.directory, caller.session.nick
    before = directory.row(room.name)
    kept = directory.put(replace(before, **fields))
    audited: list[AuditEntry] = []
    if setting is not Setting.TOPIC:
        audited.append(caller.audited(room, setting.value, "", _told(setting, value)))
    try:
        await caller.huddle.saving.save(kept, *audited, by=caller.session.number)
    except HuddleError:
        now = directory.row(room.name)
        ours = [name for name, value in fields.items() if getattr(now, name) == value]
        directory.put(replace(now, **{name: getattr(before, name) for name in ours}))
        raise
    changed = Changed(room.label, nick, setting, value)
    caller.huddle.sequencer.happen(lambda: [changed])


def _told(setting: Setting, value: object) -> str:
    if setting is Setting.SLOW:
        return f"{value:g} s"
    return "on" if value else "off"
