"""Deleting what retention no longer keeps, a few hundred messages at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Protocol

from huddle.record.retention import Clock, ClockJumped
from huddle.record.sqlite import tables
from huddle.record.sqlite.numbering import Counters, RoomRow
from huddle.record.sqlite.transaction import unsynced

STEP = 256
"""Messages deleted in one transaction, their words in the full-text index included: 1 ms."""

ROOMS = 64
"""Rooms looked at in one step; most have nothing that is too old."""


class Deletion(Protocol):
    """Something to be deleted in steps; ``gone`` counts what was."""

    @property
    def finished(self) -> bool:
        """Whether there is no step left."""

    @property
    def gone(self) -> int:
        """How many were deleted so far."""

    def step(self, connection: sqlite3.Connection, counters: Counters) -> Sequence[RoomRow]:
        """Delete the next few; returns the rooms that are different now."""


class Forgetting:
    """One run of retention, `Record.forget`, in steps; ``gone`` counts what was deleted."""

    def __init__(self, keep_ms: int | None, keep_messages: int | None, now: int) -> None:
        self._keep_ms = keep_ms
        self._keep_messages = keep_messages
        self._now = now
        self._rooms: list[str] | None = None
        self.gone = 0

    @property
    def finished(self) -> bool:
        return self._rooms == []

    def step(self, connection: sqlite3.Connection, counters: Counters) -> Sequence[RoomRow]:
        """Delete the next few messages; returns their room as it is now, if there were any.

        Raises `ClockJumped` and `sqlite3.Error`.
        """
        if self._rooms is None:
            self._check_clock(connection, counters)
            self._rooms = list(counters.rooms)
        for _ in range(min(ROOMS, len(self._rooms))):
            row = counters.rooms[self._rooms[-1]]
            last = min(self._last_to_go(connection, row), row.oldest + STEP - 1)
            if last >= row.oldest:
                return [self._delete(connection, row, last)]
            self._rooms.pop()
        return []

    def _check_clock(self, connection: sqlite3.Connection, counters: Counters) -> None:
        if self._keep_ms is None:
            return
        clock = tables.clock(connection)
        if not clock.believed:
            clock = Clock(counters.time or self._now)
        clock = clock.told(self._now, self._keep_ms)
        with unsynced(connection):
            tables.write_clock(connection, clock)
        if clock.believed != self._now:
            raise ClockJumped(clock.believed, self._now)

    def _last_to_go(self, connection: sqlite3.Connection, row: RoomRow) -> int:
        last = row.oldest - 1
        if self._keep_messages is not None:
            last = max(last, row.newest - self._keep_messages)
        if self._keep_ms is not None:
            oldest_time = self._now - self._keep_ms
            last = max(last, tables.since(connection, row.name, row.extent, oldest_time) - 1)
        return last

    def _delete(self, connection: sqlite3.Connection, row: RoomRow, last: int) -> RoomRow:
        with unsynced(connection):
            tables.delete(connection, row, last)
        self.gone += last - row.oldest + 1
        return row.without(last)
