"""Whatever a stranger sends, by either dialect: each word of what is read of it is clean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.plain.dialect import PlainDialect
from huddle.locale.clock import HouseClock
from huddle.protocol.dialect import Reader
from huddle.protocol.limits import Limits
from huddle.protocol.requests import Message, Say
from huddle.protocol.text import clean
from tests.protocol.test_text import ANYTHING

PEOPLE = PlainDialect(HouseClock(UTC, int))
PROGRAMS = JsonDialect(Limits())
COMMANDS = (
    "",
    "/me ",
    "/msg bob ",
    "/topic ",
    "/announce ",
    "/away ",
    "/kick bob ",
    "//",
    "/join ",
)


def words(told: object) -> Iterator[str]:
    """All texts in it."""
    if isinstance(told, str):
        yield told
    elif is_dataclass(told):
        for each in fields(told):
            yield from words(getattr(told, each.name))


def assert_clean(reader: Reader, line: bytes) -> None:
    for word in words(reader.read(line, named=True)):
        assert clean(word) == word


@given(ANYTHING, st.sampled_from(COMMANDS))
def test_what_a_person_types(text: str, command: str) -> None:
    one_line = f"{command}{text}".replace("\n", " ").encode(errors="surrogatepass")
    assert_clean(PEOPLE.reader(), one_line)
    written = PEOPLE.reader().written(one_line)
    assert clean(written) == written


@given(st.binary(max_size=200))
def test_whatever_bytes_a_person_sends(line: bytes) -> None:
    assert_clean(PEOPLE.reader(), line.replace(b"\n", b""))


@given(ANYTHING, st.sampled_from(("say", "msg", "announce", "topic", "kick", "nick")))
def test_what_a_program_says(text: str, kind: str) -> None:
    told = {
        "type": kind,
        "id": 1,
        "to": text,
        "nick": text,
        "text": text,
        "topic": text,
        "reason": text,
    }
    for escaped in (True, False):
        line = json.dumps(told, ensure_ascii=escaped, separators=(",", ":"))
        assert_clean(PROGRAMS.reader(), line.encode(errors="surrogatepass"))


@pytest.mark.parametrize("text", ["rojo", "\x1b[31mrojo", "a\u202eb\u200fc\u2028d", "\ufffe"])
def test_a_line_as_libraries_write_it(text: str) -> None:
    for told in (
        {"type": "say", "id": 1, "room": "huddle", "text": text},
        {"type": "msg", "id": 1, "to": "bob", "text": text},
    ):
        for escaped in (True, False):
            line = json.dumps(told, ensure_ascii=escaped, separators=(",", ":")).encode()
            request = PROGRAMS.reader().read(line, named=True)
            assert isinstance(request, Say | Message)
            assert request.text == clean(text)
