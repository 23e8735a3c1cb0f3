"""What is compressed for many, and what comes compressed: each message by itself, and bounded."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable

import pytest
from typing_extensions import override
from websockets.frames import Opcode

from benchmarks.hostile.web_attacks import NOTHING_DEFLATED
from huddle.delivery import slab
from huddle.delivery.stream import CROWD
from huddle.doors.web.deflate import PIECE, RSV1, Compressor, Inflating
from huddle.doors.web.frame_input import FrameInput
from huddle.doors.web.frames import FramedDialect
from huddle.protocol.limits import KIB, Limits
from tests.doors.web.browser import Browser, WebWorld, masked
from tests.doors.web.test_frame_input import BINARY, MORE, TEXT, closed, closed_with, say
from tests.world import TRANSPORTS

QUICK = Limits(flood_rate=0)
TEXTS = [f"line {number} of what was said" for number in range(50)]


def inflated(message: bytes, longest: int) -> bytes:
    """What a compressed message was."""
    inflating = Inflating(message, longest)
    while (was := inflating.go_on()) is None:
        pass
    return was


def test_what_is_compressed_is_read_alone_and_in_any_order() -> None:
    compressor, chance = Compressor(), random.Random(1)
    messages = [b"the same again and again %d\n" % number * 30 for number in range(20)]
    packed = [compressor.compress([message]) for message in messages]
    assert max(map(len, packed)) < 100
    for number in chance.sample(range(20), 20):
        assert inflated(packed[number], 64 * KIB) == messages[number]


def test_of_what_becomes_too_long_no_more_is_made_than_says_so() -> None:
    packed = Compressor().compress([bytes(KIB * KIB)])
    assert len(packed) < 5 * KIB
    assert inflated(packed, 100) == bytes(101)


WORDS = Compressor().compress([b"one two three four five six seven eight nine ten"])


def last(data: bytes) -> bytes:
    """These bytes in a block that says it is the last one."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    "message",
    [
        *[b"", b"hola", b"\xff" * 100, last(b"one") + last(b"two"), last(b"one") + b"\xff"],
        *[WORDS[:cut] for cut in range(1, len(WORDS) - 1)],
        WORDS + b"\xff",
    ],
)
def test_what_is_not_deflated_or_is_cut_or_goes_on_behind_its_end_is_an_error(
    message: bytes,
) -> None:
    with pytest.raises(zlib.error):
        inflated(message, 100)


@pytest.mark.parametrize("message", [last(b"one"), last(b"one") + b"\0", b"\0"])
def test_a_message_may_have_a_last_block_and_may_be_empty(message: bytes) -> None:
    assert inflated(message, 100) == (b"" if message == b"\0" else b"one")


# What goes out


def crowd(world: WebWorld, count: int = CROWD) -> list[Browser]:
    """So many browsers that compress; what they were told on the way in is put aside."""
    members = [
        world.browser(f"eva{number}", address=f"10.0.1.{number}", compresses=True)
        for number in range(count)
    ]
    put_aside(*members)
    return members


def put_aside(*browsers: Browser) -> None:
    """Forget what came, and how much."""
    for browser in browsers:
        browser.forgets()
        browser.came = browser.frames = 0


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_crowd_is_given_many_lines_in_one_small_message(transport: str) -> None:
    world = WebWorld(limits=QUICK, transport=transport)
    bot, old = world.program("bot"), world.browser("old")
    members = crowd(world)
    put_aside(old, *members)
    bot.says(*TEXTS)
    for each in (old, *members):
        assert each.said() == TEXTS
    assert old.frames == len(TEXTS)
    assert {member.frames for member in members} == {1}
    assert {member.came for member in members} < set(range(old.came // 5))


def test_a_long_line_alone_goes_out_compressed_too() -> None:
    world = WebWorld(limits=QUICK)
    bot, members = world.program("bot"), crowd(world)
    text = " ".join(TEXTS)
    bot.says(text)
    for member in members:
        assert (member.said(), member.frames) == ([text], 1)
        assert member.came < len(text) // 3


@pytest.mark.parametrize(
    ("count", "texts"), [(CROWD - 1, TEXTS), (CROWD, TEXTS[:5])], ids=["few readers", "few bytes"]
)
def test_where_little_is_saved_nothing_is_compressed(count: int, texts: list[str]) -> None:
    world = WebWorld(limits=QUICK)
    bot, members = world.program("bot"), crowd(world, count)
    bot.says(*texts)
    for member in members:
        assert (member.said(), member.frames) == (texts, len(texts))


def test_what_deflate_makes_no_smaller_goes_out_as_it_is() -> None:
    class Chance(Compressor):
        @override
        def compress(self, data: Iterable[bytes | memoryview]) -> bytes:
            return bytes(2 * sum(map(len, data)))

    world = WebWorld(limits=QUICK)
    world.web.compressing_dialect = FramedDialect(world.factory.json, Chance())
    bot, members = world.program("bot"), crowd(world)
    bot.says(*TEXTS)
    for member in members:
        assert (member.said(), member.frames) == (TEXTS, len(TEXTS))


def test_who_said_some_of_it_is_given_the_lines_between() -> None:
    world = WebWorld(limits=QUICK)
    bot, (eva, *others) = world.program("bot"), crowd(world)
    for text in TEXTS:
        for speaker, own in ((bot, text), (eva, text.upper())):
            speaker.sends_objects(speaker.drafts(own))
    world.settle()
    assert [text for text in eva.said() if text not in TEXTS] == []
    assert eva.said() == TEXTS
    for other in others:
        assert sorted(other.said()) == sorted([*TEXTS, *[text.upper() for text in TEXTS]])
        assert other.frames < 4


def test_a_crowd_that_ignores_somebody_shares_what_it_sees() -> None:
    world = WebWorld(limits=QUICK)
    bot, members = world.program("bot"), crowd(world, 2 * CROWD)
    deaf, usual = members[:CROWD], members[CROWD:]
    for member in deaf:
        member.asks("ignore", nick="bot", on=True)
    put_aside(*members)
    bot.says(*TEXTS)
    usual[0].says(*TEXTS[:40])
    for member in deaf:
        assert (member.said(), member.frames) == (TEXTS[:40], 1)
    for member in usual[1:]:
        assert (member.said(), member.frames) == (TEXTS + TEXTS[:40], 2)


def test_private_messages_are_not_compressed() -> None:
    """The length of what is compressed tells something of it: to nobody here, who has not all."""
    world = WebWorld(limits=QUICK)
    bot, members = world.program("bot"), crowd(world)
    secret = "x" * 200
    put_aside(*members)
    bot.sends_objects({"type": "msg", "id": 1, "to": "eva0", "text": secret})
    world.settle()
    members[0].hears({"type": "said", "room": "@", "text": secret})
    assert members[0].came > len(secret)


@pytest.mark.parametrize("room", [0, 1, 2, 3, 40, 300, 1000, 2000, 5000])
def test_wherever_a_reader_stops_nothing_is_lost_and_nothing_comes_twice(room: int) -> None:
    world = WebWorld(limits=QUICK)
    bot, members = world.program("bot"), crowd(world)
    stopped = members[7]
    stopped.stops_reading(room)
    chance, texts = random.Random(room), list[str]()
    for batch in range(6):
        texts += [f"{batch} {number} {chance.randbytes(60).hex()}" for number in range(100)]
        bot.says(*texts[-100:])
    outlet = stopped.connection.outlet
    assert outlet.waiting <= 2 * slab.TOGETHER
    stopped.reads_again()
    for member in members:
        assert member.said() == texts


def test_who_stops_reading_costs_what_is_compressed_together_at_the_most() -> None:
    """Texts that deflate makes half as long, in slabs of 60 KiB."""
    world = WebWorld(limits=QUICK)
    bots = [world.program(f"bot{number}") for number in range(12)]
    members, chance = crowd(world), random.Random(1)
    for number, member in enumerate(members):
        member.stops_reading(2000 * number)
    for bot in bots:
        bot.sends_objects(*[bot.drafts(chance.randbytes(500).hex()) for _ in range(5)])
    world.settle()
    wait = [waiting_for(member) for member in members]
    assert 0 < max(wait) <= slab.TOGETHER
    for member in members:
        member.reads_again()
        assert len(member.said()) == 60


def waiting_for(browser: Browser) -> int:
    """Bytes that wait in the server's transport for one who reads nothing."""
    transport = browser.protocol.transport
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)


# What comes


def packed(data: bytes, opcode: Opcode = TEXT, fin: bool = True) -> bytes:
    """A frame of a client that says its message is compressed."""
    frame = masked(opcode, data, fin)
    return bytes([frame[0] | RSV1]) + frame[1:]


def test_what_browsers_compress_is_heard() -> None:
    world = WebWorld(limits=QUICK)
    ana, eva = world.person("ana"), world.browser("eva", compresses=True)
    ana.forgets()
    eva.says("short", "x" * 4000, *TEXTS)
    ana.hears("<eva> short", "<eva> " + "x" * 4000, *[f"<eva> {text}" for text in TEXTS])


def test_what_is_compressed_may_come_in_fragments_with_pings_between() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva", compresses=True)
    ana.forgets()
    data = Compressor().compress([say(1, "¡adiós!")])
    eva.sends_raw(packed(data[:1], fin=False))
    for byte in data[1:]:
        eva.sends_frame(Opcode.PING, b"?")
        eva.sends_frame(MORE, bytes([byte]), fin=False)
    eva.sends_frame(MORE, b"")
    eva.sends_frame(TEXT, say(2, "and this is not"))
    world.settle()
    ana.hears("<eva> ¡adiós!", "<eva> and this is not")


def test_what_brings_nothing_is_taken_in_pieces_between_which_others_have_their_turn() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva", compresses=True)
    ana.forgets()
    input, now = eva.connection.input, world.reactor.seconds()
    assert isinstance(input, FrameInput)
    input._raw += packed(NOTHING_DEFLATED) * 2 + masked(TEXT, say(1, "and this"))
    pieces = 0
    while input.hear(now):
        pieces += 1
    assert pieces >= len(NOTHING_DEFLATED) / PIECE  # and the second has to wait
    world.settle()
    ana.hears()  # it has cost as many lines as its bytes would
    world.passes(30)
    ana.hears("<eva> and this")


def test_who_goes_in_the_middle_of_it_leaves_nothing() -> None:
    world = WebWorld()
    eva = world.browser("eva", compresses=True)
    input, now = eva.connection.input, world.reactor.seconds()
    assert isinstance(input, FrameInput)
    input._raw += packed(NOTHING_DEFLATED)
    for _ in range(3):
        input.hear(now)
    assert input._inflating is not None
    eva.connection.lost()
    world.passes(30)
    assert (
        input._size() == 0
        and world.connections.input_buffers.all == world.web.input_buffers.all == 0
    )


BOMB = Compressor().compress([b" " * (64 * KIB + 1)])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (packed(BOMB), 1009),
        (packed(WORDS[:-3]), 1007),
        (packed(last(b"one\n") + last(b"two")), 1007),
        (packed(BOMB[:9], fin=False) + masked(MORE, BOMB[9:]), 1009),
        (packed(b"hola"), 1007),
        (packed(b"\xff" * 60), 1007),
        (packed(Compressor().compress([b"\xff\xfe"])), 1007),
        (packed(b"x" * (64 * KIB + 1)), 1009),
        (packed(b"", Opcode.PING), 1002),
        (packed(b"", MORE), 1002),
        (packed(b"x", fin=False) + packed(b"x", MORE), 1002),
        (packed(b"x", fin=False) + packed(b"x"), 1002),
        (packed(b"", BINARY), 1003),
        (b"\xe1\x80\0\0\0\0", 1002),  # RSV2, which nothing here means
    ],
    ids=range(14),
)
def test_a_breach_closes_with_a_code_and_harms_nobody(raw: bytes, code: int) -> None:
    world = WebWorld()
    ana, eva, other = world.person("ana"), world.browser("eva", compresses=True), world.browser("o")
    for each in (ana, eva, other):
        each.forgets()
    eva.sends_raw(raw)
    told, reason = closed(eva)
    assert told == code and reason
    ana.says("hola")
    other.hears({"type": "said", "text": "hola"})


def test_a_message_has_the_size_of_a_line_however_small_it_comes() -> None:
    world = WebWorld(limits=QUICK)
    eva = world.browser("eva", compresses=True)
    eva.sends_raw(packed(Compressor().compress([b" " * 64 * KIB])))
    eva.says("still here")
    eva.hears({"type": "ack"})


def test_blanks_that_come_small_are_slowed_by_what_they_have_become() -> None:
    world = WebWorld()
    ana, eva = world.person("ana"), world.browser("eva", compresses=True)
    ana.forgets()
    blanks = packed(Compressor().compress([b" \n" * 32 * KIB]))
    eva.sends_raw(blanks * 8 + masked(TEXT, say(1, "after all that")))
    world.settle()
    ana.hears()
    world.passes(30)
    ana.hears("<eva> after all that")


def test_what_small_messages_become_counts_while_it_waits() -> None:
    """Forty that become 64 KiB each, of lines that wait since they come too fast."""
    world = WebWorld()
    line = b'{"type":"ping"}' + b" " * 500 + b"\n"
    data = Compressor().compress([line * (64 * KIB // len(line))])
    others = [world.browser(f"eva{number}", compresses=True) for number in range(40)]
    for other in others:
        other.sends_raw(packed(data))
        world.settle()
        assert world.connections.input_buffers.all <= world.limits.web_unheard_each
    assert 0 < sum(closed_with(other, "server-full") for other in others) < 20
