"""Where a peer comes from, as the doors have it."""

from __future__ import annotations

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

from huddle.doors.proxy.address import Source, shared_source, source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        (None, Source("")),
        (UNIXAddress(b"/run/huddle"), Source("")),
        (IPv4Address("TCP", "192.0.2.7", 1), Source("192.0.2.7")),
        (IPv6Address("TCP", "2001:db8::7", 1), Source("2001:db8::7")),
        (shared_source("192.0.2.7", False, True), Source("192.0.2.7", proxied=True)),
        (shared_source("", True, True), Source("", secure=True, proxied=True)),
    ],
)
def test_who_comes_comes_from_somewhere(address: IAddress | None, source: Source) -> None:
    assert source_of(address) == source


def test_all_who_come_from_there_share_it() -> None:
    one, other = (IPv4Address("TCP", "192.0.2.7", port) for port in (1, 2))
    assert source_of(one) is source_of(other)
