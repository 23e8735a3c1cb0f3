"""The json dialect: one object a line, for programs. `docs/protocol.md` describes it for them.

A room's lines are the same for everybody, whatever their language: only the ``text`` of an error is
worded. The strings here come clean from the core; those that go in are cleaned there
(`huddle.protocol.text`), since a surrogate or a NUL can hide in an escape.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from json.encoder import encode_basestring as quoted
from typing import Final

from typing_extensions import override

from huddle.dialects.ndjson.answers import asked_as, told
from huddle.dialects.ndjson.requests import JsonReader
from huddle.locale import LANGUAGES, Wording, translator
from huddle.protocol.answers import Ack, Answer, AuditList, BanList, Past, RoomList
from huddle.protocol.codec import fields_of, written
from huddle.protocol.dialect import PROGRAM, Dialect, Renderer
from huddle.protocol.events import (
    Changed,
    Deleted,
    Here,
    Joined,
    Kind,
    Left,
    Renamed,
    RoomEvent,
    Said,
    label,
)
from huddle.protocol.fields import rfc3339
from huddle.protocol.limits import Limits
from huddle.protocol.long_answers import LONG, LongAnswer, in_pieces

# What an Enum is asked for costs as much as all the rest of a line; these are bound once.
_SAY, _DELETED = Kind.SAY, Kind.DELETED
_PLAIN_SAY = _SAY.value


class JsonRenderer(Renderer):
    """Renders for programs; the language is that of an error's ``text``."""

    audience = "json"

    def __init__(self, wording: Wording, limits: Limits) -> None:
        self._wording = wording
        self._limits = limits
        self._second, self._stamp = -1, ""
        # of the line before, which most are like in these
        self._room, self._quoted_room = "", ""
        self._time, self._quoted_time = -1, ""

    @override
    def live(self, events: Sequence[RoomEvent]) -> list[bytes]:
        lines: list[bytes] = []
        for event in events:
            line = self._said(event) if isinstance(event, Said) else self._event(event)
            lines.append(line.encode())
        return lines

    @override
    def past(self, messages: Sequence[Said], previous: int | None) -> list[bytes]:
        lines: list[bytes] = []
        for message in messages:
            lines.append(self._said(message).encode())
        return lines

    @override
    def answer(self, event: Answer) -> bytes:
        if isinstance(event, Ack):
            if event.room != self._room:
                self._note_room(event.room)
            room = self._quoted_room
            return f'{{"type":"ack","id":{event.id},"room":{room},"seq":{event.seq}}}\n'.encode()
        if isinstance(event, LONG):
            return b"".join(self.pieces(event))
        fields = told(event, self._wording, self._limits)
        return _dumped(fields).encode() if fields else b""

    @override
    def pieces(self, event: LongAnswer) -> Iterator[bytes]:
        match event:
            case Past():
                return in_pieces(self._past(event))
            case RoomList(rooms=rows):
                return in_pieces(_listed(replace(event, rooms=()), rows))
            case BanList(bans=rows):
                return in_pieces(_listed(replace(event, bans=()), rows))
            case AuditList(acts=rows):
                return in_pieces(_listed(replace(event, acts=()), rows))

    # -- what happens in rooms -----------------------------------------------------------------

    def _event(self, event: RoomEvent) -> str:
        match event:
            case Said():
                return self._said(event)
            case Joined(here=Here() as here) | Left(here=Here() as here):
                return _dumped(written(here))
            case Joined(room=room, nicks=nicks):
                return _each("joined", room, nicks)
            case Left(room=room, nicks=nicks, by=by, reason=reason):
                more = {"by": by, "reason": reason} if by else {}
                return _each("left", room, nicks, **more)
            case Renamed() | Changed() | Deleted():
                return _dumped(written(event))

    def _said(self, said: Said) -> str:
        """By hand: a fifth of the time that ``json.dumps`` takes, and this is the hot path."""
        kind = said.kind
        if kind is _DELETED:
            return self._tombstone(said)
        if said.room != self._room:
            self._note_room(said.room)
        if said.time != self._time:
            self._time, self._quoted_time = said.time, self._stamped(said.time)
        return (
            f'{{"type":"said","room":{self._quoted_room},'
            f'"seq":{said.seq},"time":"{self._quoted_time}","nick":{quoted(said.nick)},'
            f"{_to(said.to) if said.to else ''}"
            f"{_others(said) if said.block or said.re or said.edits else ''}"
            f'"kind":"{_PLAIN_SAY if kind is _SAY else kind.value}","text":{quoted(said.text)}}}\n'
        )

    def _tombstone(self, said: Said) -> str:
        room, time = label(said.room), self._stamped(said.time)
        whose: dict[str, object] = {"time": time, "of": said.nick}
        if said.block:
            whose["block"] = said.block
        if said.edits:
            whose["edits"] = said.edits
        return _dumped({"type": "deleted", "room": room, "seq": said.seq, **whose})

    def _past(self, past: Past) -> Iterator[bytes]:
        """A reply that holds lines of the room as they stand."""
        head = _dumped({"type": "reply", **asked_as(past.id), "room": label(past.room)}).rstrip(
            "}\n"
        )
        yield f'{head},"messages":['.encode()
        comma = ""
        for message in past.messages:
            yield f"{comma}{self._said(message).rstrip()}".encode()
            comma = ","
        yield f'],"more":{"true" if past.more else "false"},"later":{past.later}}}\n'.encode()

    def _note_room(self, room: str) -> None:
        self._room, self._quoted_room = room, quoted(label(room))

    def _stamped(self, time: int) -> str:
        second = time // 1000
        if self._second != second:
            self._second, self._stamp = second, rfc3339(time)[: -len(".000Z")]
        return f"{self._stamp}.{time % 1000:03}Z"


class JsonDialect(Dialect):
    """The json dialect: what `Dialect` asks for, with one shared renderer for each language."""

    traits: Final = PROGRAM

    def __init__(self, limits: Limits) -> None:
        self._reader = JsonReader()
        self._renderers = {
            language: JsonRenderer(translator(language), limits) for language in LANGUAGES
        }

    @override
    def reader(self) -> JsonReader:
        return self._reader

    @override
    def renderer(self, language: str, times: bool, numbers: bool = False) -> JsonRenderer:
        return self._renderers[language]


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: ``json.dumps`` makes one for each call that does not go by the usual rules."""


def _dumped(fields: dict[str, object]) -> str:
    return _ENCODER.encode(fields) + "\n"


def _listed(empty: RoomList | BanList | AuditList, rows: Sequence[object]) -> Iterator[bytes]:
    """A list, which is the last field of its answer, with these rows."""
    end = "]}\n"
    yield _dumped(written(empty)).removesuffix(end).encode()
    comma = ""
    for row in rows:
        yield f"{comma}{_dumped(fields_of(row)).rstrip()}".encode()
        comma = ","
    yield end.encode()


def _each(kind: str, room: str, nicks: tuple[str, ...], **more: str) -> str:
    return "".join(_dumped({"type": kind, "room": room, "nick": nick, **more}) for nick in nicks)


def _others(said: Said) -> str:
    """The messages that it goes with, answers, or puts right."""
    block = f'"block":{said.block},' if said.block else ""
    re = f'"re":{said.re},' if said.re else ""
    return f'{block}{re}"edits":{said.edits},' if said.edits else block + re


def _to(nick: str) -> str:
    return f'"to":{quoted(nick)},'
