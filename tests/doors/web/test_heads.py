"""Heads of requests: what is read of one, and why another is none."""

from __future__ import annotations

import gc

import pytest
from websockets.server import ServerProtocol

from huddle.doors.web.heads import (
    END_OF_HEAD,
    OFFERS,
    NoRequest,
    agrees_to_compression,
    answer_to_handshake,
    let_go,
    may_begin_request,
    read_head,
    wants_websocket,
)
from huddle.protocol.limits import Limits

LIMITS = Limits()
GET = "GET / HTTP/1.1"
HOST = "Host: localhost:8000"
HANDSHAKE = (
    "GET /talk HTTP/1.1",
    HOST,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)
OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + END_OF_HEAD


def status_of(*lines: str) -> int:
    with pytest.raises(NoRequest) as refused:
        read_head(head(*lines), LIMITS)
    return refused.value.status.value


def test_a_request_says_what_it_wants() -> None:
    request = read_head(head(GET, HOST, "Accept-Language: es"), LIMITS)
    assert (request.path, request.headers["accept-language"]) == ("/", "es")


def test_a_browsers_cookies_are_not_even_looked_at() -> None:
    cookies = "Cookie: " + "x" * 60_000, "cookie : y=1"
    request = read_head(head(GET, HOST, *cookies), LIMITS)
    assert "cookie" not in request.headers


def test_a_program_of_before_needs_no_host() -> None:
    assert read_head(head("GET /health HTTP/1.0"), LIMITS).path == "/health"
    assert status_of(GET) == 400
    assert status_of(GET, HOST, "Host: elsewhere") == 400


@pytest.mark.parametrize(
    "line",
    [
        *("Content-Length: 1", "content-length:00010", "Content-Length : 5"),
        *("Content-Length: -0x1", "Transfer-Encoding: chunked", "TRANSFER-ENCODING:"),
    ],
)
def test_what_has_a_body_is_refused_before_the_body_is_read(line: str) -> None:
    assert status_of("POST / HTTP/1.1", HOST, line) == 413


def test_an_empty_body_is_none() -> None:
    assert read_head(head(GET, HOST, "Content-Length: 0"), LIMITS).path == "/"
    assert status_of(GET, HOST, "Content-Length: 00") == 400


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET /" + "x" * 10_000 + " HTTP/1.1", HOST], 414),
        ([GET, HOST, "X: " + "x" * 10_000], 431),
        ([GET, HOST, *("X: y" for _ in range(LIMITS.web_headers))], 431),
        (["GET / HTTP/3.0", HOST], 400),
        (["GET", HOST], 400),
        (["GET / HTTP/1.1 more", HOST], 400),
        ([GET, HOST, "no colon"], 400),
        ([GET, HOST, ": no name"], 400),
        ([GET, HOST, "a b: blank in its name"], 400),
        ([GET, HOST, "X: bell \x07"], 400),
        ([GET, HOST, " folded: as of old"], 400),
        ([GET, HOST, "X: y\nZ: bare line end"], 400),
        ([GET, HOST, "X: y\0"], 400),
        ([""], 400),
    ],
    ids=str,
)
def test_what_is_no_request_says_why_and_nothing_else_happens(
    lines: list[str], status: int
) -> None:
    assert status_of(*lines) == status


def test_a_head_whose_end_has_not_come_is_none_and_waits_for_nothing() -> None:
    with pytest.raises(NoRequest):
        read_head(b"GET / HTTP/1.1\r\nHost: localhost\r\n", LIMITS)
    with pytest.raises(NoRequest):
        read_head(b"", LIMITS)


@pytest.mark.parametrize(
    ("data", "may_be"),
    [
        (b"G", True),
        (b"GET / HT", True),
        (b"GET / HTTP/1.1\r\n", True),
        (b"GET / HTTP/1.0\nHost", True),
        (b"GET / HTTP/2.0\r\n", False),
        (b"", False),
        (b"get / HTTP/1.1\r\n", False),
        (b"hola\n", False),
        (b"Hola a todos\n", False),
        (b"\x16\x03\x01", False),
        (b'{"type":"hello"}\n', False),
        (b"\xc3\x89l\n", False),
    ],
)
def test_by_its_beginning_it_is_known_who_speaks_no_http(data: bytes, may_be: bool) -> None:
    assert may_begin_request(data) is may_be


@pytest.mark.parametrize(
    ("offer", "wanted"),
    [
        ("websocket", True),
        ("h2c, WebSocket", True),
        (",,websocket ,", True),
        ("websockets", False),
        ("h2c", False),
        ("", False),
    ],
)
def test_a_websocket_may_be_one_of_several_offers(offer: str, wanted: bool) -> None:
    assert wants_websocket(read_head(head(GET, HOST, f"Upgrade: {offer}"), LIMITS)) is wanted
    assert not wants_websocket(read_head(head(GET, HOST), LIMITS))


def test_a_handshake_that_is_right_is_taken() -> None:
    answer = answer_to_handshake(read_head(head(*HANDSHAKE), LIMITS))
    assert answer.status_code == 101
    assert answer.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455
    assert not agrees_to_compression(answer)


@pytest.mark.parametrize("missing", HANDSHAKE[3:])
def test_one_in_which_something_is_missing_is_not(missing: str) -> None:
    lines = [line for line in HANDSHAKE if line != missing]
    answer = answer_to_handshake(read_head(head(*lines), LIMITS))
    assert 400 <= answer.status_code < 500


def test_compression_is_agreed_to_where_it_is_offered() -> None:
    answer = answer_to_handshake(read_head(head(*HANDSHAKE, OFFER), LIMITS))
    assert answer.status_code == 101 and agrees_to_compression(answer)


@pytest.mark.parametrize(
    "offer",
    [
        "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9",
        "Sec-WebSocket-Extensions: x-webkit-deflate-frame",
        OFFER + ", x" * (OFFERS // 3),
    ],
    ids=["a small window", "another one", "too much"],
)
def test_it_is_a_websocket_without_compression_where_the_offer_will_not_do(offer: str) -> None:
    answer = answer_to_handshake(read_head(head(*HANDSHAKE, offer), LIMITS))
    assert answer.status_code == 101 and not agrees_to_compression(answer)


def test_handshakes_leave_no_circles_behind() -> None:
    right = read_head(head(*HANDSHAKE), LIMITS)
    wrong = read_head(head(*HANDSHAKE[:-1]), LIMITS)
    gc.collect()
    gc.disable()
    try:
        for request in (right, wrong):
            for _ in range(10):
                answer_to_handshake(request)
        let_go(ServerProtocol())
        assert gc.collect() < 10
    finally:
        gc.enable()
