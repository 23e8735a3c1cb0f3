"""The way to a server: who else could read what is sent on it."""

from __future__ import annotations

import pytest
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.testing import MemoryReactorClock

from huddle.client.network.endpoints import AddressEndpoint, addresses_of, in_clear
from huddle.client.network.host_port import HostPort
from huddle.client.network.tls_options import Tls


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("127.0.0.1", AddressEndpoint),
        ("::1", AddressEndpoint),
        ("localhost", HostnameEndpoint),
        ("10.0.0.7.lan", HostnameEndpoint),
    ],
)
def test_only_a_name_is_looked_up(host: str, kind: type[object]) -> None:
    [address] = addresses_of([HostPort(host, 55123)], None, MemoryReactorClock())
    assert type(address.endpoint) is kind


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])
def test_nobody_on_this_machine(host: str) -> None:
    assert not in_clear(host, None)


@pytest.mark.parametrize("host", ["10.0.0.7", "2001:db8::1", "chat.lan", "127.0.0.1.example"])
def test_everybody_on_the_way_but_with_tls(host: str) -> None:
    assert in_clear(host, None)
    assert not in_clear(host, Tls())
