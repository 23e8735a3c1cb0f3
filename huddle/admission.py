"""Admission: whether somebody may come into a room, or into the house.

A member who is held is a member still: whoever comes back needs no key. Everybody else does, also
where the room is empty, and whoever was there before; but the host, who made the room.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from huddle.directory import FIRST_ROOM
from huddle.errors import Banned, RoomLocked, TooMany
from huddle.permissions import Role
from huddle.record import Mark, MarkKind
from huddle.sessions import Session

if TYPE_CHECKING:
    from huddle.huddle import Huddle


def check_house(huddle: Huddle, session: Session, host: str) -> None:
    """Raises `Banned` when the session, its nick or its host is kept out of the house."""
    _raise_ban(huddle.directory.marks.ban(FIRST_ROOM, session, host))


def check_host(huddle: Huddle, host: str) -> None:
    """The same before it is known who it is."""
    _raise_ban(huddle.directory.marks.ban_of_host(FIRST_ROOM, host))


def check_room(huddle: Huddle, session: Session, name: str, key: bytes | None) -> None:
    """Raises what keeps the session from being a member: `Banned`, `RoomLocked`, `TooMany`.

    ``key`` is the hash of the word it brings (`huddle.room_keys`). Operators are not banned.
    """
    if len(session.seats) >= huddle.limits.rooms_each and name not in session.rooms:
        raise TooMany("rooms_each", huddle.limits.rooms_each)
    role = huddle.role(session, name)
    if role < Role.HOST:
        _raise_ban(huddle.directory.marks.ban(name, session, session.host))
    room, lock = huddle.directory.find(name), huddle.directory.card(name).key
    member = room is not None and session in room and name in session.rooms
    if lock is None or member:
        return
    host = huddle.directory.marks.of(name, MarkKind.HOST, session.identity)
    if host is None and (key is None or not compare_digest(key, lock)):
        raise RoomLocked(name)


def _raise_ban(mark: Mark | None) -> None:
    if mark is not None:
        raise Banned(mark.room, mark.until, mark.reason)
