"""Addresses in a text: which are links, where they end, and what can never be in one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.rendering.links import LONGEST, addresses, linked, links_known
from huddle.client.rendering.rows import plain
from huddle.protocol.text import clean


def found(text: str) -> list[str]:
    return [piece for piece, is_address in addresses(text) if is_address]


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("https://a.b/?q=1&r=2#x, http://c.d", ["https://a.b/?q=1&r=2#x", "http://c.d"]),
        ("«https://a.b/ñ»", ["https://a.b/ñ"]),
        ("HTTPS://A.B!", ["HTTPS://A.B"]),
        ("javascript://a.b ftp://a.b file:///etc/passwd data://x", []),
        ("https:// https://. a://b", []),
        ("https://" + "a" * LONGEST, []),
    ],
)
def test_an_address_ends_where_a_reader_says_it_ends(text: str, there: list[str]) -> None:
    assert found(text) == there


def test_what_opens_is_what_one_reads() -> None:
    link = r"a \x1b\]8;id=\d+;https://b\.c/%C3%B1;d\x1b\\https://b\.c/ñ;d\x1b\]8;;\x1b\\ e"
    assert re.fullmatch(link, linked("a https://b.c/ñ;d e"))


@given(st.text() | st.from_regex(r"https?://[^ ]{0,40}", fullmatch=True))
def test_no_text_ends_a_link_early_and_none_is_changed(text: str) -> None:
    text = clean(text)
    made = linked(text)
    assert plain(made) == text
    for target in re.findall(r"\x1b\]8;id=\d+;(.*?)\x1b\\", made):
        assert re.fullmatch(r"(?i)https?://[!-~]+", target)
    assert "\x1b" not in plain(made) and "\a" not in made


def test_a_console_that_would_show_the_sequence_is_given_none() -> None:
    assert links_known({"TERM": "xterm-256color"}) and links_known({"TERM": "tmux-256color"})
    assert not any(links_known({"TERM": term}) for term in ("linux", "vt220", "dumb", "screen"))
    assert not links_known({})
