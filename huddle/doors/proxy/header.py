"""The header of the PROXY protocol, versions 1 and 2: where a peer of a proxy comes from.

It is as HAProxy's ``doc/proxy-protocol.txt`` (2020/03/05) has it. A header is read whole or not at
all, and what is no header ends the connection: nothing is guessed. Of the extensions of version 2
two are looked at: the checksum, which must be right where there is one, and whether the peer speaks
TLS with the proxy. The rest is left aside.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

MOST = 4096
"""Bytes of a header. A longer one is none: HAProxy's have 16 to some hundreds."""

_LINE = 107
"""Bytes of the longest header of version 1, with its end."""

_BEGIN_1 = b"PROXY "
_BEGIN_2 = b"\r\n\r\n\0\r\nQUIT\n"
_FIXED = 16

_LOCAL, _PROXY = 0x20, 0x21
"""Version 2, and whether the proxy speaks for itself (as to see whether we live) or for a peer."""

_ADDRESSES = {0x11: 12, 0x21: 36, 0x31: 216}
_SOURCES = {0x11: 4, 0x21: 16, 0x31: 0}
"""Bytes of the addresses by the kind: TCP over IPv4, over IPv6, UNIX stream; and of those the
first, which say where the peer is, by its IP address."""

_UNSPECIFIED = 0x00
_CHECKSUM, _TLS = 0x03, 0x20
_TLS_CLIENT = 0x01


class NoHeader(Exception):
    """What came is no header, or is longer than one may be."""


@dataclass(frozen=True, slots=True)
class Header:
    """``host`` is where the peer comes from: an address, or empty where it came to the proxy by a
    UNIX socket. None: the proxy speaks for itself.

    ``secure`` says that the peer and the proxy speak TLS. ``length`` is in bytes.
    """

    length: int
    host: str | None = None
    secure: bool = False


def read_header(data: bytes) -> Header | None:
    """The header that this begins with; None while not all of it is there. Raises `NoHeader`."""
    if data.startswith(_BEGIN_2):
        return _version_2(data)
    if data.startswith(_BEGIN_1):
        return _version_1(data)
    if _BEGIN_1.startswith(data) or _BEGIN_2.startswith(data):
        return None
    raise NoHeader


# -- version 1: a line of text -----------------------------------------------------------------


def _version_1(data: bytes) -> Header | None:
    line, end, _ = data[:_LINE].partition(b"\r\n")
    if not end:
        if len(data) >= _LINE:
            raise NoHeader
        return None
    length = len(line) + len(end)
    match line.split(b" "):
        case [_, b"UNKNOWN", *_]:
            return Header(length)
        case [_, b"TCP4", source, there, port, port_there]:
            kind: type[IPv4Address | IPv6Address] = IPv4Address
        case [_, b"TCP6", source, there, port, port_there]:
            kind = IPv6Address
        case _:
            raise NoHeader
    _address(kind, there)
    for each in (port, port_there):
        _check_port(each)
    return Header(length, _address(kind, source))


def _address(kind: type[IPv4Address | IPv6Address], text: bytes) -> str:
    try:
        address = ip_address(text.decode("ascii"))
    except ValueError:
        raise NoHeader from None
    if not isinstance(address, kind) or getattr(address, "scope_id", None):
        raise NoHeader
    return str(address)


def _check_port(text: bytes) -> None:
    if not (text.isdigit() and len(text) <= 5 and int(text) < 2**16):
        raise NoHeader


# -- version 2: bytes --------------------------------------------------------------------------


def _version_2(data: bytes) -> Header | None:
    if len(data) < _FIXED:
        return None
    command, kind, length = struct.unpack_from(">BBH", data, len(_BEGIN_2))
    whole = _FIXED + length
    if command not in (_LOCAL, _PROXY) or whole > MOST:
        raise NoHeader
    if len(data) < whole:
        return None
    if command == _LOCAL or kind == _UNSPECIFIED:
        return Header(whole)
    if kind not in _ADDRESSES or length < _ADDRESSES[kind]:
        raise NoHeader
    header = data[:whole]
    extensions = dict(_extensions(header, _FIXED + _ADDRESSES[kind]))
    if _CHECKSUM in extensions:
        _check(header, extensions[_CHECKSUM])
    at, size = extensions.get(_TLS, (0, 0))
    secure = size > 0 and bool(header[at] & _TLS_CLIENT)
    source = header[_FIXED : _FIXED + _SOURCES[kind]]
    return Header(whole, str(ip_address(source)) if source else "", secure)


def _extensions(header: bytes, at: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Of each its type, where its value begins, and how many bytes that has."""
    while at < len(header):
        if at + 3 > len(header):
            raise NoHeader
        type, size = struct.unpack_from(">BH", header, at)
        at += 3 + size
        if at > len(header):
            raise NoHeader
        yield type, (at - size, size)


def _check(header: bytes, place: tuple[int, int]) -> None:
    """The checksum is that of the whole header with zeros in its own place."""
    at, size = place
    blank = header[:at] + bytes(size) + header[at + size :]
    if header[at : at + size] != struct.pack(">I", crc32c(blank)):
        raise NoHeader


def _row(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


_ROWS = [_row(value) for value in range(256)]


def crc32c(data: bytes) -> int:
    """The checksum of RFC 3720, appendix B.4."""
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ _ROWS[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF
