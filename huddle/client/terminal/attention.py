"""Is the person looking? What comes while they look elsewhere gets a rule drawn above it.

A terminal can tell when its window loses and gets the focus (xterm's mode 1004); not all do. So
one has stopped looking when the focus has gone, or when nothing has been typed for a while.
"""

from __future__ import annotations

from collections.abc import Callable

IDLE = 180.0
"""Seconds without a key after which one is taken to be somewhere else."""


class Attention:
    """Follows one person. ``clock`` gives seconds and never jumps.

    ``away``: they were not looking before the first key, so what comes first was missed.
    """

    def __init__(self, clock: Callable[[], float], *, away: bool = False) -> None:
        self._clock = clock
        self._last_sign = clock()
        self._away = away
        self._ruled = False

    @property
    def looking(self) -> bool:
        """Whether a person is taken to be looking at the window."""
        return not self._away and self._clock() - self._last_sign < IDLE

    def looked(self) -> None:
        """A key was pressed, or the window has the focus again."""
        self._away = self._ruled = False
        self._last_sign = self._clock()

    def looked_away(self) -> None:
        """The window has lost the focus: the next message gets a rule above it."""
        if not self._away:
            self._away, self._ruled = True, False

    def rule_due(self) -> bool:
        """A message is to be shown: whether the rule belongs above it. True once an absence."""
        if self.looking or self._ruled:
            return False
        self._ruled = True
        return True
