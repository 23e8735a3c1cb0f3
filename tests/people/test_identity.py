"""Who somebody is, by whatever they are called and wherever they come from."""

from __future__ import annotations

import pytest

from huddle.people.identity import (
    _read_network,
    address_shown,
    address_target,
    address_within,
    nick_target,
    site,
)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("10.0.0.7", "address:10.0.0.7/32"),
        ("10.0.0.7/8", "address:10.0.0.0/8"),
        (" 10.0.0.7 ", "address:10.0.0.7/32"),
        ("2001:db8::7", "address:2001:db8::7/128"),
        ("2001:DB8::7/32", "address:2001:db8::/32"),
        ("::ffff:10.0.0.7", "address:10.0.0.7/32"),
        ("::ffff:10.0.0.0/104", "address:10.0.0.0/8"),
        ("fe80::1%eth0", "address:fe80::1/128"),
        ("0.0.0.0/0", "address:0.0.0.0/0"),
        ("bob", None),
        ("10.0.0", None),
        ("10.0.0.0/33", None),
        ("10.0.0.0/", None),
        ("", None),
    ],
)
def test_an_address_is_typed_as_one_or_as_a_network(typed: str, target: str | None) -> None:
    assert address_target(typed) == target


@pytest.mark.parametrize(
    ("host", "target", "within"),
    [
        ("10.1.2.3", "address:10.0.0.0/8", True),
        ("11.1.2.3", "address:10.0.0.0/8", False),
        ("::ffff:10.1.2.3", "address:10.0.0.0/8", True),
        ("2001:db8::5", "address:2001:db8::/32", True),
        ("2001:db9::5", "address:2001:db8::/32", False),
        ("fe80::5%eth0", "address:fe80::/10", True),
        ("10.1.2.3", "address:::/0", False),
        ("2001:db8::5", "address:0.0.0.0/0", False),
        ("", "address:0.0.0.0/0", False),
        ("localhost", "address:0.0.0.0/0", False),
    ],
)
def test_a_host_is_in_a_network_of_its_own_kind(host: str, target: str, within: bool) -> None:
    assert address_within(host, target) is within


def test_one_address_is_shown_without_its_length() -> None:
    typed = ["10.0.0.7", "10.0.0.0/8", "2001:db8::7", "2001:db8::/32"]
    assert [address_shown(f"address:{network}") for network in typed] == typed
    assert address_shown("address:10.0.0.7/32") == "10.0.0.7"
    assert address_shown("address:2001:db8::7/128") == "2001:db8::7"


def test_a_nick_is_meant_in_whatever_case() -> None:
    assert nick_target("BOB") == nick_target("bob") != nick_target("rob")


def test_what_is_too_long_for_an_address_is_not_remembered() -> None:
    before = _read_network.cache_info().currsize
    assert [address_target(f"{number}" * 200) for number in range(10, 100)] == [None] * 90
    assert _read_network.cache_info().currsize == before


@pytest.mark.parametrize(
    ("address", "wide"),
    [
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("10.0.0.1", ""),
        ("", ""),
        ("::/0", ""),
        ("a:socket", ""),
    ],
)
def test_what_a_site_is(address: str, wide: str) -> None:
    assert site(address) == wide
