"""FailureDetector: which other nodes have not been heard for so long that they are taken for dead.

It is counted in batches of one's own that have come back from the log with a beat in them, never by
a clock. A node that was stopped for ten seconds, or cut off, has had none of them come back: it has
nothing to say about others, who were there all the time. And however many beats had to wait, those
in one batch are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huddle.cluster.entries import Down
from huddle.cluster.state import Life

SILENT_BEATS = 5
"""Beats of one's own without any batch of the other, who sends one a second."""


class FailureDetector:
    """What one life has heard of the others."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, int]] = {}
        """The last batch of each other life, and the own beats since it was heard."""

    def beat(self, own: str, lives: Mapping[str, Life]) -> Iterator[Down]:
        """An own beat has come back. Gives what is to be said of those who are silent too long."""
        heard: dict[str, tuple[int, int]] = {}
        for life, each in lives.items():
            if life == own:
                continue
            n, beats = self._heard.get(life, (each.n, 0))
            heard[life] = each.n, beats + 1 if each.n == n else 1
            if heard[life][1] >= SILENT_BEATS:
                yield Down(life, each.n)
        self._heard = heard
