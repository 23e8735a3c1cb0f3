"""What a word is when the record is searched, in whatever script it is written."""

from __future__ import annotations

import pytest

from huddle.record.search import CHARACTERS, WORDS, folded, match_expression, phrases, respelled


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cafe", "Un Café, por favor"),
        ("CAFÉ", "cafe"),
        ("don't", "I don't"),
        ("c++", "in C"),
        ("日本", "東日本大震災"),
        ("ภาษา", "ภาษาไทย"),
        ("한국", "한국어로"),
        ("words any order", "order of any words"),
    ],
)
def test_it_is_found(query: str, text: str) -> None:
    assert all(phrase in folded(text) for phrase in phrases(query))


@pytest.mark.parametrize(
    ("query", "text"),
    [("caf", "café"), ("don't", "t don"), ("日大", "日本大"), ("one two", "one")],
)
def test_it_is_not(query: str, text: str) -> None:
    assert not all(phrase in folded(text) for phrase in phrases(query))


@pytest.mark.parametrize("query", ["", "  ", "+++", "?!", "\u0301"])
def test_signs_alone_are_no_word(query: str) -> None:
    assert phrases(query) == []
    assert match_expression(query) is None


def test_no_word_of_a_query_is_a_command_to_the_index() -> None:
    assert match_expression('NEAR("a" b) OR *') == '"NEAR(""a""" "b)" "OR"'


def test_so_many_words_count_also_where_they_are_one_phrase() -> None:
    assert len(phrases("a " * 100)) == WORDS
    assert phrases("'".join("a" * 100)) == [f" {' '.join('a' * WORDS)} "]
    assert phrases("x" * CHARACTERS + "y") == [f" {'x' * CHARACTERS} "]


def test_a_text_is_spelled_anew_only_where_it_has_letters_beyond_latin() -> None:
    assert respelled("Un café") is None
    assert respelled("日本") is not None
