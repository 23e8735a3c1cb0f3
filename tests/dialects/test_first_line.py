"""The first bytes of a connection tell a person, a program, a browser and a TLS client apart."""

from __future__ import annotations

import pytest

from huddle.dialects.first_line import Peer, http_answer, recognise


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"ana",
        b"/back otter-41-lamp",
        b" {",
        b"[1]",
        b"GET",
        b"GET /",
        b"GET / FTP/1.0",
        b"get / HTTP/1.1",
        b"GET  HTTP/1.1",
        b" GET / HTTP/1.1",
        b"\x16",
        b"\x16\x02",
        b"\xef\xbb\xbfana",
        b"\xff\xfb\x18",
    ],
)
def test_a_person_is_who_is_nothing_else(line: bytes) -> None:
    assert recognise(line) is Peer.PERSON


@pytest.mark.parametrize("line", [b"{", b'{"type":"hello"}', b"{GET / HTTP/1.1"])
def test_a_program_begins_with_a_brace(line: bytes) -> None:
    assert recognise(line) is Peer.PROGRAM


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1",
        b"GET / HTTP/1.1\r",
        b"POST /x?y=z HTTP/1.0",
        b"OPTIONS * HTTP/2",
        b"CONNECT host:443 HTTP/1.1",
        b"PRI * HTTP/2.0",
    ],
)
def test_a_browser_names_http(line: bytes) -> None:
    assert recognise(line) is Peer.BROWSER


@pytest.mark.parametrize("line", [b"\x16\x03\x01\x02\x00", b"\x16\x03"])
def test_a_tls_client_shakes_hands(line: bytes) -> None:
    assert recognise(line) is Peer.TLS_CLIENT


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("page", ["", "http://10.0.0.1:8000/", "https://[::1]/"])
def test_the_answer_to_a_browser_has_the_length_it_says(page: str, language: str) -> None:
    head, _, body = http_answer(page, language).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")


def test_no_address_is_markup() -> None:
    assert b"<b" not in http_answer('http://"><b>/', "en")
