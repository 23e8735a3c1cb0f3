"""The header of the PROXY protocol: read whole or refused, in both versions."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.doors.proxy.header import MOST, Header, NoHeader, crc32c, read_header

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def v2(kind: int, rest: bytes, command: int = 0x21) -> bytes:
    return SIGNATURE + struct.pack(">BBH", command, kind, len(rest)) + rest


def ipv4(source: str = "192.0.2.7", port: int = 40_000, more: bytes = b"") -> bytes:
    addresses = socket.inet_aton(source) + socket.inet_aton("10.0.0.1")
    return v2(0x11, addresses + struct.pack(">HH", port, 55_123) + more)


def ipv6(source: str = "2001:db8::7", port: int = 40_000, more: bytes = b"") -> bytes:
    addresses = b"".join(socket.inet_pton(socket.AF_INET6, each) for each in (source, "::1"))
    return v2(0x21, addresses + struct.pack(">HH", port, 55_123) + more)


def tlv(type: int, value: bytes) -> bytes:
    return struct.pack(">BH", type, len(value)) + value


def checked(header: bytes) -> bytes:
    """The same with its checksum, for which there are four zeros at its end."""
    return header[:-4] + struct.pack(">I", crc32c(header))


GOOD = [
    (b"PROXY TCP4 192.0.2.7 10.0.0.1 40000 55123\r\n", "192.0.2.7", False),
    (
        b"PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n",
        "255.255.255.255",
        False,
    ),
    (b"PROXY TCP6 2001:db8::7 ::1 1 2\r\n", "2001:db8::7", False),
    (b"PROXY TCP6 2001:0DB8:0:0:0:0:0:7 ::1 1 2\r\n", "2001:db8::7", False),
    (b"PROXY UNKNOWN\r\n", None, False),
    (b"PROXY UNKNOWN ffff:f...f:ffff whatever 1 2\r\n", None, False),
    (ipv4(), "192.0.2.7", False),
    (ipv6(), "2001:db8::7", False),
    (v2(0x31, b"/run/there".ljust(108, b"\0") + bytes(108)), "", False),
    (v2(0x00, b""), None, False),
    (v2(0x00, b"", 0x20), None, False),
    (v2(0x11, b"anything", 0x20), None, False),
    (ipv4(more=tlv(0x04, b"")), "192.0.2.7", False),
    (ipv4(more=tlv(0x01, b"h2") + tlv(0xE0, b"x" * 300)), "192.0.2.7", False),
    (ipv4(more=tlv(0x20, b"\x01\0\0\0\0" + tlv(0x21, b"TLSv1.3"))), "192.0.2.7", True),
    (ipv4(more=tlv(0x20, b"\x00\0\0\0\0")), "192.0.2.7", False),
    (ipv6(more=tlv(0x20, b"")), "2001:db8::7", False),
    (checked(ipv4(more=tlv(0x03, bytes(4)))), "192.0.2.7", False),
]


@pytest.mark.parametrize(("data", "host", "secure"), GOOD)
def test_a_header_says_where_the_peer_comes_from(
    data: bytes, host: str | None, secure: bool
) -> None:
    assert read_header(data) == Header(len(data), host, secure)


@pytest.mark.parametrize("data", [data for data, *_ in GOOD])
def test_what_stands_behind_it_is_not_looked_at_and_half_of_it_is_none_yet(data: bytes) -> None:
    header = read_header(data + b"\xff\0 ana\n" + data)
    assert header is not None and header.length == len(data)
    for end in range(len(data)):
        assert read_header(data[:end]) is None


BAD = [
    b"ana\n",
    b"GET / HTTP/1.1\r\n",
    b"\x16\x03\x01",
    b"proxy TCP4 192.0.2.7 10.0.0.1 1 2\r\n",
    b"PROXY\r\n",
    b"PROXY TCP4\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 1\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\n",
    b"PROXY TCP4  192.0.2.7 10.0.0.1 1 2\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 1 2 \r\n",
    b"PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n",
    b"PROXY TCP4 192.0.2.7 ten 1 2\r\n",
    b"PROXY TCP4 2001:db8::7 ::1 1 2\r\n",
    b"PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n",
    b"PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 -1 2\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 65536 2\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 1 999999999999\r\n",
    "PROXY TCP4 192.0.2.7 10.0.0.1 １ 2\r\n".encode(),
    b"PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n",
    b"PROXY " + b"x" * 200,
    b"PROXY UNKNOWN " + b"x" * 200 + b"\r\n",
    b"PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n" + b"x" * 200,
    b"\r\n\r\n\0\r\nQUIT\r\n",
    v2(0x11, b"", 0x21),
    v2(0x11, bytes(12), 0x31),
    v2(0x11, bytes(12), 0x11),
    v2(0x11, bytes(12), 0x22),
    v2(0x12, bytes(12)),
    v2(0x21, bytes(12)),
    v2(0x31, bytes(36)),
    v2(0x99, bytes(300)),
    SIGNATURE + struct.pack(">BBH", 0x21, 0x11, 65_535),
    SIGNATURE + struct.pack(">BBH", 0x20, 0x00, 65_535),
    ipv4(more=b"\x01"),
    ipv4(more=b"\x01\x00"),
    ipv4(more=b"\x01\xff\xffxyz"),
    ipv4(more=tlv(0x03, b"\0\0\0\0")),
    ipv4(more=tlv(0x03, b"")),
    ipv4(more=tlv(0x01, b"x" * MOST)),
]


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_header_is_refused_and_nothing_is_guessed(data: bytes) -> None:
    with pytest.raises(NoHeader):
        read_header(data)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda rest: v2(0x11, rest))))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        header = read_header(data)
    except NoHeader:
        return
    assert header is None or header.length <= min(len(data), MOST)


def test_the_checksum_is_the_one_of_the_standard() -> None:
    assert crc32c(b"123456789") == 0xE3069283  # RFC 3720, appendix B.4 and every catalogue
    assert crc32c(bytes(32)) == 0x8A9136AA
