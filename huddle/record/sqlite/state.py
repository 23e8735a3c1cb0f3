"""What `Record.save` takes, in and out of its tables: a table for each kind of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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
from huddle.record.sqlite.tables import Insert, replacing

ACTS = 100_000
"""Acts of moderation that are kept: some 10 MiB. The oldest go."""

ACTS_AT_ONCE = 1000
"""Acts read in one transaction when they are written out."""

Row = tuple[object, ...]

_json = json.JSONEncoder(ensure_ascii=False).encode
"""Made once: ``json.dumps`` makes an encoder for each call that does not go by the usual rules."""


@dataclass(frozen=True, slots=True)
class _Table:
    """``row`` makes of one of its things the values of the key's columns and then of the rest."""

    name: str
    key: tuple[str, ...]
    rest: tuple[str, ...]
    row: Callable[[Any], Row]

    def put(self, connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
        replacing(self.name, self.key, self.rest)(
            connection, [value for row in rows for value in row]
        )

    def drop(self, connection: sqlite3.Connection, keys: list[Row]) -> None:
        parts = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(self.key)))
        columns = ", ".join(self.key)
        connection.execute(
            f"DELETE FROM {self.name} WHERE ({columns}) IN (SELECT {parts} FROM json_each(?))",
            (json.dumps(keys),),
        )


@lru_cache(maxsize=256)
def _rooms(places: tuple[tuple[str, int | None], ...]) -> str:
    """As json: the same for all who come in at once, where no one has read anything yet."""
    return _json(dict(places))


def _session(row: SessionRow) -> Row:
    rooms = _rooms(tuple(row.rooms.items()))
    ignores = _json(list(row.ignores)) if row.ignores else "[]"
    return (
        *(row.number, row.nick, row.key, row.word, row.word_time, row.here, row.seen),
        *(rooms, row.account, row.version, ignores, row.word_at, row.wishes),
    )


def _room(row: RoomRow) -> Row:
    return row.name, row.topic, row.topic_by, row.key, row.slow, row.quiet


def _mark(mark: Mark) -> Row:
    key = mark.room, mark.kind.value, mark.who
    return *key, mark.nick, mark.until, mark.reason, mark.by, mark.time


def _account(row: AccountRow) -> Row:
    known = row.number, row.nick, row.hash, row.operator, row.version
    return *known, row.inbox, row.read, row.time


_SESSION = (
    *("number", "nick", "key", "word", "word_time", "here", "seen", "rooms"),
    *("account", "version", "ignores", "word_at", "wishes"),
)
_ROOM = ("name", "topic", "topic_by", "key", "slow", "quiet")
_MARK = ("room", "kind", "who", "nick", "until", "reason", '"by"', "time")
_ACCOUNT = ("number", "nick", "hash", "operator", "version", "inbox", "read", "time")
_ACT = ("time", "room", "act", '"by"', "target", "detail")

_TABLES: dict[type, _Table] = {
    SessionRow: _Table("sessions", _SESSION[:1], _SESSION[1:], _session),
    RoomRow: _Table("room_cards", _ROOM[:1], _ROOM[1:], _room),
    Mark: _Table("marks", _MARK[:3], _MARK[3:], _mark),
    AccountRow: _Table("accounts", _ACCOUNT[:1], _ACCOUNT[1:], _account),
}
_acts = Insert("audit", ("number", *_ACT))


def write(connection: sqlite3.Connection, kept: Iterable[Kept], last_act: int) -> int:
    """Keep all these; of two in one place the later one counts. Returns the last act's number.

    The numbers of acts go on from ``last_act``.
    """
    places: dict[type, dict[Row, Row | None]] = {}
    acts: list[AuditEntry] = []
    for each in kept:
        if isinstance(each, AuditEntry):
            acts.append(each)
        elif isinstance(each, Dropped):
            _place(places, each.kept, dropped=True)
        else:
            _place(places, each, dropped=False)
    for kind, rows in places.items():
        _TABLES[kind].put(connection, [row for row in rows.values() if row])
        if dropped := [key for key, row in rows.items() if row is None]:
            _TABLES[kind].drop(connection, dropped)
    return _write_acts(connection, acts, last_act) if acts else last_act


def _place(places: dict[type, dict[Row, Row | None]], thing: object, dropped: bool) -> None:
    table = _TABLES[type(thing)]
    row = table.row(thing)
    key = row[: len(table.key)]
    places.setdefault(type(thing), {})[key] = None if dropped else row


def _write_acts(connection: sqlite3.Connection, acts: list[AuditEntry], last: int) -> int:
    values: list[object] = []
    for number, act in enumerate(acts, last + 1):
        values += number, act.time, act.room, act.act, act.by, act.target, act.detail
    _acts(connection, values)
    last += len(acts)
    connection.execute("DELETE FROM audit WHERE number <= ?", (last - ACTS,))
    return last


def sessions(connection: sqlite3.Connection, condition: str, *values: object) -> list[SessionRow]:
    """The rows of the sessions for which the condition holds."""
    rows = connection.execute(
        f"SELECT last_id, {','.join(_SESSION)} FROM sessions WHERE {condition}", values
    )
    return [_session_of(*row) for row in rows.fetchall()]


def _session_of(last_id: int, *row: Any) -> SessionRow:
    number, nick, key, word, word_time, here, seen, rooms, *rest = row
    account, version, ignores, word_at, wishes = rest
    return SessionRow(
        number, nick, key, word, word_time, bool(here), seen, json.loads(rooms), last_id,
        account, version, tuple(json.loads(ignores)), word_at, wishes,
    )  # fmt: skip


def room_rows(connection: sqlite3.Connection) -> list[RoomRow]:
    """What is kept of the rooms beside their messages."""
    rows = connection.execute(f"SELECT {','.join(_ROOM)} FROM room_cards").fetchall()
    return [
        RoomRow(name, topic, topic_by, key, slow, bool(quiet))
        for name, topic, topic_by, key, slow, quiet in rows
    ]


def marks(connection: sqlite3.Connection) -> list[Mark]:
    """The marks of all rooms, those that have ended among them."""
    rows = connection.execute(f"SELECT {','.join(_MARK)} FROM marks").fetchall()
    return [Mark(room, MarkKind(kind), *rest) for room, kind, *rest in rows]


def accounts(connection: sqlite3.Connection) -> list[AccountRow]:
    """All accounts, in the order of their numbers."""
    query = f"SELECT {','.join(_ACCOUNT)} FROM accounts ORDER BY number"
    return [
        AccountRow(number, nick, hash, bool(operator), *rest)
        for number, nick, hash, operator, *rest in connection.execute(query).fetchall()
    ]


def acts(connection: sqlite3.Connection, limit: int) -> list[AuditEntry]:
    """The last acts of moderation, in order."""
    (rows,) = connection.execute(
        f"""SELECT json_group_array(json_array({",".join(_ACT)}))
            FROM (SELECT * FROM (SELECT * FROM audit ORDER BY number DESC LIMIT ?)
                  ORDER BY number)""",
        (max(0, limit),),
    ).fetchone()
    return [AuditEntry(*row) for row in json.loads(rows)]


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


def last_session(connection: sqlite3.Connection) -> int:
    """The highest number that a session ever had, 0 for none."""
    return _last(connection, "sessions", "last_session")


def last_account(connection: sqlite3.Connection) -> int:
    """The highest number that an account ever had, 0 for none."""
    return _last(connection, "accounts", "last_account")


def _last(connection: sqlite3.Connection, table: str, gone: str) -> int:
    query = f"SELECT max({gone}, (SELECT coalesce(max(number), 0) FROM {table})) FROM record"
    return int(connection.execute(query).fetchone()[0])
