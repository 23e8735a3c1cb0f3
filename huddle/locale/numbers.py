"""Numbers in words, as they stand in front of units of time, in English and in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SPELLED: Mapping[float, str] = {
    0.25: "a quarter of an|quarter of an|a quarter of a|un cuarto de",
    0.5: "half an|half a|half|media|medio",
    0.75: "three quarters of an|three quarters of a|tres cuartos de",
    1: "a|an|one|un|una|uno",
    2: "two|dos|a couple of|un par de",
    3: "three|tres",
    4: "four|cuatro",
    5: "five|cinco",
    6: "six|seis",
    7: "seven|siete",
    8: "eight|ocho",
    9: "nine|nueve",
    10: "ten|diez",
    11: "eleven|once",
    12: "twelve|doce",
    13: "thirteen|trece",
    14: "fourteen|catorce",
    15: "fifteen|quince",
    16: "sixteen|dieciséis|dieciseis",
    17: "seventeen|diecisiete",
    18: "eighteen|dieciocho",
    19: "nineteen|diecinueve",
    20: "twenty|veinte",
    24: "twenty-four|twenty four|veinticuatro",
    25: "twenty-five|twenty five|veinticinco",
    30: "thirty|treinta",
    40: "forty|cuarenta",
    45: "forty-five|forty five|cuarenta y cinco",
    48: "forty-eight|forty eight|cuarenta y ocho",
    50: "fifty|cincuenta",
    60: "sixty|sesenta",
    90: "ninety|noventa",
}
_VALUES = {word: value for value, words in _SPELLED.items() for word in words.split("|")}

NUMBERS = tuple(_VALUES)
"""All number words that are understood, in both languages."""

HALVES = ("and a half", "y medio", "y media")
QUARTERS = ("and a quarter", "y cuarto", "y un cuarto")
"""What is added to a number or to its unit."""

CONTINUED = (*(word for word in NUMBERS if _VALUES[word] != 1), "some", "few", "pico", "algo")
"""What stands behind a duration that was not over yet: ``1 hour and ten``."""


def number_of(words: str) -> float:
    """The number that they say, which must be one of `NUMBERS`, however it is spaced and cased."""
    return _VALUES[" ".join(words.lower().split())]


def any_of(words: Iterable[str]) -> str:
    """The regular expression for one of these, the longest first, with any space between words."""
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
