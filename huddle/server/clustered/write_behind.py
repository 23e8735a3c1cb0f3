"""Write-behind: what members have been told, and this node's record does not have yet.

A message that comes out of the log is on the disks of a majority of the engine's machines, so no
crash of this node can take it back: it is told at once. It goes into the record a moment later,
together with those behind it, in one transaction. Until then this stands in for the record: who
reads of it waits until it has all that was told.

The record is given nothing while it has not answered for what it was given before, and nothing ever
again when it has refused some: what came behind that would stand in its place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

from huddle.protocol.timing import Scheduler
from huddle.record import Extent, Record, RecordFailure, Step

MOST = 128
"""Batches that may be told and not written: whoever has more to tell waits for the record."""

TOGETHER = 32
"""Batches with messages that are written at once, and wait for no more of them."""

T = TypeVar("T")


class WriteBehind:
    """What one node has told and not written, over its record ``kept``; ``failed`` hears when that
    cannot take one.

    Batches with messages are written after ``delay`` seconds by ``later``, or when `TOGETHER` of
    them have come, those without whenever anything else is: they only move the position on.
    """

    def __init__(self, kept: Record, delay: float, failed: Callable[[Failure], object]) -> None:
        self.later: Scheduler
        self._delay = delay
        self._kept = kept
        self._failed = failed
        self._steps: list[Step] = []
        """The steps that the record was not given yet."""
        self._given = self._has = 0
        """How many it was given so far, and how many of these it has."""
        self._is_next_due = False
        """Whether it is to be given what there is, as soon as it has what it was given."""
        self._newest: dict[str, tuple[int, int]] = {}
        """By stream the seq and the time of the last message told of it."""
        self._due = self._broken = False
        self._waiting: deque[tuple[int, Deferred[None]]] = deque()
        """Who waits until it has so many."""

    @property
    def is_full(self) -> bool:
        return len(self._steps) + self._given - self._has >= MOST

    def take(self, step: Step) -> None:
        """The messages of this step are told just now; it is the next one for the record."""
        if self._steps and not self._steps[-1].messages:
            self._steps.pop()
        self._steps.append(step)
        for each in step.messages:
            self._newest[each.room] = each.seq, each.time
        if len(self._steps) >= TOGETHER:
            self.write()
        elif step.messages and not self._due:
            self._due = True
            self.later(self._delay, self._write_now)

    def _write_now(self) -> None:
        self._due = False
        self.write()

    def write(self) -> None:
        """Give the record all that it was not given, as soon as it has what it was given before."""
        self._is_next_due = self._given > self._has
        if self._steps and not self._is_next_due:
            steps, self._steps = self._steps, []
            self._given += len(steps)
            keeping = self._kept.follow(steps)
            keeping.addCallbacks(self._written, self._not_written, callbackArgs=(len(steps),))

    def _written(self, _: object, count: int) -> None:
        self._has += count
        if self._has == self._given:
            self._newest = {
                room: told
                for room, told in self._newest.items()
                if told[0] > self._kept.extent(room).newest
            }
        if self._is_next_due:
            self.write()
        while self._waiting and self._waiting[0][0] <= self._has:
            self._waiting.popleft()[1].callback(None)

    def _not_written(self, failure: Failure) -> None:
        self._broken = True  # it is given nothing more: `write` waits for what it was given
        self._failed(failure)
        while self._waiting:
            self._waiting.popleft()[1].errback(_not_kept())

    def written(self) -> Deferred[None]:
        """Have the record take all of it; fires when it has. Fails with `RecordFailure`."""
        if self._broken:
            return fail(_not_kept())
        wanted = self._given + len(self._steps)
        self.write()
        if self._has >= wanted:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting.append((wanted, waiting))
        return waiting

    def behind(self, ask: Callable[[], Deferred[T]]) -> Deferred[T]:
        """What the record says when it has all that was told by now. Fails with `RecordFailure`
        where it could not take that."""
        if self._has == self._given and not self._steps:
            return ask()
        return self.written().addCallback(lambda _: ask())

    def extent(self, room: str) -> Extent:
        """What the record holds of the room, and what was told of it."""
        there = self._kept.extent(room)
        newest, time = self._newest.get(room, (0, 0))
        return there if newest <= there.newest else Extent(there.oldest, newest, time)


def _not_kept() -> RecordFailure:
    return RecordFailure("what was told is not kept")
