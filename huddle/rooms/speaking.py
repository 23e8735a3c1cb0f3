"""Speaking: whether somebody may say something in a room just now."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from huddle.people.sessions import Session
from huddle.protocol.errors import Muted, RoomQuiet, TooFast
from huddle.protocol.permissions import Role
from huddle.record import MarkKind
from huddle.rooms.room import Room

if TYPE_CHECKING:
    from huddle.huddle import Huddle


def check(huddle: Huddle, session: Session, room: Room) -> None:
    """Whoever says something in a restricted room asks this first, and counts as having spoken.

    Raises `Muted`, `RoomQuiet` and `TooFast`. Operators may always, and so may hosts, unless an
    operator has muted them; a voice lifts quiet and slow mode.
    """
    role = huddle.role(session, room.name)
    if role is Role.OPERATOR:
        return
    marks, who = huddle.directory.restrictions, session.identity
    mute = marks.of(room.name, MarkKind.MUTE, who)
    if mute is not None:
        raise Muted(room.label, mute.until, mute.reason)
    if role is Role.HOST or marks.of(room.name, MarkKind.VOICE, who) is not None:
        return
    row = huddle.directory.row(room.name)
    if row.quiet:
        raise RoomQuiet(room.label)
    if row.slow:
        _pace(room, who, huddle.seconds(), row.slow)
        if len(room.spoke) > huddle.limits.spoke:
            del room.spoke[next(iter(room.spoke))]


def _pace(room: Room, who: str, now: float, pause: float) -> None:
    wait = room.spoke.get(who, -inf) + pause - now
    if wait > 0:
        raise TooFast(wait)
    room.spoke.pop(who, None)
    room.spoke[who] = now
