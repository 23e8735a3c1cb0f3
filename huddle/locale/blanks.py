"""Long rows of blanks in what people wrote, told in words instead of shown.

A terminal breaks a line at its edge and begins the next row at the first column. A person who fills
up a row with what shows nothing could have the rest of a text stand there by itself, as if it were
another's line or the server's. So more than `MOST` columns of blanks are shown as how many they
are: ``hi [60 blanks] <bob> I am eve``. Where a text is shown as it was written, it is
broken in rows that are marked, instead. The record and programs keep the text as it was said.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from huddle.locale import Wording
from huddle.locale.columns import IGNORABLE, SCREEN, width_of
from huddle.locale.wording import WRITTEN

MOST: Final = 16
"""Columns of blanks in a row that are shown as they are: four steps of an indentation."""

_TAB_STOP: Final = 8
_WIDE: Final = "\u115f\u3000\u3164"
"""Blanks of two columns: the ideographic space and two Hangul fillers."""

# The spaces that a clean text may hold (no line ends); the braille cell without dots, which is no
# white space to Unicode; marks and controls of notations that no terminal draws.
_SPACES = "\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNDRAWN = "\u2800\ufff9-\ufffb\U00013430-\U0001343f\U00016fe4\U0001d159"
_BLANK = f"[{_SPACES}{_UNDRAWN}{IGNORABLE}]"

# A mark that stands on a blank, and not on a letter: of many no terminal shows anything (U+2D7F,
# the viramas), of the others a dot. They are in these parts of Unicode (a test looks for others),
# and to look through those alone takes some ms less at every start.
_PARTS = ((0x300, 0x1E00), (0x20D0, 0x3100), (0xA600, 0xAC00), (0xFB00, 0xFE30))
_PARTS_BEYOND = (
    *((0x10100, 0x12000), (0x13400, 0x13500), (0x16100, 0x17000), (0x1BC00, 0x1BD00)),
    *((0x1CF00, 0x1D300), (0x1DA00, 0x1EA00)),
)


def _marks(parts: tuple[tuple[int, int], ...]) -> str:
    """The marks there, as ranges: beyond U+FFFF each range takes as long as a single one would."""
    category = unicodedata.category
    codes = [code for part in parts for code in range(*part) if category(chr(code))[0] == "M"]
    marks = set(codes)
    firsts = [chr(code) for code in codes if code - 1 not in marks]
    lasts = [chr(code) for code in codes if code + 1 not in marks]
    return "".join(map("{}-{}".format, firsts, lasts))


_NEXT = f"[{_SPACES}{_UNDRAWN}{IGNORABLE}{_marks(_PARTS)}]"
# A set beyond U+FFFF is walked through: emoji and letters are sorted out before.
_BEYOND = rf"(?=[\U00010000-\U0001efff])(?!\w)[{_marks(_PARTS_BEYOND)}]"

# Nothing stands behind the last repetition, so nothing is ever tried twice.
BLANKS: Final = re.compile(f"{_BLANK}(?:{_NEXT}{{2,}}|{_NEXT}?{_BEYOND})(?:{_NEXT}+|{_BEYOND})*")
"""Some blanks in a row, and the marks on them: a text in which this is not found need not be
`shortened`, and most texts are spared the call by it."""


def without_long_blanks(text: str, wording: Wording) -> str:
    """The same text, `shortened` if there is anything to shorten."""
    # `BLANKS` looks at each letter, which takes 18 us where fifty nicks are named.
    if text.isascii() and "  " not in text and "\t" not in text:
        return text
    return shortened(text, wording) if BLANKS.search(text) else text


def shortened(text: str, wording: Wording) -> str:
    """Put the number of blanks in place of each row of them that is wider than `MOST` columns.

    A tab counts as eight columns, and what has no width as one, as do the marks on blanks.
    """
    _ = wording.gettext

    def told(blanks: re.Match[str]) -> str:
        row = blanks[0]
        columns = len(row) + (_TAB_STOP - 1) * row.count("\t") + sum(map(row.count, _WIDE))
        if columns <= MOST:
            return row
        instead = _("[{count} blanks]").format(count=len(row))
        return f" {instead} "

    return BLANKS.sub(told, text)


def as_written(text: str, wording: Wording) -> list[str]:
    """A text with all its blanks, in rows that each begin with `WRITTEN`.

    It is one row, that a terminal may break, unless there are blanks in it that would be
    `shortened` elsewhere: rows of at most `SCREEN` columns then.
    """
    if without_long_blanks(text, wording) == text:
        return [f"{WRITTEN}{text}"]
    widths = {character: width_of(character) for character in set(text)}  # few, of many
    rows, column = [WRITTEN], len(WRITTEN)
    for character in text:
        width = widths[character]
        if column + width > SCREEN:
            rows.append(WRITTEN)
            column = len(WRITTEN)
        rows[-1] += character
        column += width
    return rows
