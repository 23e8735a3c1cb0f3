"""Where an engine is, and as whom to enter it, as one writes it behind ``--cluster``::

etcd://10.0.0.1,10.0.0.2,10.0.0.3/school
etcds://huddle:s3cret@a:2379,b:2379,c:2379/school?ca=/etc/huddle/ca.pem
etcds://huddle@a,b,c/school?ca=ca.pem&cert=node.pem&key=node.key&password-file=/etc/huddle/etcd
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from huddle.cluster.etcd.errors import AddressUnusable

PORT: Final = 2379
"""Where etcd listens for clients unless it is told otherwise."""

OPTIONS: Final = ("ca", "cert", "key", "password-file")

_ADDRESS = re.compile(r"(etcds?)://(?:([^@/?]*)@)?([^/?@]*)(?:/([^?]*))?(?:\?(.*))?", re.DOTALL)
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?")
_HOUSE = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Address:
    """An engine and a house in it.

    ``endpoints`` are its base URLs, each of another machine. ``user`` is empty where the engine
    asks for none. The others are paths of files, or empty: authorities that sign the engine's
    certificates (those of the system), this node's certificate and its key (it shows none), and one
    whose first line is the password.
    """

    endpoints: tuple[str, ...]
    house: str
    user: str = ""
    password: str = ""
    password_file: str = ""
    authorities: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether it is asked over TLS."""
        return self.endpoints[0].startswith("https:")


def address_of(text: str) -> Address:
    """The address that is written so. Raises `AddressUnusable`."""
    parts = _ADDRESS.fullmatch(text)
    if parts is None:
        raise AddressUnusable("scheme")
    scheme, entry, hosts, house, query = parts.groups("")
    if not _HOUSE.fullmatch(house):
        raise AddressUnusable("house")
    options = _options(query)
    user, _colon, password = entry.partition(":")
    address = Address(
        endpoints=tuple(_endpoint(scheme, host) for host in _hosts(hosts)),
        house=house,
        user=unquote(user),
        password=unquote(password),
        password_file=options.get("password-file", ""),
        authorities=options.get("ca", ""),
        certificate=options.get("cert", ""),
        key=options.get("key", ""),
    )
    _check_together(address)
    return address


def _hosts(text: str) -> list[str]:
    if not text:
        raise AddressUnusable("no-host")
    return list(dict.fromkeys(text.split(",")))


def _endpoint(scheme: str, text: str) -> str:
    parts = _HOST.fullmatch(text)
    port = int(parts[2] or PORT) if parts else 0
    if parts is None or not 0 < port < 1 << 16:
        raise AddressUnusable("host", text or "''")
    return f"{'https' if scheme == 'etcds' else 'http'}://{parts[1]}:{port}"


def _options(query: str) -> dict[str, str]:
    given = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in given.items():
        if name not in OPTIONS or not value:
            raise AddressUnusable("option", name)
    return given


def _check_together(address: Address) -> None:
    if bool(address.certificate) != bool(address.key):
        raise AddressUnusable("certificate")
    if not address.is_secure and (address.authorities or address.certificate):
        raise AddressUnusable("plain")
    if address.password and address.password_file:
        raise AddressUnusable("two-passwords")
    if bool(address.user) != bool(address.password or address.password_file):
        raise AddressUnusable("password")
