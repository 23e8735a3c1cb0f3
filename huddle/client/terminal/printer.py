"""Gathers the lines of the conversation, and gives them out a batch at a time.

Each batch costs the drawing of the prompt, whatever its length: line by line, a busy room would
keep the terminal and the program at nothing else. A line after a silence is given out at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from twisted.internet.interfaces import IDelayedCall, IReactorTime

GATHERING = 0.04
"""Seconds between batches: too short to be noticed, long enough for the keys in between."""

BATCH = 64 * 1024
"""Characters in a batch, roughly: what a terminal shows in a few hundredths of a second."""

ENOUGH = 512 * 1024
"""Characters that wait before no more should be taken from the server."""


class Printer:
    """``write`` gets whole lines. ``full`` and ``drained`` tell whether to take a rest."""

    def __init__(
        self,
        clock: IReactorTime,
        write: Callable[[Sequence[str]], None],
        *,
        full: Callable[[], None],
        drained: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._write = write
        self._full = full
        self._drained = drained
        self.taken = 0
        """Lines that have been added so far."""
        self.given = 0
        """Lines that have been printed so far, or are just being printed."""
        self._lines: deque[str] = deque()
        self._size = 0
        self._is_full = False
        self._last = 0.0
        self._call: IDelayedCall | None = None

    def add(self, lines: Sequence[str]) -> None:
        """Take lines, to be printed with the next batch."""
        self._lines.extend(lines)
        self.taken += len(lines)
        self._size += sum(map(len, lines))
        if self._size > ENOUGH and not self._is_full:
            self._is_full = True
            self._full()
        self.wake()

    def wake(self) -> None:
        """There may be something to be told: `drained` is called soon, after what waits."""
        if self._call is None:
            pause = max(0.0, self._last + GATHERING - self._clock.seconds())
            self._call = self._clock.callLater(min(pause, GATHERING), self._give)

    def finish(self) -> None:
        """Print all that waits, now and for the last time."""
        if self._call is not None:
            self._call.cancel()
            self._call = None
        while self._lines:
            self._write(self._batch())

    def _give(self) -> None:
        self._call = None
        self._last = self._clock.seconds()
        if self._lines:
            self._write(self._batch())
        if self._lines:
            self.wake()
        else:
            self._is_full = False
            self._drained()

    def _batch(self) -> list[str]:
        batch: list[str] = []
        size = 0
        while self._lines and size < BATCH:
            batch.append(self._lines.popleft())
            size += len(batch[-1])
        self._size -= size
        self.given += len(batch)
        return batch
