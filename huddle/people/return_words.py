"""Return words, ``otter-41-lamp``: made, read again as people type them, and not to be guessed.

A word is two different ones of 1,024 and a number of 10 to 99 between them: 94 million, 26.5 bits.
That is what a child copies from the screen without an error, and too few if one might try at will;
so failures are limited (`huddle.people.rates.Guesses`). From one address 128 guesses pass at once
and 2,880 a day after that. An attacker who goes on for a day in a house where 100 words are waiting
opens one of them with a chance of 0.3 %, and one certain person's with 0.003 %. Each word is good
for one nick and once.

The 1,024 are English or known everywhere, of 3 to 8 letters, plain to spell and friendly; no two
differ by one letter, added, left out or changed, nor by two that changed places. So a slip of the
finger in one of them never makes another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from huddle.protocol.text import normalized

T = TypeVar("T")

WORDS = Path(__file__).with_name("words.txt").read_text("ascii").split()
"""The 1,024. To change one leaves the return words good that were made of it."""

_TYPED_MOST = 100
"""Characters that are read as a word: five times the longest word, for what stands between."""

_NUMBERS = range(10, 100)
_SHAPE = re.compile(r"[^a-z0-9]*([a-z]+)[^a-z0-9]*([0-9]+)[^a-z0-9]*([a-z]+)[^a-z0-9]*")


class Choose(Protocol):
    """Chance that cannot be foreseen: `secrets.choice`."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def make(choose: Choose) -> str:
    """Make a new word, which is normal as it is."""
    first = choose(range(len(WORDS)))
    second = choose(range(len(WORDS) - 1))
    second += second >= first  # any but the first
    return f"{WORDS[first]}-{choose(_NUMBERS)}-{WORDS[second]}"


def normal(typed: str) -> str:
    """Make the word that was typed so: ``Otter 41 lámp``, ``OTTER41LAMP``, ``otter–41–lamp``.

    Case, accents and what stands between do not matter. What is no return word at all comes back in
    lower case, and opens nothing. What is too long to be one comes back empty.
    """
    if len(typed) > _TYPED_MOST:
        return ""
    plain = normalized("NFKD", typed).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    shape = _SHAPE.fullmatch(plain)
    return "-".join(shape.groups()) if shape else plain
