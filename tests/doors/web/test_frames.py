"""Another dialect in frames: what is shared, and what is nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.doors.web.frames import FramedDialect, framed
from huddle.protocol.answers import Greeting, Pong
from huddle.protocol.limits import Limits
from tests.conversations.test_short_way import assert_short, calls_of
from tests.doors.web.browser import WebWorld
from tests.sample_messages import said

JSON = JsonDialect(Limits())
DIALECT = FramedDialect(JSON)


def test_a_frame_is_the_same_for_everybody_and_has_the_bytes_of_the_dialect() -> None:
    renderer = DIALECT.renderer("en", False)
    inner = JSON.renderer("en", False).answer(Pong(7))
    assert renderer.answer(Pong(7)) == bytes([0x81, len(inner)]) + inner


def test_what_the_dialect_does_not_tell_is_no_frame() -> None:
    assert DIALECT.renderer("en", False).answer(Greeting()) == b""
    assert framed(b"") == b""


def test_long_ones_say_their_length_as_websocket_has_it() -> None:
    assert framed(b"x" * 126)[:4] == b"\x81\x7e\x00\x7e"
    assert framed(b"x" * 65_536)[:10] == b"\x81\x7f" + (65_536).to_bytes(8, "big")


def test_renderers_are_shared_and_their_audience_is_not_that_of_lines() -> None:
    spanish, english = DIALECT.renderer("es", False), DIALECT.renderer("en", False)
    assert DIALECT.renderer("es", True) is spanish
    assert spanish.audience == english.audience
    assert hash(spanish.audience) != hash(JSON.renderer("es", False).audience)


def test_it_has_the_traits_and_the_reader_of_the_dialect() -> None:
    assert DIALECT.traits is JSON.traits
    assert DIALECT.reader().read(b'{"type":"ping"}', True) is not None


@pytest.mark.parametrize("count", [0, 1, 20])
def test_a_long_answer_is_one_message_however_long_it_is(count: int) -> None:
    world = WebWorld()
    browser = world.browser("eva")
    for number in range(count):
        browser.says(f"{number} " + "x" * 100)
    past = browser.asks("history", room="huddle", limit=20)
    assert [each["text"].split()[0] for each in past["messages"]] == list(map(str, range(count)))
    assert browser.asks("ping")["type"] == "pong"


def calls_of_anybody(doing: Callable[[], object]) -> int:
    """Calls of Python's functions, whoever's they are."""
    calls = Counter[str]()

    def count(frame: FrameType, event: str, _: object) -> None:
        calls[event] += 1

    sys.setprofile(count)
    try:
        doing()
    finally:
        sys.setprofile(None)
    return calls["call"]


def test_a_batch_takes_as_many_calls_in_frames_as_in_lines_the_librarys_too() -> None:
    batch = [said(seq, "x" * (seq % 10 * 40)) for seq in range(1, 65)]
    lines, frames = JSON.renderer("en", False), DIALECT.renderer("en", False)
    for _ in range(2):  # at first the heads are made, and kept
        usual = calls_of_anybody(lambda: (lines.live(batch), lines.past(batch, None)))
        framed = calls_of_anybody(lambda: (frames.live(batch), frames.past(batch, None)))
    assert framed <= usual + 4


def test_what_many_say_at_once_is_as_near_to_browsers_as_to_programs() -> None:
    texts = "".join(f"line {number}\n" for number in range(50)).encode()
    calls = []
    for way in (WebWorld.program, WebWorld.browser):
        world = WebWorld(limits=Limits(flood_rate=0))
        ana = world.person("ana")
        members = [way(world, f"member{number}") for number in range(20)]
        ana.says("one", "two")
        calls.append(calls_of(ana, texts))
        assert [each.said()[-1] for each in members] == ["line 49"] * 20
    lines, frames = calls
    assert_short(frames, lines.total() + 4)
