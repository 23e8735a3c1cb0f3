"""Writing a room out of a database that a server may be using: as text, Markdown or JSON lines.

The messages are read a thousand at a time, each time in a transaction of its own, so that neither
memory nor the server's log grows with the room. As messages never change, and only ever the oldest
are deleted, the result is the same as if all had been read at once. It ends with the message that
was the newest when it began.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Literal

from huddle.errors import NoSuchRoom
from huddle.events import Kind, Said
from huddle.record import Extent
from huddle.record.sqlite import tables
from huddle.record.sqlite.causes import unusable
from huddle.record.sqlite.opening import Database, open_to_read

Form = Literal["text", "markdown", "jsonl"]

AT_ONCE = 1000
"""Messages read at once: at most 4 MiB of text."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$])")


def rooms(path: str) -> dict[str, Extent]:
    """The rooms in the database, and what it holds of them. Raises `RecordUnusable`."""
    with closing(open_to_read(Database(path))) as connection:
        return _extents(connection)


def export(
    path: str,
    room: str,
    form: Form,
    *,
    zone: tzinfo = UTC,
    since: int = 0,
    until: int | None = None,
) -> Generator[str, None, None]:
    """The room's messages as lines, each with its line feed.

    ``since`` leaves out what was said before that time (milliseconds since 1970), ``until`` what
    was said then or later. ``zone`` is for the times in text and Markdown; JSON lines are as on the
    wire. Raises `RecordUnusable` at any line, and `NoSuchRoom` before the first.
    """
    connection = open_to_read(Database(path))
    try:
        with closing(connection):
            extent = _extents(connection).get(room)
            if extent is None:
                raise NoSuchRoom(room)
            first = tables.since(connection, room, extent, since)
            last = extent.newest
            if until is not None:
                last = tables.since(connection, room, extent, until) - 1
            messages = _messages(connection, room, first, last)
            yield from _FORMS[form](room, messages, zone)
    except sqlite3.Error as error:
        raise unusable(error, path) from error


def _extents(connection: sqlite3.Connection) -> dict[str, Extent]:
    return {name: row.extent for name, row in tables.counters(connection).rooms.items()}


def _messages(connection: sqlite3.Connection, room: str, first: int, newest: int) -> Iterator[Said]:
    for start in range(first, newest + 1, AT_ONCE):
        yield from tables.read(connection, room, start, min(newest, start + AT_ONCE - 1))


def _text(room: str, messages: Iterator[Said], zone: tzinfo) -> Iterator[str]:
    for message in messages:
        name = f"* {message.nick}" if message.kind is Kind.ME else f"<{message.nick}>"
        yield f"{_time(message, zone):%Y-%m-%d %H:%M:%S} {name} {message.text}\n"


def _markdown(room: str, messages: Iterator[Said], zone: tzinfo) -> Iterator[str]:
    yield f"# {_escaped(room)}\n"
    for day, said in groupby(messages, lambda message: _time(message, zone).date()):
        yield f"\n## {day}\n\n"
        for message in said:
            time = f"{_time(message, zone):%H:%M:%S}"
            between = " " if message.kind is Kind.ME else ": "
            yield f"- {time} **{_escaped(message.nick)}**{between}{_escaped(message.text)}\n"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _json_lines(room: str, messages: Iterator[Said], zone: tzinfo) -> Iterator[str]:
    for message in messages:
        said = {
            "type": "said",
            "room": room,
            "seq": message.seq,
            "time": _time(message, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
            "nick": message.nick,
            "kind": message.kind.value,
            "text": message.text,
        }
        yield json.dumps(said, ensure_ascii=False) + "\n"


def _time(message: Said, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=message.time)).astimezone(zone)


_FORMS: dict[Form, Callable[[str, Iterator[Said], tzinfo], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "jsonl": _json_lines,
}
