"""One WebSocket: frames that are as they should be, and frames that are not."""

from __future__ import annotations

import json
import struct
import tracemalloc

import pytest
from websockets.frames import Opcode

from huddle.doors.input.buffers import LEAST
from huddle.doors.input.line_buffer import READS_A_LINE
from huddle.doors.transports import READ, READ_FRAMES
from huddle.doors.web import frame_input
from huddle.doors.web.frame_input import FrameInput
from huddle.protocol.limits import KIB, Limits
from tests.conversations.test_short_way import assert_short, calls_of
from tests.doors.input.test_line_input import watch_sends
from tests.doors.web.browser import Browser, WebWorld, masked
from tests.world import BUFFERED

TEXT, MORE, BINARY = Opcode.TEXT, Opcode.CONT, Opcode.BINARY


def say(id: int, text: str) -> bytes:
    return json.dumps({"type": "say", "id": id, "room": "huddle", "text": text}).encode()


def closed(browser: Browser) -> tuple[int, str]:
    """With which code and reason it was closed; nothing else came."""
    browser.world.settle()
    browser.world.passes(5)  # many fragments are slowed like many lines
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


def test_a_fragment_that_makes_a_message_too_long_is_refused_by_its_head() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_raw(masked(TEXT, b"x" * 60_000, fin=False) + masked(MORE, b"x" * 6000)[:8])
    assert closed(eva)[0] == 1009


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
        (masked(TEXT, b"\xf0\x9f", fin=False) + masked(MORE, b"\x98"), 1007),
        (masked(TEXT, b"\xf0\x9f", fin=False) + masked(MORE, b"x" * 100), 1007),
        (masked(TEXT, b"x", fin=False) + masked(TEXT, b"x"), 1002),
        (masked(Opcode.PING, b"x", fin=False), 1002),
        (masked(Opcode.CLOSE, b"\x03"), 1002),
        (masked(Opcode.CLOSE, b"\x03\xe7"), 1002),  # 999, which is no code
        (masked(Opcode.CLOSE, b"\x03\xed"), 1002),  # 1005 is for none that is sent
        (masked(Opcode.CLOSE, b"\x03\xe8\xff\xfe"), 1007),
        (b"\x81\xff" + b"\xff" * 8, 1009),
    ],
    ids=range(21),
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


@pytest.mark.parametrize(
    "breach", [b"", b"\x81\x02hi", masked(Opcode.CLOSE, b"\x03\xe8"), b"\xff"], ids=range(4)
)
def test_what_was_said_in_one_write_with_the_end_is_said(breach: bytes) -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    eva.sends_raw(masked(TEXT, say(1, "one")) + masked(TEXT, say(2, "two")) + breach)
    eva.ends()
    world.settle()
    ana.hears("<eva> one", "<eva> two")
    assert eva.gone


def test_a_breach_behind_what_has_to_wait_is_told_with_its_code_whatever_comes_behind_it() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    texts = [str(number) for number in range(70)]
    frames = [masked(TEXT, say(number, text)) for number, text in enumerate(texts, 1)]
    eva.sends_raw(b"".join(frames) + b"\x81\x02hi" + b"x" * 9000)
    world.settle()
    assert eva.closed_by is None
    world.passes(10)
    ana.hears(*(f"<eva> {text}" for text in texts))
    eva.reads()
    assert eva.closed_by is not None and eva.closed_by.code == 1002


def test_a_hundred_thousand_fragments_keep_nothing() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_raw(masked(TEXT, b"x", fin=False) + masked(MORE, b"x", fin=False) * 100_000)
    world.settle()
    assert 0 < eva.unfinished <= world.limits.web_fragments
    world.passes(10)
    assert eva.unfinished == 0
    eva.reads()
    assert eva.gone and eva.closed_by is not None and eva.closed_by.code == 1009


@pytest.mark.parametrize(("more", "code"), [(0, None), (1, 1009)])
def test_a_message_has_so_many_fragments_and_not_one_more(more: int, code: int | None) -> None:
    world = WebWorld(limits=Limits(web_fragments=5))
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    data = say(1, "hola")
    for number in range(5 + more):
        opcode = MORE if number else TEXT
        eva.sends_frame(opcode, data[number : number + 1], fin=False)
    eva.sends_frame(MORE, data[5:])
    world.settle()
    eva.reads()
    assert (eva.closed_by and eva.closed_by.code) == code
    ana.hears(*([] if more else ["<eva> hola"]))


@pytest.mark.parametrize(("more", "code"), [(0, None), (1, 1009)])
def test_a_message_has_the_size_of_a_line_and_not_a_byte_more(more: int, code: int | None) -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.sends_frame(TEXT, b"x" * (world.limits.line + more))
    world.settle()
    world.passes(5)
    eva.reads()
    assert (eva.closed_by and eva.closed_by.code) == code


def test_by_tls_what_else_comes_in_that_turn_goes_out_together() -> None:
    world = WebWorld(transport=BUFFERED)
    ana, eva = world.person("ana"), world.browser("eva")
    sends: list[bytes] = []
    watch_sends(world, ana, sends.append)
    for id, text in enumerate(("one", "two", "three"), 1):
        eva.protocol.dataReceived(masked(TEXT, say(id, text)))
    world.settle()
    assert sends == [b"<eva> one\n", b"<eva> two\n<eva> three\n"]


def test_one_frame_is_taken_at_a_time_when_its_turn_comes() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    input, now = eva.connection.input, world.reactor.seconds()
    assert isinstance(input, FrameInput)
    ping = masked(Opcode.PING)
    input._raw += ping * 300
    assert input.hear(now) and len(input._raw) == 299 * len(ping)
    assert input.hear(now) and len(input._raw) == 298 * len(ping)


@pytest.mark.parametrize(
    "drop",
    [
        masked(Opcode.PING),
        masked(Opcode.PONG),
        masked(MORE, b"x", fin=False),
        b"x",
    ],
    ids=["pings", "pongs", "fragments", "bytes"],
)
def test_what_brings_no_line_is_slowed_as_lines_are(drop: bytes) -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    eva.sends_raw(masked(TEXT, b"x", fin=False) if drop[:1] != b"x" else b"\x81\xfe\x20\x00mask")
    for _ in range(1000):
        eva.sends_raw(drop)
        world.settle()
    assert not eva.connection.transport.reading
    left = len(eva.wire.incoming)
    world.passes(2)
    assert 0 < left - len(eva.wire.incoming) <= 4000
    ana.says("hola")


def test_of_a_long_frame_more_is_read_at_once_than_of_short_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    eva = world.browser("eva")
    reads: list[int] = []
    feed = FrameInput.feed

    def counted(input: FrameInput, data: bytes) -> None:
        reads.append(len(data))
        feed(input, data)

    monkeypatch.setattr(FrameInput, "feed", counted)
    for _ in range(2):
        message, ping = masked(TEXT, b"x" * (60 * KIB)), masked(Opcode.PING, b"")
        eva.sends_raw(message + ping * 2000)
        world.settle()
        at = next(at for at in range(len(reads)) if sum(reads[: at + 1]) >= len(message))
        assert max(reads[:at]) == READ and at <= 1 + 60 * KIB // READ + READ // READ_FRAMES
        assert max(reads[at:]) <= READ_FRAMES
        reads.clear()


@pytest.mark.parametrize("size", [1, 100, READ])
def test_of_a_frame_that_is_not_whole_nothing_is_looked_at(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what its reads cost: so many of them count as a line."""
    world = WebWorld(limits=Limits(flood_rate=0))
    eva = world.browser("eva")
    looks: list[int] = []
    take = FrameInput._take_frame

    def counted(input: FrameInput) -> bool:
        looks.append(len(input._raw))
        return take(input)

    monkeypatch.setattr(FrameInput, "_take_frame", counted)
    frame = masked(TEXT, b"x" * min(60_000, 1000 * size))
    reads = 0
    for start in range(0, len(frame) - 1, size):
        eva.sends_raw(frame[start : start + size][: len(frame) - 1 - start])
        world.settle()
        reads += 1
    assert len(looks) <= 4 + reads / READS_A_LINE
    eva.sends_raw(frame[-1:])
    world.settle()
    eva.hears({"type": "error", "code": "bad-json"})


def test_a_frame_that_is_not_whole_takes_its_own_size() -> None:
    world = WebWorld(limits=Limits(flood_rate=0, per_address=0))
    browsers = [world.browser(f"eva{number}") for number in range(20)]
    frame = masked(TEXT, b"x" * 60_000)[:50_000]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for start in range(0, len(frame), 500):
            for eva in browsers:
                eva.sends_raw(frame[start : start + 500])
            world.settle()
        each = (tracemalloc.get_traced_memory()[0] - before) / len(browsers)
    finally:
        tracemalloc.stop()
    assert len(frame) <= each <= 1.2 * len(frame) + KIB


@pytest.mark.parametrize("begin", [b"", b'{"type":' + b"[" * 60_000], ids=["text", "brackets"])
def test_of_an_address_so_much_waits_in_frames_and_past_it_one_is_told(begin: bytes) -> None:
    world = WebWorld()
    limits, address = world.limits, "10.0.0.3"
    ana = world.person("ana", address=address)
    pupil = world.browser("pupil", address=address)
    frame = masked(TEXT, say(1, "x" * 4000))
    pupil.sends_raw(frame[:3000])
    others = [world.browser(f"eva{number}", address=address) for number in range(50)]
    for other in others:
        other.sends_raw(masked(TEXT, begin or b"x" * 60_000)[:-1])
        world.settle()
        kept = sum(map(read_of, others))
        assert kept <= limits.web_unheard_each + (len(others) + 2) * LEAST
    told = [other for other in others if closed_with(other, "server-full")]
    assert len(told) == len(others) - limits.web_unheard_each // 60_000
    ana.forgets()
    pupil.sends_raw(frame[3000:])
    world.settle()
    ana.hears("<pupil> " + "x" * 4000)
    assert world.connections.input_buffers.all <= limits.web_unheard_each


def read_of(browser: Browser) -> int:
    """Bytes that wait to be taken apart."""
    if browser.gone:
        return 0
    input = browser.connection.input
    assert isinstance(input, FrameInput)
    return len(input._raw)


def closed_with(browser: Browser, code: str) -> bool:
    return any(told.get("code") == code for told in browser.reads())  # type: ignore[attr-defined]


@pytest.mark.parametrize("behind", [b"", masked(TEXT, say(9, "more")), b"x" * 9000], ids=range(3))
def test_behind_a_close_frame_all_is_given_and_what_comes_is_thrown_away(behind: bytes) -> None:
    """A connection that is closed with something unread is reset: so it is closed behind its
    peer, or when that has all."""
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva")
    eva.wire.lingers = True
    eva.stops_reading(100)
    ana.says("x" * 4000)
    eva.sends_frame(Opcode.CLOSE, b"\x03\xe8")
    eva.sends_raw(behind)
    world.settle()
    eva.reads_again()
    for _ in range(3):
        eva.sends_raw(behind)
        world.settle()
        assert eva.closed and not eva.gone and not eva.wire.incoming
    assert eva.said() == ["x" * 4000]
    assert eva.closed_by is not None and eva.closed_by.code == 1000
    eva.ends()
    assert eva.gone


def test_of_half_a_frame_nothing_is_kept_once_its_browser_was_sent_away() -> None:
    world = WebWorld()
    eva = world.page("eva")
    eva.wire.lingers = True
    world.passes(world.limits.name_seconds - 1)
    frame = masked(TEXT, b"x" * 60_000)
    for part in (frame[:30_000], frame[30_000:50_000]):
        eva.sends_raw(part)
        world.passes(1)
    assert eva.closed and not eva.gone
    assert isinstance(eva.connection.input, FrameInput) and not eva.connection.input._raw


def test_nothing_is_made_to_close_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    world = WebWorld()
    browsers = [world.browser(f"eva{number}") for number in range(10)]
    monkeypatch.setattr(frame_input, "ServerProtocol", None)
    world.closes()
    for each in browsers:
        each.reads()
        assert each.closed_by is not None and each.closed_by.code == 1000 and each.gone


def test_who_stays_behind_a_close_frame_is_gone_after_a_while() -> None:
    world = WebWorld()
    eva = world.browser("eva")
    eva.wire.lingers = True
    eva.sends_frame(Opcode.CLOSE, b"\x03\xe8")
    world.settle()
    world.passes(world.limits.closing + 1)
    assert eva.gone and not world.connections.here


def test_while_its_turn_does_not_come_no_more_than_one_read_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    ana, eva = world.person("ana"), world.browser("eva")
    ana.forgets()
    turns, input = world.connections.input_scheduler, eva.connection.input
    assert isinstance(input, FrameInput)
    with monkeypatch.context() as lighter_ones:
        lighter_ones.setattr(turns, "ask", lambda speaker: True)  # are heard first, all the time
        for number in range(50):
            eva.sends_frame(TEXT, say(number + 1, "x" * 4000))
        world.settle()
        assert not eva.connection.transport.reading
        assert len(input._raw) <= READ_FRAMES
    turns.wait(input)
    world.settle()
    assert ana.reads() == ["<eva> " + "x" * 4000] * 50


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


def test_a_line_by_websocket_is_hardly_longer_on_its_way_than_one_by_the_first_door() -> None:
    world = WebWorld()
    bot, eva = world.program("bot"), world.browser("eva")
    for number in (1, 2):
        bot.says(f"{number} of the bot")
        eva.says(f"{number} of eva")
    line, frame = say(3, "hola") + b"\n", masked(TEXT, say(3, "hola"))
    usual, framed = calls_of(bot, line), calls_of(eva, frame)
    assert_short(framed, usual.total() + 7)


def test_what_is_said_to_ten_browsers_takes_the_calls_of_what_is_said_to_five() -> None:
    calls = []
    for count in (5, 10):
        world = WebWorld()
        ana = world.person("ana")
        browsers = [world.browser(f"eva{number}") for number in range(count)]
        ana.says("one")
        ana.says("three")  # of that length the head is kept
        calls.append(calls_of(ana, b"three\n"))
        assert [browser.said()[-1] for browser in browsers] == ["three"] * count
    assert calls[0] == calls[1]
