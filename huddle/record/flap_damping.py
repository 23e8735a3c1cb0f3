"""Whether a record fails or works, as it is told: in peace, also where that changes all the time.

On a disk that is nearly full each long text fails and each short one is kept, several times a
second. Whoever reads the log, and the balancers that ask for the server's health, would be told of
each. So a record that fails again soon after it has recovered is said to work only once it has done
so for a while, and for twice as long after the next time.
"""

from __future__ import annotations

import math
from collections.abc import Callable

SOON = 60.0
"""Seconds after a recovery within which another failure shows that it was none."""

WAITS = (10.0, 640.0)
"""Seconds without a failure after which it has recovered, where it had seemed to before: at first,
and at the most."""

TRIES_APART = 1.0
"""Seconds from one failure to the next attempt to write something, where nobody speaks."""


class FlapDamping:
    """Of one record. Whatever is asked tells whether a change is to be reported."""

    def __init__(self, seconds: Callable[[], float] | None) -> None:
        """``seconds`` is a monotonic clock; without one each change is told at once."""
        # Between two infinite times is no number, so that nothing is soon, and no wait too short.
        self._seconds = seconds or (lambda: math.inf)
        self.fails = False
        self._works_again = False
        self._failed_at = self._recovered_at = -math.inf
        self._wait = 0.0

    def failed(self) -> bool:
        """Something could not be kept: is that news?"""
        now = self._failed_at = self._seconds()
        self._works_again = False
        if self.fails:
            return False
        self.fails = True
        first, most = WAITS
        again = now - self._recovered_at < SOON
        self._wait = min(max(first, 2 * self._wait), most) if again else 0.0
        return True

    def worked(self) -> bool:
        """Something was kept: is it news that it can be?"""
        self._works_again = self.fails
        return self.has_recovered()

    def has_recovered(self) -> bool:
        """Whether it has worked for long enough by now since it failed last."""
        if not self._works_again or self._seconds() - self._failed_at < self._wait:
            return False
        self.fails = self._works_again = False
        self._recovered_at = self._seconds()
        return True

    @property
    def is_to_be_tried(self) -> bool:
        """Whether one had better see if something can be kept by now: it failed, and nobody has
        tried since."""
        return (
            self.fails
            and not self._works_again
            and TRIES_APART <= self._seconds() - self._failed_at < math.inf
        )
