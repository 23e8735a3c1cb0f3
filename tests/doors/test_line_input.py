"""The intake: how fast somebody is heard, and what cannot be said."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from typing_extensions import override

from huddle.doors.line_input import LINES_A_SLICE
from huddle.protocol.events import Draft, Said
from huddle.protocol.limits import KIB, Limits
from huddle.record.memory import MemoryRecord
from tests.world import Peer, World

FREELY = Limits(flood_rate=0)
ENDLESS_LINE = b"x" * (64 * KIB)
TOO_LONG = "-- Not said: the line went on beyond 65536 bytes without an end."


class Late(MemoryRecord):
    """A record that does everything only when it is told to, in order."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits, epoch="late")
        self._waiting: list[Deferred[Any]] = []

    @override
    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        done: Deferred[Sequence[Said]] = Deferred()
        done.addCallback(lambda _: super(Late, self).append(drafts, time))
        self._waiting.append(done)
        return done

    def goes_on(self) -> None:
        """Do what was asked for."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.callback(None)


def lines(count: int, start: int = 0) -> list[str]:
    return [f"line {number}" for number in range(start, start + count)]


def said(nick: str, texts: Sequence[str]) -> list[str]:
    return [f"<{nick}> {text}" for text in texts]


def two(limits: Limits | None = None) -> tuple[World, Peer, Peer]:
    world = World(limits=limits)
    return world, world.person("ana"), world.person("bob")


# -- how fast ----------------------------------------------------------------------------------


def test_a_paste_of_sixty_lines_passes_at_once() -> None:
    _, ana, bob = two()
    ana.says(*lines(60))
    bob.hears(*said("ana", lines(59)))  # her nick was the first of the sixty


def test_after_the_burst_five_lines_pass_each_second_and_none_is_lost() -> None:
    world, ana, bob = two()
    ana.says(*lines(100))
    bob.hears(*said("ana", lines(59)))
    world.passes(1)
    bob.hears(*said("ana", lines(5, 59)))
    world.passes(7.2)
    bob.hears(*said("ana", lines(36, 64)))


def test_who_says_too_much_is_not_read_from() -> None:
    world, ana, _ = two()
    ana.says(*lines(70))
    ana.sends(b"and more\n")
    world.settle()
    assert ana.wire.incoming == b"and more\n"
    world.passes(3)
    assert not ana.wire.incoming


def test_nobody_else_waits_for_who_says_too_much() -> None:
    _, ana, bob = two()
    ana.says(*lines(100))
    bob.says("hola")
    ana.hears_at_last("<bob> hola")


def test_with_a_rate_of_zero_there_is_no_limit() -> None:
    _, ana, bob = two(FREELY)
    ana.says(*lines(5000))
    bob.hears(*said("ana", lines(5000)))


def test_somebody_with_thousands_of_lines_lets_others_have_their_turns() -> None:
    world = World(limits=FREELY)
    ana, bob, carla = (world.person(nick) for nick in ("ana", "bob", "carla"))
    ana.sends(b"x\n" * (32 * KIB))
    bob.says("hola")
    assert carla.reads().index("<bob> hola") <= 3 * LINES_A_SLICE


def test_lines_before_the_end_of_input_are_said_at_the_same_pace_and_then_one_leaves() -> None:
    world, ana, bob = two()
    ana.says(*lines(64))
    ana.ends()
    bob.hears(*said("ana", lines(59)))
    world.passes(1)
    bob.hears(*said("ana", lines(5, 59)))
    world.passes(0.2)
    bob.hears("-- ana left")
    assert ana.gone


def test_lines_read_from_a_connection_that_is_lost_are_still_said() -> None:
    world, ana, bob = two()
    ana.says(*lines(64))
    ana.cut()
    bob.hears(*said("ana", lines(59)))
    world.passes(1.2)
    bob.hears(*said("ana", lines(5, 59)))
    assert ana.gone
    bob.says("/who")
    bob.hears("-- 2 here: ana, bob. Away: ana.")


def test_a_ghost_that_still_speaks_counts_for_its_address() -> None:
    world = World(limits=Limits(per_address=2))
    bob = world.person("bob")
    ana = world.person("ana")
    ana.says(*lines(64))
    ana.connection.transport.abort()
    world.settle()
    assert ana.gone
    late = world.connect()
    late.hears_at_last("-- There are too many connections. Try again later.")
    world.passes(10)
    bob.forgets()
    world.person("dan")
    bob.hears("-- dan joined")


def test_when_too_much_waits_for_the_record_nobody_is_read_from() -> None:
    record = Late(limits := Limits(flood_rate=0, uncommitted=10_000))
    world = World(record, limits=limits)
    ana, bob = world.person("ana"), world.person("bob")
    ana.says(*lines(100))
    ana.sends(b"the rest\n")
    world.settle()
    assert ana.wire.incoming == b"the rest\n"
    for _ in range(20):
        record.goes_on()
        world.settle()
    bob.hears(*said("ana", [*lines(100), "the rest"]))


def test_who_does_not_read_the_answers_is_not_read_from_until_they_are_read() -> None:
    world, ana, bob = two(Limits(flood_rate=0, replies=5_000))
    ana.stops_reading()
    ana.says(*["/help"] * 50, "hola")
    assert not bob.reads()
    ana.sends(b"and more\n")
    world.settle()
    assert ana.wire.incoming
    ana.reads_again()
    world.settle()
    bob.hears("<ana> hola", "<ana> and more")


# -- lines -------------------------------------------------------------------------------------


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


def test_a_last_line_without_an_end_is_said_if_the_peer_ended_its_side() -> None:
    _, ana, bob = two()
    ana.sends(b"hola")
    ana.ends()
    bob.hears("<ana> hola", "-- ana left")


def test_half_a_line_of_a_lost_connection_is_not_said() -> None:
    world, ana, bob = two()
    ana.sends(b"hola\nrm -rf /")
    world.settle()
    ana.cut()
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


# -- when nobody hears any more ----------------------------------------------------------------


def test_what_comes_behind_the_leaving_is_read_and_thrown_away() -> None:
    world, ana, bob = two()
    ana.sends(b"adi\xc3\xb3s\n/salir\n" + b"ignored\n" * 1000)
    world.settle()
    assert not ana.wire.incoming
    bob.hears("<ana> adiós", "-- ana left")


def test_what_comes_behind_an_interrupt_is_thrown_away_and_what_came_before_is_said() -> None:
    world, ana, bob = two()
    ana.sends(b"".join(b"line %d\n" % number for number in range(64)) + b"\xff\xf4ignored\n")
    world.settle()
    ana.sends(b"ignored\n")
    world.passes(1.2)
    bob.hears(*said("ana", lines(64)), "-- ana left")
    assert ana.gone


def test_lines_that_wait_when_the_house_closes_are_said_before_the_farewell() -> None:
    world, ana, bob = two()
    ana.says(*lines(100))
    bob.forgets()
    world.closes()
    bob.hears(*said("ana", lines(41, 59)), "-- The server is closing. Bye!")


def test_nothing_is_heard_once_the_house_closes() -> None:
    world, ana, bob = two(Limits(flood_rate=0))
    bob.wire.lingers = True
    ana.stops_reading()
    ana.forgets()
    world.closes()
    bob.says("too late")
    assert not bob.wire.incoming
    ana.reads_again()
    ana.hears("-- The server is closing. Bye!")
