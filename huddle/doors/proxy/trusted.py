"""Which proxies are believed when they say where a peer comes from."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network

from twisted.internet.address import UNIXAddress

from huddle.doors.connection_limits import ip_of

UNIX = "unix"
"""What stands for all who come by a UNIX socket: its file says who may."""


class Trusted:
    """Proxies, by address or network. ``described`` are as of ``--proxy-from``.

    Raises ValueError where one of them is no address, no network and not `UNIX`.
    """

    def __init__(self, described: Iterable[str]) -> None:
        names = list(described)
        self._unix = UNIX in names
        self._networks = [ip_network(name, strict=False) for name in names if name != UNIX]

    def __contains__(self, address: object) -> bool:
        """Whether the peer with this address is one of them."""
        if isinstance(address, UNIXAddress):
            return self._unix
        host = ip_of(getattr(address, "host", ""))
        return host is not None and any(host in network for network in self._networks)


def this_machine() -> Trusted:
    """The proxies on this machine alone."""
    return Trusted((UNIX, "127.0.0.0/8", "::1"))
