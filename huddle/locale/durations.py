"""How long something lasts, as people type it: ``90``, ``1h30m``, ``2 hours``, ``hora y media``.

The one reader of durations for the whole house, and the one writer. It understands numbers with
their units, and words of both languages (`huddle.locale.numbers`); what it does not understand
whole it does not take in part, so that nobody is banned for an hour who was to be for an hour and a
half, or for ever with the duration as the reason.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from huddle.locale.numbers import (
    CONTINUED,
    HALVES,
    HEDGES,
    NUMBERS,
    QUARTERS,
    VAGUE,
    any_of,
    number_of,
)

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
"""Seconds in the units that a duration is written in."""

LONGEST = 36_525 * 86_400.0
"""A hundred years, in seconds. What is asked to last longer lasts so long: the calendar that
times are written by has an end."""

_WEEK = 7 * UNITS["d"]
_SPELLED: Mapping[int, str] = {
    1: "s sec secs second seconds seg segs segundo segundos",
    60: "m min mins minute minutes minuto minutos",
    3600: "h hr hrs hour hours hora horas",
    86_400: "d day days día días dia dias",
    _WEEK: "w wk wks week weeks sem semana semanas",
}
SIZES: Mapping[str, int] = {
    name: size for size, names in _SPELLED.items() for name in names.split()
}
"""Seconds in all the units that are understood, however they are written."""

NOT_UNDERSTOOD = (
    "moment|moments|while|fortnight|fortnights|month|months|year|years|momento|"
    "momentos|rato|ratos|quincena|quincenas|mes|meses|año|años"
)
"""Of units of no certain length: who types one meant a duration, and is shown one."""

_FIGURES = r"[0-9]{1,12}(?:\.[0-9]{1,6}|,[0-9]{1,2}(?![0-9]))?"
_BARE = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_NO_UNIT = rf"(?!\s+(?:{any_of(SIZES)})\b)"
_MORE = rf"(?:\s+(?:(?P<half>{any_of(HALVES)})|(?P<quarter>{any_of(QUARTERS)}))\b{_NO_UNIT})?"
_PART = (
    rf"(?:(?P<figures>{_FIGURES})|(?P<word>{any_of(NUMBERS)})(?=\s))"
    rf"(?P<and_a_half>\s+(?:{any_of(HALVES)}))?\s*(?:of\s+|de\s+)?"
    rf"(?P<unit>[^\W\d_]+)(?=[\s,;:.0-9]|$){_MORE}"
)
_HOUR_AND_A_HALF = rf"(?P<unit>[^\W\d_]+)(?=\s){_MORE}"
_BETWEEN = re.compile(r"\s*(?:(?:,|(?:and|y)\b)\s*)?", re.IGNORECASE)
_FOR = re.compile(r"(?:for|por|durante)\s+(?=\S)", re.IGNORECASE)
_GOES_ON = rf"(?:and|y)\s+(?:[0-9]|(?:{any_of(CONTINUED)})\b)|(?:{any_of(CONTINUED)})$"
_MEANT = (
    rf"(?:(?:{HEDGES})\s+){{0,4}}(?:[0-9][0-9.,]*+\s*|(?:{any_of(NUMBERS)}|{VAGUE})\s+)"
    rf"(?:(?:{any_of(HALVES)}|of|de|few|more|más|or|to|o|[0-9]+|{any_of(NUMBERS)})\s+){{0,4}}"
    rf"(?:{any_of(SIZES)}|{NOT_UNDERSTOOD})\b"
    rf"|(?:{any_of(SIZES)})\s+(?:{any_of([*HALVES, *QUARTERS])})\b"
)
_ORDINAL = re.compile(r"(?:a|an|un|one|uno)\s+(?:second|segundo)\s+\S", re.IGNORECASE)
"""``a second offence``: nobody is banned for a second."""
_LOOKED_AT = 128
"""Characters of a text in which a duration is looked for. The marks and the digits in 12 KiB of
them took a second, and in 64 KiB half a minute."""
_ENDS = " \t,;:."
_BEFORE = " \t.,;:'\"«“‘([{#"
_SIGNS = frozenset({"Sm", "Pd"})
"""Categories of Unicode: plus, minus and dashes of all scripts, about, infinite."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is used for the first time: of all that a client does until
    its prompt is there, that took a tenth."""
    return re.compile(pattern, re.IGNORECASE)


def prepare() -> None:
    """Compile all patterns now, so that no line has to wait for that later (20 ms)."""
    for pattern in (_PART, _HOUR_AND_A_HALF, _GOES_ON, _MEANT):
        _compiled(pattern)


def is_bare(typed: str) -> bool:
    """Whether a number stands alone, without the unit that says what it counts."""
    return _BARE.fullmatch(typed) is not None


def seconds_of(typed: str) -> float | None:
    """The seconds that were meant, at most `LONGEST`; None if that is no duration.

    Without a unit they are seconds.
    """
    if is_bare(typed):
        return min(float(typed), LONGEST)
    seconds, rest = leading(typed)
    return None if rest else seconds


def looks_like_one(typed: str) -> bool:
    """Whether a duration was meant, right or wrong: it begins with a digit or a sign, or with a
    number of units in words, such as ``a few hours``.

    What stands before the digit in a text (``.5h``, ``"5m"``, ``(5m)``) changes nothing.
    """
    meant = typed.lstrip(_BEFORE)[:1] or typed[:1]
    if meant.isnumeric() or any(unicodedata.category(each) in _SIGNS for each in meant):
        return True
    words = _head(typed.lstrip(_BEFORE))
    if _ORDINAL.match(words):
        return False
    return _compiled(_MEANT).match(words) is not None


def leading(text: str) -> tuple[float | None, str]:
    """The duration with which a text begins, units included, and what stands behind it.

    ``1h30m too loud`` and ``2 hours, 5 minutes``: the units become smaller, so that what follows in
    ``2h 3 days late`` belongs to the rest. Without a duration, and with one of which a part is not
    understood (``1 hour and some``), it is None and the whole text.
    """
    said, more = _head(text), text[_LOOKED_AT:]
    if _ORDINAL.match(said):
        return None, text
    total, end, size = 0.0, 0, LONGEST
    found = _FOR.match(said)
    at = found.end() if found is not None and found.end() < len(said) else 0
    while (part := _part(said, at)) is not None and part[1] < size:
        seconds, size, end = part
        total += seconds
        at = _BETWEEN.match(said, end).end()  # type: ignore[union-attr]
    behind = said[end:] + more
    if not end or behind[:1] not in _ENDS:
        return None, text
    behind = behind.lstrip(_ENDS)
    goes_on = _compiled(_GOES_ON).match(behind[:_LOOKED_AT])
    return (None, text) if goes_on else (min(total, LONGEST), behind)


def _head(text: str) -> str:
    """What of the text may be a duration, with letters and their marks as one."""
    return unicodedata.normalize("NFC", text[:_LOOKED_AT])


def _part(text: str, at: int) -> tuple[float, int, int] | None:
    """The seconds of a number of units that stands there, the size of the unit, and where it ends;
    None where there is none."""
    found = _compiled(_PART).match(text, at)
    unit = None if found is None else SIZES.get(found["unit"].lower())
    if found is None or unit is None:
        return _idiom(text, at)
    number = number_of(found["word"]) if found["word"] else float(found[1].replace(",", "."))
    number += 0.5 if found["and_a_half"] else 0
    return (number + _more(found)) * unit, unit, found.end()


def _idiom(text: str, at: int) -> tuple[float, int, int] | None:
    """``hora y media``, in which the one is not said."""
    found = _compiled(_HOUR_AND_A_HALF).match(text, at)
    unit = None if found is None else SIZES.get(found["unit"].lower())
    if found is None or unit is None or not _more(found):
        return None
    return (1 + _more(found)) * unit, unit, found.end()


def _more(found: re.Match[str]) -> float:
    return 0.5 if found["half"] else 0.25 if found["quarter"] else 0.0


def brief(seconds: float) -> str:
    """As one would type it, in the largest unit that leaves a whole number: ``2m``, ``90s``."""
    whole = [unit for unit, size in UNITS.items() if seconds >= size and seconds % size == 0]
    unit = whole[-1] if whole else "s"
    return f"{seconds / UNITS[unit]:.10g}{unit}"
