"""Which proxies are believed: by address, by network, by the socket's file."""

from __future__ import annotations

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

from huddle.doors.proxy.trusted import Trusted, this_machine

PROXY = IPv4Address("TCP", "10.0.0.250", 1)


@pytest.mark.parametrize(
    ("described", "address", "is_one"),
    [
        ("10.0.0.250", PROXY, True),
        ("10.0.0.0/24", PROXY, True),
        ("10.0.0.99/24", PROXY, True),
        ("10.0.0.251", PROXY, False),
        ("2001:db8::/32", IPv6Address("TCP", "2001:db8::1", 1), True),
        ("fe80::/10", IPv6Address("TCP", "fe80::1%eth0", 1), True),
        ("10.0.0.250", IPv6Address("TCP", "::ffff:10.0.0.250", 1), True),
        ("10.0.0.250", IPv6Address("TCP", "2001:db8::1", 1), False),
        ("10.0.0.250", UNIXAddress(None), False),
        ("unix", UNIXAddress(b"/run/huddle"), True),
        ("unix", PROXY, False),
    ],
)
def test_a_proxy_is_trusted_by_its_address(described: str, address: IAddress, is_one: bool) -> None:
    assert (address in Trusted([described])) is is_one
    assert None not in Trusted([described])


@pytest.mark.parametrize("described", ["", "proxy.lan", "10.0.0.0/33", "10.0.0.1-9", "unix:/x"])
def test_what_is_no_address_is_no_proxy(described: str) -> None:
    with pytest.raises(ValueError):
        Trusted([described])


def test_this_machine_is_here() -> None:
    for address in (IPv4Address("TCP", "127.0.0.1", 1), IPv6Address("TCP", "::1", 1)):
        assert address in this_machine()
    assert UNIXAddress(None) in this_machine() and PROXY not in this_machine()
