"""Is the link alive? A peer that has been silent is asked, and then has a time to answer."""

from __future__ import annotations

from enum import Enum, auto

QUIET = 6.0
"""Seconds of silence after which the server is asked for a sign of life."""

PATIENCE = 6.0
"""Seconds it then has. Both together stay below the 15 in which a hanging link must be noticed."""

PASSWORD_PATIENCE = 60.0
"""Seconds it has while a password waits to be checked. The server hashes one at a time, about 0.1 s
each, and answers nothing behind it: in a class of 100 that logs in at once the last waits 10."""


class Beat(Enum):
    """What the clock asks for: nothing, a ping, or to give the link up."""

    NOTHING = auto()
    PING = auto()
    DEAD = auto()


class Keepalive:
    """Watches one connection at a time. Times are seconds of a clock that never jumps.

    Whatever is heard is a sign of life, an answer to a ping or not: a server that is busy sending
    us its backlog is alive.
    """

    def __init__(self) -> None:
        self.deadline: float | None = None
        """When `beat` will have something to say; None: not as things are."""
        self._asked = False

    def heard(self, now: float) -> None:
        """Note that something has come at this time, or that the watch begins."""
        self.deadline = now + QUIET
        self._asked = False

    def stop(self) -> None:
        """Expect nothing any more, until something is `heard`."""
        self.deadline = None

    def beat(self, now: float, patience: float = PATIENCE) -> Beat:
        """What is due now. A PING is told once; the server then has ``patience`` seconds."""
        if self.deadline is None or now < self.deadline:
            return Beat.NOTHING
        if self._asked:
            return Beat.DEAD
        self._asked = True
        # From now, not from the deadline: a client that was stopped (Ctrl-Z) asks late.
        self.deadline = now + patience
        return Beat.PING
