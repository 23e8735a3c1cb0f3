"""The json dialect as bytes: one object a line, UTF-8, LF.

What comes from a server is not trusted: a line has a limit, a number must be a number, every string
is made clean, and what is wrong raises `MessageError` where it is read, so that the session can
pass over it. So whatever is made of a message can be shown on a terminal as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from huddle.protocol.codec import MessageError, called, dataclass
from huddle.protocol.events import Room
from huddle.protocol.fields import Members, Number, Objects, Seconds, Text
from huddle.protocol.text import clean

LINE_LIMIT = 1024 * 1024
"""Bytes of a line from the server. A reply holds many messages, each of up to 4 KiB of text."""

Message = Mapping[str, Any]
"""The fields of one message; unknown ones are never looked at."""


class LineBuffer:
    """Cuts a stream at its LFs; holds at most ``limit`` bytes of a line that has not ended.

    A longer line is dropped whole and counted in ``dropped``.
    """

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self.dropped = 0
        self._limit = limit
        self._rest = bytearray()
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completes, without their LF."""
        if b"\n" not in data:
            self._append(data)
            return []
        first, *whole = data.split(b"\n")
        self._append(first)
        lines = [] if self._dropping else [bytes(self._rest)]
        rest = whole.pop()
        self._rest.clear()
        self._dropping = False
        self._append(rest)
        lines += (line for line in whole if not self._too_long(line))
        return lines

    def take_rest(self) -> bytes:
        """What came after the last LF, which has not been cut into a line; it is forgotten."""
        rest = bytes(self._rest)
        self._rest.clear()
        self._dropping = False
        return rest

    def _append(self, data: bytes) -> None:
        if self._dropping:
            return
        self._rest += data
        if self._too_long(self._rest):
            self._rest.clear()
            self._dropping = True

    def _too_long(self, line: bytes | bytearray) -> bool:
        too_long = len(line) > self._limit
        self.dropped += too_long
        return too_long


def encode(message: Mapping[str, object]) -> bytes:
    """One message as a line with its end. A number that JSON does not have is a ValueError."""
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return line.encode("utf-8", "replace") + b"\n"


def decode(line: bytes) -> Message:
    """The message in a line; raises `MessageError` when it is not one JSON object."""
    try:
        return _object(line.decode("utf-8"))
    except (ValueError, RecursionError) as wrong:
        raise MessageError("not JSON") from wrong


def received(line: bytes) -> Message:
    """The message in a server's line, in which every string and every name of a field is clean.

    Nothing else that reads what a server says need clean it again. Raises `MessageError` as
    `decode` does.
    """
    try:
        text = line.decode("utf-8")
        message = _object(text)
        # What harms is not printable or stands there as an escape; most lines have neither.
        harmless = text.isprintable() and "\\" not in text
        return message if harmless else _clean(message)
    except (ValueError, RecursionError) as wrong:
        raise MessageError("not JSON") from wrong


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise MessageError("not an object")
    return value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {clean(name): _clean(each) for name, each in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Head:
    """What every message has: the ``type`` by which it is known how to read the rest."""

    kind: Text = field(metadata=called("type"))


@dataclass(frozen=True, slots=True)
class Welcome:
    """The session is let in; of each room the last seq stands in it, besides how it is there."""

    nick: Text
    epoch: Text
    rooms: Members
    limits: Members
    last_id: Number = 0


@dataclass(frozen=True, slots=True)
class TextLimit:
    """How many bytes of UTF-8 the server takes in one text."""

    text: Number | None = None


@dataclass(frozen=True, slots=True)
class Error:
    """Something was refused; ``number`` is the id of what was asked, if it had one."""

    code: Text
    reason: Text = field(default="", metadata=called("text"))
    number: Number | None = field(default=None, metadata=called("id"))
    room: Text | None = None
    suggest: Text | None = None
    retry_after: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class Answering:
    """A reply to the request of that id."""

    number: Number = field(metadata=called("id"))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply may tell besides what was asked for: a room's name and last seq, a nick."""

    room: Room | None = None
    seq: Number | None = None
    count: Number | None = None
    nick: Text | None = None
    messages: Objects = ()
    more: bool = False
