"""Deleting what retention no longer keeps, in steps of a few hundred messages: the oldest messages
of each room, and what is known of sessions that left long ago.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from huddle.record import inbox_of
from huddle.record.retention import Clock, ClockJumped
from huddle.record.sqlite import tables
from huddle.record.sqlite.numbering import Counters, RoomCounter
from huddle.record.sqlite.outcomes import unsynced

STEP = 256
"""Messages deleted in one transaction, their words in the full-text index included: 1 ms."""

STEP_SIZE = 32 * 1024
"""Characters of those that are deleted, or indexed, in one transaction, if they are long: with 256
texts of 4 KiB it took 300 ms or 500, for which a commit waited (measured)."""

SESSIONS = 64
"""Sessions deleted in one transaction, if nothing is in their inboxes."""

ROOMS = 64
"""Rooms looked at in one step; most have nothing that is too old."""


class MessageRetention:
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

    def step(self, connection: sqlite3.Connection, counters: Counters) -> Sequence[RoomCounter]:
        """Delete the next few messages; returns their room as it is now, if there were any.

        Raises `ClockJumped` and `sqlite3.Error`.
        """
        if self._rooms is None:
            self._check_clock(connection, counters)
            self._rooms = list(counters.rooms)
        for _ in range(min(ROOMS, len(self._rooms))):
            row = counters.rooms[self._rooms[-1]]
            last = self._last_to_go(connection, row)
            if last >= row.oldest:
                last = _few(connection, row, last)
                with unsynced(connection):
                    shortened = tables.delete(connection, row, last)
                self.gone += last - row.oldest + 1
                return [shortened]
            self._rooms.pop()
        return []

    def _check_clock(self, connection: sqlite3.Connection, counters: Counters) -> None:
        if self._keep_ms is None:
            return
        row = connection.execute("SELECT believed, doubted_from, doubted_to FROM record").fetchone()
        clock = Clock(*row) if row[0] else Clock(counters.time or self._now)
        clock = clock.told(self._now, self._keep_ms)
        with unsynced(connection):
            connection.execute(
                "UPDATE record SET believed = ?, doubted_from = ?, doubted_to = ?",
                (clock.believed, clock.doubted_from, clock.doubted_to),
            )
        if clock.believed != self._now:
            raise ClockJumped(clock.believed, self._now)

    def _last_to_go(self, connection: sqlite3.Connection, row: RoomCounter) -> int:
        last = row.oldest - 1
        if self._keep_messages is not None:
            last = max(last, row.newest - self._keep_messages)
        if self._keep_ms is not None:
            oldest_time = self._now - self._keep_ms
            last = max(last, tables.since(connection, row.name, row.extent, oldest_time) - 1)
        return last


class SessionRetention:
    """One run of `Record.forget_sessions`, in steps; ``gone`` counts the sessions.

    A session's row goes after the messages of its inbox, so that a run which is broken off leaves
    none of them behind.
    """

    def __init__(self, seen_before: int, most: int) -> None:
        self._seen_before = seen_before
        self._most = most
        self._beyond: int | None = None
        self.finished = False
        self.gone = 0

    def step(self, connection: sqlite3.Connection, counters: Counters) -> Sequence[RoomCounter]:
        """Delete the next few; returns the inboxes that have changed. Raises `sqlite3.Error`."""
        if self._beyond is None:
            query = "SELECT count(*) FROM sessions WHERE NOT here"
            self._beyond = connection.execute(query).fetchone()[0] - self._most
        going = self._next(connection)
        inboxes = [counters.rooms[name] for _, name in going if name in counters.rooms]
        full = next((row for row in inboxes if row.extent.oldest <= row.newest), None)
        with unsynced(connection):
            if full is not None:
                return [tables.delete(connection, full, _few(connection, full, full.newest))]
            self._delete(connection, [number for number, _ in going], inboxes)
        self.gone += len(going)
        self._beyond -= len(going)
        self.finished = not going
        return [RoomCounter(row.number, row.name) for row in inboxes]  # nothing was ever said there

    def _next(self, connection: sqlite3.Connection) -> list[tuple[int, str]]:
        """The sessions that go next, each with the name of the inbox that goes with it."""
        (rows,) = connection.execute(
            """SELECT json_group_array(json_array(number, seen,
                   EXISTS (SELECT 1 FROM accounts WHERE inbox = '@' || gone.number)))
               FROM (SELECT number, seen FROM sessions WHERE NOT here
                     ORDER BY seen, number LIMIT ?) AS gone""",
            (SESSIONS,),
        ).fetchone()
        return [
            (number, "" if taken else inbox_of(number))
            for place, (number, seen, taken) in enumerate(json.loads(rows))
            if seen < self._seen_before or place < (self._beyond or 0)
        ]

    def _delete(
        self, connection: sqlite3.Connection, sessions: list[int], inboxes: list[RoomCounter]
    ) -> None:
        if not sessions:
            return
        # The next session gets none of these numbers.
        connection.execute(
            "UPDATE record SET last_session = max(last_session, ?)", (max(sessions),)
        )
        tables.drop(connection, "sessions", sessions)
        tables.drop(connection, "rooms", [row.number for row in inboxes])


def _few(connection: sqlite3.Connection, row: RoomCounter, last: int) -> int:
    """The last of the room's oldest messages up to this one that go in one step."""
    last = min(last, row.oldest + STEP - 1)
    return tables.last_within(connection, row, row.oldest, last, STEP_SIZE)


Deletion = MessageRetention | SessionRetention
"""Something to be deleted in steps: each `step` deletes the next few, and returns the rooms that
are different now. ``finished``: there is no step left; ``gone`` counts what was deleted so far."""
