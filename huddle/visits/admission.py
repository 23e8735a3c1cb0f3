"""Admission: whether somebody may come into a room, or into the house.

A member who is held is a member still: whoever comes back needs no key. Everybody else does, also
where the room is empty, and whoever was there before; but the host, who made the room.

A ban is on a person (their nick, session or account) or on a network. One on a network is for those
who are nobody in particular: operators, and a room's host, may sit behind the same address as the
one who was meant. Whom the house has appointed operator (``--op``) nobody can keep out.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from huddle.people.sessions import Account, Session
from huddle.protocol.errors import Banned, RoomLocked, TooMany
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.permissions import Role
from huddle.record import Mark, MarkKind

if TYPE_CHECKING:
    from huddle.huddle import Huddle


def check_house(huddle: Huddle, session: Session, host: str) -> None:
    """Raises `Banned` when the session, its nick or its host is kept out of the house."""
    _check_ban(huddle, session, FIRST_ROOM, host)


def check_nick(huddle: Huddle, session: Session, nick: str) -> None:
    """Raises `Banned` when nobody may come in under that nick, here or where the session is."""
    _check_person(huddle, session, "", nick)


def check_account(huddle: Huddle, session: Session, account: Account, host: str) -> None:
    """Raises `Banned` when the account may not be where the session is that logs in to it."""
    if account.appointed:
        return
    _check_person(huddle, session, account.identity, account.nick)
    if not account.is_operator:
        _raise_ban(huddle.directory.restrictions.ban_of_host(FIRST_ROOM, host))


def check_room(huddle: Huddle, session: Session, name: str, key: bytes | None) -> None:
    """Raises what keeps the session from being a member: `Banned`, `RoomLocked`, `TooMany`.

    ``key`` is the hash of the word it brings (`huddle.people.authentication`).
    """
    full = len(session.seats) >= huddle.limits.rooms_each
    if full and session.traits.many_rooms and name not in session.rooms:
        raise TooMany("rooms_each", huddle.limits.rooms_each)
    _check_ban(huddle, session, name, session.host)
    room, lock = huddle.directory.find(name), huddle.directory.row(name).key
    member = room is not None and session in room and name in session.rooms
    if lock is None or member:
        return
    host = huddle.directory.restrictions.of(name, MarkKind.HOST, session.identity)
    if host is None and (key is None or not compare_digest(key, lock)):
        raise RoomLocked(name)


def _check_ban(huddle: Huddle, session: Session, room: str, host: str) -> None:
    marks, account = huddle.directory.restrictions, session.account
    if account is not None and account.appointed:
        return
    _raise_ban(marks.ban_of(room, session.identity, session.nick))
    if huddle.role(session, room) < Role.HOST:
        _raise_ban(marks.ban_of_host(room, host))


def _check_person(huddle: Huddle, session: Session, identity: str, nick: str) -> None:
    for room in dict.fromkeys((FIRST_ROOM, *session.seats)):
        _raise_ban(huddle.directory.restrictions.ban_of(room, identity, nick))


def _raise_ban(mark: Mark | None) -> None:
    if mark is not None:
        raise Banned(mark.room, mark.until, mark.reason)
