"""The log window: what of the log is kept for those who come back.

The log could be let go of behind the slowest node that is up, as its state is on its disk. A node
that was killed, or stood still for so long that the others put it down, is none of those; and where
much is said, they pass the next two marks within seconds. It would find a log that begins behind
where it stopped, and could go on only with what another node gives it. So the newest part of the
log stays, whoever is up: by time, for longer than a machine takes to start anew; and by bytes, as
the engine holds all of it (etcd takes two GiB by itself, with what a running snapshot holds back).
"""

from __future__ import annotations

from collections import deque

WINDOW_MS = 1800 * 1000
"""Milliseconds for which the log is kept, by the times of its batches."""
WINDOW_BYTES = 128 << 20
"""Bytes of batches that are kept at the most: some half a million messages, sealed."""


class LogWindow:
    """The window of one node, whose state was at ``position`` and ``time`` when it began to follow.

    ``taken`` are the bytes that it has read since, counted by the node; `mark` is called at each
    place at which the log may be cut.
    """

    def __init__(self, position: int, time: int) -> None:
        self.taken = 0
        self._marks = deque([(position, time, 0)])

    def mark(self, position: int, time: int) -> int:
        """Note a place at which the log may be cut, and its time; returns the newest such place
        that is in front of the window: the log may be let go of up to there."""
        marks = self._marks
        marks.append((position, time, self.taken))
        while marks[1][1] <= time - WINDOW_MS or self.taken - marks[1][2] >= WINDOW_BYTES:
            marks.popleft()
        return marks[0][0]
