"""When something is, in one language and by the house's clock."""

from __future__ import annotations

from datetime import date

from huddle.locale import Wording
from huddle.locale.clock import HouseClock, day_in_words


class Timestamps:
    """Words for times, which are milliseconds since 1970."""

    def __init__(self, wording: Wording, clock: HouseClock) -> None:
        self._wording = wording
        self._clock = clock

    def day(self, day: date) -> str:
        """A day as one writes it in this language, with its month by name."""
        return day_in_words(day, self._wording)

    def at(self, time: int) -> str:
        """The minute, and the day if that is another one than today."""
        _ = self._wording.gettext
        minute = self._clock.minute(time)
        if self._clock.is_today(time):
            return _("{time} today").format(time=minute)
        return _("{time} on {day}").format(time=minute, day=self.day(self._clock.day(time)))

    def noted(self, time: int) -> str:
        """The same in figures, for the front of a line."""
        minute = self._clock.minute(time)
        return minute if self._clock.is_today(time) else f"{self._clock.day(time)} {minute}"
