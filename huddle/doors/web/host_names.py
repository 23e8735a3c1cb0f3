"""Names: by which names of this machine a browser may come, and from which pages.

A page from elsewhere that a browser shows can reach this machine. It says in ``Origin`` where it is
from, so another origin than ours is refused. But a page may also come from a name that its owner
then points at this machine (DNS rebinding): there ``Origin`` and ``Host`` agree. So ``Host`` has to
be a name that no stranger can own: an IP address, ``localhost``, a name of this network
(``*.local``), this machine's own, or one that the server was told of (``--web-host``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address

from websockets.datastructures import Headers

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class Names:
    """The names that are ours. ``own`` are those of this machine, and those that were given."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = {name.lower().removesuffix(".") for name in own if name}

    def is_ours(self, headers: Headers) -> bool:
        """Whether the request came to a name of ours, and from no page but our own.

        A program sends no ``Origin``, and is let in.
        """
        host = _only(headers, "Host")
        parts = _HOST.fullmatch(host or "")
        if parts is None or not self._is_own(parts[1]):
            return False
        origins = headers.get_all("Origin")
        return not origins or (len(origins) == 1 and _same(origins[0], parts[1], parts[2]))

    def _is_own(self, name: str) -> bool:
        if name.startswith("["):
            return _is_address(name.strip("[]"), 6)
        name = name.lower().removesuffix(".")
        ours = name == "localhost" or name.endswith(".local") or name in self._own
        return ours or _is_address(name, 4)


def _is_address(text: str, version: int) -> bool:
    try:
        return ip_address(text).version == version
    except ValueError:
        return False


def has_one_host(headers: Headers) -> bool:
    """Whether the request says to which host it is, as RFC 9112, section 3.2, wants it."""
    return _only(headers, "Host") is not None


def _only(headers: Headers, name: str) -> str | None:
    values = headers.get_all(name)
    return values[0] if len(values) == 1 else None


def _same(origin: str, name: str, port: str | None) -> bool:
    """Whether an origin is the host that was asked, by whichever of the two schemes.

    Which one we cannot know: TLS may end at a proxy before us.
    """
    scheme, separator, place = origin.partition("://")
    parts = _HOST.fullmatch(place)
    if not separator or scheme not in _DEFAULT_PORTS or parts is None:
        return False
    default = _DEFAULT_PORTS[scheme]
    return parts[1].lower() == name.lower() and (parts[2] or default) == (port or default)
