"""Who somebody is, beyond the nick of the moment: what marks and ignores are kept under.

An **identity** is ``account:5`` for whoever is logged in and ``session:17`` for everybody else. A
nick is none: who takes it next is another. Marks may also be on ``nick:<key>``, whoever has it, and
on ``address:<network>``.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from huddle import names


def session_identity(number: int) -> str:
    """That of a session without an account."""
    return f"session:{number}"


def account_identity(number: int) -> str:
    """That of an account, on whichever device."""
    return f"account:{number}"


def nick_target(nick: str) -> str:
    """Whoever has this nick, in whatever case."""
    return f"nick:{names.folded_key(nick)}"


def address_target(text: str) -> str | None:
    """An address or a network as typed, ``10.0.0.0/8``; None when it is neither."""
    network = _network(text.strip())
    return None if network is None else f"address:{network}"


def address_within(host: str, target: str) -> bool:
    """Whether a host is in the network of that target; a host that is no address is in none."""
    network = _network(target.partition(":")[2])
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return network is not None and address.version == network.version and address in network


@lru_cache(maxsize=4096)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
