"""The entrance: who may come in, by how many are here already.

A class sits behind one NAT, so many connections of one address are welcome, and so are many that
have not given a nick yet. Both have an end: past `Limits.per_address` a connection is refused, and
past `Limits.unnamed` the one that has stood at the door for longest has to go.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Hashable
from ipaddress import IPv6Network, ip_address
from typing import Generic, TypeVar

from huddle.limits import Limits

Guest = TypeVar("Guest", bound=Hashable)


class Entrance(Generic[Guest]):
    """Counts connections by address, and remembers who has no nick, the oldest first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._by_address: Counter[str] = Counter()
        self._unnamed: OrderedDict[Guest, None] = OrderedDict()

    def admits(self, address: str) -> bool:
        """Whether one more may come from there; an empty address has no limit."""
        limit = self._limits.per_address
        return not address or not limit or self._by_address[address] < limit

    def enter(self, guest: Guest, address: str) -> Guest | None:
        """Count a guest, who has no nick; returns the one who has to go for that, if any."""
        self._by_address[address] += 1
        self._unnamed[guest] = None
        if len(self._unnamed) > self._limits.unnamed:
            return self._unnamed.popitem(last=False)[0]
        return None

    def named(self, guest: Guest) -> None:
        """The guest has a nick now."""
        self._unnamed.pop(guest, None)

    def leave(self, guest: Guest, address: str) -> None:
        """The guest's connection has ended."""
        self._unnamed.pop(guest, None)
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]


def counted_address(host: str) -> str:
    """What counts as one address: an IPv4 address, an IPv6 /64 (one customer's network).

    IPv4 addresses that came over an IPv6 socket count as IPv4; what is no address counts as it is.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, 64), strict=False))
