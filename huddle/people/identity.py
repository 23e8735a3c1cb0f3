"""Who a person is, beyond the nick of the moment: what marks and ignores are kept under.

An **identity** is ``account:5`` for a session that is logged in and ``session:17`` for one that is
not. A nick is none: the next to take it is another person. Marks may also be on ``nick:<key>``,
whichever person has it, and on ``address:<network>``.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from huddle.protocol import names

_Network = IPv4Network | IPv6Network

Range = tuple[int, int, int]
"""The version of an address, and the first and the last that is meant."""

_MAPPED = IPv6Network("::ffff:0:0/96")
"""IPv4 addresses as an IPv6 socket shows them (RFC 4291, section 2.5.5.2)."""


def nick_target(nick: str) -> str:
    """The target of a mark on all who take this nick, in whatever case."""
    return f"nick:{names.folded_key(nick)}"


def address_target(text: str) -> str | None:
    """An address or a network as typed, ``10.0.0.0/8``; None when it is neither."""
    network = _network(text.strip())
    return None if network is None else f"address:{network}"


def address_shown(target: str) -> str:
    """The address or network of such a target, as it is shown: one address has no length behind
    it."""
    network = _network(target.partition(":")[2])
    if network is None or network.num_addresses > 1:
        return target.partition(":")[2]
    return str(network.network_address)


def address_range(text: str) -> Range | None:
    """A host, or a network as in a target, as numbers; None when it is neither."""
    network = _network(text)
    if network is None:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


def address_within(host: str, target: str) -> bool:
    """Whether a host is in the network of that target; a host that is no address is in none."""
    inner, outer = address_range(host), address_range(target.partition(":")[2])
    return inner is not None and outer is not None and is_within(inner, outer)


def is_within(inner: Range, outer: Range) -> bool:
    """Whether all addresses of ``inner`` are in ``outer``."""
    return inner[0] == outer[0] and outer[1] <= inner[1] and inner[2] <= outer[2]


@lru_cache(maxsize=4096)
def site(address: str) -> str:
    """The /48 that an IPv6 /64 is in, as one customer has it; empty for every other address."""
    network = _network(address) if ":" in address else None
    if not isinstance(network, IPv6Network) or network.prefixlen < _SITE:
        return ""
    return str(network.supernet(new_prefix=_SITE))


_SITE = 48
_LONGEST = 100
"""Characters of an address or a network, with the name of an interface; no longer one is read."""


def _network(text: str) -> _Network | None:
    return _read_network(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _read_network(text: str) -> _Network | None:
    """An address is a network of one. IPv4 that comes over an IPv6 socket is IPv4 all the same."""
    address, slash, length = text.partition("/")
    try:
        network = ip_network(address.partition("%")[0] + slash + length, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        mapped = int(network.network_address) & 0xFFFF_FFFF
        return IPv4Network((mapped, network.prefixlen - _MAPPED.prefixlen))
    return network
