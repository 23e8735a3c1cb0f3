"""One types, others talk: the screen stays in order."""

from __future__ import annotations

import re
import threading

import pytest

from tests.client.windows.conftest import OpenWindow
from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Window
from tests.real.server import Server

POURED = 5000


def test_what_one_types_is_whole_while_lines_pour_in(ana: Window, bob: Neighbour) -> None:
    sentence = "typed slowly while thousands of lines pour in"
    poured = [f"line {n} of many" for n in range(POURED)]
    pouring = threading.Thread(target=bob.acts, args=poured)
    pouring.start()
    for at in range(len(sentence)):
        ana.types(sentence[at])
        ana.shows(f"ana> {sentence[: at + 1]}".rstrip())
    pouring.join()
    ana.shows(poured[-1])
    assert ana.lines[-1] == f"ana> {sentence}"
    whole = ana.whole()
    kept = [line.split("* bob ")[1] for line in whole if "of many" in line]
    assert kept == poured[-len(kept) :] and len(kept) > POURED - 10  # notices count, too
    assert [line for line in whole if "typed" in line] == [ana.lines[-1]]
    ana.types("\r")
    assert bob.hears("typed") == f"<ana> {sentence}"


def test_an_own_line_stands_where_everybody_sees_it(ana: Window, bob: Neighbour) -> None:
    bob.says("first")
    ana.shows("first")
    ana.enters("second")
    bob.hears("second")
    bob.says("third")
    ana.shows("third")
    said = [line.partition(" ")[2] for line in ana.lines if re.match(r"\d\d:\d\d <", line)]
    assert said == ["<bob> first", "<ana> second", "<bob> third"]


def test_wide_characters_keep_the_prompt_in_order(ana: Window, bob: Neighbour) -> None:
    ana.types("你好 🎉 e\u0301 fin")
    ana.types("\x1b[D" * 3 + "X")
    ana.shows("Xfin")
    ana.types("\r")
    assert bob.hears("fin") == "<ana> 你好 🎉 e\u0301 Xfin"


def test_being_named_rings_the_bell_and_stands_out(ana: Window, bob: Neighbour) -> None:
    bob.says("banana")
    ana.shows("banana")
    assert ana.screen.bells == 0
    bob.says("Ana, look")
    ana.shows("Ana, look")
    assert ana.screen.bells == 1
    [y] = [y for y, line in enumerate(ana.screen.display) if "Ana, look" in line]
    x = ana.screen.display[y].index("Ana, look")
    assert ana.screen.buffer[y][x].reverse


def test_one_can_have_no_bell(server: Server, window: OpenWindow, bob: Neighbour) -> None:
    eva = window("--port", str(server.port), "--nick", "eva", "--notify", "off", NO_COLOR="1")
    eva.shows("online")
    bob.says("eva?")
    eva.shows("eva?")
    assert eva.screen.bells == 0
    colours = {cell.fg for row in eva.screen.buffer.values() for cell in row.values()}
    assert colours <= {"default", "brightblack"}  # faint, in these tests


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"COLORFGBG": "0;15"}, False),
        ({"TERM": "vt220"}, False),
    ],
)
def test_a_terminal_is_asked_for_its_ground_where_nothing_tells_it(
    server: Server, window: OpenWindow, environ: dict[str, str], asked: bool
) -> None:
    eva = window("--port", str(server.port), "--nick", "eva", **environ)
    eva.shows("online")
    assert (b"\x1b]11;?" in eva.written) is asked


def test_a_rule_is_drawn_where_one_stopped_looking(ana: Window, bob: Neighbour) -> None:
    bob.says("seen")
    ana.shows("seen")
    ana.types("\x1b[O")  # the window loses the focus
    ana.enters("")
    ana.types("so\x1b[O")
    ana.shows("ana> so")  # which is read together with what stands behind it
    bob.acts("misses one", "misses two")
    ana.shows("misses two")
    rule = next(at for at, line in enumerate(ana.lines) if "unread" in line)
    assert [line[6:] for line in ana.lines[rule - 1 : rule + 3]] == [
        "<bob> seen",
        ana.lines[rule][6:],
        "* bob misses one",
        "* bob misses two",
    ]
    ana.types("\x1b[I")  # and gets it back
    bob.says("seen again")
    ana.shows("seen again")
    assert sum("unread" in line for line in ana.lines) == 1


def test_a_resized_window_keeps_what_is_typed(ana: Window, bob: Neighbour) -> None:
    ana.types("a line that is longer than the window will be")
    ana.shows("window will be")
    ana.resize(30, 10)
    ana.until(
        lambda: ana.lines[-2:] == ["ana> a line that is longer tha", "n the window will be"],
        "line in two rows",
    )
    bob.says("still there?")
    ana.shows("still there?")
    ana.resize(100, 30)
    ana.until(
        lambda: ana.lines[-1] == "ana> a line that is longer than the window will be",
        "line in one row",
    )
    assert sum("online" in line for line in ana.lines) == 1
    ana.types("\r")
    assert bob.hears("longer") == "<ana> a line that is longer than the window will be"
