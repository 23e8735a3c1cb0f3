"""Deleting what is known of sessions that left long ago, some at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from huddle.record import inbox_of
from huddle.record.sqlite import tables
from huddle.record.sqlite.numbering import Counters, RoomRow
from huddle.record.sqlite.retention import STEP
from huddle.record.sqlite.transaction import unsynced

SESSIONS = 64
"""Sessions deleted in one transaction, if nothing is in their inboxes."""


class Departing:
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

    def step(self, connection: sqlite3.Connection, counters: Counters) -> Sequence[RoomRow]:
        """Delete the next few; returns the inboxes that have changed. Raises `sqlite3.Error`."""
        if self._beyond is None:
            query = "SELECT count(*) FROM sessions WHERE NOT here"
            self._beyond = connection.execute(query).fetchone()[0] - self._most
        going = self._next(connection)
        inboxes = [counters.rooms[name] for _, name in going if name in counters.rooms]
        full = next((row for row in inboxes if row.extent.oldest <= row.newest), None)
        with unsynced(connection):
            if full is not None:
                return [self._empty(connection, full)]
            self._delete(connection, [number for number, _ in going], inboxes)
        self.gone += len(going)
        self._beyond -= len(going)
        self.finished = not going
        return [row.dropped() for row in inboxes]

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

    def _empty(self, connection: sqlite3.Connection, row: RoomRow) -> RoomRow:
        last = min(row.newest, row.oldest + STEP - 1)
        tables.delete(connection, row, last)
        return row.without(last)

    def _delete(
        self, connection: sqlite3.Connection, sessions: list[int], inboxes: list[RoomRow]
    ) -> None:
        if not sessions:
            return
        # Whoever comes next gets none of these numbers.
        connection.execute(
            "UPDATE record SET last_session = max(last_session, ?)", (max(sessions),)
        )
        tables.drop(connection, "sessions", sessions)
        tables.drop(connection, "rooms", [row.number for row in inboxes])
