"""Rows in and out of the tables, in as few statements as there can be.

Each step of SQLite gives the interpreter's lock up, and a busy reactor gives it back only after
the switch interval; so a row must not cost a step. What is written goes in as ``VALUES`` of many
rows (64 messages: 65 µs; as JSON through ``json_each`` 200, by ``executemany`` 100, measured
without any waiting), what is read comes out as one JSON array.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from huddle.events import Kind, Said
from huddle.record import Card, Extent
from huddle.record.retention import Clock
from huddle.record.sqlite.numbering import Batch, Counters, RoomRow
from huddle.record.sqlite.schema import SEQ_BITS

AT_ONCE = 256
"""Rows of one statement: 8 columns make 2,048 variables; SQLite may be built with 32,766."""

MESSAGE = ("place", "time", "session", "id", "nick", "kind", "text", "respelled")
CARD = ("number", "nick", "key", "word", "word_time", "here", "seen", "rooms")

_SAID = f"json_array(place & {(1 << SEQ_BITS) - 1}, time, session, nick, kind, text)"

_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class _Insert:
    """``INSERT`` of any number of rows, by statements of 1, 2, 4 … `AT_ONCE` of them.

    There are so few different ones that SQLite's compiled form of each is kept.
    """

    table: str
    columns: tuple[str, ...]
    conflict: str = ""

    def __call__(self, connection: sqlite3.Connection, values: Sequence[object]) -> None:
        width = len(self.columns)
        done = 0
        while done < len(values):
            rows = min(AT_ONCE, 1 << ((len(values) - done) // width).bit_length() - 1)
            end = done + rows * width
            connection.execute(_statement(self, rows), values[done:end])
            done = end


@cache
def _statement(insert: _Insert, rows: int) -> str:
    row = f"({','.join('?' * len(insert.columns))})"
    head = f"INSERT INTO {insert.table} ({','.join(insert.columns)}) VALUES "
    return f"{head}{','.join([row] * rows)} {insert.conflict}"


_messages = _Insert("messages", MESSAGE)
_rooms = _Insert(
    "rooms",
    ("number", "name", "oldest", "newest", "time", "indexed"),
    "ON CONFLICT (number) DO UPDATE SET newest = excluded.newest, time = excluded.time",
)
_last_ids = _Insert(
    "sessions",
    ("number", "last_id"),
    "ON CONFLICT (number) DO UPDATE SET last_id = max(last_id, excluded.last_id)",
)
_cards = _Insert(
    "sessions",
    CARD,
    "ON CONFLICT (number) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in CARD[1:]),
)


def write_batch(connection: sqlite3.Connection, batch: Batch) -> None:
    """Messages, counters of their rooms, last ids of those who said them."""
    _messages(connection, batch.messages)
    _rooms(
        connection,
        [
            value
            for row in batch.rooms.values()
            for value in (row.number, row.name, row.oldest, row.newest, row.time, row.indexed)
        ],
    )
    # A session that has no card yet gets a blank one, by which nobody can come back.
    _last_ids(connection, [value for item in batch.last_ids.items() for value in item])


def write_cards(connection: sqlite3.Connection, cards: Iterable[Card]) -> None:
    """What is known of these sessions; of two cards of one session the later one counts."""
    _cards(connection, [value for card in cards for value in _columns(card)])


def _columns(card: Card) -> tuple[object, ...]:
    rooms = json.dumps(dict(card.rooms), ensure_ascii=False)
    return (
        card.number,
        card.nick,
        card.key,
        card.word,
        card.word_time,
        card.here,
        card.seen,
        rooms,
    )


def cards(connection: sqlite3.Connection, condition: str, *values: object) -> list[Card]:
    """The cards of the sessions for which the condition holds."""
    rows = connection.execute(
        f"SELECT {','.join(CARD)}, last_id FROM sessions WHERE {condition}", values
    )
    return [
        Card(number, nick, key, word, word_time, bool(here), seen, json.loads(rooms), last_id)
        for number, nick, key, word, word_time, here, seen, rooms, last_id in rows.fetchall()
    ]


def counters(connection: sqlite3.Connection) -> Counters:
    """The counters of all rooms."""
    columns = "json_group_array(json_array(number, name, oldest, newest, time, indexed))"
    (rows,) = connection.execute(f"SELECT {columns} FROM rooms").fetchone()
    return Counters.of(RoomRow(*row) for row in json.loads(rows))


def last_session(connection: sqlite3.Connection) -> int:
    """The highest number of a session, 0 for none."""
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM sessions").fetchone()
    return int(number)


def epoch(connection: sqlite3.Connection) -> str:
    """The name of this record."""
    return str(connection.execute("SELECT epoch FROM record").fetchone()[0])


def clock(connection: sqlite3.Connection) -> Clock:
    """What retention knows of the clock."""
    row = connection.execute("SELECT believed, doubted_from, doubted_to FROM record").fetchone()
    return Clock(*row)


def write_clock(connection: sqlite3.Connection, clock: Clock) -> None:
    connection.execute(
        "UPDATE record SET believed = ?, doubted_from = ?, doubted_to = ?",
        (clock.believed, clock.doubted_from, clock.doubted_to),
    )


def empty_log(connection: sqlite3.Connection) -> None:
    """Carry the whole write-ahead log over into the database and cut it to nothing.

    Afterwards everything that is committed is on the disk, and what was not can never appear.
    Raises `sqlite3.Error`, also when somebody who reads was in the way.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("somebody reads the log")


def write_end(connection: sqlite3.Connection) -> None:
    """Say that what follows, `empty_log`, brings everything to the disk."""
    connection.execute("UPDATE record SET unsynced_boot = NULL")


def index(connection: sqlite3.Connection, row: RoomRow, last: int) -> None:
    """Put the room's messages up to this one into the full-text index."""
    connection.execute(
        "INSERT INTO words (rowid, text) SELECT place, text FROM texts WHERE place BETWEEN ? AND ?",
        (row.place(row.indexed + 1), row.place(last)),
    )
    connection.execute("UPDATE rooms SET indexed = ? WHERE number = ?", (last, row.number))


def delete(connection: sqlite3.Connection, row: RoomRow, last: int) -> None:
    """Delete the room's messages up to this one, and their words."""
    connection.execute(
        "INSERT INTO words (words, rowid, text)"
        " SELECT 'delete', place, text FROM texts WHERE place BETWEEN ? AND ?",
        (row.place(row.oldest), row.place(min(last, row.indexed))),
    )
    places = (row.place(row.oldest), row.place(last))
    connection.execute("DELETE FROM messages WHERE place BETWEEN ? AND ?", places)
    after = row.without(last)
    connection.execute(
        "UPDATE rooms SET oldest = ?, indexed = ? WHERE number = ?",
        (after.oldest, after.indexed, row.number),
    )


_BASE = f"(SELECT number << {SEQ_BITS} FROM rooms WHERE name = :room)"


def read(connection: sqlite3.Connection, room: str, first: int, last: int) -> list[Said]:
    """The room's messages from ``first`` to ``last``, in order."""
    return _said(
        connection,
        room,
        f"""SELECT * FROM messages
            WHERE place BETWEEN {_BASE} + :first AND {_BASE} + :last ORDER BY place""",
        first=first,
        last=last,
    )


def search(
    connection: sqlite3.Connection, room: str, expression: str, limit: int, last: int
) -> list[Said]:
    """The newest that match and are not beyond ``last``, in order."""
    return _said(
        connection,
        room,
        f"""SELECT * FROM (
                SELECT messages.* FROM words JOIN messages ON place = words.rowid
                WHERE words MATCH :expression
                AND words.rowid BETWEEN {_BASE} + 1 AND {_BASE} + :last
                ORDER BY words.rowid DESC LIMIT :limit)
            ORDER BY place""",
        expression=expression,
        limit=limit,
        last=last,
    )


def find(connection: sqlite3.Connection, session: int, id: int) -> Said | None:
    """What the session said under this id."""
    row = connection.execute(
        f"""SELECT name, {_SAID}
            FROM (SELECT *, (SELECT name FROM rooms WHERE number = place >> {SEQ_BITS}) AS name
                  FROM messages
                  WHERE session = ? AND id = ? AND id > 0)""",
        (session, id),
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


def _message(room: str, seq: int, time: int, session: int, nick: str, kind: str, text: str) -> Said:
    return Said(room, seq, time, session, nick, _KINDS[kind], text)
