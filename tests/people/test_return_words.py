"""Return words are easy to copy, and hard to guess."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.people.return_words import WORDS, Chance, is_word, make, normal, parted

T = TypeVar("T")


# The words


def test_there_are_1024_plain_words() -> None:
    assert len(set(WORDS)) == len(WORDS) == 1024
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)
    assert all(3 <= len(word) <= 8 for word in WORDS)


def test_a_slip_of_the_finger_never_makes_another_word() -> None:
    changed = [f"{word[:at]}?{word[at + 1 :]}" for word in WORDS for at in range(len(word))]
    assert len(set(changed)) == len(changed)
    for word in WORDS:
        for at in range(len(word)):
            left_out = word[:at] + word[at + 1 :]
            turned = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            assert left_out not in WORDS
            assert turned == word or turned not in WORDS


# Making


def test_a_return_word_is_three_words_and_a_number() -> None:
    left, chosen, unit = list(WORDS), 0, 1
    for word in ("otter", "lamp", "river"):
        chosen += unit * left.index(word)
        unit *= len(left)
        left.remove(word)
    chosen += unit * (41 - 10)

    def choose(options: Sequence[T]) -> T:
        return options[chosen]

    assert make(choose) == "otter-41-lamp-river"


def test_all_of_chance_is_made_use_of_and_asked_once() -> None:
    options: list[int] = []

    def last(among: Sequence[T]) -> T:
        options.append(len(among))
        return among[-1]

    assert make(last) == "-".join((WORDS[-1], "99", WORDS[-2], WORDS[-3]))
    assert options == [90 * 1022 * 1023 * 1024]
    assert 36 < math.log2(options[0]) < 37


def test_chance_is_drawn_once_for_many_words_and_no_byte_used_twice() -> None:
    drawn: list[bytes] = []
    seed = random.Random(7)

    def draw(count: int) -> bytes:
        drawn.append(seed.randbytes(count))
        return drawn[-1]

    chance = Chance(draw)
    assert len({make(chance) for _ in range(100)}) == 100
    assert len(drawn) <= 4
    assert sum(map(len, drawn)) >= 100 * 5


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 90, 255, 256, 1000])
def test_by_chance_each_is_chosen_as_often_as_any_other(count: int) -> None:
    size = 1 if count < 256 else 2
    every = b"".join(number.to_bytes(size, "big") for number in range(256**size))
    chance = Chance(lambda _: every)
    bits = 8 * size - count.bit_length()
    chosen = Counter(chance(range(count)) for _ in range(count << bits))
    assert chosen == dict.fromkeys(range(count), 1 << bits)


@given(st.randoms(use_true_random=False))
def test_a_return_word_is_normal_as_it_was_made(chance: random.Random) -> None:
    word = make(chance.choice)
    first, number, *others = word.split("-")
    assert len({first, *others}) == 3 and {first, *others} <= set(WORDS)
    assert 10 <= int(number) <= 99
    assert normal(word) == word
    assert is_word(word)


# Reading


@pytest.mark.parametrize(
    "typed",
    [
        "otter-41-lamp",
        "Otter-41-Lamp",
        "  OTTER 41  LAMP ",
        "otter41lamp",
        "óttér-41-lámp",
        "otter–41—lamp",
        "otter_41_lamp",
        "«otter-41-lamp».",
        "ｏｔｔｅｒ４１ｌａｍｐ",
    ],
)
def test_a_word_is_known_however_it_was_typed(typed: str) -> None:
    assert normal(typed) == "otter-41-lamp"


@pytest.mark.parametrize(
    "typed",
    ["otter-41-lamp-river", "OTTER 41 lamp river", "otter41lampriver", " óttér–41-lámp_river."],
)
def test_so_is_one_of_three(typed: str) -> None:
    assert normal(typed) == "otter-41-lamp-river"
    assert is_word(typed)


@pytest.mark.parametrize("typed", ["ana", "ana2", "r2d2", "bob-41-lamp", "otter-41-zzz", "7"])
def test_a_nick_is_no_word(typed: str) -> None:
    assert not is_word(typed)


@pytest.mark.parametrize(
    ("typed", "nick", "word"),
    [
        ("otter-41-lamp-river", "", "otter-41-lamp-river"),
        ("otter 41 lamp river", "", "otter 41 lamp river"),
        ("ana otter-41-lamp-river", "ana", "otter-41-lamp-river"),
        ("ana2  otter 41 lamp river", "ana2", "otter 41 lamp river"),
        ("ana otter-41-lamp", "ana", "otter-41-lamp"),
        ("", "", ""),
    ],
)
def test_a_nick_may_stand_before_the_word(typed: str, nick: str, word: str) -> None:
    assert parted(typed) == (nick, word)


@pytest.mark.parametrize(
    "typed", ["", "41", "otter", "otter-lamp", "otter-41-lamp-41", "水獺-41-燈"]
)
def test_what_is_no_return_word_is_none_after_reading(typed: str) -> None:
    assert normal(typed) == typed


@given(st.text())
def test_reading_again_changes_nothing(typed: str) -> None:
    assert normal(normal(typed)) == normal(typed)
