"""What is pasted into nc is one block, with its blank lines; what is typed is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.python.failure import Failure

from huddle.dialects.plain.keys import edited
from huddle.doors.input.line_buffer import BLANKS
from huddle.doors.input.line_input import BURST
from huddle.protocol.limits import KIB, Limits
from huddle.protocol.text import clean
from tests.slow_record import SlowRecord
from tests.world import Peer, Program, World

FREELY = Limits(flood_rate=0)
SOON = BURST / 50
CODE = "def f(x):\n\n\tif x:\n\t    return  \n   \n\n\n    # ¿sí?\nf(1)\n"


def house(limits: Limits | None = FREELY) -> tuple[World, Peer, Program]:
    world = World(limits=limits)
    ana, bob = world.person("ana"), world.program("bob")
    return world, ana, bob


def sends(ana: Peer, *reads: str | bytes, pause: float = SOON) -> None:
    """Put these on the wire, one after the other."""
    for data in reads:
        ana.sends(data if isinstance(data, bytes) else data.encode())
        ana.world.settle()
        if pause:
            ana.world.passes(pause)


def shown(bob: Program) -> list[tuple[str, int | None]]:
    came: list[dict[str, Any]] = [each for each in bob.reads() if each["type"] == "said"]
    return [(each["text"], each.get("block")) for each in came]


def block(text: str, first: int = 1, own: int | None = 1) -> list[tuple[str, int | None]]:
    """How the lines of a block are shown; of its first line ``own`` is the number it carries."""
    begin, *rest = text.split("\n")[:-1]
    return [(begin, own), *((line, first) for line in rest)]


def test_a_paste_in_one_read_is_a_block_with_all_its_blanks() -> None:
    _, ana, bob = house()
    sends(ana, CODE)
    assert shown(bob) == block(CODE)


def test_people_get_it_line_by_line_each_behind_its_nick() -> None:
    world, ana, _ = house()
    carla = world.person("carla")
    sends(ana, "if x:\n\n\treturn\n")
    carla.hears("<ana> if x:", "<ana> ", "<ana> \treturn")
    ana.hears("-- bob joined", "-- carla joined")


def test_a_paste_that_comes_line_by_line_is_a_block_whose_first_line_does_not_know_it() -> None:
    _, ana, bob = house()
    sends(ana, *CODE.splitlines(keepends=True))
    assert shown(bob) == block(CODE, own=None)


def test_what_is_typed_line_by_line_is_no_block_and_its_blank_lines_say_nothing() -> None:
    _, ana, bob = house()
    sends(ana, "one\n", "\n", "  \n", "two\n", "\n", pause=2 * BURST)
    sends(ana, "three\n", "\n", "four\n", pause=0)
    assert shown(bob) == [(text, None) for text in ("one", "two", "three", "four")]


def test_blank_lines_count_between_texts_alone() -> None:
    _, ana, bob = house()
    sends(ana, "\n \none\n\n", "\n", "/who\n", "\ntwo\n\n")
    assert shown(bob) == [("one", None), ("", 1), ("two", 1)]
    _, ana, bob = house()
    sends(ana, "one\n\n")
    ana.ends()
    assert shown(bob) == [("one", None)]


def test_commands_in_a_burst_are_carried_out_and_end_no_block() -> None:
    _, ana, bob = house()
    sends(ana, "one\n/me waves\n\n//two\n\n/nick eva\nthree\n")
    assert shown(bob) == [("one", None), ("waves", None), ("", 1), ("/two", 1), ("three", 1)]


def test_a_line_before_a_command_is_no_block() -> None:
    _, ana, bob = house()
    sends(ana, "hola\n/quit\n")
    assert shown(bob) == [("hola", None)]


def test_a_line_that_came_long_ago_is_in_no_block_with_what_stands_behind_a_command() -> None:
    _, ana, bob = house()
    sends(ana, "long ago\n", pause=9)
    sends(ana, "/who\nnow\n")
    assert shown(bob) == [("long ago", None), ("now", None)]


def test_the_nick_may_come_in_the_same_burst() -> None:
    world, _, bob = house()
    sends(world.connect(), "eva\n\nif x:\n\n\treturn\n")
    assert shown(bob) == [("if x:", 1), ("", 1), ("\treturn", 1)]


def test_a_block_that_is_read_in_many_pieces_is_one() -> None:
    _, ana, bob = house()
    text = "".join(f"{'    ' * (at % 7)}line {at}\n\n" for at in range(490))
    sends(ana, text, pause=0)
    assert shown(bob) == block(text)[:-1]


def test_a_block_has_an_end() -> None:
    _, ana, bob = house(Limits(flood_rate=0, block_lines=3))
    sends(ana, "1\n2\n3\n4\n5\n6\n7\n", pause=0)
    assert shown(bob) == [(str(n), 1 + 3 * ((n - 1) // 3)) for n in range(1, 8)]
    program = ana.world.program("eva")
    bob.forgets()
    program.says(*"abcdefg", block=1)
    assert [block - 8 for _, block in shown(bob) if block] == [0, 0, 0, 3, 3, 3, 6]


def test_flood_control_goes_on_inside_a_block_and_does_not_end_it() -> None:
    world, ana, bob = house(Limits())
    text = "".join(f"\tline {at}\n\n" for at in range(490))
    ana.sends(text.encode())
    world.settle()
    came = shown(bob)
    assert len(came) == Limits().flood_burst - 1  # her nick was the first line
    world.passes(2)
    more = shown(bob)
    assert len(more) == 10
    for _ in range(1000):
        world.passes(1)
        more += shown(bob)
    assert came + more == block(text)[:-1]


def test_what_others_say_comes_between_the_lines_of_a_block() -> None:
    world, ana, bob = house(Limits())
    carla = world.person("carla")
    bob.forgets()
    sends(ana, "x\n" * 70)
    carla.says("hm")
    world.passes(10)
    came = shown(bob)
    assert came.count(("hm", None)) == 1 and came.count(("x", 1)) == 70
    assert came[-1] == ("x", 1)


def test_a_row_of_blank_lines_that_is_a_flood_says_nothing() -> None:
    _, ana, bob = house(Limits(flood_rate=0, block_lines=2000))
    fits, flood = "\n" * BLANKS, "\n" * (BLANKS + 1)
    sends(ana, f"one\n{fits}two\n{flood}three\n")
    assert shown(bob) == [("one", 1), *[("", 1)] * BLANKS, ("two", 1), ("three", 1)]


def test_blank_lines_are_not_kept_without_end() -> None:
    world, ana, bob = house()
    sends(ana, "one\n", *["\n" * KIB] * 64)
    assert len(ana.connection.input._read) <= BLANKS
    sends(ana, "two\n")
    assert shown(bob) == [("one", None), ("two", 1)]
    assert world is ana.world


def test_a_block_of_which_one_line_cannot_be_kept_is_made_of_the_others(
    logged_failures: list[Failure],
) -> None:
    record = SlowRecord()
    record.poison = "one"
    world = World(record)
    ana, bob = world.person("ana"), world.program("bob")
    ana.says("one", "two", "three")
    assert shown(bob) == [("two", 1), ("three", 1)]
    assert logged_failures
    logged_failures.clear()


def test_a_block_whose_first_line_is_refused_begins_with_the_next() -> None:
    _, ana, bob = house()
    sends(ana, "x" * 5000 + "\n\n\ttwo\n")
    assert shown(bob) == [("", 1), ("\ttwo", 1)]


def test_who_comes_back_begins_another_block() -> None:
    world, ana, bob = house()
    ana.says("x")
    sends(ana, "one\n\ntwo\n")
    ana.cut()
    ana = world.connect()
    ana.says(f"/back ana {ana.word}" if ana.word else "eva")
    bob.forgets()
    sends(ana, "three\n\nfour\n")
    assert shown(bob) == [("three", 5), ("", 5), ("four", 5)]


TEXTS = st.lists(st.text("ab \t/\n\r\x85ñ<>-*[]\x00\x1b\x08\x15\x17", max_size=9), max_size=20)


@given(TEXTS, st.data())
def test_whatever_is_pasted_is_said_as_it_was_cleaned_however_it_is_cut(
    lines: list[str], data: st.DataObject
) -> None:
    """Between a first and a last text, and with no command in it."""
    lines = [line.replace("\n", " ").replace("\r", " ").lstrip("/") for line in lines]
    lines = [line for line in lines if not edited(line).startswith("/")]
    text = "\n".join(["first", *lines, "last", ""]).encode()
    cuts = data.draw(st.lists(st.integers(1, len(text) - 1), unique=True).map(sorted))
    world, ana, bob = house()
    carla = world.person("carla")
    bob.forgets()
    sends(ana, *(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)))
    assert [each for each, _ in shown(bob)] == [
        clean(edited(line)) for line in ["first", *lines, "last"]
    ]
    assert all(line.startswith("<ana> ") for line in carla.reads())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\0"])
def test_lines_may_end_as_telnet_ends_them(end: str) -> None:
    _, ana, bob = house()
    sends(ana, CODE.replace("\n", end))
    assert [text for text, _ in shown(bob)] == CODE.split("\n")[:-1]
