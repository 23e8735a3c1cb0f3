"""How long something lasts, as people type it: ``90``, ``1h30m``, ``2 hours``, ``hora y media``.

The one reader of durations for the whole house, and the one writer. It understands numbers with
their units, and words of both languages (`huddle.locale.time_words`); what it does not understand
whole it does not take in part, so that nobody is banned for an hour who was to be for an hour and a
half, or for ever with the duration as the reason.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from huddle.locale.time_words import (
    CONTINUED,
    HALVES,
    NUMBERS,
    QUARTERS,
    SIZES,
    any_of,
    begins_with_time,
    number_of,
)

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
"""Seconds in the units that a duration is written in."""

LONGEST = 36_525 * 86_400.0
"""A hundred years, in seconds. What is asked to last longer lasts so long: the calendar that
times are written by has an end."""

FOREVER = ("forever", "for ever", "para siempre", "por siempre")
"""No duration, but said in its place: what stands behind it is a reason, however it begins."""

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
_GOES_ON = rf"(?:and|y|or|o|to)\s+(?:[0-9]|(?:{any_of(CONTINUED)})\b)|(?:{any_of(CONTINUED)})$"
_ORDINAL = rf"(?:a|an|un|one|uno)\s+(?:second|segundo)\s+(?!(?:{any_of([*HALVES, *QUARTERS])})\b)\S"
"""``a second offence``: nobody is banned for a second."""
_LOOKED_AT = 128
"""Characters of a text in which a duration is looked for. The marks and the digits in 12 KiB of
them took a second, and in 64 KiB half a minute."""
_ENDS = " \t,;:."


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is used for the first time: of all that a client does until
    its prompt is there, that took a tenth."""
    return re.compile(pattern, re.IGNORECASE)


def prepare() -> None:
    """Compile all patterns now, so that no line has to wait for that later (5 ms)."""
    for pattern in (_PART, _HOUR_AND_A_HALF, _GOES_ON, _ORDINAL):
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
    """Whether a duration was meant, right or wrong (`begins_with_time`)."""
    return begins_with_time(_head(typed))


def behind_forever(text: str) -> str | None:
    """What stands behind `FOREVER`, with which a text begins; None where it does not."""
    for words in FOREVER:
        said, behind = text[: len(words)], text[len(words) :]
        if said.lower() == words and behind[:1] in _ENDS:
            return behind.lstrip(_ENDS)
    return None


def leading(text: str) -> tuple[float | None, str]:
    """The duration with which a text begins, units included, and what stands behind it.

    ``1h30m too loud`` and ``2 hours, 5 minutes``: the units become smaller, so that what follows in
    ``2h 3 days late`` belongs to the rest. Without a duration, and with one of which a part is not
    understood (``1 hour and some``), it is None and the whole text.
    """
    said, more = _head(text), text[_LOOKED_AT:]
    total, end, size = 0.0, 0, LONGEST
    found = _FOR.match(said)
    at = found.end() if found is not None and found.end() < len(said) else 0
    if _compiled(_ORDINAL).match(said, at):
        return None, text
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
