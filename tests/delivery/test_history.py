"""What is read again: aligned blocks, read and rendered once for all who wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from sys import getsizeof
from typing import cast

import pytest
from twisted.internet.defer import Deferred

from huddle.delivery.history import BLOCKS_DIVIDED, MESSAGE, History, Pages
from huddle.delivery.slab import Slab, past_slabs
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Draft, Kind, Said
from huddle.protocol.limits import Limits
from huddle.record import RecordFailure, tombstone
from tests.sample_messages import DAY, NOON, renderer, talk
from tests.slow_record import SlowRecord

LIMITS = Limits(block=4)
RENDERER = renderer()


class Shelf:
    """A record, and the history of its room as it was when a server started."""

    def __init__(
        self,
        recorded: int,
        *,
        limits: Limits = LIMITS,
        times: dict[int, int] | None = None,
        beside: Shelf | None = None,
    ) -> None:
        """``beside`` is the shelf of another room of the same house."""
        self.record = SlowRecord(limits)
        self.times = times or {}
        self.write(recorded)
        own = Pages(limits.pages, tails=limits.tails)
        self.pages: Pages = beside.pages if beside else own
        self.history = History("huddle", self.record, self.pages, limits)

    def write(self, count: int, behind: str = "") -> list[Said]:
        said: list[Said] = []
        first = self.record.extent("huddle").newest + 1
        for seq in range(first, first + count):
            draft = Draft("huddle", 2, "bob", Kind.SAY, f"{seq}{behind}")
            self.record.append([draft], self.times.get(seq, NOON)).addCallback(said.extend)
        return said

    def publish(self, count: int, behind: str = "") -> None:
        self.history.add(self.write(count, behind))

    def page(self, after: int, shown: Renderer = RENDERER) -> Slab:
        """A page that is there at once."""
        page = self.history.page(shown, after)
        return got(page) if isinstance(page, Deferred) else page

    def texts(self, after: int) -> list[str]:
        """What a reader behind that seq sees on its page."""
        return texts(self.page(after).after(after, 0, 0))


def got(page: Slab | Deferred[Slab]) -> Slab:
    found: list[Slab] = []
    cast("Deferred[Slab]", page).addCallback(found.append)
    [slab] = found
    return slab


def got_messages(shelf: Shelf, seq: int) -> list[Said]:
    """The message of that seq, as the record has it."""
    return [each for each in shelf.record.kept["huddle"] if each.seq == seq]


def texts(slab: Slab) -> list[str]:
    return [line.rpartition(" ")[2] for line in slab.data.decode().splitlines()]


def numbers(first: int, last: int) -> list[str]:
    return [str(seq) for seq in range(first, last + 1)]


# Blocks


@pytest.mark.parametrize(
    ("after", "first", "last"), [(0, 1, 4), (1, 2, 4), (3, 4, 4), (4, 5, 8), (9, 10, 10)]
)
def test_a_page_goes_to_the_end_of_its_block(after: int, first: int, last: int) -> None:
    assert Shelf(10).texts(after) == numbers(first, last)


def test_readers_of_one_block_share_what_was_read() -> None:
    shelf = Shelf(10)
    assert shelf.page(4) is shelf.page(6)
    assert shelf.record.readings == 1


def test_all_who_wait_for_a_block_wait_for_one_reading() -> None:
    shelf = Shelf(10)
    shelf.record.slow_to_read = True
    waiting = [shelf.history.page(RENDERER, after) for after in (4, 5, 4)]
    assert shelf.record.readings == 1
    shelf.record.finds()
    pages = [got(page) for page in waiting]
    assert pages[0] is pages[1] is pages[2]
    assert texts(pages[0]) == numbers(5, 8)


def test_all_who_wait_hear_of_a_reading_that_fails_and_may_ask_again() -> None:
    shelf = Shelf(10)
    shelf.record.unreadable = True
    failures: list[object] = []
    for after in (4, 5):
        page = shelf.history.page(RENDERER, after)
        cast("Deferred[Slab]", page).addErrback(lambda failure: failures.append(failure.value))
    assert [type(failure) for failure in failures] == [RecordFailure, RecordFailure]
    shelf.record.unreadable = False
    assert shelf.texts(4) == numbers(5, 8)


def test_each_renderer_has_pages_of_its_own() -> None:
    shelf = Shelf(10)
    programs = JsonDialect(LIMITS).renderer("en", False)
    assert shelf.page(4, programs).data.startswith(b'{"type":"said"')
    assert texts(shelf.page(4)) == numbers(5, 8)
    assert shelf.page(4, JsonDialect(LIMITS).renderer("es", False)) is shelf.page(4, programs)


def test_the_last_block_is_read_again_when_it_has_grown() -> None:
    shelf = Shelf(5)
    assert shelf.texts(4) == ["5"]
    shelf.publish(2)
    assert shelf.texts(4) == numbers(5, 7)


def test_a_block_in_many_slabs_gives_the_one_that_has_the_next_message() -> None:
    shelf = Shelf(10, limits=Limits(block=8, slab=30))
    assert [texts(shelf.page(after)) for after in (0, 1, 2, 7)] == [
        ["1", "2"],
        ["1", "2"],
        ["3", "4"],
        ["7", "8"],
    ]


# The newest in memory


def parted_shelf() -> Shelf:
    """A block of eight texts of 100 characters; a part ends with the one beyond its 209."""
    limits = Limits(block=8, slab=200, text=9)
    shelf = Shelf(0, limits=limits)
    drafts = [Draft("huddle", 2, "bob", Kind.SAY, f"{seq:0100}") for seq in range(1, 9)]
    shelf.record.append(drafts, NOON)
    shelf.history = History("huddle", shelf.record, shelf.pages, limits)
    return shelf


def test_a_block_of_long_texts_is_read_in_parts() -> None:
    shelf, after, read = parted_shelf(), 0, []
    while after < 8:
        slab = shelf.page(after)
        assert slab.base == after
        after = slab.last
        read.append(after)
    assert read == [1, 2, 3, 4, 5, 6, 7, 8]
    assert shelf.record.readings == 4  # up to 3, 5, 7 and 8, each with the message before it


def test_whoever_begins_in_the_middle_shares_the_parts_of_those_who_began_before() -> None:
    shelf, other = parted_shelf(), parted_shelf()
    for after in range(8):
        shelf.page(after)
    readings = shelf.record.readings
    for after in (6, 3, 5, 0):
        assert shelf.page(after) is shelf.page(after)
        assert shelf.page(after).data == other.page(after).data
    assert shelf.record.readings == readings


def test_what_was_just_published_is_not_read_from_the_record() -> None:
    shelf = Shelf(0)
    for _ in range(5):
        shelf.publish(5)
    shelf.record.unreadable = True
    for after in range(21, 25):
        assert shelf.texts(after)[0] == str(after + 1)


def test_the_first_message_of_all_is_in_memory_too() -> None:
    shelf = Shelf(0)
    shelf.publish(2)
    shelf.record.unreadable = True
    assert shelf.texts(0) == ["1", "2"]


def test_no_more_than_three_blocks_stay_in_memory_and_one_before_the_newest_at_least() -> None:
    shelf = Shelf(0)
    for newest in range(1, 60):
        shelf.publish(1)
        shelf.record.readings = 0
        kept = [after for after in range(1, newest) if not_read(shelf, after)]
        assert len(kept) <= 3 * LIMITS.block
        assert set(range(max(1, newest - LIMITS.block), newest)) <= set(kept)


def not_read(shelf: Shelf, after: int) -> bool:
    before = shelf.record.readings
    shelf.pages.forget("huddle")
    shelf.page(after)
    return shelf.record.readings == before


def test_after_a_restart_what_was_before_comes_from_the_record_and_the_rest_from_memory() -> None:
    shelf = Shelf(6)
    shelf.publish(2)
    assert [shelf.texts(after) for after in (4, 5, 6, 7)] == [
        numbers(5, 8),
        numbers(6, 8),
        numbers(7, 8),
        ["8"],
    ]


@pytest.mark.parametrize("recorded", [6, 7, 8])
@pytest.mark.parametrize("midnight", range(2, 13))
def test_a_day_begins_with_its_line_wherever_it_falls(midnight: int, recorded: int) -> None:
    """Before, at and behind the borders of blocks, of the record and of what is in memory."""
    times = {seq: NOON + (DAY if seq >= midnight else 0) for seq in range(1, 13)}
    shelf = Shelf(recorded, times=times)
    shelf.publish(12 - recorded)
    seen: list[str] = []
    after = 0
    while after < 12:
        page = shelf.page(after).after(after, 0, 0)
        seen += page.data.decode().splitlines()
        after = page.last
    expected = [f"12:00 <bob> {seq}" for seq in range(1, 13)]
    expected.insert(midnight - 1, "-- 20 November 2026 --")
    assert seen == expected


def shelves(tails: int) -> list[Shelf]:
    """Three rooms of one house, in whose ends so many short messages have room."""
    limits = Limits(block=64, tails=tails * (MESSAGE + 64))
    first = Shelf(0, limits=limits)
    return [first, *(Shelf(0, limits=limits, beside=first) for _ in range(2))]


def test_of_all_rooms_the_one_spoken_in_longest_ago_is_read_from_the_record_where_room_lacks() -> (
    None
):
    one, two, three = rooms = shelves(20)
    one.publish(8)
    two.publish(8)
    one.publish(1)
    three.publish(8)
    assert [len(shelf.history) for shelf in rooms] == [9, 0, 8]
    for shelf, newest in zip(rooms, (9, 8, 8), strict=True):
        assert [shelf.texts(after) for after in range(newest)] == [
            numbers(after + 1, newest) for after in range(newest)
        ]
    two.publish(2)
    assert two.texts(0) == numbers(1, 10)
    assert not_read(two, 9) and not not_read(two, 8)


def test_who_has_all_the_room_alone_keeps_the_newer_half() -> None:
    one = shelves(20)[0]
    for newest in range(1, 60):
        one.publish(1)
        assert min(newest, 10) <= len(one.history) <= 21
        assert one.texts(newest - 1) == [str(newest)]


@pytest.mark.parametrize("letters", ["x" * 4000, "é" * 2000, "x" * 3996 + "👍"])
def test_what_a_text_takes_in_memory_is_counted(letters: str) -> None:
    limits = Limits()
    room = Shelf(0, limits=limits)
    for _ in range(20):
        room.publish(100, letters)
        kept = room.history._tail
        size = sum(MESSAGE + getsizeof(message.text) for message in kept)
        assert room.pages.tails.size == size <= limits.tails


def test_a_room_that_is_closed_or_whose_texts_are_erased_takes_no_memory() -> None:
    one, two, _ = shelves(20)
    one.publish(8)
    two.publish(8)
    one.history.erase(replace(one.history._tail[3], kind=Kind.DELETED, text=""))
    one.history.forget(2)
    assert one.history in one.pages.tails.kept
    one.history.forget(len(one.history))
    two.history.forget(len(two.history))
    assert (one.pages.tails.size, len(one.pages.tails.kept)) == (0, 0)
    for room in (two, one):
        room.publish(1)
        assert next(reversed(one.pages.tails.kept)) is room.history


# What is erased


@pytest.mark.parametrize("seq", range(1, 9))
def test_what_is_erased_stands_nowhere_in_memory_and_nothing_else_is_changed(seq: int) -> None:
    shelf = Shelf(4)
    shelf.publish(4)
    before = shelf.history._tail.copy()
    [said] = got_messages(shelf, seq)
    shelf.history.erase(tombstone(said))
    kept = [each.text for each in shelf.history._tail]
    assert kept == ["" if each.seq == seq else each.text for each in before]


def test_what_is_erased_before_it_is_published_changes_nothing_in_memory() -> None:
    shelf = Shelf(0)
    shelf.publish(2)
    [said] = shelf.write(1)
    shelf.history.erase(tombstone(said))
    assert shelf.texts(0) == numbers(1, 2)


def test_what_is_erased_while_it_is_read_is_not_given_and_is_not_kept_in_mind() -> None:
    shelf = Shelf(4)
    shelf.record.slow_to_read = True
    page = shelf.history.page(RENDERER, 0)
    [said] = got_messages(shelf, 2)
    shelf.history.erase(tombstone(said))
    shelf.record.finds()
    assert "2" not in texts(got(page))
    assert not shelf.history._erased


# What is gone


def test_a_page_says_that_its_beginning_is_gone() -> None:
    shelf = Shelf(10, limits=Limits(block=4, ring_messages=4))
    assert shelf.history.oldest == 7
    page = shelf.page(4)
    assert (page.base, page.last, texts(page)) == (6, 8, ["7", "8"])


def test_a_page_of_which_nothing_is_left_has_no_lines() -> None:
    shelf = Shelf(10, limits=Limits(block=4, ring_messages=2))
    page = shelf.page(4)
    assert (page.base, page.last, page.data) == (8, 8, b"")


# The cache


def page_of(size: int) -> list[Slab]:
    return [Slab(0, 1, [b"x" * size], [1], [1])]


def test_the_page_that_was_longest_unused_goes_first() -> None:
    pages = Pages(100)
    for name in "abc":
        pages.put(("room", name), page_of(30))
    assert pages.get(("room", "a"))
    pages.put(("room", "d"), page_of(30))
    assert [bool(pages.get(("room", name))) for name in "abcd"] == [True, False, True, True]


def test_a_page_put_again_counts_once() -> None:
    pages = Pages(100)
    for _ in range(10):
        pages.put(("room", "a"), page_of(40))
    pages.put(("room", "b"), page_of(60))
    assert pages.get(("room", "a"))
    assert pages.get(("room", "b"))


def test_one_page_over_the_limit_is_kept_alone() -> None:
    pages = Pages(100)
    pages.put(("room", "a"), page_of(10))
    pages.put(("room", "b"), page_of(500))
    assert pages.get(("room", "a")) is None
    assert pages.get(("room", "b"))


def test_a_page_of_several_slabs_counts_with_all_of_them() -> None:
    pages = Pages(100)
    pages.put(("room", "a"), page_of(40) + page_of(40))
    pages.put(("room", "b"), page_of(40))
    assert pages.get(("room", "a")) is None
    assert pages.get(("room", "b"))


def test_of_so_many_blocks_it_is_remembered_where_their_parts_begin() -> None:
    pages = Pages(100)
    for number in range(BLOCKS_DIVIDED + 1):
        pages.divide("room", 1 + 4 * number, 3 + 4 * number)
        pages.divide("room", 1 + 4 * number, 3 + 4 * number)
    assert len(pages.parts) == BLOCKS_DIVIDED
    assert pages.part("room", 1, 3, 4) == (1, 4)
    assert pages.part("room", 5, 7, 8) == (7, 8)
    assert pages.parts["room", 5] == [7]


def test_a_page_that_nobody_reads_any_more_is_dropped_and_one_that_is_read_stays_shared() -> None:
    pages = Pages(100)
    read = page_of(30)
    pages.put(("room", "read"), read)
    pages.put(("room", "unread"), page_of(40))
    for _ in range(3):
        pages.forget_unused()
        assert pages.get(("room", "read")) is read
    assert (len(pages), pages._size) == (1, 30)
    pages.forget_unused()
    assert (len(pages), pages._size) == (1, 30)
    pages.forget_unused()
    assert (len(pages), pages._size) == (0, 0)


def test_as_many_pages_are_kept_as_the_limit_says_whether_or_not_they_were_looked_at() -> None:
    pages = Pages(100, count=3)
    for name in "abcdefg":
        pages.put(("room", name), page_of(1))
        pages.forget_unused()
        pages.get(("room", "a"))
        assert len(pages) <= 3
    for name in "hijk":
        pages.put(("room", name), page_of(1))
    assert [bool(pages.get(("room", name))) for name in "ahijk"] == [False, False, *[True] * 3]


def test_a_room_is_forgotten_and_the_others_are_not() -> None:
    pages = Pages(100)
    pages.put(("room", 1), page_of(40))
    pages.put(("other", 1), page_of(40))
    pages.forget("room")
    assert pages.get(("room", 1)) is None
    pages.put(("third", 1), page_of(60))
    assert pages.get(("other", 1))


def test_blocks_that_are_kept_have_the_bytes_that_the_limit_says() -> None:
    limits = Limits(block=4, pages=200)
    shelf = Shelf(40, limits=limits)
    for after in range(0, 40, 4):
        shelf.page(after)
    shelf.record.readings = 0
    shelf.page(36)
    shelf.page(0)
    assert shelf.record.readings == 1


def test_a_rendering_is_that_of_its_stretch() -> None:
    messages: Sequence[Said] = talk(1, 4)
    assert Shelf(4).page(0).data == past_slabs(RENDERER, messages, None, 4, 1 << 16)[0].data
