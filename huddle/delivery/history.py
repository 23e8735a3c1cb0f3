"""The history of one room as it is read again: aligned blocks, rendered once for all who wait.

The record may be slow to read and is behind a `Deferred`; the end of a busy room must not be, or
a reader would always be one read late and never level. So a room keeps its newest one to two
blocks in memory (`History.add`), as far as there is room for those of all rooms (`Tails`), and
everything before comes from the record, block by block.
Blocks are aligned (seqs 1-256, 257-512, …), so five hundred readers who wake together ask for the
same ones; each is read once, rendered once for each renderer, and kept for a while (`Pages`).

A block of long texts is read in parts, of about a slab each, so that who waited for a part takes
all of it at once: sixty readers far apart, each with a block of a megabyte that was gone again
before its second slab was due, had everything read and rendered sixteen times. Where the parts
begin is found in reading, and remembered for those who come later.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.delivery.slab import Slab, past_slabs
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.protocol.text import memory_of
from huddle.record import Record, within

Page = list[Slab]


MESSAGE = 256
"""Bytes of memory that a message takes beside its text (measured with ``sys.getsizeof``)."""

BLOCKS_DIVIDED = 4096
"""Blocks whose parts are remembered: 1 MiB; of those that are forgotten they are found again."""


class Pages:
    """Rendered blocks of all rooms, bounded by their bytes and number; the one longest unused goes
    first."""

    def __init__(
        self, limit: int, count: int = Limits().page_count, tails: int = Limits().tails
    ) -> None:
        self.tails = Tails(tails)
        self._limit = limit
        self._count = count
        self._size = 0
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._mark = object()
        self.parts: OrderedDict[tuple[str, int], list[int]] = OrderedDict()
        """Of blocks in several parts, by room and first seq: where the second and later ones
        begin."""

    def __len__(self) -> int:
        return len(self._pages) - (self._mark in self._pages)

    def part(self, room: str, block: int, seq: int, last: int) -> tuple[int, int]:
        """The first and the last seq of the part that has this one, as far as is known."""
        starts = self.parts.get((room, block), [])
        place = bisect_right(starts, seq)
        first = starts[place - 1] if place else block
        return first, min(last, starts[place] - 1) if place < len(starts) else last

    def divide(self, room: str, block: int, start: int) -> None:
        """Remember that a part of the ``block`` begins at the seq ``start``."""
        starts = self.parts.setdefault((room, block), [])
        if start not in starts:
            insort(starts, start)
        while len(self.parts) > BLOCKS_DIVIDED:
            self.parts.popitem(last=False)

    def get(self, key: Hashable) -> Page | None:
        """The page under this key, if it is still here; it counts as just used then."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: Page) -> None:
        """Keep the page under this key; those longest unused go when there is no room for all."""
        former = self._pages.pop(key, None)
        self._size += len(page[0].data) if len(page) == 1 else _size(page)
        if former:
            self._size -= _size(former)
        self._pages[key] = page
        while len(self) > 1 and (self._size > self._limit or len(self) > self._count):
            self._drop_oldest()

    def forget_unused(self) -> None:
        """Drop the pages that were not used since this was done before. Those are in front of the
        mark, which is a page of no bytes."""
        while self._mark in self._pages:
            self._drop_oldest()
        self._pages[self._mark] = []

    def _drop_oldest(self) -> None:
        self._size -= _size(self._pages.popitem(last=False)[1])

    def forget(self, room: str) -> None:
        """Drop what is kept of a room, whose record has changed."""
        for key in [key for key in self._pages if isinstance(key, tuple) and key[0] == room]:
            self._size -= _size(self._pages.pop(key))


def _size(page: Page) -> int:
    return sum([len(slab.data) for slab in page])


class Tails:
    """The ends of all streams that are kept in memory, bounded by the bytes that they take.

    Who pours long texts into a hundred rooms, or inboxes, would else have all of that kept there.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.kept: OrderedDict[History, None] = OrderedDict()
        """The streams that have a tail; the one that was spoken in last stands last."""
        self.newest: History | None = None
        """That one, if it still has a tail."""

    def put_last(self, history: History) -> None:
        """This stream was spoken in last."""
        self.kept[history] = None
        self.kept.move_to_end(history)
        self.newest = history

    def drop(self, history: History) -> None:
        """This stream has no tail any more."""
        self.kept.pop(history, None)
        if self.newest is history:
            self.newest = None

    def make_room(self) -> None:
        """Forget the tail of the stream that was spoken in longest ago, and so on, till there is
        room; half of it where that is the only one."""
        while self.size > self.limit:
            oldest = next(iter(self.kept))
            oldest.forget(len(oldest) if len(self.kept) > 1 else (len(oldest) + 1) // 2)


class History:
    """What has been published in one room, up to the seq ``newest``."""

    def __init__(self, room: str, record: Record, pages: Pages, limits: Limits) -> None:
        self._room = room
        self._record = record
        self._pages = pages
        self._limits = limits
        self._part = limits.slab + limits.text
        """Characters of a part; the message before it, whose day counts, is read too."""
        self.newest = record.extent(room).newest
        self._next_block = 0
        """The seq from which on a block begins that none was given of yet."""
        self._tail: list[Said] = []
        self._tail_size = 0
        self._tails = pages.tails
        self._reading: dict[Hashable, list[Deferred[Page]]] = {}
        self._erased: dict[int, list[Said]] = {}
        """By their ids, lists of what is erased while something is being read."""

    @property
    def oldest(self) -> int:
        """The first seq that the record still has; what was before it is gone (`Gap`)."""
        return self._record.extent(self._room).oldest

    def __len__(self) -> int:
        """How many messages are kept in memory."""
        return len(self._tail)

    def add(self, messages: Sequence[Said]) -> None:
        """These messages are published now: the next ones, in order. They can be read at once."""
        size = 0
        for message in messages:
            size += MESSAGE + memory_of(message.text)
        self._tail += messages
        self._tail_size += size
        self.newest = newest = messages[-1].seq
        tails = self._tails
        tails.size += size
        if tails.newest is not self:
            tails.put_last(self)
        if newest >= self._next_block:
            self._begin_block()
        if tails.size > tails.limit:
            tails.make_room()

    def _begin_block(self) -> None:
        """Keep of the blocks before the one that begins no more than the last."""
        block = self._limits.block
        begins = self.newest - (self.newest - 1) % block
        self._next_block = begins + block
        keep_from = begins - block
        if self._tail[0].seq < keep_from - block:
            self.forget(keep_from - self._tail[0].seq)

    def forget(self, count: int) -> None:
        """Keep the first ``count`` of the messages in memory there no more; the record has them."""
        del self._tail[:count]
        left = sum([MESSAGE + memory_of(message.text) for message in self._tail])
        self._tails.size += left - self._tail_size
        self._tail_size = left
        if not self._tail:
            self._tails.drop(self)

    def erase(self, tombstone: Said) -> None:
        """This stands in the place of a message from now on, also for those who wait to read it."""
        for meanwhile in self._erased.values():
            meanwhile.append(tombstone)
        if self._tail and self._tail[0].seq <= tombstone.seq <= self.newest:
            self._tail[tombstone.seq - self._tail[0].seq] = tombstone

    @contextmanager
    def erased_meanwhile(self) -> Iterator[Sequence[Said]]:
        """The tombstones that come while something is being read, which may hold the texts still.

        They are put in afterwards (`with_tombstones`). Were it read again instead, who deletes a
        line now and then could make it last for ever.
        """
        erased: list[Said] = []
        self._erased[id(erased)] = erased
        try:
            yield erased
        finally:
            del self._erased[id(erased)]

    def page(self, renderer: Renderer, after: int) -> Slab | Deferred[Slab]:
        """The slab that has the message behind the seq ``after`` (which is below `newest`).

        It may begin before that message, and behind it when that is no longer kept.
        Fails with `RecordFailure`.
        """
        first = after + 1 - after % self._limits.block
        last = min(first + self._limits.block - 1, self.newest)
        if self._pages.parts:
            first, last = self._pages.part(self._room, first, after + 1, last)
        # A page that a reader begins with the tail's first line needs the one before it, whose day
        # may be another.
        in_memory = bool(self._tail) and self._tail[0].seq <= max(after, 1)
        if in_memory:
            first = max(first, self._tail[0].seq)
        key = (self._room, first, last, renderer.audience)
        page = self._pages.get(key)
        if page is None and in_memory:
            start = self._tail[0].seq
            there = within(self._tail[max(first - 1 - start, 0) : last - start + 1], self._part)
            page = self._keep(key, renderer, first, last, there)
        if page is None:
            return self._read(key, renderer, first, last).addCallback(self._found, renderer, after)
        return page[0] if page[0].last > after else self._found(page, renderer, after)

    def _found(self, page: Page, renderer: Renderer, after: int) -> Slab | Deferred[Slab]:
        """The slab of the page, or of the next part if the page ends before it."""
        for slab in page:
            if slab.last > after:
                return slab
        return self.page(renderer, after)

    def _read(self, key: Hashable, renderer: Renderer, first: int, last: int) -> Deferred[Page]:
        """Read and render a block; all who ask for it meanwhile wait for the same reading."""
        waiting = self._reading.get(key)
        mine: Deferred[Page] = Deferred()
        if waiting is not None:
            waiting.append(mine)
            return mine
        self._reading[key] = [mine]
        Deferred.fromCoroutine(self._fetch(key, renderer, first, last))
        return mine

    async def _fetch(self, key: Hashable, renderer: Renderer, first: int, last: int) -> None:
        try:
            with self.erased_meanwhile() as erased:
                messages = await self._record.read(self._room, first - 1, last, self._part)
            page = self._keep(key, renderer, first, last, with_tombstones(messages, erased))
        except Exception:
            why = Failure()
            for waiter in self._reading.pop(key):
                waiter.errback(why)
        else:
            for waiter in self._reading.pop(key):
                waiter.callback(page)

    def _keep(
        self, key: Hashable, renderer: Renderer, first: int, last: int, messages: Sequence[Said]
    ) -> Page:
        """Render a block, given with the message before it if there is one."""
        previous = None
        if messages and messages[0].seq < first:
            previous = messages[0].time
            messages = messages[1:]
        if messages and messages[-1].seq < last:
            last = messages[-1].seq
            block = first - (first - 1) % self._limits.block
            self._pages.divide(self._room, block, last + 1)
            key = (self._room, first, last, renderer.audience)
        page = past_slabs(renderer, messages, previous, last, self._limits.slab)
        self._pages.put(key, page)
        return page


def with_tombstones(messages: Sequence[Said], erased: Sequence[Said]) -> Sequence[Said]:
    """These messages, each as it is since those tombstones stand in the places of theirs."""
    gone = {tombstone.seq: tombstone for tombstone in erased}
    return [gone.get(message.seq, message) for message in messages] if gone else messages
