"""What a word is when the record is searched: the same rules for every backend.

Words are runs of letters and digits, compared without accents and without regard to case:
``cafe`` finds ``Café``. Everything else only separates them, and has no meaning of its own in a
query: ``don't`` looks for ``don`` followed by ``t``, ``c++`` for ``c``, ``-x`` for ``x``, and a
query of signs alone finds nothing. All the words of a query must be in the message, in any order.

Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese write without spaces, or glue endings to
their words, so there every character counts as a word of its own, and a word of the query as those
characters one after the other: ``日本`` finds ``東日本大震災``. This is what a table of trigrams
would give, but works from one character on and costs other texts nothing.

SQLite's ``unicode61`` knows the accents of Latin letters only, so a text with letters beyond those
is indexed in another spelling (`respelled`), without the marks and with the spaces it needs; the
vowel signs of the Indic scripts do not count then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from huddle.protocol.text import normalized

WORDS = 32
"""Words of a query that count; what is behind them is ignored. Each costs a list to walk, also
those of one phrase: the two of ``don't``, the characters of ``日本``. (A single word of 4,000
characters held up a reader for seconds with 8,000 messages, measured.)"""

CHARACTERS = 1024
"""Characters of a query that are looked at: as many as `WORDS` words of 32."""

_beyond_latin = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c00-\ufefe\U00010000-\U0001efff\U00020000-\U0003ffff]"
)
_alone = re.compile(
    "(["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul
    "])"
)
_sign = re.compile(r"[^\w\s\x00-\x7f]")
_word = re.compile(r"[^\W_]+")


def respelled(text: str) -> str | None:
    """The text as it is to be indexed; None: as it is."""
    return None if text.isascii() or not _beyond_latin.search(text) else _plain(text)


def folded(text: str) -> str:
    """The words of the text, folded, each between spaces; a phrase is then a substring."""
    plain = text if text.isascii() else _plain(text)
    return f" {' '.join(_word.findall(plain.lower()))} "


def _plain(text: str) -> str:
    """Without marks, and with a space around each character that is a word of its own.

    Hangul is composed again: its syllables are characters, not letters with marks.
    """
    bare = _sign.sub(_no_mark, normalized("NFD", text))
    return " ".join(_alone.split(normalized("NFC", bare)))


def _no_mark(sign: re.Match[str]) -> str:
    return "" if unicodedata.category(sign[0]) == "Mn" else sign[0]


def phrases(query: str) -> list[str]:
    """What a message's `folded` text must contain, all of them; none when there is no word."""
    return [f" {' '.join(parts)} " for _, parts in _counting(query)]


def match_expression(query: str) -> str | None:
    """The query in FTS5's language, every word quoted; None when there is no word in it."""
    words = (respelled(word) or word for word, _ in _counting(query))
    return " ".join('"' + word.replace('"', '""') + '"' for word in words) or None


def _counting(query: str) -> Iterator[tuple[str, list[str]]]:
    """Each word of the query that counts, cut where `WORDS` are reached, and its folded parts."""
    left = WORDS
    for word in query[:CHARACTERS].split():
        parts = folded(word).split()
        if len(parts) > left:
            del parts[left:]
            word = " ".join(parts)
        if parts:
            yield word, parts
        left -= len(parts)
        if not left:
            return
