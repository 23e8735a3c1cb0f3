"""How long something lasts, as people type it: ``90``, ``5m``, ``1h30m``, ``2 hours``, ``1w``.

The one reader of durations for the whole house, and the one writer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

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

_NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,6})?)"
_BARE = re.compile(_NUMBER)
_PART = re.compile(_NUMBER + r"[^\S\n]*([^\W\d_]+)(?=[\s,;:.0-9]|$)")
_BETWEEN = re.compile(r"\s*(?:(?:,|(?:and|y)\b)\s*)?", re.IGNORECASE)
_ENDS = " \t,;:."
_BEFORE = " \t.,;:'\"«“‘([{#"
_SIGNS = frozenset({"Sm", "Pd"})
"""Categories of Unicode: plus, minus and dashes of all scripts, about, infinite."""


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
    """Whether a duration was meant, right or wrong: it begins with a digit or a sign.

    What stands before the digit in a text (``.5h``, ``"5m"``, ``(5m)``) changes nothing.
    """
    meant = typed.lstrip(_BEFORE)[:1] or typed[:1]
    return meant.isnumeric() or any(unicodedata.category(each) in _SIGNS for each in meant)


def leading(text: str) -> tuple[float | None, str]:
    """The duration with which a text begins, units included, and what stands behind it.

    ``1h30m too loud`` and ``2 hours, 5 minutes``: the units become smaller, so that what follows in
    ``2h 3 days late`` belongs to the rest. Without a duration it is None and the whole text.
    """
    total, at, end, size = 0.0, 0, 0, LONGEST
    while (part := _PART.match(text, at)) is not None:
        unit = SIZES.get(part[2].lower())
        if unit is None or unit >= size:
            break
        total, end, size = total + float(part[1]) * unit, part.end(), unit
        at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]
    if not end or (end < len(text) and text[end] not in _ENDS):
        return None, text
    return min(total, LONGEST), text[end:].lstrip(_ENDS)


def brief(seconds: float) -> str:
    """As one would type it, in the largest unit that leaves a whole number: ``2m``, ``90s``."""
    whole = [unit for unit, size in UNITS.items() if seconds >= size and seconds % size == 0]
    unit = whole[-1] if whole else "s"
    return f"{seconds / UNITS[unit]:.10g}{unit}"
