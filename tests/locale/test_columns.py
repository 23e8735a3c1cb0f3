"""Rows for a screen of 80 columns."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.locale import LANGUAGES, listings, translator
from huddle.locale.columns import ROOM, SCREEN, columns_of, in_columns, wrapped

WORDS = st.text(st.sampled_from("aé日ば\u0301\u3164-" + "\U0001f600"), min_size=1, max_size=100)
NAMES = st.lists(st.text(st.sampled_from("añ日m"), min_size=1, max_size=32), min_size=1)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("hola", 4), ("señá", 4), ("日本", 4), ("e\u0301", 1), ("\u3164", 2), ("\t", 8), ("", 0)],
)
def test_a_text_is_as_wide_as_a_terminal_shows_it(text: str, columns: int) -> None:
    assert columns_of(text) == columns


def test_what_fits_is_one_row() -> None:
    for line in ("", "--", "x" * SCREEN, "-- hola", "--   be kind", "日" * (SCREEN // 2)):
        assert list(wrapped(line)) == [line]


def test_a_sentence_is_broken_between_words_and_each_row_is_marked() -> None:
    line = "-- " + " ".join(["twelve chars"] * 8)
    assert list(wrapped(line)) == [
        "-- " + " ".join(["twelve chars"] * 5) + " twelve chars",
        "--   twelve chars twelve chars",
    ]


def test_a_sentence_without_blanks_is_broken_where_the_row_ends() -> None:
    assert list(wrapped("-- " + "日" * 40)) == ["-- " + "日" * 38, "--   " + "日" * 2]
    assert list(wrapped("-- see " + "x" * 80)) == ["-- see " + "x" * 73, "--   " + "x" * 7]


def test_a_word_that_fits_into_a_row_stays_whole() -> None:
    address = "https://huddle.example/" + "x" * 50
    assert list(wrapped(f"-- topic: {address}")) == ["-- topic:", f"--   {address}"]


@given(st.lists(WORDS, min_size=1, max_size=30))
def test_no_row_is_too_wide_and_nothing_is_left_out(words: list[str]) -> None:
    line = "-- " + " ".join(words)
    first, *rest = wrapped(line)
    assert all(row.startswith("--   ") for row in rest)
    assert max(map(columns_of, [first, *rest])) <= SCREEN
    texts = [first.removeprefix("-- "), *(row.removeprefix("--   ") for row in rest)]
    assert "".join(texts).replace(" ", "") == "".join(words)


@given(NAMES)
def test_names_stand_one_under_the_other(names: list[str]) -> None:
    rows = list(in_columns(names))
    assert " ".join(rows).split() == names
    assert max(map(columns_of, rows)) <= ROOM
    width = max(map(columns_of, names)) + 2
    for row in rows:
        at = 0
        for place, name in enumerate(row.split()):
            at = row.index(name, at)
            assert columns_of(row[:at]) == place * width
            at += len(name)


def test_names_of_two_widths_are_aligned_by_columns_not_characters() -> None:
    assert list(in_columns(["日本", "bo", "x" * 30, "carla"])) == [
        f"日本{' ' * 28}bo",
        f"{'x' * 30}  carla",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_people_and_rooms_are_a_line_and_many_are_in_columns(language: str) -> None:
    wording = translator(language)
    few = {"en": ["2 here: ana, bob. Away: bob."], "es": ["Hay 2 aquí: ana, bob. Ausentes: bob."]}
    assert list(listings.roster(2, ["ana", "bob"], ["bob"], wording)) == few[language]
    nicks = [f"person{n:02}" for n in range(12)]
    head, *rows, rest, away = listings.roster(60, nicks, nicks[:1], wording)
    assert head == {"en": "60 here:", "es": "Hay 60 aquí:"}[language]
    assert [row.split() for row in rows] == [nicks[:7], nicks[7:]]
    assert rest == {"en": "and 48 more", "es": "y 48 más"}[language]
    assert away == {"en": "Away: person00.", "es": "Ausentes: person00."}[language]
    head, *rows, topic = listings.rooms(
        [(f"room{n:02}", n, "tea" if n == 3 else "", n == 4) for n in range(12)], wording
    )
    assert head == {"en": "12 rooms:", "es": "12 salas:"}[language]
    locked = {"en": "room04 (4, locked)", "es": "room04 (4, con llave)"}[language]
    assert "  ".join(rows).count("room") == 12
    assert any(locked in row for row in rows)
    assert topic == "room03: tea"


@pytest.mark.parametrize("mark", ("-- ", ""))
@pytest.mark.parametrize("longest", (3, 12, 75, 90))
def test_a_line_of_words_and_single_blanks_is_broken_as_any_other(mark: str, longest: int) -> None:
    chance = random.Random(longest)
    for _ in range(300):
        words = ["x" * chance.randint(1, longest) for _ in range(chance.randint(1, 60))]
        said = " ".join(words) + chance.choice(["", " "])
        # With a mark in it, which takes no column, it is not of the simple kind.
        expected = [row.replace("\u0301", "") for row in wrapped(f"{mark}\u0301{said}")]
        assert list(wrapped(mark + said)) == expected
