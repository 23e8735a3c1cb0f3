"""The directory: which rooms there are, which names are one, and what stays of an empty one."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.task import Clock

from huddle.delivery.stream import Stream
from huddle.people.sessions import Session
from huddle.protocol.errors import BadRoom, TooFast, TooMany
from huddle.protocol.events import FIRST_ROOM, Draft, Kind
from huddle.protocol.limits import Limits
from huddle.record import Dropped, Mark, MarkKind, RoomRow
from huddle.record.memory import MemoryRecord
from huddle.rooms.directory import Directory
from tests.sample_messages import NOON
from tests.world import World


class Book:
    """A directory over a record, which can be opened again."""

    def __init__(self, record: MemoryRecord | None = None, **limits: Any) -> None:
        self.limits = Limits(**limits)
        self.record = record or MemoryRecord(self.limits, "epoch")
        self.directory = Directory(self.record, lambda delay, call: None, lambda: NOON, self.limits)

    def says(self, room: str) -> None:
        self.record.append([Draft(room, 1, "ana", Kind.SAY, "hola")], NOON)

    def hosts(self, room: str, who: str = "session:1") -> Mark:
        mark = Mark(room, MarkKind.HOST, who)
        self.directory.restrictions.set(mark)
        self.record.save(mark)
        return mark


def test_the_first_room_is_there_from_the_start_and_for_good() -> None:
    directory = Book().directory
    room = directory.find(FIRST_ROOM)
    assert room is not None
    assert directory.close(FIRST_ROOM) == []
    assert directory.find(FIRST_ROOM) is room


@pytest.mark.parametrize("typed", ["ops", "OPS", "Ops", " ops ", "ｏｐｓ", "оps"])
def test_a_room_is_meant_by_every_name_that_looks_like_its_own(typed: str) -> None:
    directory = Book().directory
    assert directory.named("ops") == "ops"
    directory.room("ops")
    assert directory.named(typed) == "ops"


def test_the_first_name_of_a_room_is_its_name() -> None:
    directory = Book().directory
    directory.room("Ops")
    assert directory.named("ops") == "Ops"
    directory.close("Ops")
    assert directory.named("ops") == "ops"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("x" * 33, "too-long"),
        ("a b", "character"),
        ("@1", "character"),
        ("-", "edge"),
    ],
)
def test_what_is_no_name_is_refused_with_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadRoom) as refused:
        Book().directory.named(typed)
    assert refused.value.reason == reason


def test_a_room_is_listed_while_somebody_is_in_it() -> None:
    directory = Book().directory
    ana = Session(1, "ana")
    ops = directory.room("ops")
    assert directory.open == []
    ops.add(ana)
    assert directory.open == [ops]


def test_an_inbox_is_in_no_list_and_has_no_name() -> None:
    book = Book()
    book.says("@1")
    book = Book(book.record)
    inbox = Stream("@1", book.directory.history("@1"), Clock().callLater, Limits())
    assert (inbox.label, inbox.published) == ("@", 1)
    assert book.directory.open == []
    assert not book.directory.is_known("@1")
    with pytest.raises(BadRoom):
        book.directory.named("@1")
    assert book.directory.close("@1") == []
    assert book.directory.find("@1") is None


def test_a_room_of_which_there_is_nothing_leaves_no_trace() -> None:
    book = Book()
    book.directory.make("ops")
    mark = book.hosts("ops")
    assert book.directory.close("ops") == [Dropped(mark)]
    assert not book.directory.is_known("ops")
    assert book.directory.restrictions.of("ops", MarkKind.HOST, "session:1") is None


@pytest.mark.parametrize("what", ["said", "card", "ban"])
@pytest.mark.parametrize("restart", [False, True])
def test_a_room_of_which_there_is_something_is_known_for_good(what: str, restart: bool) -> None:
    book = Book()
    book.directory.make("ops")
    mark = book.hosts("ops")
    match what:
        case "said":
            book.says("ops")
        case "card":
            book.record.save(book.directory.put(RoomRow("ops", key=b"otter")))
        case "ban":
            ban = Mark("ops", MarkKind.BAN, "nick:eva")
            book.directory.restrictions.set(ban)
            book.record.save(ban)
    assert book.directory.close("ops") == []
    if restart:
        book = Book(book.record)
    assert book.directory.is_known("ops")
    assert book.directory.find("ops") is None
    assert book.directory.restrictions.of("ops", MarkKind.HOST, "session:1") == mark
    assert (book.directory.row("ops").key is not None) is (what == "card")


def test_a_room_that_is_as_every_other_needs_no_row() -> None:
    book = Book()
    row = RoomRow("ops", topic="fire")
    assert book.directory.put(row) == row
    assert book.directory.put(RoomRow("ops")) == Dropped(RoomRow("ops"))
    assert book.directory.row("ops") == RoomRow("ops")


def test_so_many_rooms_are_known_and_no_more() -> None:
    book = Book(rooms=2)
    book.directory.make("ops")
    with pytest.raises(TooMany) as refused:
        book.directory.make("den")
    assert (refused.value.what, refused.value.limit) == ("rooms", 2)
    book.directory.make("ops")
    book.directory.close("ops")
    book.directory.make("den")


def test_one_address_makes_so_many_rooms_in_an_hour() -> None:
    book = Book(rooms_made=2)
    book.directory.make("a", "10.0.0.1", 0.0)
    book.directory.make("b", "10.0.0.1", 0.0)
    with pytest.raises(TooFast):
        book.directory.make("c", "10.0.0.1", 0.0)
    book.directory.make("a", "10.0.0.1", 0.0)
    book.directory.make("d", "10.0.0.2", 0.0)
    book.directory.make("c", "10.0.0.1", 1800.0)


def test_an_ipv6_48_makes_three_times_as_many_whatever_64_they_come_from() -> None:
    world = World(limits=Limits(rooms_made=2))
    made = []
    for number in range(8):
        peer = world.person(f"n{number}", address=f"2001:db8:1:{number}::1")
        peer.says(f"/join r{number}")
        made.append("Not so fast" not in peer.reads()[-1])
    assert made == [True] * 6 + [False] * 2
