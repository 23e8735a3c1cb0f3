"""A line that is written as nearly all are is read by a shorter way, and as any other would be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.dialects.ndjson.requests import JsonReader, _usual
from huddle.protocol.answers import Refused
from huddle.protocol.codec import written
from huddle.protocol.fields import BIGGEST
from huddle.protocol.requests import Request, Say

READER = JsonReader()


def shown(read: Request | Refused) -> object:
    """Two errors are never equal: the one that they stand for, and what it says."""
    if isinstance(read, Refused):
        return type(read.error), vars(read.error), read.id
    return read


def assert_as_any_other(line: bytes) -> None:
    assert shown(READER.read(line, True)) == shown(READER._any(line))


def compact(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def usual(id: str = "7", room: str = "huddle", text: str = "hola") -> bytes:
    """The line with these between its quotes and commas, whatever that makes of it."""
    line = f'{{"type":"say","id":{id},"room":"{room}","text":"{text}"}}'
    return line.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "text", ["hola", "¿qué tal?", "", " ", "👋", "a,b:{c}", "e\N{COMBINING ACUTE ACCENT}"]
)
@pytest.mark.parametrize("id", [1, 10, BIGGEST])
def test_what_libraries_write_is_read_by_the_short_way(text: str, id: int) -> None:
    say = Say(text, room="huddle", id=id)
    line = compact(type="say", id=id, room="huddle", text=text)
    assert json.loads(line) == written(say)
    assert list(json.loads(line)) == list(written(say))
    assert _usual(line) == say == READER._any(line)


@pytest.mark.parametrize(
    "line",
    [
        *(usual(id=id) for id in ("0", "-1", "-0", "07", "+7", "7.0", "7e0", "1_0")),
        *(usual(id=id) for id in ("٧", " 7", "7 ", "", "null", "true", '"7"', "7,", ",7", "7,8")),
        usual(id=str(BIGGEST + 1)),
        usual(id="9" * 5000),
        *(usual(room=room) for room in ("", "@", '"', "\\", "\\n", "\n", "\0", "\x7f", "🏠")),
        usual(room="\ud800"),
        *(usual(text=text) for text in ('"', "\\", "\\u0000", "\\ud800", "\n", "\t", "\0", "\x85")),
        *(usual(text=text) for text in ('a","text":"b', 'a","kind":"me', "\u202e")),
        *(usual(text=text) for text in ("\ufeff", "\xa0", "\u200d", "\ud800")),
        usual(text="x" * 70_000),
        usual(text="\n" * 70_000),
        usual()[:-1],
        usual() + b" ",
        b" " + usual(),
        b"\xef\xbb\xbf" + usual(),
        usual().replace(b"hola", b"hol\xe1"),
        usual().replace(b'"say"', b'"msg"'),
        usual().replace(b'"id"', b'"re"'),
        usual().replace(b":", b": "),
        usual().replace(b'"room"', b'"to"'),
        usual().replace(b'"text"', b'"room"'),
        b'{"type":"say","id":7,"text":"hola","room":"huddle"}',
        b'{"type":"say","id":7,"room":"huddle","text":"hola","kind":"me"}',
        b'{"room":"huddle","id":7,"type":"say","text":"hola"}',
        b'{"type":"say","id":7,"room":"huddle","text":"hola"]',
        b'"' * 65_536,
        b'""""""""""""""',
    ],
)  # fmt: skip
def test_what_is_nearly_so_is_read_as_it_is(line: bytes) -> None:
    assert_as_any_other(line)


_odd = st.sampled_from(
    ['"', "\\", ",", ":", "{", "}", "0", "-", " ", "\n", "\t", "\0", "é", "٧", "\ud800"]
)
_words = st.text(st.one_of(_odd, st.characters()), max_size=12)
_numbers = st.one_of(st.integers(-2, BIGGEST + 2).map(str), _words)


@given(_numbers, _words, _words)
def test_so_is_whatever_stands_in_the_places_of_id_room_and_text(
    id: str, room: str, text: str
) -> None:
    assert_as_any_other(usual(id, room, text))


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 4), _words), max_size=3),
)
def test_so_is_a_line_some_of_which_is_something_else(changes: list[tuple[int, int, str]]) -> None:
    line = usual()
    for place, length, other in changes:
        new = other.encode("utf-8", "surrogatepass")
        line = line[:place] + new + line[place + length :]
    assert_as_any_other(line)
