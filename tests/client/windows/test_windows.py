"""Windows in a real terminal: gone through, counted in the status line, scrolled, drawn anew."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.windows.neighbour import Neighbour
from tests.client.windows.tmux import Tmux
from tests.real.preloaded import CLIENT
from tests.real.server import Server

POURED = 5_000


@pytest.fixture
def pane(server: Server, tmp_path: Path) -> Iterator[Tmux]:
    pane = Tmux(tmp_path, *CLIENT, "--port", str(server.port), "--nick", "ana", "--replay", "0")
    pane.shows("online")
    yield pane
    pane.close()


@pytest.fixture
def eva(server: Server) -> Iterator[Neighbour]:
    eva = Neighbour(server, "eva")
    yield eva
    eva.close()


def in_ops(pane: Tmux, bob: Neighbour, room: str = "ops") -> None:
    """Ana and bob are in this room, which is her second window."""
    bob.says(f"/join {room}")
    bob.hears(f"You are in {room}")
    pane.enters(f"/join {room}")
    pane.shows(f"2:{room} · 2 people")


def test_windows_with_their_counts_mentions_and_drafts(
    pane: Tmux, bob: Neighbour, eva: Neighbour
) -> None:
    in_ops(pane, bob)
    eva.acts("one", "two, ana", "three")
    pane.shows("1:huddle (3 @1)")
    eva.says("/msg ana psst")
    pane.shows("1:huddle (3 @1) · 3:@eva (1)")
    assert not any("two" in line for line in pane.lines())
    pane.types("half a line for ops")
    pane.shows("ana> half a line for ops")
    pane.presses("M-a")
    lines = pane.shows("two, ana")
    assert lines[-1] == "ana>" and lines[-2].startswith(" 1:huddle · ")
    rule = next(at for at, line in enumerate(lines) if "unread" in line)
    assert "* eva one" in lines[rule + 1]
    pane.presses("M-a")
    pane.shows("[eva] psst")
    assert "ana → eva>" in pane.lines()[-1]
    pane.enters("back to you")
    assert eva.hears("back") == "[ana] back to you"
    pane.presses("M-2")
    pane.shows("ana> half a line for ops")
    assert pane.status.startswith(" 2:ops · 2 people · online · 1:huddle · 3:@eva")
    pane.presses("Enter")
    assert bob.hears("half") == "<ana> half a line for ops"


def test_scrolling_in_a_window_while_thousands_of_lines_come_in_another(
    pane: Tmux, bob: Neighbour, eva: Neighbour
) -> None:
    eva.acts(*(f"line {number} to be read" for number in range(100)))
    pane.shows("line 99 to be read")
    in_ops(pane, bob)
    pane.presses("M-1")
    pane.shows("line 99 to be read")
    pouring = threading.Thread(target=bob.acts, args=[f"poured {n}" for n in range(POURED)])
    pouring.start()
    pane.presses("PPage")
    pane.shows("line 66 to be read")
    pane.presses("PPage")
    lines = pane.shows("line 49 to be read")
    assert not any("poured" in line for line in lines) and "lines below" in lines[-2]
    pane.types("typed meanwhile")
    pane.shows("ana> typed meanwhile")
    pouring.join()
    pane.shows(f"2:ops ({POURED})")
    assert [line for line in pane.lines() if "to be read" in line] == [
        line for line in lines if "to be read" in line
    ]
    pane.presses("NPage", "NPage", "NPage")
    pane.shows("line 99 to be read")
    assert "below" not in pane.status
    pane.presses("M-2")
    pane.shows(f"poured {POURED - 1}")


def test_what_is_found_is_shown_over_the_window_and_scrolled(pane: Tmux, eva: Neighbour) -> None:
    eva.acts(*(f"soup number {number}" for number in range(40)), "no more of it")
    pane.shows("no more of it")
    pane.enters("/history 40")
    pane.shows("#huddle · PgUp, PgDn; Esc closes")
    pane.presses("C-Home")
    pane.shows("soup number 1")
    pane.presses("Escape")
    pane.until(lambda lines: "Esc closes" not in lines[0])
    pane.enters("/search more")
    lines = pane.shows("more, in #huddle · PgUp")
    assert any("* eva no more of it" in line for line in lines)
    assert not any("soup number" in line for line in lines)
    pane.enters("a line that is said closes it")
    pane.until(lambda lines: "Esc closes" not in lines[0])
    assert eva.hears("closes it") == "<ana> a line that is said closes it"


def test_a_line_of_an_earlier_time_is_found_by_ctrl_r(pane: Tmux, eva: Neighbour) -> None:
    for line in ("make soup", "eat it"):
        pane.enters(line)
        eva.hears(line)
    pane.presses("C-r")
    pane.types("sou")
    pane.shows("(search) sou: make soup")
    pane.presses("Enter")
    assert eva.hears("soup") == "<ana> make soup"


def test_a_refused_line_stands_in_front_of_no_command(pane: Tmux, bob: Neighbour) -> None:
    in_ops(pane, bob, "hall")
    bob.says("/quiet on")
    pane.shows("made the room quiet")
    pane.enters("c2")
    pane.shows("   c2")
    assert pane.lines()[-1] == "ana>"
    bob.says("/quiet off")
    pane.shows("everybody speak again")
    pane.enters("/who")
    pane.presses("Up", "Up")
    pane.shows("ana> c2")
    pane.presses("C-u")
    pane.enters("nothing in front")
    assert bob.hears("nothing") == "<ana> nothing in front"


def test_it_is_drawn_anew_after_it_was_stopped_and_resized(pane: Tmux, eva: Neighbour) -> None:
    """SIGSTOP tells it nothing; what the terminal has become meanwhile is found when it goes on."""
    eva.says("said before")
    pane.shows("said before")
    pane.types("half a line")
    pane.shows("ana> half a line")
    os.kill(pane.process, signal.SIGSTOP)
    pane.resize(60, 12)
    eva.says("said meanwhile")
    os.kill(pane.process, signal.SIGCONT)
    lines = pane.shows("said meanwhile")
    assert any("said before" in line for line in lines)
    pane.until(lambda lines: lines[-1] == "ana> half a line" and len(lines) == 12)
    pane.presses("Enter")
    assert eva.hears("half") == "<ana> half a line"


def test_people_are_listed_where_there_is_room(pane: Tmux, eva: Neighbour) -> None:
    pane.resize(100, 20)
    pane.until(lambda lines: [line[82:] for line in lines[:2]] == ["│ ana", "│ eva"])
    pane.resize(99, 20)
    pane.until(lambda lines: "│" not in "".join(lines))


def test_the_terminal_is_given_back_as_it_was(server: Server, tmp_path: Path) -> None:
    client = " ".join([*CLIENT, "--port", str(server.port), "--nick", "zoe"])
    pane = Tmux(tmp_path, "sh", "-c", f"echo before; {client}; echo status $?; exec cat")
    try:
        pane.shows("online")
        pane.enters("/quit")
        lines = pane.shows("status 0")
        assert [line for line in lines if line] == ["before", "status 0"]
        pane.enters("echoed")
        pane.until(lambda lines: sum("echoed" in line for line in lines) == 2)
    finally:
        pane.close()
