"""Where a peer comes from: by its own address, or as a proxy says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress
from zope.interface import implementer


@implementer(IAddress)
@dataclass(frozen=True, slots=True)
class Source:
    """What a door makes of an address, and what takes its place where a proxy tells of a peer.
    ``host`` is empty behind a UNIX socket.

    ``proxied`` says that a proxy is at the other end, ``secure`` that it speaks TLS with the peer.
    """

    host: str
    secure: bool = False
    proxied: bool = False


shared_source = lru_cache(maxsize=4096)(Source)
"""A `Source` that is shared by all who come from there."""


def source_of(address: IAddress | None) -> Source:
    """Where a peer of this address comes from."""
    if isinstance(address, Source):
        return address
    return shared_source(address.host if isinstance(address, IPv4Address | IPv6Address) else "")
