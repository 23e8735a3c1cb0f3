"""The welcome: what somebody is told and shown on coming in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huddle.arrival import Arrival, Arrived
from huddle.events import Answer, Missed, Motd, Reset, ReturnWord, RoomState, Welcome
from huddle.huddle import Huddle
from huddle.outlet import Outlet
from huddle.requests import Back, Hello
from huddle.rooms import Room


@dataclass(frozen=True, slots=True)
class House:
    """What all visits share."""

    huddle: Huddle
    arrival: Arrival
    language: str
    motd: tuple[str, ...] = ()


def welcome(house: House, arrived: Arrived, rooms: Sequence[Room]) -> Iterator[Answer]:
    """Who is here and, to those who are new, what the house wants to be read."""
    session = arrived.session
    states = {room.label: RoomState(room.published, room.here(session.number)) for room in rooms}
    yield Welcome(session.nick, house.huddle.record.epoch, session.last_id, states)
    if house.motd and not arrived.back:
        yield Motd(house.motd)
    if arrived.word is not None:
        yield ReturnWord(arrived.word)


def show(
    huddle: Huddle, outlet: Outlet, room: Room, after: int | None, request: Hello | Back
) -> None:
    """Give a room from the seq ``after`` that somebody has, or from a few messages back.

    A person is told how many they missed, and is shown their own lines among them again. A program
    gets exactly what came later; when what it has is of another record, it starts anew.
    """
    published, epoch, limits = room.published, huddle.record.epoch, huddle.limits
    if isinstance(request, Back):
        start = max(published - limits.replay, 0) if after is None else after
        if after is not None and after < published:
            outlet.answer(Missed(room.label, published - after))
        outlet.watch(room, start, own_until=published)
        return
    if after is not None:
        if request.epoch in (None, epoch) and after <= published:
            outlet.watch(room, after)
            return
        outlet.answer(Reset(room.label, epoch))
    replay = limits.replay if request.replay is None else min(request.replay, limits.history)
    outlet.watch(room, max(published - replay, 0), own_until=published)
