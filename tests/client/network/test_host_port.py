"""Addresses as they are typed."""

from __future__ import annotations

import pytest

from huddle.client.network.host_port import HostPort, read_host_port, split_host_port


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("chat.lan", "chat.lan", None),
        ("chat.lan:7", "chat.lan", "7"),
        ("10.0.0.7:7", "10.0.0.7", "7"),
        ("::1", "::1", None),
        ("fe80::1%eth0", "fe80::1%eth0", None),
        ("[::1]", "::1", None),
        ("[::1]:7", "::1", "7"),
        ("chat.lan:", "chat.lan", ""),
    ],
)
def test_a_port_may_stand_behind_a_host(typed: str, host: str, port: str | None) -> None:
    assert split_host_port(typed) == (host, port)


@pytest.mark.parametrize("typed", ["", " ", ":7", "[]", "[]:7"])
def test_without_a_host_there_is_no_place(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_host_port(typed, 1)


def test_a_place_without_a_port_is_at_the_usual_one() -> None:
    assert read_host_port("[::1]", 6000) == HostPort("::1", 6000)
    assert read_host_port("chat.lan:7", 6000) == HostPort("chat.lan", 7)
