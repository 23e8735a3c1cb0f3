"""The entrance: who may come in, by how many are here already, and how fast they come.

A class sits behind one NAT, so many connections of one address are welcome, and so are many that
have not given a nick yet. Both have an end: past `Limits.per_address` a connection is told so and
has to go, and past `Limits.unnamed` the one that has stood at the door for longest has to go. Those
who are told count too until they are gone, so past twice `Limits.per_address` nobody is told
anything: a storm of connections gets no more of us than the kernel's handshake. Nor is anybody
whose address has made connections faster than `Limits.attempts_rate` for a while: each costs us a
greeting, whether it stays or not.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from enum import Enum, auto
from ipaddress import IPv6Network, ip_address
from typing import Generic, TypeVar

from huddle.people.paces import Paces
from huddle.protocol.limits import Limits

Guest = TypeVar("Guest", bound=Hashable)


class Manner(Enum):
    """How somebody is met."""

    WELCOME = auto()
    TOO_MANY = auto()
    STORM = auto()


class Entrance(Generic[Guest]):
    """Counts connections by address, and remembers who has no nick, the oldest first.

    ``seconds`` is a monotonic clock.
    """

    def __init__(self, limits: Limits, seconds: Callable[[], float]) -> None:
        self._limits = limits
        self._seconds = seconds
        self._by_address: Counter[str] = Counter()
        self._attempts = Paces(limits.attempts_rate, limits.attempts_burst)
        self._unnamed: OrderedDict[Guest, None] = OrderedDict()

    def arrive(self, address: str) -> Manner:
        """Count one more from there; an empty address has no limit."""
        here = self._by_address[address]
        self._by_address[address] += 1
        limit = self._limits.per_address
        if not address or not limit:
            return Manner.WELCOME
        if self._attempts.take(address, self._seconds()) or here >= 2 * limit:
            return Manner.STORM
        return Manner.WELCOME if here < limit else Manner.TOO_MANY

    def stand(self, guest: Guest) -> Guest | None:
        """A guest without a nick stands at the door; returns the one who has to go for that."""
        self._unnamed[guest] = None
        if len(self._unnamed) > self._limits.unnamed:
            return self._unnamed.popitem(last=False)[0]
        return None

    def pass_on(self, guest: Guest) -> None:
        """The guest stands at the door no more: they have a nick, or are gone."""
        self._unnamed.pop(guest, None)

    def leave(self, address: str) -> None:
        """One from there is gone, and all they said is said."""
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


def is_this_machine(host: str) -> bool:
    """Whether a connection from there never left this machine."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return True  # a UNIX socket
    mapped = address.ipv4_mapped if address.version == 6 else None
    return (mapped or address).is_loopback
