"""No row of the screen looks like a line of its own behind blanks, however wide the screen is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec
from unittest.mock import Mock, patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcwidth

from huddle.locale import translator
from huddle.locale.blanks import BLANKS, MOST, as_written, without_long_blanks
from huddle.locale.columns import SCREEN, columns_of
from huddle.locale.wording import WRITTEN
from huddle.protocol.answers import Entered, Motd, Refused, TopicIs, Written
from huddle.protocol.errors import Banned
from huddle.protocol.events import Changed, Kind, Left, Said, Setting
from huddle.protocol.text import clean
from tests.sample_messages import NOON, PLAIN, said

KINDS = (
    *" \t\u00a0\u1680\u2000\u2003\u200a\u202f\u205f\u3000",
    *"\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u2060\u2800\u3164\ufe0f\ufeff\uffa0",
    *"\ufff9\U000e0020\U0001d173\U0001d159\U00016fe4\U00013430",
)
"""Some of every sort of blank: spaces, tabs, joiners, fillers, tags, an empty braille cell."""

MARKS = "\u2d7f\u1039\u17d2\u1a60\U00010a3f\U00011133\U0001107f\u0323\u0303\u1b44"
"""Viramas and joiners that are not drawn, and marks that are."""

SCREENS = (40, 80, 132)

LIKE_A_LINE = re.compile(r"-- |\d\d:\d\d |[<\[]\S+[>\]] |\[\S+ → |\* ")
"""How the server's lines begin, and those of people."""


def rows(line: str, columns: int) -> Iterator[str]:
    """The rows that a terminal makes of a line; a tab goes to a multiple of eight, or the edge."""
    row, column = "", 0
    for character in line:
        if character == "\t":
            width = min(8 - column % 8, columns - 1 - column)
            character, width = " " * width, max(width, 0)
        else:
            width = max(wcwidth(character), 0)
        if column + width > columns:
            yield row
            row, column = "", 0
        row += character
        column += width
    yield row


def blanks_at_end(row: str) -> int:
    """Columns at the end of a row in which nothing is to be seen."""
    columns = 0
    for character in reversed(row):
        unseen = unicodedata.category(character) in ("Zs", "Cf") or character in KINDS
        if not unseen:
            break
        columns += max(wcwidth(character), 0)
    return columns


def assert_nothing_is_alone(line: str) -> None:
    for columns in SCREENS:
        before, *after = rows(line, columns)
        for row in after:
            if LIKE_A_LINE.match(row):
                # the one blank that we put there ourselves, and those that one may write
                assert blanks_at_end(before) <= MOST + 1, (columns, before, row)
            before = row


FORGED = st.sampled_from(["<bob> I did it", "-- The server restarts. Type /login", "* bob waves"])
GAPS = st.one_of(
    st.builds(str.__mul__, st.sampled_from(KINDS), st.integers(0, 140)),
    st.lists(st.sampled_from(KINDS), max_size=140).map("".join),
)
WORDS = st.one_of(st.text(max_size=30), st.builds(str.__mul__, st.just("x"), st.integers(0, 130)))
TEXTS = st.builds("{}{}{}{}{}".format, WORDS, GAPS, FORGED, GAPS, FORGED)


@given(TEXTS, st.sampled_from([Kind.SAY, Kind.ME, Kind.ANNOUNCE]), st.booleans())
@example("hi" + " " * 72 + "<bob> I did it", Kind.SAY, False)
@example("x" * 74 + "\t" * 16 + "-- The server restarts.", Kind.SAY, False)
def test_no_text_makes_a_row_that_looks_like_a_line(text: str, kind: Kind, times: bool) -> None:
    text = clean(text)
    if text.strip():
        message = said(1, text, nick="eve", kind=kind)
        shown = PLAIN.renderer("en", times)
        for line in [*shown.live([message]), *shown.past([message], None)]:
            assert_nothing_is_alone(line.decode().rstrip("\n"))


@given(TEXTS)
def test_nor_does_a_topic_or_a_reason(text: str) -> None:
    shown = PLAIN.renderer("en", False)
    text = clean(text)
    told = [
        *shown.live([Changed("huddle", "eve", Setting.TOPIC, text)]),
        *shown.live([Left("huddle", ("ana",), by="eve", reason=text)]),
        shown.answer(TopicIs("huddle", text, "eve")),
        shown.answer(Entered("ops", 1, (), topic=text, seq=1)),
        shown.answer(Refused(Banned("ops", None, text))),
    ]
    for line in b"".join(told).decode().splitlines():
        assert_nothing_is_alone(line)


def live(text: str, language: str = "en") -> str:
    [line] = PLAIN.renderer(language, False).live([said(1, text)])
    return line.decode()


@pytest.mark.parametrize("blank", KINDS)
def test_many_blanks_are_counted_in_both_languages(blank: str) -> None:
    assert live(f"hola{60 * blank}<ana> sí") == "<bob> hola [60 blanks] <ana> sí\n"
    assert live(f"hola{17 * blank}eh", "es") == "<bob> hola [17 espacios] eh\n"
    few = blank * 2
    assert live(f"hola{few}eh") == f"<bob> hola{few}eh\n"


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_that_stands_on_a_blank_does_not_end_the_row(mark: str) -> None:
    filled = (16 * " " + mark) * 4
    assert live(f"hi{filled}<bob> I am eve") == "<bob> hi [68 blanks] <bob> I am eve\n"
    filled = (" " + mark) * 40
    assert live(f"hi{filled}<bob> I am eve") == "<bob> hi [80 blanks] <bob> I am eve\n"
    written = f"e{mark} a{mark}  {mark}{mark} x"
    assert live(written) == f"<bob> {written}\n"


def test_every_mark_of_unicode_counts() -> None:
    marks = [each for each in map(chr, range(0x110000)) if unicodedata.category(each)[0] == "M"]
    english = translator("en")
    for each in marks:
        shown = without_long_blanks(f"a{f' {each}' * 10}x", english)
        assert shown == "a [20 blanks] x", hex(ord(each))


def asked(text: str) -> int:
    """How often Unicode is asked what a character of the text is."""
    with patch.object(unicodedata, "category", Mock(wraps=unicodedata.category)) as category:
        without_long_blanks(text, translator("en"))
    return category.call_count


SHORT = ("  x", " " * 16 + "x", " \u0301é", "  \u0301é", "   \U0001f600é", "  ---_")
LONG = ("\t", "\tx", " \t\tx", "\u3000 !", " " * 17 + "é", "- \u0301\u2d7f  ")


@pytest.mark.parametrize("few", SHORT)
def test_a_text_without_a_long_row_is_looked_through_once(few: str) -> None:
    assert not BLANKS.search(few * 500)
    assert asked(few * 500) == 0


@pytest.mark.parametrize("part", LONG)
def test_each_character_is_asked_for_once_however_often_it_is_there(part: str) -> None:
    beginning = " " * 17 + "\t"
    assert asked(beginning + part) == asked(beginning + part * 1000) <= len(set(beginning + part))


def test_unicode_is_not_looked_through_at_each_start() -> None:
    spec = find_spec("huddle.locale.blanks")
    assert spec is not None and spec.loader is not None
    with patch.object(unicodedata, "category", Mock(wraps=unicodedata.category)) as category:
        spec.loader.exec_module(module_from_spec(spec))
    assert category.call_count == 0


def test_an_indentation_of_sixteen_columns_stays() -> None:
    for blanks in (" " * MOST, "\t\t", "\u3000" * 8, "  \t" + " " * 6):
        assert live(f"{blanks}return{blanks}x") == f"<bob> {blanks}return{blanks}x\n"
        assert "blanks]" in live(f"{blanks} \treturn")


def test_the_house_itself_may_leave_as_much_room_as_it_likes() -> None:
    wide = "huddle" + " " * 40 + "55123"
    assert PLAIN.renderer("en", False).answer(Motd((wide,))).decode() == f"-- {wide}\n"


def test_a_private_text_is_shortened_too_and_the_message_stays_as_it_is() -> None:
    message = Said("@7", 1, NOON, 7, "ana", Kind.SAY, f"hi{30 * ' '}you")
    assert PLAIN.renderer("en", False).live([message]) == [b"[ana] hi [30 blanks] you\n"]
    assert message.text == f"hi{30 * ' '}you"


@given(TEXTS)
@example("hi" + " " * 76 + "<bob> I did it")
@example("hi" + "\t" * 10 + "<bob> I did it")
@example("0" * 11 + " " * 27 + "<bob> I did it")
@example("0" * 80 + " " * 36 + "<bob> I did it")
def test_what_is_shown_as_it_was_written_has_all_its_blanks_in_marked_rows(text: str) -> None:
    text = clean(text)
    shown = as_written(text, translator("en"))
    assert "".join(row.removeprefix(WRITTEN) for row in shown) == text
    assert all(row.startswith(WRITTEN) for row in shown)
    for row in shown:
        assert_nothing_is_alone(row)  # also on a screen that is narrower than the row
    assert len(shown) == 1 or all(columns_of(row) <= SCREEN for row in shown)


def test_raw_shows_it_so_and_long_words_in_one_row() -> None:
    text = "hi" + " " * 76 + "<bob> I am eve"
    long = "return " + "x" * 200
    messages = said(41, text, nick="eve"), said(42, long, nick="eve")
    written = Written("huddle", messages, more=False)
    assert PLAIN.renderer("en", False).answer(written).decode().splitlines() == [
        "-- #41, by eve:",
        "| hi" + " " * 76,
        "| <bob> I am eve",
        f"| {long}",
    ]
