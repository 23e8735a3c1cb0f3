"""The durable record: one SQLite database, written by one thread, read by others.

How it is made, file by file:

- `schema` the tables; `tables` messages and rooms in and out of them, `state` all else;
  `numbering` the seqs, pure
- `opening` the checks, the connections (`huddle.record.files` the lock)
- `transactions` commits, one transaction after the other, and what is done when one fails; `writes`
  what goes into one of them; `outcomes` how it ends, and what the threads tell the reactor's
- `erasing` one text; `retention` what is too old, of messages and of sessions
- `maintenance` what is done beside: full-text index, checkpoints, retention
- `writer_thread` and `reader` the threads
- `export` and `backup` for other processes, `accounts` for the shell while there is no server

The threads share nothing with the reactor's but queues: what is known here of the rooms is what
the writer has told, at the very moment when those who wait for it are answered.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

from twisted.internet.defer import Deferred, succeed

from huddle.protocol.events import Draft, Said
from huddle.record import (
    AccountRow,
    AuditEntry,
    Extent,
    Kept,
    Mark,
    RoomRow,
    SessionRow,
    Step,
    Told,
)
from huddle.record.errors import RecordUnusable
from huddle.record.files import Lock, refusal
from huddle.record.search import match_expression
from huddle.record.sqlite import state, tables
from huddle.record.sqlite.opening import (
    Connect,
    Database,
    Sync,
    connect,
    open_database,
    unusable,
)
from huddle.record.sqlite.outcomes import Report, Results, is_lasting
from huddle.record.sqlite.reader import Readers, read_around, since_around
from huddle.record.sqlite.retention import MessageRetention, SessionRetention
from huddle.record.sqlite.writer_thread import CatchUp, Forget, Writer
from huddle.record.sqlite.writes import Append, Follow, Save

T = TypeVar("T")

_NOTHING = Extent()

READERS = 2
"""Threads that read. Searches, which may be long, have one of their own: an outlet that is catching
up and a session that comes back wait for none of them."""


class SqliteRecord:
    """A `Record` that survives: what it has answered is on the disk."""

    @classmethod
    def open(
        cls,
        path: str,
        epoch: str,
        call_in_reactor: Callable[..., object],
        report: Report,
        *,
        sync: Sync = "full",
        connect: Connect = connect,
        seconds: Callable[[], float] | None = None,
        alone: bool = False,
    ) -> SqliteRecord:
        """The record in this file, which is created under ``epoch`` if it is not there.

        To be called before the reactor runs, as it waits for the disk, and in the process that
        will use it: neither its threads nor SQLite survive a fork. ``call_in_reactor`` has the
        reactor's thread call something, as ``reactor.callFromThread`` does. ``report`` is called in
        the reactor (`outcomes.Report`). With ``sync`` "normal" the last
        seconds may be lost when the machine (not the server) fails; the record then continues under
        the new epoch.
        ``seconds``, a monotonic clock, lets the files be looked at less often (`files.Lock`).
        ``alone``: what is written from now on stands in no log, so the record has no position in
        one any more, and no node goes on with it; one that had goes on under the new epoch, as
        those who were told by a node may have heard what the record has not.
        Raises `huddle.record.errors.RecordUnusable`.
        """
        path = os.path.abspath(path)
        with ExitStack() as undo:
            lock = Lock(path, seconds)
            undo.callback(lock.release)
            database = Database(path, sync, connect, lock)
            connection = open_database(database, epoch)
            undo.callback(connection.close)
            try:
                if alone and tables.position(connection):
                    tables.leave_log(connection, epoch)
                record = cls(database, lock, connection, call_in_reactor, report)
            except sqlite3.Error as error:
                raise unusable(error, path) from error
            except OSError as error:  # no more files may be open
                raise refusal(error, path) from error
            except (ValueError, TypeError, RecursionError) as error:  # of what a row has as JSON
                raise RecordUnusable("corrupt", path, str(error)) from error
            undo.pop_all()
            return record

    def __init__(
        self,
        database: Database,
        lock: Lock,
        connection: sqlite3.Connection,
        call_in_reactor: Callable[..., object],
        report: Report,
    ) -> None:
        """Takes all of these over; use `open`."""
        self.epoch = tables.epoch(connection)
        self.last_session = state.last(connection, "session")
        self.last_account = state.last(connection, "account")
        counters = tables.counters(connection)
        self.last_time = counters.time
        self.position = tables.position(connection)
        self._extents = counters.extents
        self._here = state.read(connection, SessionRow, "WHERE here")
        self._room_rows = state.read(connection, RoomRow)
        self._marks = state.read(connection, Mark)
        self._accounts = state.read(connection, AccountRow, "ORDER BY number")
        self._lock = lock
        self._closed = False
        self._told: Told | None = None
        tell = partial(call_in_reactor, self._hear)
        self._report = partial(call_in_reactor, report)
        self._path = database.path
        self._reported: set[str] = set()
        self._readers = Readers(database, READERS, tell, self._trouble)
        self._searcher = Readers(database, 1, tell, self._trouble)
        readers = [self._readers, self._searcher]
        self._writer = Writer(database, connection, tell, self._report, readers)

    def _hear(self, results: Results) -> None:
        for name, extent in results.extents.items():
            self._extents[name] = extent
            self.last_time = max(self.last_time, extent.time)
            if not extent.newest:
                del self._extents[name]
        for answer in results.answers:
            answer.give()

    # Both in the threads that read, or in the one that writes. What is told once is not told again:
    # those who read try again and again.

    def _lost(self, error: Exception, room: str, seq: int) -> None:
        self._report_once(room, "damaged", f"{self._path}, {room} {seq}: {error}")

    def _trouble(self, error: sqlite3.Error) -> None:
        if self._lock.glance():
            return  # of that the writer tells
        if is_lasting(error):
            self._report_once("", "damaged", f"{self._path}: {error}")
        else:
            self._report_once("unreadable", "unreadable", f"{self._path}: {error}")

    def _report_once(self, what: str, code: str, detail: str) -> None:
        if what not in self._reported:
            self._reported.add(what)
            self._report(code, detail)

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        return self._writer.ask(Append(drafts, time)).addCallback(self._tell, drafts)

    def _tell(self, messages: Sequence[Said], drafts: Sequence[Draft]) -> Sequence[Said]:
        for draft, said in zip(drafts, messages, strict=True):
            if draft.block is not None:
                draft.block.setdefault(said.room, said.block or said.seq)
        if self._told is not None:
            self._told(drafts, messages)
        return messages

    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        self._note_numbers(step.kept)
        return self._writer.ask(Follow([step])).addCallback(self._stepped, step.position)

    def follow(self, steps: Sequence[Step]) -> Deferred[Sequence[Said]]:
        return self._writer.ask(Follow(steps)).addCallback(self._stepped, steps[-1].position)

    def _stepped(self, messages: Sequence[Said], position: int) -> Sequence[Said]:
        self.position = position
        return messages

    def on_committed(self, told: Told) -> None:
        self._told = told

    def extent(self, room: str) -> Extent:
        return self._extents.get(room, _NOTHING)

    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        last = min(last, self.extent(room).newest)
        if first > last:
            return succeed([])
        return self._readers.ask(read_around, room, first, last, self._lost, size)

    def belonging(
        self, room: str, seq: int, limit: int, after: int = 0
    ) -> Deferred[Sequence[Said]]:
        return self._readers.ask(tables.belonging, room, seq, limit, after)

    def since(self, room: str, time: int) -> Deferred[int]:
        return self._readers.ask(since_around, room, self.extent(room), time, self._lost)

    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        expression = match_expression(query)
        last = self.extent(room).newest
        if before is not None:
            last = min(last, before - 1)
        if expression is None or last < 1:
            return succeed([])
        return self._writer.ask(CatchUp()).addCallback(
            lambda _: self._searcher.ask(tables.search, room, expression, limit, last)
        )

    def find(self, session: int, id: int) -> Deferred[Said | None]:
        return self._readers.ask(tables.find, session, id)

    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        self._note_numbers(kept)
        return self._writer.ask(Save(kept))

    def _note_numbers(self, kept: Sequence[Kept]) -> None:
        for each in kept:
            match each:
                case SessionRow(number):
                    self.last_session = max(self.last_session, number)
                case AccountRow(number):
                    self.last_account = max(self.last_account, number)

    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        return self._sessions("WHERE key = ?", key).addCallback(_first)

    def session_by_word(self, word: bytes) -> Deferred[SessionRow | None]:
        return self._sessions("WHERE word = ?", word).addCallback(_first)

    def _sessions(self, which: str, *values: object) -> Deferred[Sequence[SessionRow]]:
        return self._readers.ask(state.read, SessionRow, which, values)

    def sessions_here(self) -> Sequence[SessionRow]:
        return self._here

    def sessions(self) -> Deferred[Sequence[SessionRow]]:
        return self._sessions("ORDER BY number")

    def rooms(self) -> Collection[str]:
        return self._extents.keys()

    def room_rows(self) -> Sequence[RoomRow]:
        return self._room_rows

    def marks(self) -> Sequence[Mark]:
        return self._marks

    def accounts(self) -> Sequence[AccountRow]:
        return self._accounts

    def audit(self, limit: int) -> Deferred[Sequence[AuditEntry]]:
        return self._readers.ask(state.acts, limit)

    def erase(self, room: str, seq: int, by: int = 0) -> Deferred[Said | None]:
        erased = self._writer.ask(Follow([Step(0, erased=[(room, seq)])]))
        return erased.addCallback(_first)

    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        return self._writer.ask(Forget(MessageRetention(keep_ms, keep_messages, now)))

    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        return self._writer.ask(Forget(SessionRetention(seen_before, most)))

    def close(self) -> Deferred[None]:
        if self._closed:
            return succeed(None)
        self._closed = True
        self._readers.close()
        self._searcher.close()
        return self._writer.close().addCallback(lambda _: self._lock.release())


def _first(found: Sequence[T]) -> T | None:
    return found[0] if found else None
