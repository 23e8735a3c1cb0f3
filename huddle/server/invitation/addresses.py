"""This machine's addresses, those first by which its neighbours reach it."""

from __future__ import annotations

import fcntl
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

_SIOCGIFADDR = 0x8915
_IFREQ_ADDRESS = slice(20, 24)

_INNER = ("docker", "br-", "veth", "virbr", "lxc", "podman", "cni")
"""What the networks of containers and virtual machines are called, which end in this machine."""

_FAR = "192.0.2.1"
"""An address that is nowhere (RFC 5737); nothing is sent to it."""


def own_addresses() -> Iterator[tuple[str, str]]:
    """Each interface of this machine that has an address, with the address; the IPv4 ones first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, suppress(OSError):
        for _index, interface in socket.if_nameindex():  # a service may be kept from asking
            with suppress(OSError):  # it has none
                request = struct.pack("256s", interface.encode()[:15])
                answer = fcntl.ioctl(asking, _SIOCGIFADDR, request)
                yield interface, socket.inet_ntoa(answer[_IFREQ_ADDRESS])
    with suppress(OSError):  # there is no IPv6 here
        for line in Path("/proc/net/if_inet6").read_text().splitlines():
            number, *_rest, interface = line.split()
            address = ip_address(bytes.fromhex(number))
            if not address.is_link_local:
                yield interface, str(address)


def lan_addresses() -> list[str]:
    """The addresses to be given to others on the same network, the likeliest first.

    IPv6 ones only where there is nothing else: they are long to copy from a board.
    """
    found = [
        address
        for interface, address in own_addresses()
        if not (ip_address(address).is_loopback or interface.startswith(_INNER))
    ]
    short = [address for address in found if "." in address] or found
    usual = _on_the_way_out()
    return sorted(short, key=lambda address: address != usual)


def _on_the_way_out() -> str:
    """The address with which this machine would leave its network; empty without such a way."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking, suppress(OSError):
        asking.connect((_FAR, 9))
        return str(asking.getsockname()[0])
    return ""
