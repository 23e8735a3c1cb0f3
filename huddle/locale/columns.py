"""Lines for a screen of 80 columns: sentences broken between words, and names one under the other.

What is counted are the columns of a terminal: a Chinese character takes two, a mark none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

SCREEN: Final = 80
"""Columns of the narrowest terminal that people are likely to have."""

MARK: Final = "-- "
"""What stands in front of all that is not said by a person."""

ROOM: Final = SCREEN - len(MARK)
"""Columns of a sentence behind its mark."""

IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point, as the inside of a regular expression's ``[…]``.

They show nothing by themselves: joiners, variation selectors, Hangul fillers, tags. The same set
in Unicode 15 and 17 (DerivedCoreProperties.txt).
"""

_INDENT: Final = "  "
_GAP: Final = 2
_TAB_STOP: Final = 8
_HANGUL_FILLERS: Final = "\u115f\u3164"
_PIECE: Final = re.compile(r"[ \t]+|[^ \t]+")


def width_of(character: str) -> int:
    """Columns of a character, as many as any terminal might give it: too many do no harm."""
    if character == "\t":
        return _TAB_STOP
    if character in _HANGUL_FILLERS:
        return 2
    category = unicodedata.category(character)
    if category[0] in "LNPSZ":
        return 2 if unicodedata.east_asian_width(character) in "WF" else 1
    from wcwidth import wcwidth  # its tables take a twentieth of a client's start

    is_mark = unicodedata.combining(character) or category in ("Mn", "Me")
    return max(wcwidth(character), 0 if is_mark else 1)


def columns_of(text: str) -> int:
    """Columns of a text without line ends."""
    if text.isascii() and "\t" not in text:
        return len(text)
    return sum(map(width_of, text))


def wrapped(line: str) -> Iterable[str]:
    """A line of the server's own in rows of at most `SCREEN` columns, broken between words.

    Rows after the first begin as the first does, with `MARK`, so that none looks like a person's.
    A word that is wider than a row, or is of a script that has no blanks, is broken anywhere.
    """
    plain = line.isascii() and "\t" not in line
    if (len(line) if plain else columns_of(line)) <= SCREEN:
        return (line,)
    start = f"{MARK}{_INDENT}" if line.startswith(MARK) else _INDENT
    if plain and "  " not in line:
        rows = _at_single_blanks(line, start)
        if rows is not None:
            return rows
    return _anywhere(line, start)


def _anywhere(line: str, start: str) -> Iterator[str]:
    """The same for every line: between pieces, or in the middle of one that fits into no row."""
    row, column = "", 0
    for piece in _PIECE.findall(line):
        width = columns_of(piece)
        if column + width > SCREEN and piece.isspace():
            column = SCREEN  # a word that follows begins a row, and if there is none, none begins
            continue
        is_too_wide = width > len(piece) or width > SCREEN - len(start)
        for part in piece if column + width > SCREEN and is_too_wide else [piece]:
            width = columns_of(part)
            if column + width > SCREEN:
                yield row.rstrip()
                row, column = start, len(start)
            row, column = row + part, column + width
    yield row.rstrip()


def _at_single_blanks(line: str, start: str) -> list[str] | None:
    """The same for most lines: English and Spanish, a blank between two words. None: a word is too
    long to be broken at blanks alone."""
    rows: list[str] = []
    at, front, room = 0, "", SCREEN
    while len(line) - at > room:
        end = line.rfind(" ", at, at + room + 1)
        if end <= at:
            return None
        rows.append(front + line[at:end])
        at, front, room = end + 1, start, SCREEN - len(start)
    if at < len(line):
        rows.append((front + line[at:]).rstrip())
    return rows


def in_columns(names: Sequence[str]) -> Iterator[str]:
    """Names side by side, each row of at most `ROOM` columns and to be read from left to right."""
    return rows_of(names, max(map(columns_of, names), default=0))


def rows_of(names: Iterable[str], widest: int) -> Iterator[str]:
    """The same of names that come one by one, the widest of which takes so many columns."""
    width = widest + _GAP
    many = max((ROOM + _GAP) // width, 1)
    rest = iter(names)
    while row := list(islice(rest, many)):
        yield "".join(name + " " * (width - columns_of(name)) for name in row).rstrip()
