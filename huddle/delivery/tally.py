"""The tally: what this process has done since it started, in plain numbers.

They are added to where it is done, at no cost that could be measured, and read by what looks after
the server (`huddle.server.operation.metrics`). There is one of a process, as Prometheus has it.
"""

from __future__ import annotations

from collections import Counter


class Tally:
    """``delivered`` are lines given at once to those who were level with their room, notices among
    them: ten lines for a thousand are ten thousand. ``refused`` are errors told to people and
    programs, by code; ``turned_away`` connections that were not let in, by the verdict on them."""

    __slots__ = ("delivered", "refused", "turned_away")

    def __init__(self) -> None:
        self.delivered = 0
        self.refused: Counter[str] = Counter()
        self.turned_away: Counter[str] = Counter()


TALLY = Tally()
"""The one tally of this process, which all parts count in."""
