"""Where a peer comes from: by its own address, or as a proxy says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress
from zope.interface import implementer


@implementer(IAddress)
@dataclass(frozen=True, slots=True)
class ProxiedAddress:
    """The address of a peer that came by a proxy; ``secure``: the two speak TLS."""

    host: str
    port: int
    secure: bool
    type: str = "TCP"


@dataclass(frozen=True, slots=True)
class Source:
    """What a door makes of an address. ``host`` is empty behind a UNIX socket.

    ``proxied`` says that a proxy is at the other end, ``secure`` that it speaks TLS with the peer.
    """

    host: str
    secure: bool = False
    proxied: bool = False


_source = lru_cache(maxsize=4096)(Source)
"""Shared by all who come from there."""


def source_of(address: IAddress | None) -> Source:
    """Where a peer of this address comes from."""
    if isinstance(address, ProxiedAddress):
        return _source(address.host, address.secure, True)
    return _source(address.host if isinstance(address, IPv4Address | IPv6Address) else "")
