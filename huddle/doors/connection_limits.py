"""Connection limits: which connections may stay, by how many there are and how fast they come.

A class sits behind one NAT, so many connections of one address are welcome, and four times as many
of one IPv6 /48, of which a customer has 65,536 addresses. But past
`Limits.per_address` a connection is told so and has to go. Those that are told count too until they
are gone, so past twice `Limits.per_address` they are told nothing: a storm of connections gets no
more of us than the kernel's handshake. Nor is a connection told anything whose address has made
them faster than `Limits.attempts_rate` for a while: each costs us a greeting, whether it stays or
not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import Enum, auto
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from huddle.people.identity import site
from huddle.people.rates import AddressRates
from huddle.protocol.limits import SITE, Limits


class Verdict(Enum):
    """What becomes of a new connection."""

    WELCOME = auto()
    TOO_MANY = auto()
    STORM = auto()


class ConnectionLimits:
    """Counts connections by address. ``seconds`` is a monotonic clock."""

    def __init__(self, limits: Limits, seconds: Callable[[], float]) -> None:
        self._limits = limits
        self._seconds = seconds
        self._by_address: Counter[str] = Counter()
        self._by_site: Counter[str] = Counter()
        self._attempts = AddressRates(
            limits.attempts_rate, limits.attempts_burst, SITE["attempts_rate"]
        )

    def arrive(self, address: str) -> Verdict:
        """Count one more from there; an empty address has no limit."""
        limit, wide = self._limits.per_address, site(address)
        most = SITE["per_address"] * limit
        here, around = self._by_address[address], self._by_site[wide]
        self._by_address[address] += 1
        if wide:
            self._by_site[wide] += 1
        if not address or not limit:
            return Verdict.WELCOME
        too_fast = self._attempts.take(address, self._seconds())
        if too_fast or here >= 2 * limit or around >= 2 * most:
            return Verdict.STORM
        return Verdict.WELCOME if here < limit and around < most else Verdict.TOO_MANY

    def leave(self, address: str) -> None:
        """One from there is gone, and all they said is said."""
        _discount(self._by_address, address)
        if wide := site(address):
            _discount(self._by_site, wide)


def _discount(counts: Counter[str], place: str) -> None:
    counts[place] -= 1
    if not counts[place]:
        del counts[place]


def ip_of(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is; None where it is none, as behind a UNIX socket.

    IPv4 addresses that came over an IPv6 socket are IPv4.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def counted_address(host: str) -> str:
    """What counts as one address: an IPv4 address, an IPv6 /64 (one customer's network); what is
    no address counts as it is."""
    address = ip_of(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return host if address is None else str(address)


def is_this_machine(host: str) -> bool:
    """Whether a connection from there never left this machine."""
    address = ip_of(host)
    return address is None or address.is_loopback
