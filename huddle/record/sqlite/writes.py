"""Writes: what goes into one transaction, and the answers it has earned once it is committed."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from dataclasses import field

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.protocol.codec import dataclass
from huddle.protocol.events import Draft, Said
from huddle.record import Kept, Step
from huddle.record.sqlite import erasing, state, tables
from huddle.record.sqlite.numbering import Batch, Counters, RoomCounter
from huddle.record.sqlite.outcomes import Answer, Results, begin, is_given, roll_back


@dataclass(frozen=True, slots=True)
class Append:
    """A batch of messages, said at ``time``."""

    drafts: Sequence[Draft]
    time: int
    waiting: Deferred[Sequence[Said]]


@dataclass(frozen=True, slots=True)
class Save:
    """What is known of sessions, rooms and people."""

    kept: Sequence[Kept]
    waiting: Deferred[None]


@dataclass(frozen=True, slots=True)
class Erase:
    """The text of this message is to go."""

    room: str
    seq: int
    waiting: Deferred[Said | None]


@dataclass(frozen=True, slots=True)
class Follow:
    """Batches of the nodes' log, whole."""

    steps: Sequence[Step]
    waiting: Deferred[Sequence[Said]]


Write = Append | Save | Erase | Follow

_ROW = 64
"""Bytes of a message beside its text, its place in an index included."""


@dataclasses.dataclass(slots=True)
class Written:
    """What a transaction will have done: the rooms as they are then, and what to answer.

    ``size`` is about how many bytes the messages take, ``acts`` the number of the last act of
    moderation if there are any, ``erased`` whether a text has gone, ``ids`` how many have an id.
    """

    rooms: dict[str, RoomCounter] = field(default_factory=dict)
    size: int = 0
    ids: int = 0
    acts: int = 0
    erased: bool = False
    answers: list[Answer] = field(default_factory=list)

    @property
    def results(self) -> Results:
        return Results(self.answers, {name: row.extent for name, row in self.rooms.items()})

    @property
    def counts(self) -> bool:
        """Whether it gave out numbers; a transaction that did not can be done again."""
        return bool(self.rooms or self.acts)

    def landed(self, counters: Counters) -> bool:
        """Whether these counters, read again, are those after the transaction."""
        return counters.last_act >= self.acts and all(
            name in counters.rooms and counters.rooms[name].newest >= row.newest
            for name, row in self.rooms.items()
        )

    def take_back(self, connection: sqlite3.Connection, counters: Counters) -> None:
        """Undo what was said by it, and the acts; ``counters`` are those before it."""
        lowest: dict[int, int] = {}
        for row in self.rooms.values():
            before = counters.rooms.get(row.name)
            places = row.place((before.newest if before else 0) + 1), row.place(row.newest)
            for session, id in connection.execute(_LOWEST, places).fetchall():
                lowest[session] = min(id, lowest.get(session, id))
            tables.remove(connection, *places)
            if before is None:
                tables.drop(connection, "rooms", [row.number])
        for session, id in lowest.items():
            connection.execute(_LOWER_LAST_ID, {"session": session, "before": id - 1})
        connection.execute("DELETE FROM audit WHERE number > ?", (counters.last_act,))


_LOWEST = "SELECT session, min(id) FROM messages WHERE place BETWEEN ? AND ? AND id > 0 GROUP BY 1"

_LOWER_LAST_ID = """UPDATE sessions SET last_id = max(
        min(last_id, :before),
        coalesce((SELECT max(id) FROM ids WHERE session = :session), 0),
        coalesce((SELECT max(id) FROM new_ids WHERE session = :session), 0))
    WHERE number = :session"""
"""What is said again is not taken for what is no longer kept, by a server that knows of the session
by its row alone; but no message has a higher id than that."""


def write_together(
    connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write]
) -> Written:
    """All of them in few statements. Raises what SQLite raises, for any of them."""
    batch = Batch(counters)
    kept: list[Kept] = []
    erasures: list[Erase] = []
    gone_with_steps: list[tuple[Sequence[tuple[str, int]], list[Said]]] = []
    position = 0
    answers: list[Answer] = []
    for write in writes:
        match write:
            case Append(drafts, time, waiting):
                answers.append(Answer(waiting, batch.add(drafts, time)))
            case Save(saved, waiting):
                kept.extend(saved)
                answers.append(Answer(waiting, None))
            case Erase():
                erasures.append(write)
            case Follow(steps, waiting):
                told: list[Said] = []
                answers.append(Answer(waiting, told))
                for step in steps:
                    batch.take(step.messages, step.ids)
                    told += step.messages
                    kept.extend(step.kept)
                    gone_with_steps.append((step.erased, told))
                    position = step.position
    tables.write_batch(connection, batch)
    acts = state.write(connection, kept, counters.last_act) if kept else counters.last_act
    size = 0
    for said in batch.said:
        size += _ROW + len(said.text)
    acts = acts if acts > counters.last_act else 0
    written = Written(batch.rooms, size, len(batch.ids) // 3, acts, answers=answers)
    for erasure in erasures:
        gone = _erase(connection, written, counters, erasure.room, erasure.seq)
        answers.append(Answer(erasure.waiting, gone))
    for erased, told in gone_with_steps:
        for room, seq in erased:
            tombstone = _erase(connection, written, counters, room, seq)
            if tombstone is not None:
                told.append(tombstone)
    if position:
        tables.write_position(connection, position)
    return written


def rehearse(connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write]) -> None:
    """Write all of them, and undo it, to see whether that can be done. Raises `sqlite3.Error` where
    the database is to blame."""
    begin(connection)
    try:
        write_together(connection, counters, writes)
    except Exception as error:
        if not is_given(error):
            raise
    finally:
        roll_back(connection)


def _erase(
    connection: sqlite3.Connection, written: Written, counters: Counters, room: str, seq: int
) -> Said | None:
    row = written.rooms.get(room) or counters.rooms.get(room)
    gone = erasing.erase(connection, row, seq)
    written.erased |= gone is not None
    return gone


def write_each(
    connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write]
) -> Written:
    """One after the other; one that cannot be kept fails alone. Raises what concerns all."""
    counters = counters.copy()
    written = Written()
    for write in writes:
        connection.execute("SAVEPOINT one")
        try:
            one = write_together(connection, counters, [write])
        except Exception as error:
            if not is_given(error):
                raise
            connection.execute("ROLLBACK TO one")
            one = Written(answers=[Answer(write.waiting, Failure())])
        connection.execute("RELEASE one")
        counters.accept(one.rooms.values(), one.acts)
        written.rooms.update(one.rooms)
        written.acts = max(written.acts, one.acts)
        written.answers.extend(one.answers)
        written.size += one.size
        written.ids += one.ids
        written.erased |= one.erased
    return written
