"""What is answered to a request for a file, and to what looks after servers."""

from __future__ import annotations

import pytest

from tests.doors.web.browser import FILES, WebWorld

OUR_HEAD = "Host: chat.lan:8000\n\n"


def test_every_answer_forbids_what_the_page_does_not_need() -> None:
    for request in ("GET / HTTP/1.1\n", "GET /nothing HTTP/1.1\n", "PUT / HTTP/1.1\n"):
        headers = WebWorld().answered(request + OUR_HEAD).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_what_has_not_changed_is_not_sent_again_and_a_head_alone_has_no_body() -> None:
    world, tag = WebWorld(), FILES["/"].tag
    again = world.answered(f"GET / HTTP/1.1\nIf-None-Match: {tag}\n{OUR_HEAD}")
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    head = world.answered(f"HEAD /big.js HTTP/1.1\n{OUR_HEAD}")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", "100000")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_health_is_told_by_any_name_and_kept_by_nobody(method: str) -> None:
    world = WebWorld()
    for host in ("evil.example", "chat.lan", "127.0.0.1"):
        well = world.answered(f"{method} /health?x HTTP/1.1\nHost: {host}\n\n")
        assert (well.status, well.headers["Cache-Control"]) == (200, "no-store")
        assert well.headers["Content-Length"] == "3"
        assert well.body == (b"ok\n" if method == "GET" else b"")
    assert world.answered("GET /health HTTP/1.0\n\n").status == 200
    assert world.answered("POST /health HTTP/1.0\n\n").status == 405


def test_who_looks_after_servers_hears_that_nothing_is_recorded_and_that_the_house_closes() -> None:
    world = WebWorld()
    for records, closes, status, word in (
        (False, False, 503, b"not recording\n"),
        (True, False, 200, b"ok\n"),
        (True, True, 503, b"closing\n"),
        (False, True, 503, b"closing\n"),
    ):
        world.connections.records = records
        if closes:
            world.closes()
        answer = world.answered("GET /health HTTP/1.1\nHost: evil.example\n\n")
        assert (answer.status, answer.body) == (status, word)


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        (None, False),
        ("gzip", True),
        ("GZIP, deflate, br", True),
        ("deflate;q=0.5,gzip;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*", True),
        ("*;q=0", False),
        ("identity", False),
        ("br, zstd", False),
        ("x-gzip", True),
        ("not-gzip", False),
    ],
)
def test_a_file_is_packed_for_those_who_say_that_they_unpack_it(
    asked: str | None, packed: bool
) -> None:
    header = "" if asked is None else f"Accept-Encoding: {asked}\n"
    answer = WebWorld().answered(f"GET /packed.css HTTP/1.1\n{header}{OUR_HEAD}")
    assert answer.body == (FILES["/packed.css"].packed if packed else FILES["/packed.css"].body)
    assert answer.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Length"] == str(len(answer.body))


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ('W/"tag"', True),
        ('"tag"', True),
        ('"other", W/"tag"', True),
        ("*", True),
        ('"other"', False),
        ("tag", False),
        ('W/"tag2"', False),
        ("", False),
    ],
)
def test_a_file_that_is_had_is_not_sent_again(known: str, same: bool) -> None:
    header = f"If-None-Match: {known}\nAccept-Encoding: gzip\n"
    answer = WebWorld().answered(f"GET /packed.css HTTP/1.1\n{header}{OUR_HEAD}")
    assert (answer.status, bool(answer.body)) == ((304, False) if same else (200, True))
    assert answer.headers["ETag"] == FILES["/packed.css"].tag
    assert answer.headers["Cache-Control"] == "no-cache"


def test_what_is_no_file_of_the_page_is_kept_by_no_cache() -> None:
    for request in ("GET /nothing HTTP/1.1\n", "PUT / HTTP/1.1\n", "GET /talk HTTP/1.1\n"):
        assert WebWorld().answered(request + OUR_HEAD).headers["Cache-Control"] == "no-store"
