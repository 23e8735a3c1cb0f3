"""A line in the rows of a terminal."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from huddle.client.rendering.rows import INDENT, hanging, plain, rows_of
from huddle.protocol.text import clean
from tests.locale.test_blanks import SCREENS, TEXTS

rows = rows_of


def test_a_line_that_fits_is_one_row() -> None:
    assert rows("18:02 <bob> hola", 16) == ["18:02 <bob> hola"]
    assert rows("", 80) == [""]


def test_a_longer_one_is_broken_between_words_and_indented() -> None:
    assert rows("18:02 <bob> one two three four", 20) == [
        "18:02 <bob> one two ",
        "     three four",
    ]
    assert rows("18:02 <bob> one two three four", 25)[1] == "      four"


def test_the_rows_hang_below_the_text_where_that_leaves_enough() -> None:
    for head in ("18:02 <bob> ", "<bob> ", "18:02 * bob ", "[→ bob] ", "18:02 -- "):
        assert hanging(f"{head}hola", 80) == len(head)
        assert rows(head + "x " * 60, 80)[1].startswith(" " * len(head) + "x")
    assert hanging(f"18:02 <{'a' * 24}> hola", 80) == INDENT
    assert hanging("18:02 <山田> hola", 80) == 13
    assert hanging("what has no head", 80) == INDENT


def test_a_row_that_follows_is_painted_and_linked_as_the_one_before() -> None:
    link, end = "\x1b]8;id=1;https://x.y\x1b\\", "\x1b]8;;\x1b\\"
    line = f"\x1b[1m{link}{'x' * 30}{end}\x1b[0m behind"
    first, second = rows(line, 20)[:2]
    assert first == f"\x1b[1m{link}{'x' * 20}{end}\x1b[0m"
    assert second.startswith(f"      \x1b[1m{link}{'x' * 10}{end}\x1b[0m")
    assert plain(first) == "x" * 20


def test_a_word_longer_than_a_row_fills_it() -> None:
    assert rows("18:02 <bob> " + "x" * 40, 30) == [
        "18:02 <bob> " + "x" * 18,
        " " * INDENT + "x" * 22,
    ]


def test_blanks_up_to_the_edge_do_not_put_the_rest_at_the_beginning_of_a_row() -> None:
    line = "18:02 <eve> hi" + " " * 66 + "<bob> I am eve"
    assert rows(line, 80) == ["18:02 <eve> hi" + " " * 66, " " * 12 + "<bob> I am eve"]
    assert rows("18:02 <eve> hi" + "\t" * 30 + "-- no", 80)[1:] == [" " * 12 + "-- no"]
    fillers = "\u3164" * 33
    assert rows(f"18:02 <eve> {fillers} <bob> hi", 80)[1:] == [" " * 12 + "<bob> hi"]
    assert rows("18:02 <eve> hi" + " " * 200, 80) == ["18:02 <eve> hi"]


def test_wide_characters_and_paint_are_counted_as_what_they_are() -> None:
    assert rows("你" * 5, 8) == ["你你你你", "  你"]
    painted = "\x1b[2m18:02 \x1b[0m<bob> hola"
    assert rows(painted, 16) == [painted]
    assert rows(painted + " \x1b[7mAna\x1b[0m", 16) == [
        painted + "\x1b[7m\x1b[0m",
        "    \x1b[7mAna\x1b[0m",
    ]
    assert rows("e\u0301" * 16, 16) == ["e\u0301" * 16]


@given(st.sampled_from([8, *SCREENS]), TEXTS | st.text())
def test_every_row_but_the_first_is_indented_and_no_word_is_lost(columns: int, text: str) -> None:
    line = f"18:02 <eve> {clean(text)}"
    first, *others = rows(line, columns)
    assert all(row.startswith(" " * min(INDENT, columns // 4)) for row in others)
    for row in (first, *others):
        assert sum(max(wcwidth(each), 0) for each in row.replace("\t", " " * 8)) <= columns
    said = "".join((first, *others))
    assert re.sub("[ \t]", "", said) == re.sub("[ \t]", "", line)
