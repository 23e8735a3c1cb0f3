"""Registrations: how many accounts may be made from one address."""

from __future__ import annotations

from collections import OrderedDict

from huddle.protocol.errors import TooMany

HOUR_MS = 3_600_000

_REMEMBERED = 4096
"""Addresses whose registrations are remembered at most."""


class Registrations:
    """How many accounts were registered from each address in the last hour. Times are in
    milliseconds."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[int]] = OrderedDict()

    def check(self, address: str, now: int, limit: int) -> None:
        """Raises `TooMany` when there may be no more from there. Nothing is counted yet."""
        if len(self._lately(address, now)) >= limit:
            raise TooMany("registrations", limit)

    def count(self, address: str, now: int) -> None:
        """Count one more."""
        self._times[address] = [*self._lately(address, now), now]
        self._times.move_to_end(address)
        if len(self._times) > _REMEMBERED:
            self._times.popitem(last=False)

    def _lately(self, address: str, now: int) -> list[int]:
        return [time for time in self._times.get(address, ()) if now - time < HOUR_MS]
