"""Frames on a terminal (pyte): what has changed is written, and nothing else."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.terminal.painter import Frame, Painter

ROWS, COLUMNS = 4, 10


def test_only_rows_that_have_changed_are_written() -> None:
    painter = Painter()
    painter.change_to(Frame(["one", "two", "three"], (2, 0)))
    written = painter.change_to(Frame(["one", "TWO", "three"], (2, 1)))
    assert "TWO" in written and "one" not in written and "three" not in written
    assert painter.change_to(Frame(["one", "TWO", "three"], (2, 1))) == ""
    assert painter.change_to(Frame(["one", "TWO", "three"], (2, 3))) == "\x1b[3;4H"


def test_what_is_not_known_is_painted_whole() -> None:
    painter = Painter()
    frame = Frame(["one", "two"], (0, 0))
    first = painter.change_to(frame)
    painter.forget()
    assert painter.change_to(frame) == first and "\x1b[2J" in first


@given(st.lists(st.lists(st.text("ab", max_size=COLUMNS), min_size=ROWS, max_size=ROWS)))
def test_the_terminal_shows_the_last_frame(frames: list[list[str]]) -> None:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream, painter = pyte.Stream(screen), Painter()
    for rows in frames:
        stream.feed(painter.change_to(Frame(rows, (ROWS - 1, 3))))
        assert [row.rstrip() for row in screen.display] == rows
        assert (screen.cursor.y, screen.cursor.x) == (ROWS - 1, 3)
