"""What a connection is, by the first bytes that come: a person, a program, or one gone astray.

A browser that was pointed here, or led here by a web page, must not be able to speak: what it sends
begins with an HTTP request line and is answered as HTTP. A TLS client hears that this port has no
TLS; its bytes begin with a handshake record (RFC 8446, section 5.1).
"""

from __future__ import annotations

import re
from enum import Enum, auto

TLS_HANDSHAKE = b"\x16\x03"

HTTP_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 31\r\n"
    b"Connection: close\r\n"
    b"\r\n"
    b"This is Huddle, not a web site\n"
)

_HTTP_REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/")


class Peer(Enum):
    """Who may be at the other end, as the first line tells."""

    PERSON = auto()
    PROGRAM = auto()
    BROWSER = auto()
    TLS_CLIENT = auto()


def recognise(line: bytes) -> Peer:
    """Tell by the first line, or by the first bytes where they say enough."""
    if line.startswith(b"{"):
        return Peer.PROGRAM
    if line.startswith(TLS_HANDSHAKE):
        return Peer.TLS_CLIENT
    if _HTTP_REQUEST.match(line):
        return Peer.BROWSER
    return Peer.PERSON
