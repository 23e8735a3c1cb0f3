"""Registrations: how many accounts may be made from one address."""

from __future__ import annotations

from collections import OrderedDict

from huddle.errors import TooMany

HOUR_MS = 3_600_000

_REMEMBERED = 4096
"""Addresses whose registrations are remembered at most."""


class Registrations:
    """How many accounts were registered from each address in the last hour."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[int]] = OrderedDict()

    def count(self, address: str, now: int, limit: int) -> None:
        """Count one more. Raises `TooMany`."""
        times = [time for time in self._times.get(address, []) if now - time < HOUR_MS]
        if len(times) >= limit:
            raise TooMany("registrations", limit)
        self._times[address] = [*times, now]
        self._times.move_to_end(address)
        if len(self._times) > _REMEMBERED:
            self._times.popitem(last=False)
