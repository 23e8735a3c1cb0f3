"""The clock on the wall: what time and which day a message is of, in the server's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo


class HouseClock:
    """Reads milliseconds since 1970 as people do. ``now_ms`` tells which day is today."""

    def __init__(self, zone: tzinfo, now_ms: Callable[[], int]) -> None:
        self._zone = zone
        self._now_ms = now_ms
        self._minute = (-1, "")

    def minute(self, time: int) -> str:
        """Hours and minutes; the last answer is kept, since most are asked for again."""
        minute = time // 60_000
        if self._minute[0] != minute:
            self._minute = (minute, f"{self._at(time):%H:%M}")
        return self._minute[1]

    def date(self, time: int) -> date:
        """The day of that time."""
        return self._at(time).date()

    def other_day(self, earlier: int, later: int) -> bool:
        """Whether midnight lies between the two."""
        if earlier // 60_000 == later // 60_000:
            return False
        return self.date(earlier) != self.date(later)

    def is_today(self, time: int) -> bool:
        """Whether that was today."""
        return not self.other_day(time, self._now_ms())

    def _at(self, time: int) -> datetime:
        return datetime.fromtimestamp(time / 1000, self._zone)
