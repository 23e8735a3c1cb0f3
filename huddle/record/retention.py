"""Which messages are too old to be kept, and when the clock cannot be trusted to say so.

A person who sets the clock of the machine to the year 2050 must not thereby delete the record. So
a time is believed only when it is not far ahead of the last one that was: the **stride**, which is
a day, or the time that messages are kept if that is shorter, but at least an hour. A time further
ahead is doubted, and nothing is deleted, until it has gone on from there for a whole stride
without another jump. So after the clock was really wrong there is time to set it right, and a
server that was off for two months begins to delete again a day later.

A clock that goes back is harmless by itself: fewer messages are too old then. The first time of all
is compared with the newest message's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

HOUR = 3_600_000
DAY = 24 * HOUR


class ClockJumped(Exception):
    """Nothing was deleted: the time ``now`` is too far ahead of ``believed`` to be believed yet."""

    def __init__(self, believed: int, now: int) -> None:
        super().__init__(believed, now)
        self.believed = believed
        self.now = now


@dataclass(frozen=True, slots=True)
class Clock:
    """What is known of the clock: the last time ``believed``, and the doubted ones after it.

    All in milliseconds since 1970; 0 for none.
    """

    believed: int = 0
    doubted_from: int = 0
    doubted_to: int = 0

    def told(self, now: int, keep_ms: int) -> Clock:
        """What is known after being told the time; ``now`` is trusted if it is `believed` then."""
        stride = max(HOUR, min(DAY, keep_ms))
        if now - self.believed <= stride:
            return Clock(now)
        if not self.doubted_from <= now or now - self.doubted_to > stride:
            return replace(self, doubted_from=now, doubted_to=now)
        if now - self.doubted_from >= stride:
            return Clock(now)
        return replace(self, doubted_to=now)
