"""Writing a room out of a database that a server may be using: as text, Markdown or JSON lines.

The messages are read a thousand at a time, each time in a transaction of its own, so that neither
memory nor the server's log grows with the room. As messages never change, save that their text may
be taken out, and only ever the oldest are deleted, the result is the same as if all had been read
at once. It ends with the message that was the newest when it began.

Private messages are not written out, and a locked room is written out to those who have its key;
that is asked at each reading.
"""

from __future__ import annotations

import hmac
import json
import re
import sqlite3
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Literal

from huddle.locale import ENGLISH, Wording, translator
from huddle.locale.wording import WAS_DELETED, about
from huddle.protocol.errors import NoSuchRoom, RoomLocked
from huddle.protocol.events import FIRST_ROOM, Kind, Said, is_inbox
from huddle.record import AuditEntry, Extent
from huddle.record.sqlite import state, tables
from huddle.record.sqlite.opening import reading

Form = Literal["text", "markdown", "jsonl"]

AT_ONCE = 1000
"""Messages read at once: at most 4 MiB of text."""

_ENGLISH = translator(ENGLISH)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$])")


def export(
    path: str,
    room: str,
    form: Form,
    *,
    wording: Wording = _ENGLISH,
    key: bytes | None = None,
    zone: tzinfo = UTC,
    since: int = 0,
    until: int | None = None,
    shown: Callable[[str], str] | None = None,
) -> Generator[str, None, None]:
    """The room's messages as lines, each with its line feed.

    ``since`` leaves out what was said before that time (milliseconds since 1970), ``until`` what
    was said then or later. ``wording`` and ``zone`` are for text and Markdown; JSON lines are as on
    the wire. ``key`` is the hash of the key that was given (`huddle.people.authentication`).
    ``shown`` makes of each text what is to be seen of it; None: all. Raises `RecordUnusable` and
    `RoomLocked` at any line, and `NoSuchRoom` before the first.
    """
    with reading(path) as connection:
        nothing = Extent() if room == FIRST_ROOM else None  # which is always there
        extent = tables.counters(connection).extents.get(room, nothing)
        if extent is None or is_inbox(room):
            raise NoSuchRoom(room)
        first = tables.since(connection, room, extent, since)
        last = extent.newest
        if until is not None:
            last = tables.since(connection, room, extent, until) - 1
        messages = _messages(connection, room, key, first, last)
        if shown is not None:
            messages = (replace(each, text=shown(each.text)) for each in messages)
        yield from _FORMS[form](room, messages, zone, wording)


def audit(
    path: str, *, zone: tzinfo = UTC, since: int = 0, until: int | None = None
) -> Generator[str, None, None]:
    """The acts of moderation as lines, each with its line feed; what is not known is left out.

    ``since``, ``until`` and ``zone`` as for `export`. Raises `RecordUnusable`.
    """
    with reading(path) as connection:
        for act in state.all_acts(connection, since, until):
            told = act.room, act.act, act.by, act.target, act.detail
            parts = (f"{_time(act, zone):%Y-%m-%d %H:%M:%S}", *(part for part in told if part))
            yield f"{' · '.join(parts)}\n"


def _messages(
    connection: sqlite3.Connection, room: str, key: bytes | None, first: int, newest: int
) -> Iterator[Said]:
    _check_key(connection, room, key)
    for start in range(first, newest + 1, AT_ONCE):
        _check_key(connection, room, key)
        yield from tables.read(connection, room, start, min(newest, start + AT_ONCE - 1))


def _check_key(connection: sqlite3.Connection, room: str, key: bytes | None) -> None:
    wanted = state.key_of_room(connection, room)
    if wanted is not None and not hmac.compare_digest(wanted, key or b""):
        raise RoomLocked(room)


def _text(room: str, messages: Iterator[Said], zone: tzinfo, wording: Wording) -> Iterator[str]:
    for message in messages:
        yield f"{_time(message, zone):%Y-%m-%d %H:%M:%S} {_line(message, wording)}\n"


def _line(message: Said, wording: Wording) -> str:
    _, nick = wording.gettext, message.nick
    text = about(message.re, message.edits, wording) + message.text
    match message.kind:
        case Kind.ME:
            return f"* {nick} {text}"
        case Kind.ANNOUNCE:
            return "-- " + _("{nick} announces: {text}").format(nick=nick, text=text)
        case Kind.DELETED:
            return f"-- {_(WAS_DELETED).format(nick=nick)}"
        case _:
            return f"<{nick}> {text}"


def _markdown(room: str, messages: Iterator[Said], zone: tzinfo, wording: Wording) -> Iterator[str]:
    yield f"# {_escaped(room)}\n"
    for day, said in groupby(messages, lambda message: _time(message, zone).date()):
        yield f"\n## {day}\n\n"
        for message in said:
            yield f"- {_time(message, zone):%H:%M:%S} {_item(message, wording)}\n"


def _item(message: Said, wording: Wording) -> str:
    _, nick = wording.gettext, f"**{_escaped(message.nick)}**"
    text = _escaped(about(message.re, message.edits, wording) + message.text)
    match message.kind:
        case Kind.ME:
            return f"{nick} {text}"
        case Kind.ANNOUNCE:
            return _("{nick} announces: {text}").format(nick=nick, text=text)
        case Kind.DELETED:
            return f"*{_(WAS_DELETED).format(nick=nick)}*"
        case _:
            return f"{nick}: {text}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _json_lines(
    room: str, messages: Iterator[Said], zone: tzinfo, wording: Wording
) -> Iterator[str]:
    for message in messages:
        is_gone = message.kind is Kind.DELETED
        told: dict[str, object] = {
            "type": "deleted" if is_gone else "said",
            "room": room,
            "seq": message.seq,
            "time": _time(message, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        }
        others = {"block": message.block, "re": message.re, "edits": message.edits}
        told |= {name: seq for name, seq in others.items() if seq}
        if is_gone:
            told["of"] = message.nick
        else:
            told |= {"nick": message.nick, "kind": message.kind.value, "text": message.text}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def _time(noted: Said | AuditEntry, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=noted.time)).astimezone(zone)


_FORMS: dict[Form, Callable[[str, Iterator[Said], tzinfo, Wording], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "jsonl": _json_lines,
}
