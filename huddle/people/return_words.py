"""Return words, ``otter-41-lamp-river``: made, read again as people type them, not to be guessed.

A word is three different ones of 1,024, and a number of 10 to 99 behind the first: 96,350 million,
36.5 bits. That is what a child copies from the screen without an error, and too few if one might
try at will; so failures are limited (`huddle.people.return_word_guesses`, which has the sum). Each
word is good for one nick and once. Those given before had two words and the number; they are read
too.

The 1,024 are English or known everywhere, of 3 to 8 letters, plain to spell and friendly; no two
differ by one letter, added, left out or changed, nor by two that changed places. So a slip of the
finger in one of them never makes another.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from pkgutil import get_data
from typing import Protocol, TypeVar

from huddle.protocol.text import normalized

T = TypeVar("T")

WORDS = (get_data("huddle.people", "words.txt") or b"").decode("ascii").split()
"""The 1,024. To change one leaves the return words good that were made of it."""

_TYPED_MOST = 100
"""Characters that are read as a word: five times the longest word, for what stands between."""

_NUMBERS = range(10, 100)
_MADE = range(len(_NUMBERS) * math.perm(len(WORDS), 3))
"""One number for each that can be made."""
_SHAPE = re.compile(
    r"[^a-z0-9]*([a-z]+)[^a-z0-9]*([0-9]+)[^a-z0-9]*([a-z]+)(?:[^a-z0-9]+([a-z]+))?[^a-z0-9]*"
)
_KNOWN = frozenset(WORDS)
_RUN_TOGETHER = 2 * max(map(len, WORDS))


DRAWN = 256
"""Bytes of chance that are drawn at once: for some 35 words."""


class Choose(Protocol):
    """Chance that cannot be foreseen: `secrets.choice`."""

    def __call__(self, options: Sequence[T], /) -> T: ...


class Chance:
    """Chooses by bytes that are drawn many at once, by ``draw``: `secrets.token_bytes`.

    At each drawing the record's thread may take the interpreter, and gives it back when it pleases:
    while thousands came in, one each made the processor change between the two twice as often. A
    byte is used once, and kept no longer.
    """

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self._drawn = b""

    def __call__(self, options: Sequence[T], /) -> T:
        bits = len(options).bit_length()
        size = -(-bits // 8)
        while True:
            if len(self._drawn) < size:
                self._drawn = self._draw(DRAWN + size)
            taken, self._drawn = self._drawn[:size], self._drawn[size:]
            number = int.from_bytes(taken) >> (8 * size - bits)
            if number < len(options):
                return options[number]


def make(choose: Choose) -> str:
    """Make a new word, which is normal as it is. Chance is asked once, as it costs a call."""
    chosen, first = divmod(choose(_MADE), len(WORDS))
    chosen, second = divmod(chosen, len(WORDS) - 1)
    chosen, third = divmod(chosen, len(WORDS) - 2)
    second += second >= first  # among the words that are left, each stands one further on
    third += third >= min(first, second)
    third += third >= max(first, second)
    return f"{WORDS[first]}-{_NUMBERS[chosen]}-{WORDS[second]}-{WORDS[third]}"


def normal(typed: str) -> str:
    """Make the word that was typed so: ``Otter 41 lámp river``, ``OTTER41LAMPRIVER``.

    Case, accents and what stands between do not matter. What is no return word at all comes back in
    lower case, and opens nothing. What is too long to be one comes back empty.
    """
    if len(typed) > _TYPED_MOST:
        return ""
    if typed.isascii():
        plain = typed.lower()
    else:
        plain = normalized("NFKD", typed).casefold()
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    shape = _SHAPE.fullmatch(plain)
    return "-".join(_parts(*shape.groups())) if shape else plain


def _parts(first: str, number: str, second: str, third: str | None) -> tuple[str, ...]:
    """Two words that were typed as one are two, where there is one way to part them."""
    if third is not None:
        return first, number, second, third
    if second in _KNOWN or len(second) > _RUN_TOGETHER:
        return first, number, second
    ways = [(second[:at], second[at:]) for at in range(3, len(second) - 2)]
    known = [way for way in ways if _KNOWN.issuperset(way)]
    return first, number, *(known[0] if len(known) == 1 else (second,))


def is_word(typed: str) -> bool:
    """Whether this is a return word by its words, whether it opens anything or not."""
    parts = normal(typed).split("-")
    return len(parts) in (3, 4) and parts[1].isdigit() and _KNOWN.issuperset(parts[:1] + parts[2:])


def is_long(word: str) -> bool:
    """Whether a return word is one of three words, as they are given today."""
    return normal(word).count("-") == 3


def parted(typed: str) -> tuple[str, str]:
    """The nick, empty if there is none, and the word in ``NICK WORD``."""
    first, *rest = typed.split(maxsplit=1) or [""]
    if not rest or _SHAPE.fullmatch(normal(typed)):
        return "", typed
    return first, rest[0]
