"""Line buffer: what is a line, and what cannot be said."""

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.doors.input.line_buffer import BLANKS, LineBuffer
from huddle.protocol.limits import KIB, Limits
from huddle.visits.actions.paste import PasteState
from tests.doors.two_people import lines, said, two

FREELY = Limits(flood_rate=0)
ENDLESS_LINE = b"x" * (64 * KIB)
TOO_LONG = "-- Not said: the line went on beyond 65536 bytes without an end."


def test_lf_crlf_and_cr_nul_end_a_line() -> None:
    world, ana, bob = two()
    ana.sends(b"one\ntwo\r\nthree\r\0four\r\n")
    world.settle()
    bob.hears(*said("ana", ["one", "two", "three", "four"]))


@given(st.data())
def test_a_line_is_the_same_wherever_it_was_split(data: st.DataObject) -> None:
    sent = "hola\r\n¿qué tal?\n\n \t\r\n/me baila\n".encode()
    cuts = data.draw(st.lists(st.integers(1, len(sent) - 1), unique=True).map(sorted))
    world, ana, bob = two()
    for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        ana.sends(sent[start:end])
        world.settle()
    bob.hears("<ana> hola", "<ana> ¿qué tal?", "* ana baila")


def test_blank_lines_are_ignored_and_cost_nobody_anything() -> None:
    world, ana, bob = two()
    ana.sends(b"\n  \n\t\r\n\r\n \x0b\x0c \n" * 100 + b"hola\n")
    world.settle()
    bob.hears("<ana> hola")


def test_a_line_without_end_is_refused_once_and_the_connection_stays() -> None:
    world, ana, bob = two(FREELY)
    ana.forgets()
    for _ in range(20):
        ana.sends(ENDLESS_LINE)
        world.settle()
    ana.hears(TOO_LONG)
    ana.says("", "hola")
    bob.hears("<ana> hola")


def test_a_line_without_end_never_fills_the_memory() -> None:
    world, ana, _ = two(FREELY)
    ana.sends(ENDLESS_LINE)
    world.settle()
    tracemalloc.start()
    for _ in range(50):
        ana.sends(ENDLESS_LINE)
        world.settle()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(ENDLESS_LINE)  # of the fifty that were sent


@pytest.mark.parametrize("size", [64 * KIB, 64 * KIB + 1])
def test_a_line_may_have_64_kib_though_a_text_may_not(size: int) -> None:
    world, ana, _ = two()
    ana.forgets()
    ana.sends(b"x" * size + b"\n")
    world.settle()
    too_long_a_text = "-- Not said: a text has at most 4096 bytes, and this one had more."
    ana.hears(too_long_a_text if size == 64 * KIB else TOO_LONG)


def test_a_text_of_4096_bytes_is_said_and_a_longer_one_refused_whole() -> None:
    _, ana, bob = two()
    ana.forgets()
    ana.says("ñ" * 2048, "ñ" * 2048 + "x", "hola")
    bob.hears("<ana> " + "ñ" * 2048, "<ana> hola")
    ana.hears("-- Not said: a text has at most 4096 bytes, and this one had more.")


@pytest.mark.parametrize("nothing", [b"\n", b" ", b"x"], ids=["blank", "white", "endless"])
def test_a_flood_of_nothing_is_slowed_like_any_other(nothing: bytes) -> None:
    world, ana, bob = two()
    ana.sends(nothing * (1024 * KIB))
    world.settle()
    unread = len(ana.wire.incoming)
    assert unread > 512 * KIB
    world.passes(1)
    assert unread - 64 * KIB <= len(ana.wire.incoming) <= unread
    world.passes(60)
    ana.sends(b"\nhola\n")
    world.passes(1)
    bob.hears("<ana> hola")


def test_what_has_been_said_is_not_kept() -> None:
    world, ana, _ = two(FREELY)
    ana.says(*lines(1000))
    ana.sends(b"and")
    world.settle()
    assert ana.connection.input._read == b"and"


# -- what waits --------------------------------------------------------------------------------


class Waiting:
    """What waits of one connection: joined, and in pieces behind that which bring no line's end.

    ``skipping``: behind the beginning of a line that was too long, and is thrown away.
    """

    def __init__(
        self, read: bytes, *pieces: bytes, longest: int = 64 * KIB, skipping: bool = False
    ) -> None:
        self.refused: list[Exception] = []
        visit: Any = SimpleNamespace(
            paste=PasteState(), hears_blanks=False, refuse=self.refused.append
        )
        flow: Any = SimpleNamespace(count_bytes=lambda _: None, count_lines=lambda _: None)
        self.buffer = LineBuffer(visit, flow, longest)
        if skipping:
            self.buffer._read = b"x" * (longest + 1)
            assert self.buffer._next_line() is None
            assert len(self.refused) == 1 and self.buffer._skipping
            self.refused.clear()
        self.buffer._read, self.buffer._pieces = read, pieces


@pytest.mark.parametrize(
    "read",
    [
        b"hola\n",
        b"h\n",
        b"hola\r\notra\n",
        b"\nhola\n",
        b" \t\r\n\n  hola\n",
        b"\n" * (BLANKS - 1) + b"hola\n",
        b"x" * (64 * KIB) + b"\n",
        b"\n" + b"x" * (64 * KIB) + b"\n",
        b"hola\n" + b"x" * (64 * KIB + 1) + b"\n",
    ],
    ids=lambda read: f"{read[:8]!r}, {len(read)}",
)
def test_a_line_waits_where_it_is_the_first_that_says_something(read: bytes) -> None:
    assert Waiting(read).buffer.has_line


@pytest.mark.parametrize(
    "read",
    [
        b"",
        b"\n",
        b" \t\r\v\f\n",
        b"ho",
        b"\nho",
        b"\n \n  ho",
        b"x" * (64 * KIB),
        b"x" * (64 * KIB + 1) + b"\n",
        b"\n" + b"x" * (64 * KIB + 1) + b"\n",
        b" " + b"x" * (64 * KIB) + b"\n",
        b"x" * (64 * KIB + 1) + b"\nhola\n",
        b"\n" * BLANKS + b"hola\n",
        b" " * BLANKS + b"hola\n",
    ],
    ids=lambda read: f"{read[:8]!r}, {len(read)}",
)
def test_no_line_waits_where_none_has_ended_or_where_it_is_thrown_away(read: bytes) -> None:
    assert not Waiting(read).buffer.has_line


def test_a_line_behind_one_that_is_thrown_away_as_it_comes_waits() -> None:
    for rest in (b"", b"rest", b"rest\n", b"rest\n \n", b"rest\nho"):
        assert not Waiting(rest, skipping=True).buffer.has_line
    for rest in (b"\nhola\n", b"rest\nhola\n", b"rest\n \n hola\n"):
        assert Waiting(rest, skipping=True).buffer.has_line


def test_what_is_done_with_is_not_looked_at() -> None:
    waiting = Waiting(b"hola\n \r\n").buffer
    assert waiting._next_line() == b"hola"
    assert not waiting.has_line
    for behind in (b" \r\notra\n", b"x" * (64 * KIB) + b"\n"):
        waiting = Waiting(b"hola\n" + behind).buffer
        assert waiting._next_line() == b"hola"
        assert waiting.has_line


READ = st.text("xxx \r\n\n", max_size=20).map(str.encode)
PIECES = st.lists(st.text("x \r", max_size=5).map(str.encode), max_size=3)


@given(READ, PIECES, st.booleans())
def test_a_line_is_told_of_that_will_be_heard_next(
    read: bytes, pieces: list[bytes], skipping: bool
) -> None:
    waiting = Waiting(read, *pieces, longest=4, skipping=skipping)
    told = waiting.buffer.has_line
    line = waiting.buffer._next_line()
    assert told == (line is not None and not waiting.refused)
