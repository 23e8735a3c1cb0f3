"""The fields of one JSON object, each asked for by the type it must have.

Every question raises `BadField`, with the field's name, when the answer has another type or is out
of range. A field that nobody asks for is ignored, so that later versions can add some.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

from huddle.locale.durations import LONGEST
from huddle.protocol.errors import BadField
from huddle.protocol.events import Kind
from huddle.protocol.limits import Limits
from huddle.protocol.text import clean

BIGGEST = 2**53 - 1
"""The highest number that every JSON implementation holds exactly (RFC 8259, section 6)."""

ROOMS = Limits().rooms_each + 1
"""Rooms that one ``after`` may name: those that a session may be in, and its inbox."""

_SAID = {"say": Kind.SAY, "me": Kind.ME}
"""The kinds that a program may say something as."""


class Fields:
    """One object that a program sent."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def missing(self, name: str) -> NoReturn:
        """The field is not what it must be."""
        raise BadField(name)

    def id(self) -> int | None:
        """The number that the program gave this request."""
        return self.optional_count("id")

    def text(self, name: str) -> str:
        """A string that must be there, made clean: errors and answers repeat it."""
        value = self._fields.get(name)
        return clean(value) if isinstance(value, str) else self.missing(name)

    def line(self, name: str) -> str:
        """A string without a line break."""
        value = self._fields.get(name)
        if isinstance(value, str) and ("\n" in value or "\r" in value):
            self.missing(name)
        return self.text(name)

    def optional_text(self, name: str) -> str | None:
        """A string, or null, or nothing."""
        return None if self._fields.get(name) is None else self.text(name)

    def optional_line(self, name: str) -> str | None:
        """A string without a line break, or null, or nothing."""
        return None if self._fields.get(name) is None else self.line(name)

    def count(self, name: str) -> int:
        """A whole number from 1 to 2^53-1 that must be there."""
        return self._count(name, self._fields.get(name), 1)

    def optional_count(self, name: str, least: int = 1) -> int | None:
        """A whole number from ``least`` to 2^53-1, or null, or nothing."""
        value = self._fields.get(name)
        return None if value is None else self._count(name, value, least)

    def optional_time(self, name: str) -> int | None:
        """A time of RFC 3339, as milliseconds since 1970; or null, or nothing."""
        value = self.optional_text(name)
        try:
            time = None if value is None else datetime.fromisoformat(value)
        except ValueError:
            self.missing(name)
        if time is None:
            return None
        return self.missing(name) if time.tzinfo is None else round(time.timestamp() * 1000)

    def flag(self, name: str) -> bool:
        """True or false; false when it is null or not there."""
        value = self._fields.get(name)
        return value is True if isinstance(value, bool | None) else self.missing(name)

    def switch(self, name: str) -> bool:
        """True or false, which must be told."""
        value = self._fields.get(name)
        return value if isinstance(value, bool) else self.missing(name)

    def optional_seconds(self, name: str) -> float | None:
        """A number of seconds, from 0 to `LONGEST`, or null, or nothing."""
        value = self._fields.get(name)
        if value is None:
            return None
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if number and 0 <= value <= LONGEST else self.missing(name)

    def kind(self) -> Kind:
        """How something is said; as usual when it is null or not there."""
        name = self.optional_text("kind")
        return Kind.SAY if name is None else _SAID.get(name) or self.missing("kind")

    def seqs(self, name: str) -> dict[str, int]:
        """An object of seqs by room, from 0; empty when it is not there."""
        value = self._fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or len(value) > ROOMS:
            self.missing(name)
        return {self._room(name, room): self._count(name, seq, 0) for room, seq in value.items()}

    def _room(self, name: str, room: str) -> str:
        """A room's name is no longer than one can be, and clean."""
        fits = len(room) <= Limits().room_name and clean(room) == room
        return room if fits else self.missing(name)

    def _count(self, name: str, value: object, least: int) -> int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or not least <= value <= BIGGEST:  # type: ignore[operator]
            self.missing(name)
        return value  # type: ignore[return-value]
