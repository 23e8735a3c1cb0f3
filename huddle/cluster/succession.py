"""What a follower checks of every entry: that it is the very next one.

An engine counts the entries of a log and keeps the number with each. Positions alone cannot show a
hole, since they may have any distance; two numbers that do not follow each other can.
"""

from __future__ import annotations

from huddle.cluster.log import Cause


class Succession:
    """The last entry that a follower has: its ``position``, and its ``count`` in the log."""

    def __init__(self, position: int, count: int) -> None:
        self.position = position
        self.count = count

    def takes(self, position: int, count: int) -> Cause | None:
        """Go on to this entry; or say why it is not the one that follows, and stay."""
        if position <= self.position:
            return Cause.REWOUND
        if count != self.count + 1:
            return Cause.LOST
        self.position = position
        self.count = count
        return None
