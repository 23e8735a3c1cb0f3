"""The pace of slow rooms: when each person spoke last, and how much of that is remembered.

By rules 2 it is remembered from where each was, and bounded for the whole house, as on one machine
(`huddle.rooms.pace`): a host makes their own room slow, and who speaks in a thousand of them under
ever new nicks would else fill the memory of all nodes. What is counted follows from the rooms alone
(`note`), so that a node which starts from a snapshot counts the same.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from huddle.cluster.rules import shares
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.state import Room, Session, State
from huddle.protocol.limits import SITE

FROM_RULES = 2

_HOUSE = ""
"""The name of the whole house among the places by which is counted who spoke."""


def left(context: BatchContext, session: Session, room: Room) -> int:
    """Milliseconds that the person has to wait before they speak; below 1: none."""
    spoke = max(room.spoke.get(key, -room.slow) for key in _known_by(session))
    return spoke + room.slow - context.time


def count(context: BatchContext, session: Session, room: Room) -> None:
    """The person has spoken now, and is remembered by all that they are known by."""
    for key in _known_by(session):
        _spoke(context, session, room, key)
    while len(room.spoke) > 2 * context.state.limits.spoke:
        _forget(context.state, room, next(iter(room.spoke)))


def _known_by(session: Session) -> list[str]:
    """A guest is known by the nick as well, or leaving and coming in again would be the way around
    it."""
    if session.account:
        return [session.identity]
    return [session.identity, f"nick:{session.nick[1]}"]


def clear(state: State, room: Room) -> None:
    """Forget who spoke in the room: it is slow no more."""
    for key in list(room.spoke):
        _forget(state, room, key)


def begin(state: State) -> None:
    """Begin with rules 2: forget who spoke in slow rooms until now, since it was not kept from
    where they did."""
    for name in list(state.rooms):
        state.rooms[name].spoke.clear()


def note(state: State, room: Room, key: str) -> None:
    """Count, for each place where the person ``key`` was, when they spoke in the room last."""
    for place in _places(room, key):
        there = state.spoke_at.setdefault(place, [])
        insort(there, (room.spoke[key], room.name[0], key))
        _list(state, place, len(there) - 1, len(there))


def _spoke(context: BatchContext, session: Session, room: Room, key: str) -> None:
    state = context.state
    if key in room.spoke:
        _forget(state, room, key)
    room.spoke[key] = context.time
    if state.rules < FROM_RULES:
        return
    origin = room.spoke_from[key] = session.address or session.identity, session.site
    note(state, room, key)
    each, places = state.limits.spoke_each, state.spoke_at
    if each and len(places[origin[0]]) > each:
        _forget_oldest(state, origin[0])
    if each and origin[1] and len(places[origin[1]]) > SITE["spoke_each"] * each:
        _forget_oldest(state, origin[1])
    if len(places[_HOUSE]) > state.limits.spoke_all:
        groups = state.spoke_groups if each else []
        _forget_oldest(state, groups[-1][1] if groups else _HOUSE)


def _forget_oldest(state: State, place: str) -> None:
    _, name, key = state.spoke_at[place][0]
    _forget(state, state.rooms[name], key)


def _forget(state: State, room: Room, key: str) -> None:
    if key in room.spoke_from:
        for place in _places(room, key):
            there = state.spoke_at[place]
            del there[bisect_left(there, (room.spoke[key], room.name[0], key))]
            _list(state, place, len(there) + 1, len(there))
            if not there:
                del state.spoke_at[place]
        del room.spoke_from[key]
    del room.spoke[key]


def _places(room: Room, key: str) -> tuple[str, ...]:
    """The places by which is counted what is remembered of the person ``key``: the house, the
    address where they spoke, and its /48 if it is in one."""
    address, site = room.spoke_from[key]
    return (_HOUSE, address, site) if site else (_HOUSE, address)


def _list(state: State, place: str, before: int, count: int) -> None:
    if place != _HOUSE:
        shares.list_again(state.spoke_groups, place, before, count)
