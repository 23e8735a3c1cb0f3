"""What is known of each room: who is there, what was said last, what is unread."""

from __future__ import annotations

import pytest

from huddle.client.conversation.buffers import MAX_PERSONS, Buffers
from huddle.client.conversation.current_room import CurrentRoom
from huddle.client.session.cursors import MAX_ROOMS
from huddle.client.session.events import (
    Answered,
    Event,
    Here,
    Joined,
    Left,
    Renamed,
    RoomList,
    RoomListing,
    Said,
    Welcomed,
)
from huddle.protocol.requests import Leave, Rooms


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


def followed(*happened: Event, buffers: Buffers | None = None) -> Buffers:
    buffers = buffers or alone()
    for event in happened:
        buffers.follow(event)
    return buffers


# People


def test_a_talk_goes_on_with_the_person_who_takes_another_nick() -> None:
    where = CurrentRoom("huddle", partner="bob")
    buffers = Buffers(where)
    buffers.follow(Welcomed("ana", {"huddle": Here("huddle", 2, ("bob",))}, 0))
    buffers.follow(Renamed("huddle", "bob", "rob"))  # nothing was said yet
    followed(said("rob", "@"), Renamed("huddle", "rob", "bert"), buffers=buffers)
    followed(Renamed("ops", "rob", "bert"), buffers=buffers)  # as each room of both tells it
    followed(Renamed("huddle", "bert", "albert"), buffers=buffers)
    assert where.partner == "albert"
    assert buffers.before_eyes.has(1)


NEW_BOB: dict[str, list[Event]] = {
    "came": [Left("huddle", "bob"), Joined("huddle", "bob")],
    "was called otherwise": [Renamed("huddle", "carla", "bob")],
    "was here when we came": [Welcomed("ana", {"huddle": Here("huddle", 2, ("bob",))}, 0)],
    "is in a room that one enters": [Left("huddle", "bob"), Here("ops", 2, ("bob",))],
}


@pytest.mark.parametrize("stranger", NEW_BOB)
def test_a_stranger_with_a_nick_of_before_does_not_take_the_talk_along(stranger: str) -> None:
    where = CurrentRoom("huddle", partner="bob")
    buffers = Buffers(where)
    buffers.follow(Welcomed("ana", {"huddle": Here("huddle", 3, ("carla",))}, 0))
    followed(Joined("huddle", "bob"), said("bob", "@"), Left("huddle", "bob"), buffers=buffers)
    followed(*NEW_BOB[stranger], Renamed("huddle", "bob", "mallory"), buffers=buffers)
    assert where.partner == "bob"
    assert buffers.before_eyes.has(1)


def test_a_talk_of_the_past_is_not_that_of_a_stranger_who_has_the_nick_now() -> None:
    buffers = welcomed()
    followed(said("bob", "@", past=True), Renamed("huddle", "bob", "mallory"), buffers=buffers)
    assert buffers.of("@bob").has(1)
    followed(said("carla", "@"), said("kim", "@"), buffers=buffers)
    followed(Renamed("huddle", "carla", "kim"), buffers=buffers)  # who is another kim
    followed(Renamed("huddle", "kim", "mallory"), buffers=buffers)
    assert [each.name for each in buffers.windows()[1:]] == ["@bob", "@carla", "@kim"]


def test_rooms_are_those_one_is_in_and_those_one_was_told_of() -> None:
    buffers = welcomed()
    buffers.follow(Answered(Rooms(), RoomList((RoomListing("ops", 2),))))
    assert buffers.rooms() == ["huddle", "ops"]
    buffers.follow(Answered(Leave("huddle"), None))
    assert buffers.rooms() == ["ops"]
    assert buffers.of("huddle").count == 0 and buffers.of("huddle").nicks == []


def test_private_messages_put_nobody_into_a_room() -> None:
    buffers = welcomed()
    buffers.follow(said("eve", "@"))
    assert buffers.rooms() == ["huddle"]


def test_who_wrote_in_private_may_be_meant_after_those_who_are_here() -> None:
    buffers = welcomed()
    followed(said("eve", "@"), said("carla"), buffers=buffers)
    assert buffers.nicks() == ["carla", "bob", "eve"]


# What `/delete` means when no number is given


def test_rooms_beyond_those_one_can_be_in_are_not_kept() -> None:
    buffers = followed(*(said("bob", f"room{n}") for n in range(2 * MAX_ROOMS)))
    assert len(buffers.rooms()) == MAX_ROOMS
    assert buffers.of(f"room{2 * MAX_ROOMS}").nicks == []


# What is unread


def test_other_rooms_and_persons_are_counted_until_one_goes_there() -> None:
    where = CurrentRoom("huddle")
    buffers = Buffers(where)
    for room, nick in (("ops", "bob"), ("huddle", "bob"), ("@", "bob"), ("ops", "bob")):
        buffers.follow(said(nick, room))
    buffers.follow(said("eva", "@"))
    assert buffers.unread() == [("ops", 2), ("@bob", 1), ("@eva", 1)]
    where.room = "ops"
    assert buffers.unread() == [("@bob", 1), ("@eva", 1)]
    where.partner = "eva"
    assert buffers.unread() == [("@bob", 1)]


def test_who_talks_to_one_person_hears_the_room_as_another_place() -> None:
    where = CurrentRoom("huddle", partner="bob")
    buffers = followed(said("eva"), said("bob", "@"), buffers=Buffers(where))
    where.partner = "bob"
    assert buffers.unread() == [("huddle", 1)]
    where.partner = None
    assert buffers.unread() == []


def test_neither_the_past_nor_what_one_said_oneself_counts() -> None:
    assert followed(said("bob", "ops", past=True), said("ana", "@", to="bob")).unread() == []


def test_what_puts_a_message_right_is_no_other_message() -> None:
    fixes = [
        Said(room, 2, "", "bob", "say", "hola ana", past=False, edits=1) for room in ("ops", "@")
    ]
    assert followed(*fixes).unread() == []
    assert followed(said("bob", "ops"), said("bob", "@"), *fixes).unread() == [
        ("ops", 1),
        ("@bob", 1),
    ]


def test_strangers_cannot_fill_the_line() -> None:
    buffers = followed(*(said(f"n{n}", "@") for n in range(2 * MAX_PERSONS)))
    assert len(buffers.unread()) == MAX_PERSONS


def test_those_one_has_read_make_place_for_others() -> None:
    where = CurrentRoom("huddle")
    buffers = Buffers(where)
    for n in range(2 * MAX_PERSONS):
        buffers.follow(said(f"n{n}", "@"))
        where.partner = f"n{n}"
        buffers.follow(said(f"n{n}", "@"))
        assert buffers.unread() == []
    where.partner = None
    buffers.follow(said("bob", "@"))
    assert buffers.unread() == [("@bob", 1)]
