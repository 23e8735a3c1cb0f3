"""Bytes and messages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.session.wire import LineBuffer, decode, encode
from huddle.protocol.codec import MessageError


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
