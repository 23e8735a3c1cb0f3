"""Failover between the addresses of one house: which is tried next, and when.

A house of several nodes has several addresses, each of which leads to the same conversation. The
first that is given is tried first. When it cannot be had, or is lost, the next one is, nearly at
once; when each has been tried in vain, all are tried again after a pause, which grows. A node that
has asked to be left alone for a time is passed over meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from twisted.internet.interfaces import IStreamClientEndpoint

FIRST_PAUSE = 1.0
"""Seconds before all are tried again; each further time it is twice as long."""

LONGEST_PAUSE = 30.0
"""Seconds before that at most: a server that comes back is found within half a minute."""

LONGEST_AWAY = 600.0
"""Seconds for which a node is passed over at most, whatever it asks for."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address: the endpoint at which it is reached, and the ``place`` as it is shown to people,
    ``HOST:PORT``."""

    endpoint: IStreamClientEndpoint
    place: str = ""


class Failover:
    """All addresses of one house, of which one is current at a time.

    ``seconds`` is a clock that never jumps. ``jitter`` gives a number from 0 to 1, so that those
    who lost the same node do not come to the next one at the same moment.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        seconds: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        self._addresses = addresses
        self._seconds = seconds
        self._jitter = jitter
        self._at = 0
        self._failures = 0
        self._untried = len(addresses) - 1
        self._shut = [0.0] * len(addresses)
        """Until when each address is passed over, by `seconds`."""

    @property
    def current(self) -> Address:
        """The address that is tried now, or at which the client is connected."""
        return self._addresses[self._at]

    @property
    def any_untried(self) -> bool:
        """Whether some address was not tried yet since the start, and none has succeeded."""
        return self._untried > 0

    def succeeded(self) -> None:
        """The server at the current one has let the session in: the pauses are short again."""
        self._failures = self._untried = 0

    def avoid(self, wait: float) -> None:
        """Pass over the current one for so many seconds, and some more."""
        wait = min(wait, LONGEST_AWAY)
        self._shut[self._at] = self._seconds() + wait + wait * self._jitter() / 2

    def advance(self) -> float:
        """The current address failed: make another the current one. Returns the seconds to wait
        before that one is tried."""
        self._failures += 1
        self._untried -= 1
        now, count = self._seconds(), len(self._addresses)
        begin = now + self._pause()
        following = [(self._at + step) % count for step in range(1, count + 1)]
        self._at = min(following, key=lambda at: max(self._shut[at], begin))
        return max(self._shut[self._at], begin) - now

    def _pause(self) -> float:
        rounds, rest = divmod(self._failures, len(self._addresses))
        if rest:
            return FIRST_PAUSE * self._jitter()
        pause = min(FIRST_PAUSE * (1 << min(rounds - 1, 16)), LONGEST_PAUSE)
        return pause + pause * self._jitter() / 2
