"""Admission: whether a session may come into a room, or into the house.

A member who is held is a member still, and needs no key to come back. Everybody else does, also
where the room is empty, and those who were there before; but the host, who made the room.

A ban is on a person (their nick, session or account) or on a network. One on a network is for those
who have no part in the house: operators, and a room's host, may sit behind the same address as the
one who was meant. An operator whom the house has appointed (``--op``) cannot be kept out.
"""

from __future__ import annotations

from hmac import compare_digest

from huddle.people.sessions import Account, Session
from huddle.protocol.errors import Banned, RoomLocked, TooMany
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.limits import Limits
from huddle.protocol.permissions import Role
from huddle.record import Mark, MarkKind
from huddle.rooms.directory import Directory


class Admission:
    """Refuses those who may not come in. Each check raises why, or changes nothing."""

    def __init__(self, directory: Directory, limits: Limits) -> None:
        self._directory = directory
        self._restrictions = directory.restrictions
        self._rooms_each = limits.rooms_each

    def check_house(self, session: Session, host: str) -> None:
        """Raises `Banned` when the session, its nick or its host is kept out of the house."""
        if FIRST_ROOM in self._restrictions.banning:
            self._check_ban(session, FIRST_ROOM, host)

    def check_nick(self, session: Session, nick: str) -> None:
        """Raises `Banned` when that nick is kept out of the house or of a room of the session."""
        self._check_person(session, "", nick)

    def check_account(self, session: Session, account: Account, host: str) -> None:
        """Raises `Banned` when the account may not be where the session is that logs in to it."""
        if account.appointed:
            return
        self._check_person(session, account.identity, account.nick)
        if not account.is_operator:
            _raise_ban(self._restrictions.ban_of_host(FIRST_ROOM, host))

    def check_room(self, session: Session, name: str, key: bytes | None) -> None:
        """Raises what keeps the session from being a member: `Banned`, `RoomLocked`, `TooMany`.

        ``key`` is the hash of the word it brings (`huddle.people.authentication`).
        """
        if len(session.rooms) >= self._rooms_each:
            self._check_number(session, name)
        if name in self._restrictions.banning:
            self._check_ban(session, name, session.host)
        lock = self._directory.row(name).key
        if lock is None or (key is not None and compare_digest(key, lock)):
            return
        room = self._directory.find(name)
        if name in session.rooms and room is not None and session in room:
            return
        if self._restrictions.of(name, MarkKind.HOST, session.identity) is None:
            raise RoomLocked(name)

    def _check_number(self, session: Session, name: str) -> None:
        full = len(session.seats) >= self._rooms_each
        if full and session.traits.many_rooms and name not in session.rooms:
            raise TooMany("rooms_each", self._rooms_each)

    def _check_ban(self, session: Session, room: str, host: str) -> None:
        bans, account = self._restrictions, session.account
        if account is not None and account.appointed:
            return
        _raise_ban(bans.ban_of(room, session.identity, session.nick))
        ban = bans.ban_of_host(room, host)
        if ban is not None and bans.role(session, room) < Role.HOST:
            _raise_ban(ban)

    def _check_person(self, session: Session, identity: str, nick: str) -> None:
        for room in dict.fromkeys((FIRST_ROOM, *session.seats)):
            _raise_ban(self._restrictions.ban_of(room, identity, nick))


def _raise_ban(mark: Mark | None) -> None:
    if mark is not None:
        raise Banned(mark.room, mark.until, mark.reason)
