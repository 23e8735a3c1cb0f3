"""The json dialect as bytes: one object a line, UTF-8, LF.

What comes from a server is not trusted: a line has a limit, a number must be a number, and what is
wrong raises `MessageError` where it is read, so that the session can pass over it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

LINE_LIMIT = 1024 * 1024
"""Bytes of a line from the server. A reply holds many messages, each of up to 4 KiB of text."""

MAX_NUMBER = 2**53 - 1
"""The highest id or seq: beyond it JSON numbers are no longer exact (RFC 8259, section 6)."""

T = TypeVar("T")


class MessageError(ValueError):
    """A message that is not what the protocol says it is."""


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
    """One message as a line."""
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return line.encode("utf-8", "replace") + b"\n"


def decode(line: bytes) -> Fields:
    """The message in a line; raises `MessageError` when it is not one JSON object."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as wrong:
        raise MessageError("not JSON") from wrong
    return Fields(value)


class Fields:
    """The fields of one message, read with their types; unknown ones are never looked at.

    Every method raises `MessageError` for a value of another type than it promises; the ``maybe``
    forms take a field that is missing or null for None.
    """

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise MessageError("not an object")
        self._fields: dict[str, object] = value

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str):
            raise MessageError(name)
        return value

    def number(self, name: str) -> int:
        """An integer from 0 to 2^53 - 1."""
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_NUMBER:
            raise MessageError(name)
        return value

    def seq(self, name: str) -> int:
        """The number of a message: an integer from 1."""
        value = self.number(name)
        if value == 0:
            raise MessageError(name)
        return value

    def seconds(self, name: str) -> float:
        """How long something lasts; what is missing lasts no time."""
        value = self._fields.get(name, 0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e12:
            raise MessageError(name)
        return float(value)

    def maybe_text(self, name: str) -> str | None:
        return self._maybe(self.text, name)

    def maybe_number(self, name: str) -> int | None:
        return self._maybe(self.number, name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings; a missing one is empty."""
        values = self._list(name)
        if not all(isinstance(value, str) for value in values):
            raise MessageError(name)
        return tuple(str(value) for value in values)

    def objects(self, name: str) -> tuple[Fields, ...]:
        """A list of objects; a missing one is empty."""
        return tuple(Fields(value) for value in self._list(name))

    def members(self, name: str) -> dict[str, Fields]:
        """An object of objects; a missing one is empty."""
        value = self._fields.get(name, {})
        if not isinstance(value, dict):
            raise MessageError(name)
        return {key: Fields(member) for key, member in value.items()}

    def member(self, name: str) -> Fields:
        """An object; a missing one is empty."""
        return Fields(self._fields.get(name, {}))

    def setting(self, name: str) -> str | bool | float:
        """A text, a switch or a number."""
        value = self._fields.get(name)
        return value if isinstance(value, str | bool) else self.seconds(name)

    def flag(self, name: str) -> bool:
        return self._fields.get(name) is True

    def _list(self, name: str) -> list[object]:
        value = self._fields.get(name, [])
        if not isinstance(value, list):
            raise MessageError(name)
        return value

    def _maybe(self, read: Callable[[str], T], name: str) -> T | None:
        return None if self._fields.get(name) is None else read(name)
