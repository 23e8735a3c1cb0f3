"""What a stranger sent becomes a text that is safe on everybody's screen."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.protocol.errors import TextEmpty, TextTooLong
from huddle.protocol.text import (
    LONGEST,
    REPLACEMENT,
    clean,
    cleaned,
    decode,
    normalized,
    sayable,
)

# Surrogates too, which hypothesis leaves out of its own accord.
ANYTHING = st.text(st.characters(exclude_categories=()) | st.characters(categories=("Cc", "Cs")))
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_harmless(character: str) -> bool:
    """Said again, by the categories of Unicode."""
    code = ord(character)
    return (
        (character == "\t" or unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp"))
        and character not in BIDI_CONTROLS
        and not 0xFDD0 <= code <= 0xFDEF
        and code & 0xFFFE != 0xFFFE
    )


# Decoding


def test_a_line_is_read_as_utf8() -> None:
    assert decode("¿qué tal? 你好".encode()) == ("¿qué tal? 你好", False)


def test_a_line_that_is_not_utf8_is_read_as_latin1_and_says_so() -> None:
    assert decode("¿qué tal?".encode("latin-1")) == ("¿qué tal?", True)


def test_a_surrogate_in_utf8s_clothes_is_not_utf8() -> None:
    assert decode(b"\xed\xa0\x80") == ("\xed\xa0\x80", True)


def test_a_byte_order_mark_in_front_is_dropped() -> None:
    assert decode(b"\xef\xbb\xbfhola") == ("hola", False)
    assert decode(b"\xef\xbb\xbfma\xf1ana") == ("mañana", True)


def test_a_byte_order_mark_inside_stays() -> None:
    assert decode(b"a\xef\xbb\xbfb") == ("a\ufeffb", False)


@given(st.binary())
def test_every_line_can_be_read(line: bytes) -> None:
    text, was_latin1 = decode(line)
    assert text.encode("latin-1" if was_latin1 else "utf-8") == line.removeprefix(b"\xef\xbb\xbf")


# Cleaning


@pytest.mark.parametrize(
    "character",
    "\0\a\n\v\r\x1b\x1f\x7f\x80\x9b\x9f"
    "\u2028\u2029\u202a\u202e\u2066\u2069"
    "\ud800\udfff\ufdd0\ufffe\uffff\U0001fffe\U0010ffff",
    ids=ascii,
)
def test_what_moves_the_screen_is_shown_as_a_replacement_character(character: str) -> None:
    assert clean(f"a{character}b") == "a\ufffdb"


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c"], ids=ascii)
def test_a_bidi_mark_is_left_out(mark: str) -> None:
    assert clean(f"שלום{mark}!") == "שלום!"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\tif x:",
        "علی\u200cرضا",
        "ශ්\u200dරී",
        "👩\u200d🚀 ❤\ufe0f",
        "e\u0301",
        "\u00a0",
        "\ufeff",
        "\ue0a0",  # private use
        "\U000378ab",  # not assigned
    ],
    ids=ascii,
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@given(ANYTHING)
def test_a_clean_text_is_one_harmless_line(text: str) -> None:
    cleaned = clean(text)
    assert all(map(is_harmless, cleaned))
    assert len(cleaned.splitlines()) <= 1
    cleaned.encode()


@given(ANYTHING)
def test_cleaning_changes_only_what_does_harm(text: str) -> None:
    marks = "\u200e\u200f\u061c"
    left = [character for character in text if character not in marks]
    assert clean(text) == "".join(c if is_harmless(c) else "\ufffd" for c in left)


@given(ANYTHING)
def test_a_clean_text_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)


# What may be said


def test_a_text_is_said_clean() -> None:
    assert sayable(clean("\x1b[31mrojo"), 4096) == "\ufffd[31mrojo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t",
        "\u00a0\u2003\u3000",
        "\u200b",
        "\u200d",
        "\u200e \u200f",
        "\ufeff",
        "\ufe0f",
        "\u3164\u115f",
        "\u2800",
        "\U000e0041",
    ],
    ids=ascii,
)
def test_a_text_with_nothing_to_see_is_refused(text: str) -> None:
    with pytest.raises(TextEmpty):
        sayable(text, 4096)


@pytest.mark.parametrize("text", [".", "\u0301", " a ", "\x00"], ids=ascii)
def test_a_text_with_anything_to_see_is_said(text: str) -> None:
    assert sayable(text, 4096)


@pytest.mark.parametrize("letter", ["a", "ñ", "漢", "👍"])
def test_a_text_may_be_as_long_as_the_limit_in_bytes(letter: str) -> None:
    fits = letter * (4096 // len(letter.encode()))
    assert sayable(fits, 4096) == fits
    with pytest.raises(TextTooLong) as refused:
        sayable(fits + letter, 4096)
    assert refused.value.limit == 4096


def test_the_length_counts_after_cleaning() -> None:
    assert sayable(clean("a\u200e" * 1000), 1000) == "a" * 1000
    with pytest.raises(TextTooLong):
        sayable(clean("\0" * 400), 1000)  # a replacement character takes three bytes


def test_too_much_of_nothing_is_still_nothing() -> None:
    with pytest.raises(TextEmpty):
        sayable(" " * 9000, 4096)


# Normalizing

FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
JOINER = "\u034f"


@given(st.text())
def test_a_text_is_normalized_as_unicode_says(text: str) -> None:
    for form in FORMS:
        assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize(
    "text", ["\U0001f469\U0001f3fd\u200d\U0001f680" * 20, "—" * 100, "-" * 100]
)
def test_signs_in_a_row_stay_as_they_are(text: str) -> None:
    assert normalized("NFC", text) == text


def test_thirty_marks_in_a_row_are_put_in_order() -> None:
    row = "\u0301\u0323" * 15
    assert normalized("NFD", f"a{row}") == "a" + "\u0323" * 15 + "\u0301" * 15


def test_a_joiner_parts_a_longer_row() -> None:
    assert normalized("NFD", "a" + "\u0301" * 31) == "a" + "\u0301" * 30 + JOINER + "\u0301"
    assert normalized("NFD", "\u0344" * 31).count(JOINER) == 2  # each is two marks
    assert normalized("NFKD", "\uff9e" * 31) == "\u3099" * 30 + JOINER + "\u3099"


def test_all_that_may_be_put_in_order_is_seen() -> None:
    for code in (*range(0xD800), *range(0xE000, 0x110000)):
        marks = unicodedata.normalize("NFKD", chr(code))
        if unicodedata.combining(marks[0]):
            assert JOINER in normalized("NFKD", chr(code) * 31), hex(code)


def test_a_string_of_any_length_is_measured_before_it_is_cleaned() -> None:
    assert cleaned("\x1b" * LONGEST) == REPLACEMENT * LONGEST
    assert cleaned("x" * LONGEST * 2) == "x" * LONGEST * 2  # harmless as it is
    with pytest.raises(TextTooLong):
        cleaned("\x1b" * (LONGEST + 1))
