"""What `Record.save` takes, in and out of its tables: a table for each kind of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from huddle.record import (
    AccountRow,
    AuditEntry,
    Dropped,
    Kept,
    Mark,
    MarkKind,
    RoomRow,
    SessionRow,
)
from huddle.record.sqlite.tables import Insert

ACTS = 100_000
"""Acts of moderation that are kept: some 10 MiB. The oldest go."""

ACTS_AT_ONCE = 1000
"""Acts read in one transaction when they are written out."""

T = TypeVar("T")

Row = tuple[object, ...]

_json = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: ``json.dumps`` makes an encoder for each call that does not go by the usual rules."""


class _Table(Generic[T]):
    """The table of one kind of things: its columns are called as their fields are, of which the
    first ones are the key.

    ``read_as`` makes of a column's value that of a field where they differ, ``row`` of a thing the
    values of all columns. Of a row that is there already the ``lasting`` columns stay.
    """

    def __init__(
        self,
        name: str,
        kind: type[T],
        read_as: Mapping[str, Callable[[Any], object]],
        row: Callable[[T], Row] | None = None,
        key: int = 1,
        lasting: Collection[str] = (),
    ) -> None:
        names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
        columns = [f'"{each}"' for each in names]
        self.key = columns[:key]
        self.row = row or attrgetter(*names)
        self._name = name
        self._kind = kind
        self._read_as = [(names.index(each), function) for each, function in read_as.items()]
        self._query = f"SELECT {','.join(columns)} FROM {name} "
        new = [f'"{each}" = excluded."{each}"' for each in names[key:] if each not in lasting]
        conflict = f"ON CONFLICT ({','.join(self.key)}) DO UPDATE SET {', '.join(new)}"
        self._insert = Insert(name, columns, conflict)

    def put(self, connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
        self._insert(connection, [value for row in rows for value in row])

    def drop(self, connection: sqlite3.Connection, keys: list[Row]) -> None:
        parts = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(self.key)))
        columns = ", ".join(self.key)
        connection.execute(
            f"DELETE FROM {self._name} WHERE ({columns}) IN (SELECT {parts} FROM json_each(?))",
            (json.dumps(keys),),
        )

    def read(self, connection: sqlite3.Connection, rest: str, values: Row) -> Iterator[T]:
        for row in map(list, connection.execute(self._query + rest, values).fetchall()):
            for place, function in self._read_as:
                row[place] = function(row[place])
            yield self._kind(*row)


@lru_cache(maxsize=256)
def _rooms(places: tuple[tuple[str, int | None], ...]) -> str:
    """As json: the same for all who come in at once, where no one has read anything yet."""
    return _json(dict(places))


def _session(row: SessionRow) -> Row:
    rooms = _rooms(tuple(row.rooms.items()))
    ignores = _json(list(row.ignores)) if row.ignores else "[]"
    return (
        *(row.number, row.nick, row.key, row.word, row.word_time, row.here, row.seen),
        *(rooms, row.last_id, row.account, row.version, ignores, row.word_at, row.wishes),
    )


def _ignores(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))


_TABLES: dict[type, _Table[Any]] = {
    SessionRow: _Table(
        "sessions",
        SessionRow,
        {"here": bool, "rooms": json.loads, "ignores": _ignores},
        _session,
        lasting=["last_id"],
    ),
    RoomRow: _Table("room_cards", RoomRow, {"quiet": bool}),
    Mark: _Table("marks", Mark, {"kind": MarkKind}, key=3),
    AccountRow: _Table("accounts", AccountRow, {"operator": bool}),
}
_ACT = [f'"{each.name}"' for each in fields(AuditEntry)]
_acts = Insert("audit", ["number", *_ACT])


def read(
    connection: sqlite3.Connection, kind: type[T], rest: str = "", values: Row = ()
) -> list[T]:
    """The rows of one kind that are meant by the ``rest`` of a statement; without one all."""
    return list(_TABLES[kind].read(connection, rest, values))


def write(connection: sqlite3.Connection, kept: Iterable[Kept], last_act: int) -> int:
    """Keep all these; of two in one place the later one counts. Returns the last act's number.

    The numbers of acts go on from ``last_act``.
    """
    places: dict[_Table[Any], dict[Row, Row | None]] = {}
    acts: list[AuditEntry] = []
    for each in kept:
        if isinstance(each, AuditEntry):
            acts.append(each)
            continue
        thing = each.kept if isinstance(each, Dropped) else each
        table = _TABLES[type(thing)]
        row = table.row(thing)
        places.setdefault(table, {})[row[: len(table.key)]] = row if thing is each else None
    for table, rows in places.items():
        table.put(connection, [row for row in rows.values() if row])
        if dropped := [key for key, row in rows.items() if row is None]:
            table.drop(connection, dropped)
    return _write_acts(connection, acts, last_act) if acts else last_act


def _write_acts(connection: sqlite3.Connection, acts: list[AuditEntry], last: int) -> int:
    values: list[object] = []
    for number, act in enumerate(acts, last + 1):
        values += number, act.time, act.room, act.act, act.by, act.target, act.detail
    _acts(connection, values)
    last += len(acts)
    connection.execute("DELETE FROM audit WHERE number <= ?", (last - ACTS,))
    return last


def acts(connection: sqlite3.Connection, limit: int) -> list[AuditEntry]:
    """The last acts of moderation, in order."""
    (rows,) = connection.execute(
        f"""SELECT json_group_array(json_array({",".join(_ACT)}))
            FROM (SELECT * FROM audit ORDER BY number DESC LIMIT ?)""",
        (max(0, limit),),
    ).fetchone()
    return [AuditEntry(*row) for row in reversed(json.loads(rows))]


def all_acts(connection: sqlite3.Connection, since: int, until: int | None) -> Iterator[AuditEntry]:
    """The acts of that time, in order."""
    query = f"SELECT number, {','.join(_ACT)} FROM audit WHERE number > ? ORDER BY number LIMIT ?"
    last = 0
    while rows := connection.execute(query, (last, ACTS_AT_ONCE)).fetchall():
        for act in (AuditEntry(*row) for _, *row in rows):
            if since <= act.time and (until is None or act.time < until):
                yield act
        last = rows[-1][0]


def key_of_room(connection: sqlite3.Connection, room: str) -> bytes | None:
    """What is kept of the room's key."""
    row = connection.execute("SELECT key FROM room_cards WHERE name = ?", (room,)).fetchone()
    return row[0] if row else None


def last(connection: sqlite3.Connection, kind: Literal["session", "account"]) -> int:
    """The highest number that one of these ever had, 0 for none."""
    there = f"SELECT coalesce(max(number), 0) FROM {kind}s"
    query = f"SELECT max(last_{kind}, ({there})) FROM record"
    return int(connection.execute(query).fetchone()[0])
