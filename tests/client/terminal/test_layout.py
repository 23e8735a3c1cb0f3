"""A frame of what there is to be seen, for terminals of all sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from huddle.client.conversation.scrollback import Scrollback
from huddle.client.rendering.colours import Depth, Paint
from huddle.client.rendering.rows import plain
from huddle.client.terminal.layout import NICKS, Size, View, drawn
from huddle.client.terminal.painter import Frame
from huddle.client.terminal.statusline import Part
from huddle.client.terminal.viewport import Viewport
from huddle.locale import translator
from huddle.locale.columns import columns_of

ENGLISH = translator("en")


def view(*lines: str, typed: str = "", **fields: object) -> View:
    scrollback = Scrollback()
    scrollback.add(lines)
    usual = View(
        Viewport(scrollback, lambda: "rule"),
        lambda columns: [Part("1:huddle"), Part("online")],
        "ana> ",
        typed,
        len(typed),
    )
    return replace(usual, **fields)  # type: ignore[arg-type]


def frame(seen: View, columns: int = 30, rows: int = 8) -> Frame:
    return drawn(seen, Size(columns, rows), Paint(Depth.NONE), ENGLISH)


def shown(seen: View, columns: int = 30, rows: int = 8) -> list[str]:
    return [plain(row).rstrip() for row in frame(seen, columns, rows).rows]


def test_lines_stand_above_the_status_line_and_the_prompt() -> None:
    assert shown(view("one", "two", typed="hola"), rows=5) == [
        *("", "one", "two"),
        " 1:huddle · online",
        "ana> hola",
    ]


def test_the_status_line_goes_from_edge_to_edge() -> None:
    for columns in (10, 40, 80, 160):
        status = frame(view(), columns).rows[-2]
        assert status.startswith("\x1b[7m") and columns_of(plain(status)) == columns


def test_what_is_typed_goes_on_in_further_rows_and_the_cursor_is_in_it() -> None:
    typed = "a line that is longer than the window is wide"
    assert shown(view(typed=typed))[-2:] == [
        "ana> a line that is longer tha",
        "n the window is wide",
    ]
    assert frame(view(typed=typed)).cursor == (7, 20)
    assert frame(view(typed="x" * 25)).cursor == (7, 0)  # the next one has a row of its own
    assert frame(view(typed="你好", cursor=1)).cursor == (7, 7)


def test_a_long_text_is_scrolled_so_that_the_cursor_is_seen() -> None:
    long = view(typed="x" * 1000)
    assert len(shown(long, 20, 8)) == 8 and frame(long, 20, 8).cursor[0] == 7
    begin = frame(replace(long, cursor=0), 20, 8)
    assert plain(begin.rows[begin.cursor[0]]).startswith("ana> xxx")


def test_a_secret_is_drawn_as_stars() -> None:
    assert shown(view(typed="/login root pass", secret=7))[-1] == "ana> /login *********"
    assert shown(view(typed="secret", secret=0))[-1] == "ana> ******"


def test_those_who_are_there_are_listed_beside_a_wide_window() -> None:
    people = view("hola", nicks=("ana", "bob", "carla"), people=3)
    rows = frame(people, 100, 6).rows
    assert [row.partition(f"\x1b[{100 - NICKS + 1}G")[2] for row in map(plain, rows[:4])] == [
        *("│ ana", "│ bob", "│ carla", "│ "),
    ]
    assert "bob" not in "".join(shown(people, 99, 6))


def test_of_many_people_the_rest_is_counted() -> None:
    people = view(nicks=tuple(f"nick{number}" for number in range(10)), people=300)
    listed = "\n".join(shown(people, 100, 7))
    assert "nick3" in listed and "nick4" not in listed and "… and 296 more" in listed


def test_own_lines_on_their_way_stand_above_the_status_line() -> None:
    rows = shown(view("one", pending=[f"line {n}" for n in range(9)]), rows=16)
    assert rows[-9:-2] == [*(f"line {n}" for n in range(6)), "… and 3 more"]


def test_a_paste_is_looked_at_and_what_tab_offers_is_listed() -> None:
    assert shown(view(look=["one", "two", "2 lines; Enter sends"]))[-5:-2] == [
        *("│ one", "│ two", "2 lines; Enter sends"),
    ]
    offered = ["alpha", "beta", "gamma", "delta", "epsilon"]
    assert shown(view(choices=(offered, 0)))[-3] == "alpha  beta  gamma  delta  ep…"
    assert "epsilon" in shown(view(choices=(offered, 4)))[-3]


def test_what_was_found_has_its_title_and_begins_at_the_top() -> None:
    assert shown(view("18:02 <bob> soup", title="soup, in #huddle"), rows=5) == [
        *(" soup, in #huddle", "18:02 <bob> soup", ""),
        *(" 1:huddle · online", "ana>"),
    ]


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(
    st.sampled_from([1, 2, 3, 7, 40, 80, 99, 100, 160]),
    st.lists(TEXTS, max_size=8),
    TEXTS,
    st.integers(1, 30),
    st.booleans(),
)
def test_a_frame_fits_whatever_is_in_it(
    columns: int, texts: Sequence[str], typed: str, rows: int, busy: bool
) -> None:
    more = (
        {"pending": texts, "look": texts, "choices": (texts, 0), "title": "found"} if busy else {}
    )
    seen = view(*texts, typed=typed, nicks=texts, people=len(texts), **more)
    made = frame(seen, columns, rows)
    assert len(made.rows) == rows
    assert 0 <= made.cursor[0] < rows and 0 <= made.cursor[1] <= columns
    for row in made.rows:
        for part in plain(row).split(f"\x1b[{columns - NICKS + 1}G"):
            assert columns_of(part) <= max(2, columns)
