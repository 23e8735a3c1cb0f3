"""By which names browsers may come, and from which pages."""

from __future__ import annotations

from itertools import product

import pytest
from websockets.datastructures import Headers

from huddle.doors.web.host_names import Names, has_one_host

NAMES = Names(["server", "Chat.Example.org."])


def is_ours(host: str | None, origin: str | None = None) -> bool:
    headers = Headers()
    if host is not None:
        headers["Host"] = host
    if origin is not None:
        headers["Origin"] = origin
    return NAMES.is_ours(headers)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "192.168.1.5:8000", "[::1]", "[fe80::1]:8000", "8.8.8.8"),
        *("localhost", "LOCALHOST:8000", "localhost.", "mac.local", "server", "SERVER:1"),
        *("chat.example.org", "chat.example.org.", "chat.example.org:443"),
    ],
)
def test_addresses_and_names_that_no_stranger_can_own_are_ours(host: str) -> None:
    assert is_ours(host)
    assert is_ours(host, f"http://{host}")
    assert not is_ours(host, "http://evil.example")


@pytest.mark.parametrize(
    "host",
    [
        *(None, "", "evil.example", "example.org", "x.chat.example.org", "server.evil", "local"),
        *(
            "localhost.evil.example",
            "1.2.3.4.5",
            "[::1",
            "a b",
            "server:x",
            "server:1:2",
            "x@server",
        ),
    ],
)
def test_all_others_are_not(host: str | None) -> None:
    assert not is_ours(host, f"http://{host}")
    assert not is_ours(host)


OURS = (
    "127.0.0.1",
    "10.1.2.3.",
    "[::1]",
    "[FE80::1]",
    "[::ffff:1.2.3.4]",
    "localhost",
    "Mac.local.",
    "SERVER",
    "chat.example.org",
)
PORTS = ("", ":80", ":443", ":8000", ":65535")
DEFAULTS = {"http": ":80", "https": ":443"}


@pytest.mark.parametrize("host", OURS)
def test_of_all_origins_only_the_one_that_was_asked_is_ours(host: str) -> None:
    """By either scheme, since TLS may end at a proxy; a port that is left out is the scheme's."""
    for port, scheme, elsewhere in product(PORTS, DEFAULTS, PORTS):
        same = (port or DEFAULTS[scheme]) == (elsewhere or DEFAULTS[scheme])
        for asked in (host, host.upper(), host.lower()):
            assert is_ours(asked + port)
            assert is_ours(asked + port, f"{scheme}://{host}{elsewhere}") is same
        for other in OURS:
            if other != host:
                assert not is_ours(host + port, f"{scheme}://{other}{port}")


@pytest.mark.parametrize("host", OURS)
def test_what_only_looks_like_a_name_of_ours_is_none(host: str) -> None:
    strange = (
        f"{host}.evil.example", f"{host}.evil.example:8000", f"{host}@evil.example", f"evil@{host}",
        f"{host}#", f"{host}/", f"{host}\\", f"{host} ", f" {host}", f"{host}:", f"{host}:80:80",
        f"{host}:http", f"{host}:123456", f"{host},evil.example", f"{host}%00", f"[{host}]",
        f"http://{host}", f"{host}..",
    )  # fmt: skip
    for name in strange:
        assert not is_ours(name), name
        assert not is_ours(name, f"http://{name}"), name
        assert not is_ours("server", f"http://{name}"), name


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "0x7f.1", "127.1", "0177.0.0.1", "::1", "[1.2.3.4]", "[::1%25eth0]", "[]"),
        *("[::1]x", "[localhost]", "[server]", "1.2.3.4.5", "256.1.1.1", "x.localhost"),
    ],
)
def test_an_address_is_only_what_a_browser_writes_as_one(host: str) -> None:
    assert not is_ours(host)
    assert not is_ours(host, f"http://{host}")


@pytest.mark.parametrize(
    ("host", "origin", "ours"),
    [
        ("server", "http://server:80", True),
        ("server:443", "https://server", True),
        ("server", "https://SERVER", True),  # TLS ends at a proxy
        ("server:8000", "http://server", False),
        ("server", "null", False),
        ("server", "server", False),
        ("server", "http://server/", False),
        ("server", "ftp://server", False),
        ("server", "http://server.evil.example", False),
    ],
)
def test_a_page_is_ours_that_came_from_the_host_it_asks(host: str, origin: str, ours: bool) -> None:
    assert is_ours(host, origin) is ours


def test_two_hosts_or_two_origins_are_none() -> None:
    twice = Headers([("Host", "server"), ("Host", "server")])
    assert not has_one_host(twice) and not NAMES.is_ours(twice)
    origins = [("Origin", "http://server"), ("Origin", "http://server")]
    assert not NAMES.is_ours(Headers([("Host", "server"), *origins]))
