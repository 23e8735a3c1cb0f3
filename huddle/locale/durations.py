"""How long something lasts, as people type it: ``90``, ``90s``, ``5m``, ``2h``, ``30d``.

The one reader of durations for the whole house, and the one writer.
"""

from __future__ import annotations

import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
"""Seconds in the units of a duration."""

LONGEST = 36_525 * 86_400.0
"""A hundred years, in seconds. What is asked to last longer lasts so long: the calendar that
times are written by has an end."""

_DURATION = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)([smhd]?)", re.IGNORECASE)


def seconds_of(typed: str) -> float | None:
    """The seconds that were meant, at most `LONGEST`; None if that is no duration.

    Without a unit they are seconds.
    """
    found = _DURATION.fullmatch(typed)
    if found is None:
        return None
    number, unit = found.groups()
    return min(float(number) * UNITS.get(unit.lower(), 1), LONGEST)


def has_unit(typed: str) -> bool:
    """Whether it says itself that it is a duration: a bare number may be anything."""
    return typed[-1:].lower() in UNITS


def brief(seconds: float) -> str:
    """As one would type it, in the largest unit that leaves a whole number: ``2m``, ``90s``."""
    whole = [unit for unit, size in UNITS.items() if seconds >= size and seconds % size == 0]
    unit = whole[-1] if whole else "s"
    return f"{seconds / UNITS[unit]:.10g}{unit}"
