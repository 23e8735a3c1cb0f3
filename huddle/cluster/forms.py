"""What a field of an entry may hold: read strictly, by every node alike.

The readers of `huddle.protocol.fields` clean what strangers send. What is read here was cleaned by
the node that wrote it, so it is taken as it is or not at all; and nothing is asked of the Unicode
table of the Python that runs, or two nodes could differ. All raise `BadField`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from huddle.protocol.errors import BadField
from huddle.protocol.fields import REQUIRED, Form, Read, number
from huddle.protocol.limits import KIB

MOST_TEXT = 4 * KIB
"""Bytes of what is said; where texts must be shorter, longer ones are refused before."""
MOST_REMARK = 512
"""Bytes of a topic, a reason, or another short text."""
MOST_NAME = 256
"""Bytes of a name, and of each of its keys: a skeleton can be three times as long as its name."""
MOST_KEYS = 4
MOST_ROOMS = 65
"""Rooms of one session, and its inbox."""
MOST_LIST = 1000
"""Items of any other list in one entry: lines of a block, restrictions of a room, people
ignored."""
MOST_HEX = 128
MOST_SHARED = 200


def _text(most: int) -> Callable[[str, Any], str]:
    """A string of at most so many bytes of UTF-8, in which no half of a surrogate pair stands."""

    def read(name: str, value: Any) -> str:
        if type(value) is not str or len(value) > most:
            raise BadField(name)
        if not value.isascii():
            try:
                size = len(value.encode())
            except UnicodeEncodeError:
                raise BadField(name) from None
            if size > most:
                raise BadField(name)
        return value

    return read


text = _text(MOST_TEXT)
remark = _text(MOST_REMARK)
_short = _text(MOST_NAME)


def hexadecimal(name: str, value: Any) -> str:
    """Bytes as hexadecimal digits in small letters, two each: a hash, an address, a life."""
    if type(value) is not str or len(value) > MOST_HEX or len(value) % 2:
        raise BadField(name)
    if not _HEX.issuperset(value):
        raise BadField(name)
    return value


_HEX = frozenset("0123456789abcdef")


def called(name: str, value: Any) -> tuple[str, ...]:
    """A nick's or a room's name: as it is shown, and behind it its keys, the folded one first."""
    if type(value) is not list or not 2 <= len(value) <= 1 + MOST_KEYS:
        raise BadField(name)
    for each in value:
        if not _short(name, each):
            raise BadField(name)
    return tuple(value)


def _listed(read: Read, most: int) -> Read:
    def read_all(name: str, value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) > most:
            raise BadField(name)
        return tuple([read(name, each) for each in value])

    return read_all


def cursors(name: str, value: Any) -> Mapping[str, int]:
    """The last seq that surely reached a session, by room."""
    if type(value) is not dict or len(value) > MOST_ROOMS:
        raise BadField(name)
    for room, seq in value.items():
        _short(name, room)
        number(name, seq)
    return value


def person(name: str, value: Any) -> int:
    """A session by its number, or an account by its number below zero; 0 is no person."""
    if type(value) is not int or not -(2**53) < value < 2**53:
        raise BadField(name)
    return value


def setting(name: str, value: Any) -> str | bool | int:
    """What a room's setting is: a topic or a key, a switch, or milliseconds."""
    if type(value) is str:
        return remark(name, value)
    return value if type(value) is bool else number(name, value)


def shared(name: str, value: Any) -> Mapping[str, Any]:
    """The options that all nodes have in common: numbers, switches, texts, and lists of names."""
    if type(value) is not dict or len(value) > MOST_SHARED:
        raise BadField(name)
    for option, each in value.items():
        _short(name, option)
        if type(each) is list:
            _names(name, each)
        elif type(each) not in (int, float, bool) and each is not None:
            remark(name, each)
    return value


_names = _listed(called, MOST_LIST)


def _form(read: Read, write: Callable[[Any], object] | None = None) -> Form:
    return Form(read, read, REQUIRED, write)


Text = Annotated[str, _form(text)]
"""The text that is said, whole."""
Remark = Annotated[str, _form(remark)]
"""A short text: a reason, a nick that was typed, a place."""
Hex = Annotated[str, _form(hexadecimal)]
"""Bytes, as hexadecimal digits; empty for none."""
Name = Annotated[tuple[str, ...], _form(called, list)]
"""A name with its keys, which were computed where it was asked for."""
Names = Annotated[tuple[tuple[str, ...], ...], _form(_names, lambda all: list(map(list, all)))]
Cursors = Annotated[Mapping[str, int], _form(cursors, dict)]
Person = Annotated[int, _form(person)]
Value = Annotated[str | bool | int, _form(setting)]
Shared = Annotated[Mapping[str, Any], _form(shared, dict)]
Seqs = Annotated[tuple[int, ...], _form(_listed(number, MOST_LIST), list)]
"""Seqs of messages in one room."""
Ignored = Annotated[tuple[str, ...], _form(_listed(_short, MOST_LIST), list)]
