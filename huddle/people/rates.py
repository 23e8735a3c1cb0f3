"""How many lines a person may say at once, and how many a second after that."""

from __future__ import annotations

# Less than a clock's tick: so much too early is in time, or a rounding error would be a wait.
_ROUNDING = 1e-6


class Throttle:
    """A token bucket: ``burst`` lines at once, then ``rate`` a second; rate 0 is no limit.

    It is kept as one time, the one at which the bucket is full again (the generic cell rate
    algorithm of ATM, ITU-T I.371): nothing to refill, nothing to schedule. Times are seconds of one
    monotonic clock. ``burst`` is at least 1, or nothing would ever pass.
    """

    __slots__ = ("_full_at", "_room", "_seconds")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._seconds = 1 / rate if rate else 0.0
        self._room = self._seconds * (burst - 1)
        self._full_at = now

    def take(self, now: float) -> float:
        """Let one line pass and return 0.0, or return the seconds until one may.

        A line that has to wait is not counted; ask again for it when its time has come.
        """
        wait = self._full_at - self._room - now
        if wait > _ROUNDING:
            return wait
        self._full_at = max(self._full_at, now) + self._seconds
        return 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until a line may pass, 0.0 when one may, and take nothing."""
        wait = self._full_at - self._room - now
        return wait if wait > _ROUNDING else 0.0

    def give_back(self) -> None:
        """Uncount one that was let pass and did not come."""
        self._full_at -= self._seconds

    def spend(self, now: float, count: int = 1) -> None:
        """Count so many that have passed anyway; the following ones wait for them."""
        if count:
            self._full_at = max(self._full_at, now) + count * self._seconds
