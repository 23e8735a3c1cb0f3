"""House time: the time of day as the house has it, which never goes back and never stands still.

Whatever becomes of the clock on the wall, what is said later has a later time. It is the wall's as
long as that goes on. Where the wall is found behind (it was ahead, and was put right, or the record
has a later time), house time goes on at half speed until the wall has come up with it. Where the
wall is found ahead, house time follows at once. How long something lasts is not measured by it, but
by the clock that ticks (`huddle.rooms.restrictions`).
"""

from __future__ import annotations

from collections.abc import Callable

NOTABLE_MS = 2000
"""Milliseconds by which a clock has to differ to be worth a line in the log."""


class HouseTime:
    """``wall_ms`` is the machine's time of day in milliseconds since 1970, ``seconds`` a clock that
    no setting changes; ``last`` the last time that the record knows of.

    ``on_jump`` is called with the milliseconds by which the wall was found ahead of the time that
    was expected, or (below 0) behind it, if that is more than `NOTABLE_MS`.
    """

    def __init__(
        self,
        wall_ms: Callable[[], int],
        seconds: Callable[[], float],
        last: int = 0,
        on_jump: Callable[[int], object] = lambda by: None,
    ) -> None:
        self._wall_ms = wall_ms
        self._seconds = seconds
        self._on_jump = on_jump
        self._wall, self._ticked = wall_ms(), seconds()
        self._house: float = max(self._wall, last)
        if last - self._wall > NOTABLE_MS:
            on_jump(self._wall - last)

    def now_ms(self) -> int:
        """The time of day in milliseconds since 1970: never less than before."""
        wall, ticked = self._wall_ms(), self._seconds()
        passed = (ticked - self._ticked) * 1000
        jump = wall - self._wall - passed
        least = self._house + passed / 2
        self._wall, self._ticked = wall, ticked
        if not -NOTABLE_MS <= jump <= NOTABLE_MS:
            self._on_jump(round(jump))
        if wall >= least:
            self._house = wall
            return wall
        self._house = least
        return int(least)
