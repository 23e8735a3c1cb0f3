"""What the writer does besides committing: the full-text index, retention, checkpoints.

None of it may keep a message waiting. So it is cut into steps of a millisecond or so, each its own
transaction that no sync follows, and the writer takes one when it has had nothing to commit for
a while; or between two commits when it cannot be put off any longer.

**The index** could be filled in the transaction of the messages. It is not, because that makes a
commit of one message longer by a half (measured: 203 µs against 124, and a p99 of 551 against 258),
and because many messages at once are indexed for a quarter of the cost. So it lags behind, and a
search waits until it has caught up. Few that came together wait for others, until nothing has been
said for a second: where some came five times a second, indexing took as long as writing them.

**The ids** of what programs say are put into an index here, too, many at once (`schema` says why);
also where the full-text index is damaged, since whoever asks for an id looks through those that
are not in it yet.

**A checkpoint** carries the pages of the write-ahead log (WAL) over into the database, after which
the log is written again from its beginning. While a program reads the database in one long
transaction, or has SQLite's lock for checkpoints and keeps it, the log cannot be begun again and
grows; this is reported once it is large.

**After an erasure** the log is cut to nothing, the index merged into one segment, and the log cut
again; `erasing` says why. It takes all of the index once more through the log, a step at a time
while nothing is said, and the log must wait for those who read.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.record import RecordFailure
from huddle.record.files.contents import Contents
from huddle.record.retention import ClockJumped
from huddle.record.sqlite import erasing, tables
from huddle.record.sqlite.numbering import Counters, RoomCounter
from huddle.record.sqlite.outcomes import (
    Answer,
    Report,
    Results,
    Tell,
    impatient,
    truncate_log,
    unsynced,
)
from huddle.record.sqlite.retention import STEP_SIZE, Deletion

STEP = 256
"""Messages indexed in one transaction: 0.6 ms, now and then 8 (measured)."""

LONG = 512
"""Characters of each message of a commit from which on their size is looked at."""

INDEX_LATEST = 4096
"""Messages that may lack in the index before they are indexed between two commits."""

IDS = 1024
"""Ids that are put into their index in one transaction, when there is time and there are as many:
1.2 ms where 50 programs speak, 2.5 where 1,000 do (measured)."""

IDS_LATEST = 4096
"""Ids that may lack in their index before they are put there between two commits. Whoever asks for
one waits until as many were looked through: 0.13 ms (measured). Beyond that are those of one
transaction, and what could not be put there because the disk or the index itself failed."""

CHECKPOINT = 256
"""Pages in the log from which it is worth a checkpoint when there is time: 1 MiB."""

CHECKPOINT_LATEST = 1024
"""Pages in the log from which a checkpoint cannot wait: 4 MiB, which take 5 to 14 ms."""

LOG_LARGE = 64 * 1024 * 1024
"""Bytes of the log that are worth a warning; where nobody is in the way it has about 4 MiB."""

_PAGE = 4096


class Urgency(IntEnum):
    """When the next step is to be taken: there is none, in a while, when there is time, at once."""

    NONE = 0
    LATER = 1
    IDLE = 2
    NOW = 3


class Scrub(IntEnum):
    """What is still to be done so that nothing is left of an erased text."""

    NOTHING = 0
    LAST_CUT = 1
    MERGE = 2
    BEGIN_MERGE = 3
    FIRST_CUT = 4


class Maintenance:
    """The work that waits to be done on one connection, and the counters as this one has them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        counters: Counters,
        tell: Tell,
        report: Report,
        contents: Contents,
    ) -> None:
        self.connection = connection
        self.counters = counters
        self._tell = tell
        self._report = report
        self._contents = contents
        self._log_index = contents.log_index
        self._log_was_large = False
        self._resting = False
        self._given_up = False
        self._pages = self._log_index.pages_written()
        """Those that the log has got since it was carried over."""
        self._lags = {row.name: row.lag for row in counters.rooms.values() if row.lag}
        self._lag = sum(self._lags.values())
        self._long = bool(self._lag)
        """Whether there may be long texts among those that lack in the index."""
        self._ids = tables.new_ids(connection)
        self._scrub = Scrub.NOTHING
        self._in_the_way = False
        if erasing.is_to_be_scrubbed(connection):
            self.erased()
        self._searching: list[Deferred[None]] = []
        self._forgetting: deque[tuple[Deferred[int], Deletion]] = deque()

    def committed(self, rooms: Iterable[RoomCounter], size: int, ids: int) -> None:
        """So many characters of messages were added in these rooms, which are now as given, and so
        many ids."""
        self._resting = False
        self._in_the_way = False
        self._ids += ids
        self._pages = self._log_index.pages_written()
        before = self._lag
        for row in rooms:
            self._note(row)
        if size > LONG * (self._lag - before):
            self._long = True

    def erased(self) -> None:
        """A text was erased: see to it that nothing is left of it."""
        self._resting = False
        if not self._given_up:
            self._scrub = Scrub.FIRST_CUT

    def catch_up(self, waiting: Deferred[None]) -> None:
        """Bring the index up to date for a search, and answer then."""
        self._searching.append(waiting)

    def forget(self, waiting: Deferred[int], deletion: Deletion) -> None:
        """Do this too, and answer with how many it deleted."""
        self._forgetting.append((waiting, deletion))

    @property
    def urgency(self) -> Urgency:
        if self._searching or self._forgetting:
            return Urgency.NOW
        if self._resting:
            return Urgency.NONE
        if self._lag > INDEX_LATEST or self._pages > CHECKPOINT_LATEST or self._ids > IDS_LATEST:
            return Urgency.NOW
        if self._lag >= STEP or (self._lag and self._long) or self._ids >= IDS:
            return Urgency.IDLE
        if self._pages > CHECKPOINT or (self._scrub and not self._in_the_way):
            return Urgency.IDLE
        return Urgency.LATER if self._lag or self._scrub else Urgency.NONE

    def step(self) -> None:
        """Do the next thing that waits. Raises `sqlite3.Error`."""
        try:
            self._do_next()
        finally:
            self._pages = self._log_index.pages_written()

    def _do_next(self) -> None:
        if self._pages > CHECKPOINT_LATEST:
            self._checkpoint()
        elif self._ids >= IDS:
            self._merge_ids()
        elif self._searching and not self._lag:
            self._answer(self._searching, None)
        elif self._forgetting and not self._searching:
            self._forget(*self._forgetting[0])
        elif self._lag:
            self._index()
        elif self._scrub:
            self._scrub_on()
        else:
            self._checkpoint()

    def rest(self) -> None:
        """The database cannot take it: leave it until something has been committed again.

        Those who wait for a deletion are told; a search goes on with the index as it is.
        """
        self._resting = True
        self._answer(self._searching, None)
        for waiting, _ in self._forgetting:
            self._answer([waiting], Failure(RecordFailure("the database cannot take it")))
        self._forgetting.clear()

    def give_up(self) -> None:
        """What is to be indexed, erased or deleted is damaged: see only to log and ids now."""
        self._given_up = True
        self._lags.clear()
        self._lag = 0
        self._scrub = Scrub.NOTHING
        self.rest()

    def _answer(self, waiting: list[Any], result: object) -> None:
        self._tell(Results([Answer(deferred, result) for deferred in waiting]))
        waiting.clear()

    def _note(self, row: RoomCounter) -> None:
        if self._given_up:
            return
        lag = row.lag
        self._lag += lag - self._lags.pop(row.name, 0)
        if lag:
            self._lags[row.name] = lag

    def _index(self) -> None:
        row = self.counters.rooms[next(iter(self._lags))]
        last = min(row.newest, row.indexed + STEP)
        if self._long:
            first = row.indexed + 1
            last = tables.last_within(self.connection, row, first, last, STEP_SIZE)
        with unsynced(self.connection):
            indexed = tables.index(self.connection, row, last)
        self._changed(indexed)

    def _merge_ids(self) -> None:
        count = max(IDS, self._ids // 4)  # a quarter, lest more come with each commit than go
        self._ids = 0  # where it fails, it is tried again when as many have come
        with unsynced(self.connection):
            tables.merge_ids(self.connection, count)
        self._ids = tables.new_ids(self.connection)

    def _scrub_on(self) -> None:
        match self._scrub:
            case Scrub.FIRST_CUT:
                self._truncate_log(then=Scrub.BEGIN_MERGE)
            case Scrub.LAST_CUT:
                self._truncate_log(then=Scrub.NOTHING)
                if not self._scrub:
                    with unsynced(self.connection):
                        erasing.has_been_scrubbed(self.connection)
            case begun:
                with unsynced(self.connection):
                    merging = erasing.merge(self.connection, begin=begun is Scrub.BEGIN_MERGE)
                self._scrub = Scrub.MERGE if merging else Scrub.LAST_CUT

    def _truncate_log(self, then: Scrub) -> None:
        self._in_the_way = True
        try:
            with impatient(self.connection):
                self._in_the_way = not truncate_log(self.connection)
        finally:
            self._contents.carried_over()
        self._tell_of_large_log()
        if not self._in_the_way:
            self._scrub = then

    def _forget(self, waiting: Deferred[int], deletion: Deletion) -> None:
        try:
            rows = deletion.step(self.connection, self.counters)
        except ClockJumped:
            self._forgetting.popleft()
            self._answer([waiting], Failure())
            return
        for row in rows:
            self._changed(row)
        if rows:
            self._tell(Results(extents={row.name: row.extent for row in rows}))
        if deletion.finished:
            self._forgetting.popleft()
            self._answer([waiting], deletion.gone)

    def _changed(self, row: RoomCounter) -> None:
        self.counters.accept([row])
        self._note(row)
        self._long = self._long and self._lag > 0

    def _checkpoint(self) -> None:
        try:
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            self._contents.carried_over()
        # The pages of what was written are seldom asked for again: 2 MiB that would be kept.
        self.connection.execute("PRAGMA shrink_memory")
        self._tell_of_large_log()

    def _tell_of_large_log(self) -> None:
        """Once, behind an attempt to carry it over. By its index: who is not let have SQLite's lock
        for that is not told either how large the log is."""
        size = self._log_index.end().pages * _PAGE
        large = size >= LOG_LARGE
        if large and not self._log_was_large:
            self._report("log-large", str(size))
        self._log_was_large = large
