"""What one field of an object may hold: how it is read on either side, and how it is written.

The values of `huddle.protocol.requests`, `answers` and `events` say of each field what it is, by
the names below (`Text`, `Count`, `Time`…); `huddle.protocol.codec` reads and writes them by that.
A *strict* reader is the server's: what a program sends is made clean and has no line break where
there must be none. A *lenient* one is the client's: it takes strings as they are, since its
wire has cleaned them, and some values for granted that are not there. Both raise `BadField` with
the field's name for a value of another type or out of range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from huddle.locale.durations import LONGEST
from huddle.protocol.errors import BadField
from huddle.protocol.limits import Limits
from huddle.protocol.text import clean, cleaned

BIGGEST = 2**53 - 1
"""The highest number that every JSON implementation holds exactly (RFC 8259, section 6)."""

ROOMS = Limits().rooms_each + 1
"""Rooms that one ``after`` may name: those that a session may be in, and its inbox."""

LONGEST_NAME = 128
"""Characters of a room's name that a client still reads as one; the server's limit is 32."""

VERSION = 1
"""The version of the format; a hello that names another is refused."""

REQUIRED: Final = object()
"""Stands for the value of a field that must be there."""

Read = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Form:
    """How a field goes over the wire: its two readers, which are given its name and its value.

    ``missing`` is what the lenient reader takes for a value that is null or not there; ``write``
    makes a value into one of JSON (None: it is one).
    """

    strict: Read
    lenient: Read
    missing: object = REQUIRED
    write: Callable[[Any], object] | None = None


def text(name: str, value: Any) -> str:
    """A string, made clean: errors and answers repeat it."""
    if not isinstance(value, str):
        raise BadField(name)
    return value if value.isprintable() else cleaned(value)


def line(name: str, value: Any) -> str:
    """A clean string without a line break."""
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise BadField(name)
    return value if value.isprintable() else cleaned(value)


def key(name: str, value: Any) -> str:
    """A clean string that is neither empty nor has a line break: the key of a room."""
    return line(name, value or None)


def raw(name: str, value: Any) -> str:
    """A string as it is: it has been cleaned, or is not for a screen."""
    if not isinstance(value, str):
        raise BadField(name)
    return value


def count(name: str, value: Any) -> int:
    """A whole number from 1 to `BIGGEST`, and no boolean."""
    if type(value) is not int or not 1 <= value <= BIGGEST:
        raise BadField(name)
    return value


def number(name: str, value: Any) -> int:
    """A whole number from 0 to `BIGGEST`, and no boolean."""
    if type(value) is not int or not 0 <= value <= BIGGEST:
        raise BadField(name)
    return value


def version(name: str, value: Any) -> int:
    """The version that is spoken here (`VERSION`); any other is refused."""
    if type(value) is not int or value != VERSION:
        raise BadField(name)
    return value


def seconds(name: str, value: Any) -> float:
    """A number of seconds, from 0 to `LONGEST`."""
    if type(value) not in (int, float) or not 0 <= value <= LONGEST:
        raise BadField(name)
    return float(value)


def ahead(name: str, value: Any) -> float:
    """A number of seconds by which a clock is ahead of another, below zero behind it."""
    if type(value) not in (int, float) or not -LONGEST <= value <= LONGEST:
        raise BadField(name)
    return float(value)


def duration(name: str, value: Any) -> float:
    """Seconds, and more than none: for no time at all makes no sense."""
    return seconds(name, value or None)


def _ending(name: str, value: Any) -> float | None:
    return seconds(name, value) or None


def time(name: str, value: Any) -> int:
    """A time of RFC 3339 with its zone, as milliseconds since 1970."""
    try:
        read = datetime.fromisoformat(raw(name, value))
    except ValueError:
        raise BadField(name) from None
    if read.tzinfo is None:
        raise BadField(name)
    return round(read.timestamp() * 1000)


def rfc3339(time: int) -> str:
    """A time in milliseconds since 1970 as the wire has it."""
    second, millisecond = divmod(time, 1000)
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{millisecond:03}Z"


def switch(name: str, value: Any) -> bool:
    """A boolean of JSON; 0 and 1 are none."""
    if not isinstance(value, bool):
        raise BadField(name)
    return value


def seqs(name: str, value: Any) -> Mapping[str, int]:
    """An object of seqs by room, from 0. A room's name is no longer than one can be, and clean."""
    if not isinstance(value, dict) or len(value) > ROOMS:
        raise BadField(name)
    for room, seq in value.items():
        number(name, seq)
        if len(room) > Limits().room_name or clean(room) != room:
            raise BadField(name)
    return value


def room(name: str, value: Any) -> str:
    """A room's name as a server tells it."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise BadField(name)
    return value


def names(name: str, value: Any) -> tuple[str, ...]:
    """A list of strings, such as nicks, of any length that a line has room for."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadField(name)
    return tuple(value)


def members(name: str, value: Any) -> Mapping[str, Any]:
    """An object of objects, or of whatever else its reader finds in it."""
    if not isinstance(value, dict):
        raise BadField(name)
    return value


def setting(name: str, value: Any) -> str | bool | float:
    """A text, a switch, or a number of seconds."""
    return value if isinstance(value, str | bool) else seconds(name, value)


def rows(read_row: Read, write_row: Callable[[Any], object]) -> Form:
    """A list of objects, by how one of them is read and written."""

    def read(name: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise BadField(name)
        return tuple([read_row(name, each) for each in value])

    return Form(read, read, (), lambda listed: list(map(write_row, listed)))


Text = Annotated[str, Form(text, raw)]
"""A string, as json has it."""
Line = Annotated[str, Form(line, raw)]
"""A string in which there is no line break."""
Remark = Annotated[str, Form(line, raw, "")]
"""The same; empty where it is not told."""
Key = Annotated[str, Form(key, raw)]
"""The same, and never empty."""
Count = Annotated[int, Form(count, count)]
"""A whole number from 1 on."""
Number = Annotated[int, Form(number, number)]
"""A whole number from 0 on."""
Version = Annotated[int, Form(version, version)]
Seconds = Annotated[float, Form(seconds, seconds, 0.0)]
"""How many seconds something lasts, with fractions."""
Ahead = Annotated[float, Form(ahead, ahead)]
"""By how many seconds a clock is ahead of another; below zero it is behind."""
Duration = Annotated[float, Form(duration, _ending)]
"""How long something lasts, if it does not last for ever."""
Time = Annotated[int, Form(time, time, REQUIRED, rfc3339)]
"""Milliseconds since 1970; RFC 3339 on the wire."""
Seqs = Annotated[Mapping[str, int], Form(seqs, seqs)]
"""For each room the seq of one message there."""
Names = Annotated[tuple[str, ...], Form(names, names, ())]
"""Some names; none where they are not told."""
Value = Annotated[str | bool | float, Form(setting, setting)]
"""What a setting of a room is."""
Members = Annotated[Mapping[str, Any], Form(members, members, {})]
"""An object; empty where it is not told."""
Objects = Annotated[tuple[Any, ...], rows(lambda _, each: each, lambda each: each)]
"""A list of objects that another reader looks into."""
