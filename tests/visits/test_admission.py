"""Admission: whether somebody may come into a room, or into the house."""

from __future__ import annotations

import pytest

from huddle.people.sessions import Session
from huddle.protocol.dialect import PROGRAM
from huddle.protocol.errors import Banned, RoomLocked, TooMany
from huddle.protocol.limits import Limits
from huddle.record import Mark, MarkKind, RoomRow
from huddle.visits.admission import Admission
from tests.world import World

KEY = b"the hash of otter"


class Door:
    """A locked room, and who stands before it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.huddle = World(limits=limits).huddle
        self.admission = Admission(self.huddle.directory, self.huddle.limits)
        self.room = self.huddle.room("ops")
        self.huddle.directory.put(RoomRow("ops", key=KEY))

    def mark(self, kind: MarkKind, who: str, room: str = "ops") -> None:
        self.huddle.directory.restrictions.set(Mark(room, kind, who, reason="why"))

    def opens(self, session: Session, key: bytes | None = None, room: str = "ops") -> bool:
        try:
            self.admission.check_room(session, room, key)
        except RoomLocked as error:
            assert error.room == room
            return False
        return True


def member(door: Door, number: int = 1) -> Session:
    session = Session(number, f"s{number}")
    session.rooms = {"ops": None}
    door.room.add(session)
    return session


def test_a_locked_room_opens_to_its_key_alone() -> None:
    door, ana = Door(), Session(1, "ana")
    assert not door.opens(ana)
    assert not door.opens(ana, b"the hash of weasel")
    assert door.opens(ana, KEY)
    assert door.opens(ana, None, "another")


def test_a_member_needs_no_key_and_one_who_is_leaving_does() -> None:
    door = Door()
    ana = member(door)
    assert door.opens(ana)
    del ana.rooms["ops"]  # that is told, and the seat is empty, behind what was said before
    assert not door.opens(ana)


def test_who_was_there_before_needs_the_key_again() -> None:
    door = Door()
    ana = member(door)
    door.room.remove(ana)
    assert not door.opens(ana)


def test_the_host_needs_no_key() -> None:
    door = Door()
    door.mark(MarkKind.HOST, "session:1")
    assert door.opens(Session(1, "ana"))
    assert not door.opens(Session(2, "bob"))


def test_whoever_is_banned_is_not_let_in_with_the_key() -> None:
    door, ana = Door(), Session(1, "ana")
    door.mark(MarkKind.BAN, "session:1")
    with pytest.raises(Banned) as refused:
        door.admission.check_room(ana, "ops", KEY)
    assert (refused.value.room, refused.value.reason) == ("ops", "why")
    door.admission.check_room(ana, "another", None)
    door.admission.check_house(ana, "10.0.0.1")


@pytest.mark.parametrize("who", ["session:1", "nick:ana", "address:10.0.0.0/8"])
def test_a_ban_from_the_first_room_is_one_from_the_house(who: str) -> None:
    door, ana = Door(), Session(1, "ana")
    ana.host = "10.0.0.1"
    door.mark(MarkKind.BAN, who, "huddle")
    with pytest.raises(Banned):
        door.admission.check_house(ana, ana.host)
    door.admission.check_house(Session(2, "bob"), "192.0.2.1")


def test_a_program_is_in_so_many_rooms_and_a_person_only_moves() -> None:
    door = Door(Limits(rooms_each=1))
    bot, ana = Session(1, "bot"), Session(2, "ana")
    bot.traits = PROGRAM
    bot.rooms = ana.rooms = {"huddle": None, "@1": None}
    with pytest.raises(TooMany):
        door.admission.check_room(bot, "ops", KEY)
    door.admission.check_room(bot, "huddle", None)
    door.admission.check_room(ana, "ops", KEY)
