"""Return words are easy to copy, and hard to guess."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.people.return_words import WORDS, Guesses, make, normal

T = TypeVar("T")

DAY = 86_400.0


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


def test_a_return_word_is_two_words_and_a_number() -> None:
    chosen = iter([WORDS.index("otter"), WORDS.index("lamp"), 41])

    def choose(options: Sequence[T]) -> T:
        wanted = next(chosen)
        return next(option for option in options if option == wanted)

    assert make(choose) == "otter-41-lamp"


def test_all_of_chance_is_made_use_of() -> None:
    options: list[int] = []

    def choose(among: Sequence[T]) -> T:
        options.append(len(among))
        return among[-1]

    make(choose)
    assert sorted(options) == [90, 1023, 1024]


@given(st.randoms(use_true_random=False))
def test_a_return_word_is_normal_as_it_was_made(chance: random.Random) -> None:
    word = make(chance.choice)
    first, number, second = word.split("-")
    assert first != second and {first, second} <= set(WORDS)
    assert 10 <= int(number) <= 99
    assert normal(word) == word


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
    "typed", ["", "41", "otter", "otter-lamp", "otter-41-lamp-41", "水獺-41-燈"]
)
def test_what_is_no_return_word_is_none_after_reading(typed: str) -> None:
    assert normal(typed) == typed


@given(st.text())
def test_reading_again_changes_nothing(typed: str) -> None:
    assert normal(normal(typed)) == normal(typed)


# Guessing


def heard(guesses: Guesses, address: str, who: str | None, seconds: float) -> int:
    """How many guesses of somebody who never stops are heard."""
    now = 0.0
    count = 0
    while now < seconds:
        wait = guesses.wait(address, now, who)
        if not wait:
            guesses.failed(address, now, who)
            count += 1
        now += wait or 0.001
    return count


def test_three_slips_are_free() -> None:
    guesses = Guesses()
    for _ in range(3):
        assert guesses.wait("10.0.0.1", 0.0, "ana") == 0.0
        guesses.failed("10.0.0.1", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0, "ana") == 2.0
    assert guesses.wait("10.0.0.1", 1.5, "ana") == 0.5
    assert guesses.wait("10.0.0.1", 2.0, "ana") == 0.0


def test_each_wait_is_twice_the_last_up_to_ten_minutes() -> None:
    guesses = Guesses()
    now = 0.0
    waits = []
    for _ in range(14):
        guesses.failed("10.0.0.1", now, "ana")
        waits.append(guesses.wait("10.0.0.1", now, "ana"))
        now += waits[-1]
    assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_one_pupil_does_not_lock_out_the_class() -> None:
    guesses = Guesses()
    heard(guesses, "10.0.0.1", "mallory", DAY)
    assert guesses.wait("10.0.0.1", DAY, "mallory") > 0
    for pupil in range(30):
        for _ in range(2):
            assert guesses.wait("10.0.0.1", DAY, f"pupil {pupil}") == 0.0
            guesses.failed("10.0.0.1", DAY, f"pupil {pupil}")


def test_neither_does_one_address_another() -> None:
    guesses = Guesses()
    heard(guesses, "10.0.0.1", None, 10.0)
    assert guesses.wait("10.0.0.1", 10.0) > 0
    assert guesses.wait("10.0.0.2", 10.0) == 0.0


def test_a_new_nick_for_each_guess_is_of_no_use() -> None:
    guesses = Guesses()
    for number in range(500):
        if not guesses.wait("10.0.0.1", 0.0, f"nick {number}"):
            guesses.failed("10.0.0.1", 0.0, f"nick {number}")
    assert 0 < guesses.wait("10.0.0.1", 0.0, "yet another") <= 30.0


def test_an_address_gets_no_more_than_the_docstring_says() -> None:
    assert heard(Guesses(), "10.0.0.1", None, DAY) == pytest.approx(128 + 2880, abs=1)


def test_guesses_that_were_under_way_together_all_count() -> None:
    guesses = Guesses()
    for _ in range(128 + 10):  # none of them knew of the others when it asked
        guesses.failed("10.0.0.1", 0.0)
    assert guesses.wait("10.0.0.1", 0.0) == pytest.approx(11 * 30.0)


def test_after_a_quiet_hour_a_guesser_begins_anew() -> None:
    guesses = Guesses()
    for _ in range(8):
        guesses.failed("10.0.0.1", 0.0, "ana")
    guesses.failed("10.0.0.1", 3601.0, "ana")
    assert guesses.wait("10.0.0.1", 3601.0, "ana") == 0.0


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    guesses = Guesses()
    for _ in range(200):
        guesses.failed("10.0.0.1", 0.0)
    for number in range(4095):
        guesses.failed(f"2001:db8::{number:x}", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0) > 0
    guesses.failed("2001:db8:1::", 0.0, "ana")
    assert guesses.wait("10.0.0.1", 0.0) == 0.0
    assert len(guesses._addresses) == len(guesses._guessers) == 4096
