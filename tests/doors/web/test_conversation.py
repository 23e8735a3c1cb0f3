"""One WebSocket: frames that are as they should be, and frames that are not."""

from __future__ import annotations

import json
import struct

import pytest
from websockets.frames import Opcode

from huddle.protocol.limits import KIB, Limits
from tests.doors.web.browser import Browser, WebWorld, masked

TEXT, MORE, BINARY = Opcode.TEXT, Opcode.CONT, Opcode.BINARY


def say(id: int, text: str) -> bytes:
    return json.dumps({"type": "say", "id": id, "room": "huddle", "text": text}).encode()


def closed(browser: Browser) -> tuple[int, str]:
    """With which code and reason it was closed; nothing else came."""
    browser.world.settle()
    browser.hears()
    assert browser.closed_by is not None and browser.gone
    return browser.closed_by.code, browser.closed_by.reason


def test_a_message_may_come_in_fragments_with_pings_between_and_characters_cut() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    data = say(1, "¡adiós!").replace(b"\\u00a1", "¡".encode()).replace(b"\\u00f3", "ó".encode())
    eva.sends_frame(TEXT, data[:1], fin=False)
    for byte in data[1:]:
        eva.sends_frame(Opcode.PING, b"?")
        eva.sends_frame(MORE, bytes([byte]), fin=False)
    eva.sends_frame(MORE, b"")
    world.settle()
    ana.hears("<eva> ¡adiós!")


def test_several_requests_may_come_in_one_message() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    eva.sends_frame(TEXT, say(1, "one") + b"\n" + say(2, "two") + b"\n")
    world.settle()
    ana.hears("<eva> one", "<eva> two")


def test_what_is_no_json_is_answered_and_the_conversation_goes_on() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_frame(TEXT, b"hola")
    world.settle()
    eva.hears({"type": "error", "code": "bad-json"})
    eva.says("hola")
    eva.hears({"type": "ack"})


def test_frames_of_any_size_arrive_whole() -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    ana, eva = world.person("ana"), world.browser("eva")
    for size in (1, 20, 100, 4096):
        ana.says("x" * size)
    assert [len(text) for text in eva.said()] == [1, 20, 100, 4096]


def test_the_same_frames_are_shared_by_all_browsers() -> None:
    world = WebWorld()
    ana = world.person("ana")
    browsers = [world.browser(f"eva{number}") for number in range(5)]
    for browser in browsers:
        browser.forgets()
    ana.says("hola")
    assert len({bytes(browser.wire.taken) for browser in browsers}) == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (masked(BINARY, b"\x00"), 1003),
        (masked(TEXT, b"\xff"), 1007),
        (masked(TEXT, "ó".encode()[:1]), 1007),
        (b"\x81\x02hi", 1002),  # no mask
        (masked(MORE, b"x"), 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # no such opcode
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # compressed, and that was not agreed
        (b"\x81\xff" + struct.pack(">Q", 1 << 30), 1009),
        (masked(TEXT, b"x" * (64 * KIB + 1)), 1009),
        (masked(TEXT, b"x" * 60_000, fin=False) + masked(MORE, b"x" * 6000), 1009),
        (masked(TEXT, b"", fin=False) + masked(MORE, b"", fin=False) * 1100, 1009),
        (masked(Opcode.PING, b"x" * 126), 1002),
    ],
    ids=range(12),
)
def test_a_breach_closes_with_a_code_and_a_reason_and_harms_nobody(raw: bytes, code: int) -> None:
    world = WebWorld()
    ana, eva, other = world.person("ana"), world.browser("eva"), world.browser("other")
    ana.forgets()
    for browser in (eva, other):
        browser.forgets()
    eva.sends_raw(raw)
    told, reason = closed(eva)
    assert told == code and reason
    ana.says("hola")
    other.hears({"type": "said", "text": "hola"})
    assert world.huddle.nicks.owner("eva") is not None  # held


def test_what_was_said_before_a_breach_is_said() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    eva.sends_raw(masked(TEXT, say(1, "last words")) + masked(BINARY, b""))
    world.settle()
    ana.hears("<eva> last words")


def test_a_hundred_thousand_fragments_keep_nothing() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_raw(masked(TEXT, b"x", fin=False) + masked(MORE, b"x", fin=False) * 100_000)
    world.settle()
    assert eva.gone and not eva.wire.incoming


def test_pings_whose_answers_are_not_taken_are_read_no_more() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.stops_reading(1000)
    ping = masked(Opcode.PING, b"x" * 20)
    eva.sends_raw(ping * 300_000)
    for _ in range(20):
        world.settle()
        world.passes(1)
    assert eva.connection.outlet.waiting <= world.limits.replies + 16 * KIB
    assert len(eva.wire.incoming) > 280_000 * len(ping)
    ana = world.person("ana")
    ana.says("hola")


def test_pings_that_are_answered_and_taken_are_slowed_like_any_flood() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_raw(masked(Opcode.PING, b"") * 10)
    world.settle()
    data = bytes(eva.wire.taken)
    assert data.count(b"\x8a\x00") == 10
