"""Bytes and messages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.session.wire import MAX_NUMBER, Fields, LineBuffer, MessageError, decode, encode


@given(st.lists(st.binary(max_size=6)), st.lists(st.integers(0, 40)))
def test_lines_are_the_same_however_they_are_cut(lines: list[bytes], cuts: list[int]) -> None:
    lines = [line.replace(b"\n", b"") for line in lines]
    stream = b"".join(line + b"\n" for line in lines) + b"rest"
    ends = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    buffer = LineBuffer(limit=6)
    pieces = [stream[a:b] for a, b in pairwise(ends)]
    assert [line for piece in pieces for line in buffer.feed(piece)] == lines
    assert buffer.take_rest() == b"rest"
    assert buffer.take_rest() == b""
    assert buffer.dropped == 0


@given(st.integers(1, 12))
def test_a_line_beyond_the_limit_is_dropped_whole_and_counted(step: int) -> None:
    stream = b"short\nmuch too long\nfine\nagain too long\nend\n"
    buffer = LineBuffer(limit=5)
    pieces = [stream[at : at + step] for at in range(0, len(stream), step)]
    lines = [line for piece in pieces for line in buffer.feed(piece)]
    assert lines == [b"short", b"fine", b"end"]
    assert buffer.dropped == 2


def test_a_line_that_never_ends_is_not_kept() -> None:
    buffer = LineBuffer(limit=5)
    for _ in range(1000):
        assert buffer.feed(b"xxxx") == []
    assert buffer.take_rest() == b""
    assert buffer.dropped == 1
    assert buffer.feed(b"after\n") == [b"after"]


def test_a_message_is_one_line_of_utf8() -> None:
    assert encode({"text": "¿qué\ntal?"}) == '{"text":"¿qué\\ntal?"}\n'.encode()


def test_what_has_no_utf8_does_not_keep_a_message_from_being_sent() -> None:
    assert encode({"nick": "\ud800"}) == b'{"nick":"?"}\n'


FIELDS: dict[str, object] = {
    "text": "t",
    "zero": 0,
    "most": MAX_NUMBER,
    "more": MAX_NUMBER + 1,
    "minus": -1,
    "half": 0.5,
    "true": True,
    "null": None,
    "texts": ["a", "b"],
    "objects": [{"text": "o"}],
    "members": {"m": {"text": "i"}},
}


def test_fields_are_read_with_their_types() -> None:
    fields = Fields(FIELDS)
    assert fields.text("text") == fields.maybe_text("text") == "t"
    assert fields.number("zero") == 0
    assert fields.seq("most") == fields.maybe_number("most") == MAX_NUMBER
    assert fields.maybe_text("null") is None
    assert fields.maybe_number("absent") is None
    assert fields.texts("texts") == ("a", "b")
    assert fields.texts("absent") == ()
    assert fields.objects("absent") == ()
    assert [o.text("text") for o in fields.objects("objects")] == ["o"]
    assert fields.members("members")["m"].text("text") == "i"
    assert fields.member("absent").maybe_text("text") is None
    assert (fields.flag("true"), fields.flag("most"), fields.flag("absent")) == (True, False, False)


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (Fields.text, "zero"),
        (Fields.text, "absent"),
        (Fields.number, "text"),
        (Fields.number, "true"),
        (Fields.number, "half"),
        (Fields.number, "minus"),
        (Fields.number, "more"),
        (Fields.seq, "zero"),
        (Fields.maybe_text, "zero"),
        (Fields.maybe_number, "text"),
        (Fields.texts, "text"),
        (Fields.texts, "objects"),
        (Fields.objects, "texts"),
        (Fields.members, "texts"),
        (Fields.members, "text"),
        (Fields.member, "text"),
    ],
)
def test_a_field_of_another_type_is_an_error(read: object, name: str) -> None:
    assert callable(read)
    with pytest.raises(MessageError):
        read(Fields(FIELDS), name)


@pytest.mark.parametrize("line", [b"", b"7", b'"text"', b"[]", b"null", b"{", b"\xff{}"])
def test_a_line_that_is_no_object_is_an_error(line: bytes) -> None:
    with pytest.raises(MessageError):
        decode(line)


@given(st.binary())
def test_no_line_does_worse(line: bytes) -> None:
    try:
        decode(line)
    except MessageError:
        return
