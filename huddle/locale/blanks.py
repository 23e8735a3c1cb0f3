"""Long rows of blanks in what people wrote, told in words instead of shown.

A terminal breaks a line at its edge and begins the next row at the first column. A person who fills
up a row with what shows nothing could have the rest of a text stand there by itself, as if it were
another's line or the server's. So more than `MOST` columns of blanks are shown as how many they
are: ``hi [60 blanks] <bob> I am eve``. Where a text is shown as it was written, a row ends behind
them instead, and the next one is marked. The record and programs keep the text as it was said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from huddle.locale import Wording
from huddle.locale.columns import IGNORABLE, SCREEN, width_of
from huddle.locale.wording import WRITTEN

MOST: Final = 16
"""Columns of blanks in a row that are shown as they are: four steps of an indentation."""

NARROW: Final = 40
"""Columns of the narrowest screen: an indentation that ends before its edge stays in its row."""

_TAB_STOP: Final = 8
_WIDE: Final = "\u115f\u3000\u3164"
"""Blanks of two columns: the ideographic space and two Hangul fillers."""

# The spaces that a clean text may hold (no line ends); the braille cell without dots, which is no
# white space to Unicode; marks and controls of notations that no terminal draws.
_SPACES = "\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNDRAWN = "\u2800\ufff9-\ufffb\U00013430-\U0001343f\U00016fe4\U0001d159"
_BLANK = f"[{_SPACES}{_UNDRAWN}{IGNORABLE}]"

# Behind a blank a mark shows nothing that is worth a column: of many (U+2D7F, the viramas) nothing
# at all, of the others a dot. There are too many to look for them in each text, or to list them at
# each start. But they are no letters: so a row of blanks is within what is neither letter nor
# figure, and where this is long, Unicode is asked what in it is a mark.
_OTHER = rf"[{_SPACES}{_UNDRAWN}{IGNORABLE}\W]"
_MARK: Final = "\0"
"""Stands for a mark, as a space does for a blank: no clean text has it."""
_BROAD = re.compile(f"[\t{_WIDE}]")
_ONE_BLANK = re.compile(_BLANK)
_ROW = re.compile(f" [ {_MARK}]{{{MOST},}}")
_ROW_OF_BROAD = re.compile(f" [ {_MARK}]{{2,}}")

BLANKS: Final = re.compile(f"{_BLANK}(?:(?<={_BROAD.pattern})|{_OTHER}{{{MOST},}})")
"""Is in each text that has to be `shortened`: most have it not, and are spared the call."""


def without_long_blanks(text: str, wording: Wording) -> str:
    """The text, `shortened` if there is anything to shorten."""
    # `BLANKS` looks at each letter, which takes 7 us where fifty nicks are named.
    if text.isascii() and "  " not in text and "\t" not in text:
        return text
    return shortened(text, wording) if BLANKS.search(text) else text


def shortened(text: str, wording: Wording) -> str:
    """Put the number of blanks in place of each row of them that is wider than `MOST` columns.

    A tab counts as eight columns, and what has no width as one, as do the marks on blanks.
    """
    told = wording.gettext("[{count} blanks]")
    pieces: list[str] = []
    end = 0
    for start, stop in _long_rows(text):
        pieces += text[end:start], f" {told.format(count=stop - start)} "
        end = stop
    return "".join([*pieces, text[end:]])


def _long_rows(text: str) -> Iterator[tuple[int, int]]:
    """Where each row of more than `MOST` columns of blanks begins in the text, and ends."""
    seen = text.translate(_seen(text))
    rows = _ROW_OF_BROAD if _BROAD.search(text) else _ROW
    for row in rows.finditer(seen):
        blanks = text[row.start() : row.end()]
        if len(blanks) > MOST or _columns(blanks) > MOST:
            yield row.span()


def _columns(blanks: str) -> int:
    return len(blanks) + (_TAB_STOP - 1) * blanks.count("\t") + sum(map(blanks.count, _WIDE))


def _seen(text: str) -> dict[int, str]:
    """For each character that a text holds a space if it is a blank, `_MARK` if it is a mark."""
    characters, category = set(text), unicodedata.category
    blanks = set(_ONE_BLANK.findall("".join(characters)))
    return {
        ord(each): " " if each in blanks else _MARK if category(each)[0] == "M" else each
        for each in characters
    }


def as_written(text: str, wording: Wording, columns: int = SCREEN) -> list[str]:
    """A text with all its blanks, in rows that each begin with `WRITTEN`.

    It is one row, that a terminal may break, unless there are blanks in it that would be
    `shortened` elsewhere. Then a row has at most ``columns``, and ends behind each of those that
    reach as far as a screen's edge may be, so that what follows stands unmarked on none.
    """
    if without_long_blanks(text, wording) == text:
        return [f"{WRITTEN}{text}"]
    ends = {stop for _, stop in _long_rows(text)}
    widths = {character: width_of(character) for character in set(text)}  # few, of many
    rows, column = [WRITTEN], len(WRITTEN)
    for at, character in enumerate(text):
        width = widths[character]
        if column + width > columns or (column >= NARROW and at in ends):
            rows.append(WRITTEN)
            column = len(WRITTEN)
        rows[-1] += character
        column += width
    return rows
