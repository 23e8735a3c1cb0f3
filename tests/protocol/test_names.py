"""What may be a nick, and which nicks are too much alike."""

from __future__ import annotations

import re
from itertools import chain, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.protocol import names
from huddle.protocol.errors import BadNick
from huddle.protocol.names import folded_key, keys, nick, room_name
from huddle.protocol.text import clean


def refused(text: str) -> tuple[str, str]:
    with pytest.raises(BadNick) as refusal:
        nick(text)
    return refusal.value.reason, refusal.value.character


# What is a nick


LATIN = "a ana Ana José Đặng O'Brien jean-luc x_y j.r.r.t a--b 007 xxxxxxxxxxxxxxxxxxxxxxxx"
LEFT_TO_RIGHT = "Владимир Ελένη O'Σπύρος 김철수 々木 〇 ⵉⴷⵉⵔ አበበ ᓴᓂ"
WITH_MARKS = "बाबू लक्ष्मी रामः อภิสิทธิ์ བསྒྲུབས လျှို့ဝှက်"
RIGHT_TO_LEFT = "אבנר אב2 أحمد أح٣"


@pytest.mark.parametrize("name", f"{LATIN} {LEFT_TO_RIGHT} {WITH_MARKS} {RIGHT_TO_LEFT}".split())
def test_names_of_every_script_are_nicks(name: str) -> None:
    assert nick(name) == name


def test_joiners_stand_where_a_script_needs_them() -> None:
    assert nick("علی\u200cرضا") == "علی\u200cرضا"  # Persian Ali-Reza
    assert nick("ශ්\u200dරී") == "ශ්\u200dරී"  # Sinhala Sri
    assert refused("a\u200db") == ("character", "\u200d")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" ana ", "ana"),
        ("ana\u3000", "ana"),
        ("\u200eana", "ana"),
        ("ＡＮＡ", "ANA"),
        ("jose\u0301", "josé"),
        ("ﬁn", "fin"),
    ],
    ids=ascii,
)
def test_a_nick_is_made_of_what_was_typed(typed: str, name: str) -> None:
    assert nick(typed) == name


def test_a_nick_has_a_case() -> None:
    assert nick("McDonald") == "McDonald"


# What is none


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "\u200e"], ids=ascii)
def test_nothing_is_no_nick(text: str) -> None:
    assert refused(text) == ("empty", "")


@pytest.mark.parametrize("text", ["x" * 25, "ñ" * 25, "x" * 100_000, "ana " * 30])
def test_a_nick_has_at_most_24_characters(text: str) -> None:
    assert refused(text) == ("too-long", "")


def test_the_length_is_that_of_the_nick_not_of_what_was_typed() -> None:
    assert len(nick("e\u0301" * 24)) == 24


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("bob>yes,", ">"),
        ("*ana", "*"),
        ("18:02", ":"),
        ("<ana", "<"),
        ("ana,bob", ","),
        ("ana bob", " "),
        ("a\tb", "\t"),
        ("@ana", "@"),
        ("#ops", "#"),
        ("/quit", "/"),
        ("[ana]", "["),
        ("\x1b[1m", "\ufffd"),
        ("ana👍", "👍"),
        ("\u200b", "\u200b"),
        ("ana\ufe0f", "\ufe0f"),
        ("a\u034fb", "\u034f"),
        ("\ue000", "\ue000"),
        ("l·l", "·"),
    ],
    ids=ascii,
)
def test_a_sign_is_in_no_nick(text: str, character: str) -> None:
    assert refused(text) == ("character", character)


@pytest.mark.parametrize(
    ("text", "character"),
    [("--", "-"), ("-ana", "-"), ("ana-", "-"), (".ana", "."), ("ana'", "'"), ("_", "_")],
)
def test_punctuation_stands_inside_only(text: str, character: str) -> None:
    assert refused(text) == ("edge", character)


@pytest.mark.parametrize("letter", "ᐸᐳᑀᚲⲴ")
def test_a_letter_that_looks_like_a_bracket_is_in_no_nick(letter: str) -> None:
    assert refused(f"bob{letter}yes") == ("character", letter)


def test_a_nick_does_not_begin_with_a_mark() -> None:
    assert refused("\u0301ana") == ("edge", "\u0301")


def test_a_mark_stands_on_a_letter() -> None:
    assert refused("a-\u0338b") == ("character", "\u0338")


def test_marks_do_not_pile_up() -> None:
    assert nick("x\u0323\u0307\u0308\u0302")
    assert refused("x\u0323\u0307\u0308\u0302\u030a") == ("character", "\u030a")
    assert refused("x\u0338\u0338") == ("character", "\u0338")
    assert nick("x\u0338y\u0338")


@pytest.mark.parametrize(
    ("text", "reason", "character"),
    [
        ("anaא", "character", "א"),
        ("אבנרa", "character", "a"),
        ("1אב", "edge", "1"),
        ("٣٤", "edge", "٣"),
        ("ana٣", "character", "٣"),
        ("أح2٣", "character", "٣"),  # two kinds of digits
        ("אבʹ", "character", "ʹ"),  # ends in what has no direction
    ],
)
def test_a_nick_runs_in_one_direction(text: str, reason: str, character: str) -> None:
    assert refused(text) == (reason, character)


@given(st.text(max_size=30) | st.text("ab1-_.'<>,:* אبü\u0301\u200d", max_size=10))
def test_whatever_is_typed_is_refused_or_a_nick_for_good(text: str) -> None:
    try:
        name = nick(text)
    except BadNick as refusal:
        assert refusal.reason in ("empty", "too-long", "character", "edge")
        assert bool(refusal.character) == (refusal.reason in ("character", "edge"))
        return
    assert nick(name) == name == clean(name)
    assert 1 <= len(name) <= 24
    assert not set(name) & set(" \t<>,:*[]@/#")
    assert name[0] not in "-_.'" and name[-1] not in "-_.'"


# The short way: names in ASCII are told at once, and nothing else comes of it


ASCII = [chr(code) for code in range(128)]


def made(text: str) -> str | tuple[str, str]:
    try:
        return nick(text)
    except BadNick as refusal:
        return refusal.reason, refusal.character


def made_the_long_way(text: str, monkeypatch: pytest.MonkeyPatch) -> str | tuple[str, str]:
    with monkeypatch.context() as without:
        without.setattr(names, "_PLAIN", re.compile("(?!)"))
        return made(text)


def test_all_short_names_in_ascii_are_what_the_long_way_makes_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends = "aZ0Il19"  # all letters and digits are among the short ones
    short = map("".join, chain(product(ASCII), product(ASCII, ASCII), product(ends, ASCII, ends)))
    for text in short:
        assert made(text) == made_the_long_way(text, monkeypatch), text


@given(st.text(ASCII, max_size=30) | st.text("aI1-_.'", min_size=3, max_size=26))
def test_longer_ones_are_too(text: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        assert made(text) == made_the_long_way(text, patched)


def test_a_name_in_ascii_needs_no_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_profiled", None)
    assert nick(" O'Brien_2 ") == "O'Brien_2"
    assert room_name("x" * 32) == "x" * 32


# Rooms


def test_a_room_has_a_name_of_up_to_32_characters() -> None:
    assert room_name("x" * 32) == "x" * 32
    with pytest.raises(BadNick, match="too-long"):
        room_name("x" * 33)


def test_a_rooms_name_keeps_the_rules_for_nicks() -> None:
    with pytest.raises(BadNick):
        room_name("@")


# What is too much alike


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("ana", "ANA"),
        ("ana", "аna"),  # Cyrillic а
        ("ana", "АNA"),  # its capital
        ("Alex", "AIex"),  # a capital i
        ("alex", "AIex"),
        ("Straße", "STRASSE"),
        ("josé", "JOSÉ"),
        ("mama", "rnama"),
        ("Владимир", "владимир"),
        ("علی\u200cرضا", "علیرضا"),
    ],
)
def test_look_alikes_share_a_key(name: str, like: str) -> None:
    assert keys(name) & keys(like)


@pytest.mark.parametrize(
    ("name", "other"), [("ana", "anna"), ("jose", "josé"), ("lan", "ian"), ("ana2", "ana3")]
)
def test_what_can_be_told_apart_shares_none(name: str, other: str) -> None:
    assert not keys(name) & keys(other)


def test_what_is_too_long_to_be_typed_for_a_name_is_like_none() -> None:
    assert keys("a" * 128) == {"a" * 128}
    assert keys("a" * 129) == frozenset()
    assert folded_key("a" * 129) == ""


@given(st.text(max_size=24))
def test_all_cases_of_a_name_share_its_folded_key(name: str) -> None:
    assert folded_key(name) in keys(name)
    assert folded_key(name) in keys(name.casefold())
