"""What is to be seen of a window's lines, and how one scrolls in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huddle.client.conversation.scrollback import LINES, Scrollback
from huddle.client.terminal.viewport import Viewport

RULE = "-- unread --"


def window(count: int) -> Viewport:
    lines = Scrollback()
    lines.add([f"line {number}" for number in range(count)])
    return Viewport(lines, lambda: RULE)


def test_the_end_is_seen_and_follows() -> None:
    seen = window(10)
    assert seen.rows(20, 3) == ["line 7", "line 8", "line 9"]
    seen.lines.add(["line 10"])
    assert seen.rows(20, 3)[-1] == "line 10" and seen.below == 0


def test_who_has_scrolled_back_stays_there_while_lines_come() -> None:
    seen = window(100)
    assert seen.scroll(50, 20, 10)
    there = seen.rows(20, 10)
    assert there == [f"line {number}" for number in range(40, 50)]
    seen.lines.add([f"line {number}" for number in range(100, 1100)])
    assert seen.rows(20, 10) == there and seen.below == 1050
    seen.to_end()
    assert seen.rows(20, 10)[-1] == "line 1099" and seen.below == 0


def test_pages_up_to_the_top_and_down_to_the_end() -> None:
    seen = window(25)
    pages = 0
    while seen.scroll(9, 20, 10):
        pages += 1
    assert pages == 2 and seen.rows(20, 10)[0] == "line 0"
    while seen.scroll(-9, 20, 10):
        pages -= 1
    assert pages == 0 and seen.below == 0
    assert not seen.scroll(-9, 20, 10)
    seen.to_top(20, 10)
    assert seen.rows(20, 10)[0] == "line 0"


def test_a_window_that_is_not_full_has_nowhere_to_go() -> None:
    seen = window(3)
    assert not seen.scroll(9, 20, 10)
    seen.to_top(20, 10)
    assert seen.rows(20, 10) == ["line 0", "line 1", "line 2"] and seen.below == 0


def test_lines_that_are_gone_are_not_shown() -> None:
    seen = window(100)
    seen.to_top(20, 10)
    seen.lines.add([f"later {number}" for number in range(LINES)])
    assert seen.rows(20, 10)[0] == "later 0"
    assert seen.scroll(-9, 20, 10)
    assert seen.rows(20, 10)[0] == "later 9"


def test_the_rule_stands_above_the_first_unread_line() -> None:
    seen = window(2)
    seen.lines.draw_rule()
    seen.lines.add(["new"])
    assert seen.rows(20, 10) == ["line 0", "line 1", RULE, "new"]


@given(
    st.lists(st.integers(0, 40), max_size=30),
    st.lists(st.integers(-30, 30), max_size=10),
    st.integers(5, 30),
    st.integers(1, 12),
)
def test_one_sees_a_full_window_of_following_rows_wherever_one_scrolls(
    widths: list[int], scrolls: list[int], columns: int, height: int
) -> None:
    lines = Scrollback()
    lines.add([f"{number} " + "x" * width for number, width in enumerate(widths)])
    seen = Viewport(lines, lambda: RULE)
    whole = Viewport(lines, lambda: RULE).rows(columns, 10_000)
    for rows in scrolls:
        seen.scroll(rows, columns, height)
        shown = seen.rows(columns, height)
        assert len(shown) == min(height, len(whole))
        assert any(whole[at : at + len(shown)] == shown for at in range(len(whole) + 1))
