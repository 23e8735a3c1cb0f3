"""Bytes of a wire to text, and text to text that is safe on everybody's screen.

This is the one place that cleans: whatever a stranger sent, by any door, passes `clean` before it
is compared, recorded or shown. Three things are kept apart here.

*What moves the screen* is shown as U+FFFD: the control characters C0 (ESC among them; TAB stays),
DEL and C1, the line and paragraph separators, and the bidi embeddings, overrides and isolates,
which last until the end of the line and turn round what other people's programs wrote there. So
are lone surrogates (they have no UTF-8) and noncharacters (Unicode keeps them out of interchange).

*The bidi marks* LRM, RLM and ALM are left out. Unicode counts them as bidi controls, and none is to
reach a screen; they are invisible, and phones put them into every other Hebrew or Arabic sentence,
where a U+FFFD for each would be a blot. Without them the words are the same and the digits or
brackets between them may stand on the other side.

*Everything else stays*: ZWJ and ZWNJ, which Persian, Sinhala and emoji are written with; private
use; characters that this Python has not heard of yet.
"""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Final, Literal

from huddle.locale.columns import IGNORABLE
from huddle.protocol.errors import TextEmpty, TextTooLong
from huddle.protocol.limits import Limits

LONGEST: Final = 3 * Limits().text
"""Bytes or characters that are still looked at, whatever they are to be. Cleaning can make a text
shorter, but hardly to a third; so what is longer is refused unseen, since to clean 64 KiB of
control characters takes as long as a hundred lines."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

memory_of: Final[Callable[[str], int]] = str.__sizeof__
"""Bytes of memory that a text takes, as ``sys.getsizeof`` says, in a tenth of its time."""

# In two: a set that ends at U+FFFF is looked up in a table, one that goes beyond is walked through,
# at ten times the time for each character.
_HARMFUL = re.compile(
    "["
    "\x00-\x08\x0a-\x1f\x7f-\x9f"  # C0 but TAB, DEL, C1
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings and overrides, isolates
    "\ud800-\udfff"  # lone surrogates
    "\ufdd0-\ufdef\ufffe\uffff"  # noncharacters
    "]"
)
_NONCHARACTERS_BEYOND = re.compile(
    "[" + "".join(f"{chr(end - 1)}-{chr(end)}" for end in range(0x1FFFF, 0x110000, 0x10000)) + "]"
)
_BIDI_MARKS = re.compile("[\u200e\u200f\u061c]")

# U+2800 is the braille cell without dots: no white space to Unicode, and nothing to see.
_VISIBLE = re.compile(rf"[^\s\u2800{IGNORABLE}]")


def decode(line: bytes) -> tuple[str, bool]:
    """Read one whole line, and say whether it was not UTF-8 but read as Latin-1.

    Latin-1 gives every byte a character, so this never fails. A byte order mark in front, as
    Windows programs write it, is dropped. The text is not clean yet.
    """
    line = line.removeprefix(BOM_UTF8)
    try:
        return line.decode(), False
    except UnicodeDecodeError:
        return line.decode("latin-1"), True


def clean(text: str) -> str:
    """Make a text harmless on a screen; a harmless one comes back as it is.

    The result is one line, has a UTF-8 form and is clean: cleaning it again changes nothing.
    """
    # What Python calls printable is harmless (the other way round it is not so: TAB, joiners, the
    # unassigned), and soon told: 0.2 µs for 64 characters, 9 for 4,096.
    if text.isprintable():
        return text
    text = _HARMFUL.sub(REPLACEMENT, _BIDI_MARKS.sub("", text))
    return text if text.isascii() else _NONCHARACTERS_BEYOND.sub(REPLACEMENT, text)


def cleaned(text: str) -> str:
    """Clean a string of a stranger's that may be of any length.

    Raises `TextTooLong`, before it looks at it closely, when it is not harmless and longer than
    `LONGEST`.
    """
    if text.isprintable():
        return text
    if len(text) > LONGEST:
        raise TextTooLong(Limits().text)
    return clean(text)


# Everything that Unicode may put into another order is no letter or digit, but for the two
# halfwidth sound marks; so few texts have such a row, and only those are looked at more closely.
_SIGNS_IN_A_ROW = re.compile(r"[\W\uff9e\uff9f]{31,}")
_MARKS_IN_A_ROW = 30
_JOINER = "\N{COMBINING GRAPHEME JOINER}"


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Normalize a text that anybody may have written, in time that grows with its length alone.

    Marks are put in order by sorting each row of them, which takes the square of its length: 64 KiB
    of them would stand still for seconds. So a row of more than 30 is parted (UAX #15, section 13,
    Stream-Safe Text Format: no language needs as many). Everything in Huddle that normalizes does
    it here.
    """
    if text.isascii():  # it has no other form
        return text
    return unicodedata.normalize(form, _SIGNS_IN_A_ROW.sub(_parted, text))


def _parted(signs: re.Match[str]) -> str:
    """Put a joiner, which is invisible and no mark, behind each 30 marks in a row."""
    parted: list[str] = []
    row = 0
    for sign in signs[0]:
        marks = unicodedata.normalize("NFKD", sign)
        if row + len(marks) > _MARKS_IN_A_ROW:
            parted.append(_JOINER)
            row = 0
        parted.append(sign)
        row = row + len(marks) if unicodedata.combining(marks[-1]) else 0
    return "".join(parted)


def sayable(text: str, limit: int, blank: bool = False) -> str:
    """Clean a text that is to be said; ``limit`` is in bytes of its UTF-8, inclusive.

    A ``blank`` one may be empty, as the lines of a block may.

    Raises `TextEmpty` when there is nothing to see in it: white space of any script, or only
    characters that show nothing. Raises `TextTooLong` over the limit; nothing is ever cut.
    """
    if not text.isprintable():
        text = clean(text)
    if not blank and not _VISIBLE.search(text):
        raise TextEmpty
    # No character takes more than four bytes: short texts need no counting.
    if len(text) * 4 > limit and len(text.encode()) > limit:
        raise TextTooLong(limit)
    return text
