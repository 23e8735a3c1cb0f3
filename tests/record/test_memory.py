"""The bounds of the record in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence

import pytest

from huddle.protocol.events import Draft, Kind, Said
from huddle.protocol.limits import KIB, MIB, Limits
from huddle.record import (
    AccountRow,
    AuditEntry,
    Dropped,
    Extent,
    Mark,
    MarkKind,
    RoomRow,
    SessionRow,
    memory,
)
from huddle.record.memory import MemoryRecord
from tests.record.awaited_record import AwaitedRecord, Pump, draft


def bounded(messages: int = 10**6, size: int = 1 << 40) -> AwaitedRecord:
    return AwaitedRecord(MemoryRecord(Limits(ring_messages=messages, ring_bytes=size), "e"), Pump())


def test_a_room_keeps_its_newest_messages() -> None:
    awaited = bounded(messages=3)
    awaited.say(*"abcde")
    awaited.say("x", room="ops")
    assert awaited.record.extent("huddle") == Extent(3, 5, 1000)
    assert awaited.read() == ["c", "d", "e"]
    assert awaited.read(room="ops") == ["x"]


def test_an_id_is_known_as_long_as_its_message() -> None:
    awaited = bounded(messages=2)
    awaited.append(*(draft(f"{id}", id=id) for id in (1, 2, 3)))
    assert awaited.answer(awaited.record.find(1, 1)) is None
    assert awaited.answer(awaited.record.find(1, 2)) is not None


def test_one_message_too_large_for_the_ring_leaves_it_empty() -> None:
    awaited = bounded(size=1 * KIB)
    awaited.say("x" * 2 * KIB)
    assert awaited.record.extent("huddle") == Extent(2, 1, 1000)
    assert awaited.say("y")[0].seq == 2
    assert awaited.read() == ["y"]


@pytest.mark.parametrize("length", [1, 64, 4000])
@pytest.mark.parametrize("with_id", [False, True])
def test_the_bytes_that_are_counted_are_those_that_are_used(length: int, with_id: bool) -> None:
    """Within a third: the allocator's rounding and what a dict holds in reserve are not seen."""
    awaited = bounded(size=1 * MIB)
    tracemalloc.start()
    for number in range(1, 2 * MIB // (length + 256)):
        awaited.append(draft(f"{number:<{length}}", id=number * with_id), time=10**12 + number)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert awaited.record.extent("huddle").oldest > 1
    assert 0.66 * MIB < used < 1.34 * MIB


def test_sessions_that_left_are_forgotten_from_the_first_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LEFT_SESSIONS", 2)
    awaited = bounded()
    for number in range(1, 6):
        key = b"%d" % number
        awaited.answer(awaited.record.save(SessionRow(number, "ana", key=key, here=number == 1)))
    known = [
        number
        for number in range(1, 6)
        if awaited.answer(awaited.record.session_by_key(b"%d" % number)) is not None
    ]
    assert known == [1, 4, 5]
    assert awaited.record.last_session == 5


def test_those_who_are_to_be_forgotten_first_have_none_of_the_others_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LEFT_SESSIONS", 3)
    awaited = bounded()
    for number in range(1, 10):
        row = SessionRow(number, "ana", key=b"%d" % number, here=False, seen=number == 1)
        awaited.answer(awaited.record.save(row))
    known = [
        number
        for number in range(1, 10)
        if awaited.answer(awaited.record.session_by_key(b"%d" % number)) is not None
    ]
    assert known == [1, 8, 9]
    assert awaited.answer(awaited.record.forget_sessions(0, 1)) == 2
    assert awaited.answer(awaited.record.session_by_key(b"1")) is not None


def test_a_session_that_came_back_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LEFT_SESSIONS", 1)
    awaited = bounded()
    for number, here in ((1, False), (1, True), (2, False), (3, False)):
        awaited.answer(
            awaited.record.save(SessionRow(number, "ana", key=b"%d" % number, here=here))
        )
    assert awaited.answer(awaited.record.session_by_key(b"1")) is not None
    assert awaited.answer(awaited.record.session_by_key(b"2")) is None


def test_what_is_known_of_rooms_and_people_lives_as_long_as_the_process() -> None:
    awaited = bounded()
    ops, ana = RoomRow("ops", "a topic"), AccountRow(1, "ana")
    ban = Mark("ops", MarkKind.BAN, "session:1")
    awaited.answer(
        awaited.record.save(ops, RoomRow("other"), ban, Mark("ops", MarkKind.MUTE, "x"), ana)
    )
    gone = Dropped(RoomRow("other")), Dropped(Mark("ops", MarkKind.MUTE, "x", "of then"))
    awaited.answer(awaited.record.save(*gone))
    assert list(awaited.record.room_rows()) == [ops]
    assert list(awaited.record.marks()) == [ban]
    assert list(awaited.record.accounts()) == [ana]


def test_acts_of_moderation_are_forgotten_from_the_first_on() -> None:
    awaited = bounded()
    acts = [AuditEntry(number, "", "kick", "ana") for number in range(memory.ACTS + 1)]
    awaited.answer(awaited.record.save(*acts))
    assert awaited.answer(awaited.record.audit(memory.ACTS + 1)) == acts[1:]


def test_an_inbox_goes_with_the_session_that_was_one_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "LEFT_SESSIONS", 1)
    awaited = bounded()
    awaited.append(draft("a", room="@1"), draft("b", room="@2"))
    for number in (1, 2):
        awaited.answer(awaited.record.save(SessionRow(number, "ana", here=False)))
    assert set(awaited.record.rooms()) == {"@2"}


def test_an_erased_message_takes_no_more_room_than_it_needs() -> None:
    awaited = bounded(size=10 * KIB)
    awaited.say("x" * 9 * KIB)
    awaited.answer(awaited.record.erase("huddle", 1))
    awaited.say("y" * 8 * KIB)
    assert awaited.record.extent("huddle").oldest == 1


# Searching


def test_a_search_is_done_in_slices_with_everybody_else_between_them() -> None:
    later: list[Callable[[], None]] = []
    record = MemoryRecord(Limits(), "epoch", lambda _, go_on: later.append(go_on))
    texts = ["ñ" * 999 + f" {number}" for number in range(5)]
    record.append([Draft("huddle", 1, "ana", Kind.SAY, text) for text in texts], 1)
    found: list[Sequence[Said]] = []
    record.search("huddle", "ñ" * 999, 10).addCallback(found.append)
    for slices in range(5):  # the first is what is asked for; nothing is left of the oldest
        assert not found, f"answered after {slices} slices"
        [go_on] = later
        later.clear()
        if slices == 3:  # what changes meanwhile does no harm
            record.append([Draft("huddle", 1, "ana", Kind.SAY, texts[0])], 2)
            record.erase("huddle", 1)
        go_on()
    assert [[message.seq for message in each] for each in found] == [[2, 3, 4, 5]]


def test_a_search_that_costs_little_is_answered_at_once() -> None:
    record = MemoryRecord(Limits(), "epoch", lambda *_: pytest.fail("is put off"))
    record.append([Draft("huddle", 1, "ana", Kind.SAY, f"word {n}") for n in range(99)], 1)
    found: list[Said] = []
    record.search("huddle", "word 7", 10).addCallback(found.extend)
    assert [message.seq for message in found] == [8]
