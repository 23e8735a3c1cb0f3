"""Messages and their rooms in and out of the tables, in as few statements as there can be.

Each step of SQLite gives the interpreter's lock up, and a busy reactor gives it back only after
the switch interval; so a row must not cost a step. What is written goes in as ``VALUES`` of many
rows (64 messages: 65 µs; as JSON through ``json_each`` 200, by ``executemany`` 100, measured
without any waiting); what is read comes out as one JSON array.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Any

from huddle.protocol.events import Kind, Said
from huddle.record import Extent, SearchCut
from huddle.record.sqlite.numbering import Batch, Counters, RoomCounter
from huddle.record.sqlite.outcomes import primary_code
from huddle.record.sqlite.schema import SEQ_BITS

MESSAGE = (
    *("place", "time", "session", "id", "nick", "kind", "text", "respelled"),
    *("account", '"to"', "block", "re", "edits"),
)

MOST = (1 << SEQ_BITS) - 1
"""The last seq that a room has numbers for."""

_SEQ = f"& {MOST}"
_SAID = f"""json_array(
    place {_SEQ}, time, session, nick, kind, text, account, "to", abs(block) {_SEQ}, re, edits)"""

_KINDS = {kind.value: kind for kind in Kind}

STEPS_A_LOOK = 1000
"""Steps of SQLite's machine between two looks at whether a search has taken too long. Where long
lists of words are walked that is some 4 ms."""

LOOKS = 250
"""Looks after which it has: about a second of its thread's time. Steps are counted and not time,
so that a machine that is busy with something else does not end searches."""

AT_ONCE = 256
"""Rows of one statement: 13 columns make 3,328 variables; SQLite may be built with 32,766."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Insert:
    """``INSERT`` of any number of rows, by statements of 1, 2, 4 … `AT_ONCE` of them.

    There are so few different ones that SQLite's compiled form of each is kept. One is made once,
    and equal to none but itself, which is soon told.
    """

    table: str
    columns: Sequence[str]
    conflict: str = ""

    def __call__(self, connection: sqlite3.Connection, values: Sequence[object]) -> int:
        """How many rows are new, or different now."""
        width = len(self.columns)
        done = changed = 0
        while done < len(values):
            rows = min(AT_ONCE, 1 << ((len(values) - done) // width).bit_length() - 1)
            end = done + rows * width
            changed += connection.execute(_statement(self, rows), values[done:end]).rowcount
            done = end
        return changed


@cache
def _statement(insert: Insert, rows: int) -> str:
    row = f"({','.join('?' * len(insert.columns))})"
    head = f"INSERT INTO {insert.table} ({','.join(insert.columns)}) VALUES "
    return f"{head}{','.join([row] * rows)} {insert.conflict}"


_messages = Insert("messages", MESSAGE)
_COUNTED = ("number", "name", "oldest", "newest", "time", "indexed")
_counted = attrgetter(*_COUNTED)
_rooms = Insert("rooms", _COUNTED)
_new_ids = Insert("new_ids", ("session", "id", "place"))
_last_ids = Insert(
    "sessions",
    ("number", "last_id", "seen"),
    "ON CONFLICT (number) DO UPDATE SET last_id = excluded.last_id"
    " WHERE last_id < excluded.last_id",
)


def write_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    """Messages, their ids, rooms in which nothing was said before, last ids of who said them.

    Raises `sqlite3.IntegrityError` where one of the ids is that of another message.
    """
    if batch.ids:
        _raise_last_ids(connection, batch)
        _new_ids(connection, batch.ids)
    _messages(connection, batch.messages)
    if batch.new_rooms:
        rows = [_counted(batch.rooms[name]) for name in batch.new_rooms]
        _rooms(connection, [value for row in rows for value in row])


def _raise_last_ids(connection: sqlite3.Connection, batch: Batch) -> None:
    """As ids only rise, one that is above the last of its session is nobody's. Each other one is
    looked up: an older version left those of messages that it took back below the last."""
    ids = batch.ids
    said = list(zip(ids[::3], ids[1::3], strict=True))
    # A session that has no row yet gets a blank one, which cannot be come back to.
    values = [value for session, id in said for value in (session, id, batch.time)]
    if _last_ids(connection, values) < len(said):
        refuse_used(connection, said)


def refuse_used(connection: sqlite3.Connection, said: Sequence[tuple[int, int]]) -> None:
    """Raise `sqlite3.IntegrityError` where one of these ids of sessions is that of a message, or
    stands here twice."""
    if len(set(said)) < len(said) or any(find(connection, *each) for each in said):
        raise sqlite3.IntegrityError("a message of this session has this id")


def counters(connection: sqlite3.Connection) -> Counters:
    """The counters of all rooms, and of the acts of moderation."""
    columns = f"json_group_array(json_array({','.join(_COUNTED)}))"
    (rows,) = connection.execute(f"SELECT {columns} FROM rooms").fetchone()
    (last_act,) = connection.execute("SELECT coalesce(max(number), 0) FROM audit").fetchone()
    counters = Counters()
    counters.accept(
        [_as_it_is(connection, RoomCounter(*row)) for row in json.loads(rows)], last_act
    )
    return counters


def _as_it_is(connection: sqlite3.Connection, row: RoomCounter) -> RoomCounter:
    """The room with its last message, which its row does not know yet."""
    query = f"""SELECT place {_SEQ}, time FROM messages WHERE place BETWEEN ? AND ?
                ORDER BY place DESC LIMIT 1"""
    try:
        last = connection.execute(query, (row.place(row.newest + 1), row.place(MOST))).fetchone()
    except sqlite3.Error as error:
        if primary_code(error) != sqlite3.SQLITE_CORRUPT:
            raise
        return row  # no message can be put behind what cannot be read; other rooms are as good
    return row.with_newest(*last) if last else row


def epoch(connection: sqlite3.Connection) -> str:
    """The name of this record, which another database does not have."""
    return str(connection.execute("SELECT epoch FROM record").fetchone()[0])


def position(connection: sqlite3.Connection) -> int:
    """How far the record has come in the log of the nodes."""
    return int(connection.execute("SELECT position FROM record").fetchone()[0])


def write_position(connection: sqlite3.Connection, position: int) -> None:
    connection.execute("UPDATE record SET position = ?", (position,))


def leave_log(connection: sqlite3.Connection, epoch: str) -> None:
    """What the record is given from now on stands in no log, and it has another epoch."""
    connection.execute("UPDATE record SET position = 0, epoch = ?", (epoch,))


def write_end(connection: sqlite3.Connection) -> None:
    """Say that what follows, `empty_log`, brings everything to the disk."""
    connection.execute("UPDATE record SET unsynced_boot = NULL")


def write_nothing_new(connection: sqlite3.Connection) -> None:
    """Write a page as it is, to see whether that can be done. Raises `sqlite3.Error`."""
    connection.execute("UPDATE record SET openings = openings")


def last_within(
    connection: sqlite3.Connection, row: RoomCounter, first: int, last: int, size: int
) -> int:
    """The last of the room's messages from the first to this one with which their texts have so
    many characters, as the index spells them; the first one alone may have more."""
    found = connection.execute(
        "SELECT count(*) FROM (SELECT sum(length(text)) OVER (ORDER BY place) AS through"
        " FROM texts WHERE place BETWEEN ? AND ?) WHERE through <= ?",
        (row.place(first), row.place(last), size),
    ).fetchone()
    return int(first - 1 + max(found[0], 1))


def index(connection: sqlite3.Connection, row: RoomCounter, last: int) -> RoomCounter:
    """Put the room's messages up to this one into the full-text index; returns the room so."""
    connection.execute(
        "INSERT INTO words (rowid, text) SELECT place, text FROM texts WHERE place BETWEEN ? AND ?",
        (row.place(row.indexed + 1), row.place(last)),
    )
    return _updated(connection, replace(row, indexed=last))


def delete(connection: sqlite3.Connection, row: RoomCounter, last: int) -> RoomCounter:
    """Delete the room's messages up to this one, and their words; returns the room without them."""
    connection.execute(
        "INSERT INTO words (words, rowid, text)"
        " SELECT 'delete', place, text FROM texts WHERE place BETWEEN ? AND ?",
        (row.place(row.oldest), row.place(min(last, row.indexed))),
    )
    remove(connection, row.place(row.oldest), row.place(last))
    rest = replace(row, oldest=last + 1, indexed=max(row.indexed, last))
    return _updated(connection, rest)


def remove(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Delete the messages from this place to that, and their ids."""
    place = "place BETWEEN ? AND ?"
    ids = f"SELECT session, id FROM messages WHERE {place} AND id > 0"
    connection.execute(f"DELETE FROM ids WHERE (session, id) IN ({ids})", (first, last))
    connection.execute(f"DELETE FROM new_ids WHERE {place}", (first, last))
    connection.execute(f"DELETE FROM messages WHERE {place}", (first, last))


def new_ids(connection: sqlite3.Connection) -> int:
    """How many ids are not among ``ids`` yet; 0 where that cannot be read: what comes without an id
    is kept all the same."""
    try:
        return int(connection.execute("SELECT count(*) FROM new_ids").fetchone()[0])
    except sqlite3.Error as error:
        if primary_code(error) != sqlite3.SQLITE_CORRUPT:
            raise
        return 0


def merge_ids(connection: sqlite3.Connection, count: int) -> None:
    """Put so many of ``new_ids``, the oldest, into ``ids``."""
    oldest = "SELECT rowid FROM new_ids ORDER BY rowid LIMIT ?"
    (last,) = connection.execute(f"SELECT max(rowid) FROM ({oldest})", (count,)).fetchone()
    connection.execute(
        "INSERT OR IGNORE INTO ids SELECT session, id, place FROM new_ids WHERE rowid <= ?"
        " ORDER BY session, id",
        (last,),
    )
    connection.execute("DELETE FROM new_ids WHERE rowid <= ?", (last,))


def _updated(connection: sqlite3.Connection, row: RoomCounter) -> RoomCounter:
    connection.execute(
        "UPDATE rooms SET indexed = ?, oldest = ?, newest = ?, time = ? WHERE number = ?",
        (row.indexed, row.oldest, row.newest, row.time, row.number),
    )
    return row


def drop(connection: sqlite3.Connection, table: str, numbers: list[int]) -> None:
    """Delete the rows of this table that have these numbers."""
    connection.execute(
        f"DELETE FROM {table} WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )


_BASE = f"(SELECT number << {SEQ_BITS} FROM rooms WHERE name = :room)"


def read(
    connection: sqlite3.Connection, room: str, first: int, last: int, size: int | None = None
) -> list[Said]:
    """The room's messages from ``first`` to ``last``, in order, as far as ``size`` allows."""
    place = f"place BETWEEN {_BASE} + :first AND {_BASE} + :last"
    query = f"SELECT * FROM messages WHERE {place}"
    if size is not None:
        before = "sum(length(text)) OVER (ORDER BY place) - length(text) AS before"
        query = f"""SELECT * FROM (SELECT *, {before} FROM messages WHERE {place})
                    WHERE before <= :size"""
    return _said(connection, room, f"{query} ORDER BY place", first=first, last=last, size=size)


def belonging(
    connection: sqlite3.Connection, room: str, seq: int, limit: int, after: int = 0
) -> list[Said]:
    """A message, the block that it begins, and what puts one of these right, in order.

    Lines in a row of one block are found one by the other (`schema`). Where the first is no longer
    kept, the rest of a row is behind it: only what is oldest in a room goes.
    """
    own = f"{_BASE} + :seq"
    behind = f"SELECT place, block FROM messages WHERE place > {own} ORDER BY place LIMIT 1"
    query = f"""WITH RECURSIVE lines (line) AS (
            SELECT {own}
            UNION SELECT place FROM messages WHERE block > 0 AND block = {own}
            UNION SELECT place FROM ({behind}) WHERE block = -({own})
            UNION SELECT place FROM lines CROSS JOIN messages ON place = line + 1
                WHERE block = -({own}))
        SELECT * FROM messages WHERE place > {_BASE} + :after AND place IN (
            SELECT line FROM lines UNION
            SELECT place FROM lines JOIN messages ON edits > 0 AND edits = line {_SEQ}
            WHERE place BETWEEN line + 1 AND {_BASE} + {MOST})
        ORDER BY place LIMIT :limit"""
    return _said(connection, room, query, seq=seq, limit=limit, after=after)


def search(
    connection: sqlite3.Connection, room: str, expression: str, limit: int, last: int
) -> list[Said]:
    """The newest that match and are not beyond ``last``, in order.

    Raises `SearchCut`. It takes row by row, which is slower, to have those that came before that.
    """
    query = f"""SELECT {_SAID} FROM (
            SELECT messages.* FROM words JOIN messages ON place = words.rowid
            WHERE words MATCH :expression
            AND words.rowid BETWEEN {_BASE} + 1 AND {_BASE} + :last
            ORDER BY words.rowid DESC LIMIT :limit)"""
    values = {"room": room, "expression": expression, "limit": limit, "last": last}
    found: list[Said] = []
    looks = iter(range(LOOKS))
    connection.set_progress_handler(lambda: next(looks, None) is None, STEPS_A_LOOK)
    try:
        for (row,) in connection.execute(query, values):
            found.append(_message(room, *json.loads(row)))
    except sqlite3.OperationalError as error:
        if primary_code(error) != sqlite3.SQLITE_INTERRUPT:
            raise
        raise SearchCut(found[::-1]) from None
    finally:
        connection.set_progress_handler(None, 0)
    return found[::-1]


def find(connection: sqlite3.Connection, session: int, id: int) -> Said | None:
    """What the session said under this id.

    Where it is not among ``ids``, all ``new_ids`` are looked through: some thousand at the most
    (`maintenance.IDS_LATEST`).
    """
    place = "SELECT place FROM {} WHERE session = :session AND id = :id"
    row = connection.execute(
        f"""SELECT name, {_SAID}
            FROM (SELECT *, (SELECT name FROM rooms WHERE number = place >> {SEQ_BITS}) AS name
                  FROM messages
                  WHERE place = coalesce(({place.format("ids")}), ({place.format("new_ids")})))""",
        {"session": session, "id": id},
    ).fetchone()
    return _message(row[0], *json.loads(row[1])) if row else None


def since(connection: sqlite3.Connection, room: str, extent: Extent, time: int) -> int:
    """The seq of the first message of that time or later; newest + 1 if there is none.

    By bisection: the messages of a room have no holes, and their times never go back.
    """
    (seq,) = connection.execute(
        f"""WITH RECURSIVE cut (low, high) AS (
                VALUES (:oldest, :newest + 1)
                UNION ALL
                SELECT
                    iif(time >= :time, low, (low + high) / 2 + 1),
                    iif(time >= :time, (low + high) / 2, high)
                FROM cut LEFT JOIN messages ON place = {_BASE} + (low + high) / 2
                WHERE low < high)
            SELECT low FROM cut WHERE low = high""",
        {"room": room, "oldest": extent.oldest, "newest": extent.newest, "time": time},
    ).fetchone()
    return int(seq)


def _said(connection: sqlite3.Connection, room: str, query: str, **values: object) -> list[Said]:
    (rows,) = connection.execute(
        f"SELECT json_group_array({_SAID}) FROM ({query})", {"room": room, **values}
    ).fetchone()
    return [_message(room, *row) for row in json.loads(rows)]


def _message(
    room: str,
    seq: int,
    time: int,
    session: int,
    nick: str,
    kind: str,
    text: str,
    *rest: Any,
) -> Said:
    return Said(room, seq, time, session, nick, _KINDS[kind], text, *rest)
