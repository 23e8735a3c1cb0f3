"""The clock on the wall: what time and which day a message is of, in the server's zone.

It also reads when people mean (`HouseClock.read`): ``14:30``, ``yesterday``, ``ayer 9:00``,
``2026-11-19``, ``since friday at 14:30``; and writes a day as one does in either language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

from huddle.locale import N_, Wording

_FILLING = {"since", "from", "on", "at", "desde", "el", "a", "la", "las"}
_DAYS_AGO = {"today": 0, "hoy": 0, "yesterday": 1, "ayer": 1}
_WEEKDAYS = {
    name: day
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    )
    for day, name in enumerate(names)
}
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_MOST = 128
"""Characters that may mean a time."""


class HouseClock:
    """Reads milliseconds since 1970 as people do. ``now_ms`` tells which day is today; ``zone``
    None is the machine's own."""

    def __init__(self, zone: tzinfo | None, now_ms: Callable[[], int]) -> None:
        self._zone = zone
        self._now_ms = now_ms
        self._minute = (-1, "")

    def minute(self, time: int) -> str:
        """Hours and minutes; the last answer is kept, since most are asked for again."""
        minute = time // 60_000
        if self._minute[0] != minute:
            self._minute = (minute, f"{self._at(time):%H:%M}")
        return self._minute[1]

    def day(self, time: int) -> date:
        """The day of that time, where the house is."""
        return self._at(time).date()

    def other_day(self, earlier: int, later: int) -> bool:
        """Whether midnight lies between the two."""
        if earlier // 60_000 == later // 60_000:
            return False
        return self.day(earlier) != self.day(later)

    def is_today(self, time: int) -> bool:
        """Whether a time (milliseconds since 1970) lies on the present day here."""
        return not self.other_day(time, self._now_ms())

    def read(self, words: str) -> int | None:
        """The time that these words mean; None when they mean none.

        An hour alone is the last one that was. What the clock shows twice when summer ends is the
        first of the two.
        """
        if len(words) > _MOST:
            return None
        parts = [word for word in words.lower().split() if word not in _FILLING]
        now = self._now_ms()
        today = self.day(now)
        hours = [hour for part in parts if (hour := _hour(part)) is not None]
        days = [day for part in parts if (day := _day(part, today)) is not None]
        if not parts or len(parts) != len(hours) + len(days) or max(len(hours), len(days)) > 1:
            return None
        day, hour = (days or [today])[0], (hours or [time()])[0]
        meant = self._moment(day, hour)
        if meant is not None and meant > now and not days:
            meant = self._moment(day - timedelta(days=1), hour)
        return meant

    def _moment(self, day: date, hour: time) -> int | None:
        try:
            return round(datetime.combine(day, hour, self._zone).timestamp() * 1000)
        except (OverflowError, ValueError):  # before the year 1 or after 9999, somewhere
            return None

    def _at(self, time: int) -> datetime:
        return datetime.fromtimestamp(time / 1000, self._zone)


def _hour(word: str) -> time | None:
    hours, colon, minutes = word.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    if len(hours) > 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    return time(int(hours), int(minutes))


def _day(word: str, today: date) -> date | None:
    if word in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[word])
    if word in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS[word]) % 7 or 7)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def day_in_words(day: date, wording: Wording) -> str:
    """``20 November 2026``, ``20 de noviembre de 2026``."""
    _ = wording.gettext
    return _("{day} {month} {year}").format(
        day=day.day, month=_(_MONTHS[day.month - 1]), year=day.year
    )
