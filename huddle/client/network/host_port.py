"""A server's address as it is typed, ``HOST`` or ``HOST:PORT``."""

from __future__ import annotations

from typing import NamedTuple


class HostPort(NamedTuple):
    """Where a server is found; ``host`` is a name or an address, without brackets."""

    host: str
    port: int


def split_host_port(typed: str) -> tuple[str, str | None]:
    """The host and the port that were typed, ``[::1]:PORT`` among them; None: no port was.

    An address of IPv6 without brackets has none, since colons say nothing there. Raises ValueError
    where nothing is left of the host.
    """
    host, colon, port = typed.rpartition(":")
    if not colon or (":" in host and not host.endswith("]")) or typed.endswith("]"):
        host, colon = typed, ""
    if host.startswith("["):
        host = host.removeprefix("[").removesuffix("]")
    if not host.strip():
        raise ValueError(typed)
    return host, port if colon else None


def read_host_port(typed: str, usual_port: int) -> HostPort:
    """The address that was typed, at the usual port unless it names one. Raises ValueError."""
    host, port = split_host_port(typed)
    if port is None:
        return HostPort(host, usual_port)
    if not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ValueError(typed)
    return HostPort(host, int(port))
