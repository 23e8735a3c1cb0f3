"""Writes: what goes into one transaction, and the answers it has earned once it is committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.protocol.events import Draft, Said
from huddle.record import Kept, Step
from huddle.record.sqlite import erasing, state, tables
from huddle.record.sqlite.numbering import Batch, Counters, RoomCounter
from huddle.record.sqlite.outcomes import BEGIN, Answer, Results, is_given, roll_back

T = TypeVar("T")


@dataclass(slots=True, eq=False, repr=False)
class Operation(Generic[T]):
    """Something that the reactor's thread wants done; ``waiting`` fires there with what came of it,
    or fails with `RecordFailure`."""

    waiting: Deferred[T] = field(default_factory=Deferred, kw_only=True)


class Write(Operation[T]):
    """What goes into a transaction, and has been kept when it fires."""

    __slots__ = ()


@dataclass(slots=True, eq=False, repr=False)
class Append(Write[Sequence[Said]]):
    """A batch of messages, said at ``time`` (milliseconds since 1970); fires with them, numbered.
    Fails as `Record.append` does."""

    drafts: Sequence[Draft]
    time: int


@dataclass(slots=True, eq=False, repr=False)
class Save(Write[None]):
    """What is known of sessions, rooms and people: all of it, or none."""

    kept: Sequence[Kept]


@dataclass(slots=True, eq=False, repr=False)
class Follow(Write[Sequence[Said]]):
    """Batches of the nodes' log, whole; or what stands in none, at the position 0. Fires with their
    messages, and the tombstones of what they erase."""

    steps: Sequence[Step]


@dataclass(slots=True)
class Written:
    """What a transaction will have done: the rooms as they are then, and what to answer.

    ``size`` is how many characters the messages have, ``acts`` the number of the last act of
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
    connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write[Any]]
) -> Written:
    """All of them in few statements. Raises what SQLite raises, for any of them."""
    batch = Batch(counters)
    kept: list[Kept] = []
    erased: list[tuple[Sequence[tuple[str, int]], list[Said]]] = []
    position = 0
    answers: list[Answer] = []
    for write in writes:
        match write:
            case Append(drafts, time):
                answers.append(Answer(write.waiting, batch.add(drafts, time)))
            case Save(saved):
                kept.extend(saved)
                answers.append(Answer(write.waiting, None))
            case Follow(steps):
                told: list[Said] = []
                answers.append(Answer(write.waiting, told))
                for step in steps:
                    batch.take(step.messages, step.ids)
                    told += step.messages
                    kept.extend(step.kept)
                    erased.append((step.erased, told))
                    position = step.position or position
    tables.write_batch(connection, batch)
    acts = state.write(connection, kept, counters.last_act) if kept else counters.last_act
    size = 0
    for said in batch.said:
        size += len(said.text)
    acts = acts if acts > counters.last_act else 0
    ids = len(batch.ids) // 3
    written = Written(batch.rooms, size, ids, acts, answers=answers)
    for places, told in erased:
        for room, seq in places:
            row = written.rooms.get(room) or counters.rooms.get(room)
            tombstone = erasing.erase(connection, row, seq)
            if tombstone is not None:
                told.append(tombstone)
                written.erased = True
    if position:
        tables.write_position(connection, position)
    return written


def rehearse(
    connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write[Any]]
) -> None:
    """Write all of them, and undo it, to see whether that can be done. Raises `sqlite3.Error` where
    the database is to blame."""
    connection.execute(BEGIN)
    try:
        write_together(connection, counters, writes)
    except Exception as error:
        if not is_given(error):
            raise
    finally:
        roll_back(connection)


def write_each(
    connection: sqlite3.Connection, counters: Counters, writes: Sequence[Write[Any]]
) -> Written:
    """One after the other; one that cannot be kept fails alone. Raises what concerns all."""
    counters = replace(counters, rooms=counters.rooms.copy())
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
