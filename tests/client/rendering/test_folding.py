"""Blocks in the terminal: under one head, folded, and never like another's line."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.folding import BLOCKS, MOST, Folding, Shown
from huddle.client.rendering.rows import rows_of
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session.events import Acknowledged, Answered, Event, Joined, Past, Said
from huddle.client.session.state import Kind, Line
from huddle.locale import translator
from huddle.protocol.requests import History, Raw
from huddle.protocol.text import clean


def terminal(language: str = "en") -> TerminalLines:
    now = datetime(2026, 11, 20, 18, 2, tzinfo=UTC)
    made = TerminalLines(translator(language), Paint(Depth.MANY), lambda: now, UTC)
    made.room, made.nick = "huddle", "ana"
    return made


def said(seq: int, text: str, block: int = 0, nick: str = "bob", room: str = "huddle") -> Said:
    return Said(room, seq, "2026-11-20T18:02:11.123Z", nick, "say", text, block=block)


def own(seq: int, text: str, block: int = 0) -> Acknowledged:
    return Acknowledged(seq, Line(Kind.SAY, "huddle", text, block), seq)


def shown(lines: TerminalLines, *happened: Event) -> list[str]:
    """Without the colours."""
    told = [line for event in happened for line in lines.lines(event)]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in told]


def test_the_lines_of_a_block_stand_under_one_head() -> None:
    block = [said(1, "def f():", 1), said(2, "", 1), said(3, "\treturn 1", 1)]
    assert shown(terminal(), *block, said(4, "there")) == [
        "18:02 <bob> def f():",
        "      │ ",
        "      │ \treturn 1",
        "18:02 <bob> there",
    ]


def test_a_first_line_that_does_not_know_it_is_the_head_all_the_same() -> None:
    assert shown(terminal(), said(1, "one"), said(2, "two", 1), said(3, "three", 3)) == [
        "18:02 <bob> one",
        "      │ two",
        "18:02 <bob> three",
    ]


def test_one_s_own_block_looks_like_the_others() -> None:
    assert shown(terminal(), own(7, "one", 3), own(8, "", 3), own(9, "alone")) == [
        "18:02 <ana> one",
        "      │ ",
        "18:02 <ana> alone",
    ]


@pytest.mark.parametrize("between", [said(2, "hm", nick="eva"), Joined("huddle", "eva")])
def test_behind_what_came_in_between_the_head_stands_again(between: Event) -> None:
    lines = shown(terminal(), said(1, "one", 1), between, said(3, "three", 1), said(4, "four", 1))
    assert [lines[0], *lines[2:]] == ["18:02 <bob> one", "18:02 <bob> three", "      │ four"]


def test_what_is_said_in_another_window_comes_not_in_between() -> None:
    happened = said(1, "one", 1), said(1, "hm", room="ops"), said(2, "two", 1)
    assert shown(terminal(), *happened)[-1] == "      │ two"


@pytest.mark.parametrize(
    ("language", "more"),
    [("en", "… /raw 5 shows all of it"), ("es", "… /crudo 5 lo muestra entero")],
)
def test_a_long_block_is_folded_also_where_it_goes_on_later(language: str, more: str) -> None:
    made = terminal(language)
    first = shown(made, *(said(5 + at, str(at), 5) for at in range(100)))
    assert len(first) == MOST + 1
    assert first[-1] == f"      │ {more}"
    later = said(105, "hm", nick="eva"), *(said(106 + at, "x", 5) for at in range(9))
    assert shown(made, *later) == ["18:02 <eva> hm"]


def test_numbers_and_times_are_shown_as_one_wishes() -> None:
    made = terminal()
    made.numbers, made.times = True, False
    assert shown(made, said(7, "one", 7), said(8, "two", 7), own(9, "mine")) == [
        "#7 <bob> one",
        "#8 │ two",
        "#9 <ana> mine",
    ]


def test_what_is_looked_up_is_folded_by_itself_and_what_is_wanted_raw_is_not() -> None:
    made = terminal()
    block = tuple(said(5 + at, str(at), 5) for at in range(20))
    shown(made, *block)
    assert len(shown(made, Answered(History("huddle"), Past("huddle", block, False)))) == MOST + 1
    raw = shown(made, Answered(Raw(5, room="huddle"), Past("huddle", block, False)))
    assert raw == ["-- #5, by bob:", *(f"| {at}" for at in range(20))]
    assert shown(made, said(25, "x", 5)) == []


def test_only_so_many_blocks_are_remembered() -> None:
    folding = Folding()
    for block in range(1, 10 * BLOCKS):
        assert folding.show("huddle", block, block) is Shown.HEAD
    assert len(folding._counts) <= BLOCKS


HEADS = re.compile(r"18:02 <bob> | {6}│ ")
TRICKS = st.sampled_from(
    ["<eva> hi", "-- eva left", "18:02 <eva> hi", "│ ", " " * 90, "* eva", "\t"]
)


@given(st.lists(st.lists(TRICKS | st.text(max_size=30)).map("".join), max_size=30))
def test_no_line_of_a_block_looks_like_another_s_or_the_program_s(texts: list[str]) -> None:
    made = terminal()
    block = [said(at, clean(text.replace("\n", " ")), 1) for at, text in enumerate(texts, 1)]
    for event in block:
        for line in made.lines(event):
            [plain] = [re.sub(r"\x1b\[[0-9;]*m", "", line)]
            assert HEADS.match(plain)
            for row in rows_of(line, 80)[1:]:
                assert re.sub(r"\x1b\[[0-9;]*m", "", row).startswith("  ")
