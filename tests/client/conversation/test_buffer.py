"""One room as its reader knows it: who is there, and which message is meant without a number."""

from __future__ import annotations

from huddle.client.conversation.buffer import KEPT, MAX_NICKS, Buffer
from huddle.client.conversation.buffers import Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.session.events import (
    Acknowledged,
    Answered,
    Deleted,
    Event,
    Here,
    Joined,
    Left,
    Named,
    Renamed,
    Reset,
    Said,
    Welcomed,
)
from huddle.client.session.state import Kind, Line
from huddle.protocol.requests import Who


def alone(room: str = "huddle", partner: str | None = None) -> Buffers:
    return Buffers(CurrentRoom(room, partner=partner))


def welcomed() -> Buffers:
    buffers = alone()
    buffers.follow(Welcomed("ana", {"huddle": Here("huddle", 3, ("bob", "carla"))}, 0))
    return buffers


def said(
    nick: str = "bob", room: str = "huddle", seq: int = 1, *, past: bool = False, to: str = ""
) -> Said:
    return Said(room, seq, "2026-11-20T18:02:11.123Z", nick, "say", "hola", past, to)


def own(seq: int, kind: Kind = Kind.SAY, place: str = "ops") -> Acknowledged:
    return Acknowledged(seq, Line(kind, place, "mine"), seq)


def followed(*happened: Event, buffers: Buffers | None = None) -> Buffers:
    buffers = buffers or alone()
    for event in happened:
        buffers.follow(event)
    return buffers


def test_people_come_and_go() -> None:
    buffers = welcomed()
    buffers.follow(Joined("huddle", "dan"))
    buffers.follow(Left("huddle", "bob"))
    assert buffers.of("huddle").count == 3
    assert set(buffers.of("huddle").nicks) == {"carla", "dan"}


def test_who_spoke_last_comes_first() -> None:
    buffers = welcomed()
    buffers.follow(said("bob"))
    assert buffers.of("huddle").nicks[0] == "bob"
    buffers.follow(said("carla"))
    buffers.follow(said("bob", past=True))
    assert buffers.of("huddle").nicks[0] == "carla"


def test_a_new_name_takes_the_place_of_the_old_one() -> None:
    buffers = welcomed()
    buffers.follow(Renamed("huddle", "bob", "roberto"))
    assert buffers.of("huddle").nicks == ["roberto", "carla"]


def test_a_whole_list_corrects_what_was_thought() -> None:
    buffers = welcomed()
    buffers.follow(said("ghost"))
    buffers.follow(Answered(Who("huddle"), Here("huddle", 2, ("ana", "bob"))))
    assert buffers.of("huddle").count == 2
    assert set(buffers.of("huddle").nicks) == {"ana", "bob"}


def test_a_part_of_a_list_only_adds() -> None:
    buffers = welcomed()
    buffers.follow(Here("huddle", 500, ("dan",)))
    assert set(buffers.of("huddle").nicks) == {"bob", "carla", "dan"}


def test_a_crowd_is_remembered_in_part() -> None:
    buffers = alone()
    for n in range(MAX_NICKS + 10):
        buffers.follow(Joined("huddle", f"n{n}"))
    assert buffers.of("huddle").count == MAX_NICKS + 10
    assert len(buffers.of("huddle").nicks) == MAX_NICKS


def test_it_is_the_last_one_in_that_room() -> None:
    buffers = followed(
        own(1),
        said("bob", "ops", 2),
        own(3),
        said("eva", "ops", 4),
        own(9, Kind.MSG, "bob"),
    )
    ops, den = buffers.of("ops"), buffers.of("den")
    assert (ops.last_own(), ops.last_of("BOB"), ops.last_of("eva")) == (3, 2, 4)
    assert buffers.of("@").last_own() == 9
    assert den.last_own() is den.last_of("bob") is None


def test_after_a_deletion_it_is_the_one_before() -> None:
    assert followed(own(1), own(3), Deleted("ops", 3, "ana")).of("ops").last_own() == 1


def test_numbers_of_another_record_mean_nothing() -> None:
    assert followed(own(1), Reset("ops")).of("ops").last_own() is None


def test_own_ones_are_found_by_the_nick_too() -> None:
    assert followed(Named("ana"), own(1)).of("ops").last_of("ana") == 1


def test_an_own_one_of_another_device_is_own() -> None:
    assert followed(said("ana", "@", 5, to="bob")).of("@").last_own() == 5


def test_it_does_not_grow_for_ever() -> None:
    buffers = followed(own(1), *(said("bob", "ops", seq) for seq in range(2, KEPT + 2)))
    assert buffers.of("ops").last_own() is None


def test_who_came_in_at_the_same_moment_is_counted_once() -> None:
    buffer = Buffer("ops")
    buffer.see(Here("ops", 2, ("bob",)))
    buffer.hear("bob", joins=True)
    assert buffer.count == 2
    buffer.hear("eva", joins=True)
    buffer.lose("bob")
    buffer.hear("bob", joins=True)
    assert buffer.count == 3


def test_who_takes_a_nick_that_somebody_gave_up_is_another_person() -> None:
    buffer = Buffer("ops")
    buffer.see(Here("ops", 3, ("bob", "eva")))
    buffer.rename("bob", "roberto")
    buffer.hear("bob", joins=True)
    assert buffer.count == 4
