"""Seats: taken at once, told in the order of the talk, and given up behind what was said."""

from __future__ import annotations

from typing import Any

from huddle.people.sessions import Account, Session
from huddle.protocol.events import Left
from huddle.record import AccountRow
from tests.slow_record import SlowRecord
from tests.world import Peer, World


class Hall:
    """A world with somebody in ops who hears what is told there."""

    def __init__(self) -> None:
        self.disk = SlowRecord()
        self.world = World(self.disk)
        self.seats = self.world.huddle.membership
        self.ear: Peer = self.world.person("ear")
        self.ear.says("/join ops")
        self.ear.forgets()

    def session(self, number: int, nick: str, account: Account | None = None) -> Session:
        session = Session(number, nick)
        session.account = account
        return session

    def hears(self, *lines: str) -> None:
        self.world.settle()
        self.ear.hears(*lines)


def _account(nick: str) -> Account:
    return Account(AccountRow(1, nick, inbox="@a1"))


def test_a_seat_is_taken_at_once_and_told() -> None:
    hall, ana = Hall(), Session(90, "ana")
    room = hall.seats.join(ana, "ops")
    assert ana in room
    assert (hall.seats.of(ana), ana.seats) == ([room], ["ops"])
    hall.hears("-- ana joined")
    hall.seats.join(ana, "ops")
    hall.hears()


def test_it_is_given_up_behind_what_was_said() -> None:
    hall, ana = Hall(), Session(90, "ana")
    room = hall.seats.join(ana, "ops")
    hall.seats.part(ana, room)
    assert ana in room
    assert ana.seats == []
    hall.hears("-- ana joined", "-- ana left")
    assert ana not in room


def test_whoever_takes_it_again_before_that_has_kept_it() -> None:
    hall, ana = Hall(), Session(90, "ana")
    room = hall.seats.join(ana, "ops")
    hall.hears("-- ana joined")
    hall.seats.part(ana, room)
    hall.seats.join(ana, "ops")
    hall.hears()
    assert ana in room


def test_who_sent_somebody_away_is_told() -> None:
    hall, ana = Hall(), Session(90, "ana")
    room = hall.seats.join(ana, "ops")
    hall.seats.part(ana, room, "ear", "too loud")
    hall.hears("-- ana joined", "-- ear sent ana away: too loud")


def test_several_devices_of_an_account_are_one_person() -> None:
    hall, account = Hall(), _account("ana")
    one, two = hall.session(90, "ana", account), hall.session(91, "ana", account)
    room = hall.seats.join(one, "ops")
    hall.seats.join(two, "ops")
    assert (len(room), room.devices(one)) == (2, 2)
    hall.seats.part(one, room)
    hall.hears("-- ana joined")
    assert hall.seats.farewells(two) == [Left("ops", ("ana",), 91)]
    hall.seats.part(two, room)
    hall.hears("-- ana left")
    assert len(room) == 1


def test_the_last_one_closes_the_room() -> None:
    hall, ana = Hall(), Session(90, "ana")
    room = hall.seats.join(ana, "den")
    hall.seats.part(ana, room)
    hall.world.settle()
    assert hall.world.huddle.directory.find("den") is None
    other: Any = hall.seats.join(ana, "den")
    assert other is not room


def test_a_seat_that_may_not_be_taken_any_more_is_given_up() -> None:
    hall, ana = Hall(), Session(90, "ana")
    hall.seats.restore(ana, "ops")
    ana.rooms = {"ops": 7, "gone": 3}
    hall.seats.leave_closed(ana, "gone")
    hall.seats.leave_closed(ana, "ops")
    hall.hears("-- ana left")
    assert ana.rooms == {}


def test_after_a_restart_a_seat_is_restored_without_a_word() -> None:
    hall, ana = Hall(), Session(90, "ana")
    hall.seats.restore(ana, "ops")
    hall.hears()
    assert ana in hall.world.huddle.room("ops")


def test_after_a_crash_everybody_has_the_seats_that_they_had() -> None:
    hall = Hall()
    ana = hall.world.program("ana")
    [session] = [each for each in hall.world.huddle.registry.sessions if each.nick == "ana"]
    ana.asks("join", id=1, room="ops")
    for seats in (["huddle", "ops"], ["ops"], []):
        hall.world.settle()
        again = hall.world.crashes().huddle.registry.by_number(session.number)
        assert again is not None and again.seats == seats
        for room in hall.seats.of(session)[:1]:
            hall.seats.part(session, room)


def test_whoever_gives_a_seat_up_reads_nothing_more_of_the_room() -> None:
    hall = Hall()
    ana = hall.world.person("ana")
    [session] = [each for each in hall.world.huddle.registry.sessions if each.nick == "ana"]
    ana.says("/join ops")
    ana.forgets()
    hall.disk.slow = True
    hall.ear.says("secret")
    hall.seats.part(session, hall.world.huddle.room("ops"))
    hall.disk.slow = False
    hall.disk.writes()
    hall.world.settle()
    ana.hears()
