"""What a connection is, by the first bytes that come: a person, a program, or one gone astray.

A browser that was pointed here, or led here by a web page, must not be able to speak: what it sends
begins with an HTTP request line and is answered as HTTP, which tells where the page is. A TLS
client hears that this port has no TLS; its bytes begin with a handshake record (RFC 8446, section
5.1).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from html import escape

from huddle.locale import translator

TLS_HANDSHAKE = b"\x16\x03"

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


def http_answer(page: str, language: str) -> bytes:
    """What a browser is shown: where the page is, or that there is none, where that is empty."""
    _ = translator(language).gettext
    if page:
        link = f'<a href="{escape(page)}">{escape(page)}</a>'
        told = _("This port is for nc and huddle-client. The page for browsers is at {page}")
        told = told.format(page=link)
    else:
        told = _(
            "This port is for nc and huddle-client, and not for browsers. Whoever runs the server"
            " can have it serve a page for them, by --web."
        )
    body = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Huddle</title>'
        f'<meta name="viewport" content="width=device-width"><p>{told}</p>\n'
    ).encode()
    head = (
        "HTTP/1.1 400 Bad Request\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Content-Security-Policy: default-src 'none'\r\n"
        "Cache-Control: no-store\r\n"
        "Connection: close\r\n"
        "\r\n"
    )
    return head.encode() + body
