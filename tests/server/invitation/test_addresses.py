"""This machine's addresses, as others reach it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from huddle.server.invitation import addresses
from huddle.server.invitation.addresses import lan_addresses, own_addresses


def test_this_machine_calls_itself_by_the_loopback() -> None:
    assert "127.0.0.1" in [address for _, address in own_addresses()]
    assert not any(ip_address(address).is_loopback for address in lan_addresses())


@pytest.mark.parametrize(
    ("found", "usual", "expected"),
    [
        ([("lo", "127.0.0.1"), ("eth0", "10.0.0.5")], "", ["10.0.0.5"]),
        ([("eth0", "10.0.0.5"), ("wlan0", "10.1.0.5")], "10.1.0.5", ["10.1.0.5", "10.0.0.5"]),
        ([("docker0", "172.17.0.1"), ("eth0", "10.0.0.5")], "", ["10.0.0.5"]),
        ([("eth0", "10.0.0.5"), ("eth0", "fd00::5")], "", ["10.0.0.5"]),
        ([("lo", "::1"), ("eth0", "fd00::5")], "", ["fd00::5"]),
        ([("lo", "127.0.0.1")], "", []),
    ],
)
def test_others_are_told_the_likeliest_first(
    monkeypatch: pytest.MonkeyPatch,
    found: list[tuple[str, str]],
    usual: str,
    expected: list[str],
) -> None:
    monkeypatch.setattr(addresses, "own_addresses", lambda: iter(found))
    monkeypatch.setattr(addresses, "_on_the_way_out", lambda: usual)
    assert lan_addresses() == expected
