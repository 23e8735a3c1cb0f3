"""A place in a room: what was had, what one said oneself, what is missing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.client.session.cursor import MAX_STRETCHES, Cursor, Numbers

few = st.integers(1, 30)
stretches = st.lists(st.tuples(few, st.integers(0, 5)), max_size=12)


def numbers(*stretches: tuple[int, int]) -> Numbers:
    made = Numbers()
    for stretch in stretches:
        made.add(*stretch)
    return made


@given(stretches, st.lists(few), few)
def test_numbers_are_a_set(added: list[tuple[int, int]], discarded: list[int], low: int) -> None:
    made, plain = Numbers(), set[int]()
    for first, more in added:
        made.add(first, first + more)
        plain |= set(range(first, first + more + 1))
    for number in discarded:
        made.discard(number)
        plain.discard(number)
    assert {n for n in range(1, 50) if n in made} == plain
    holes = {n for first, last in made.holes(low, 40) for n in range(first, last + 1)}
    assert holes == set(range(low, 41)) - plain
    made.forget_up_to(low)
    assert {n for first, last in made for n in range(first, last + 1)} == {
        n for n in plain if n > low
    }


@given(stretches)
def test_stretches_are_as_few_as_can_be(added: list[tuple[int, int]]) -> None:
    made = numbers(*((first, first + more) for first, more in added))
    listed = list(made)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(listed))
    assert len(made) == len(listed)


def test_the_lowest_numbers_are_forgotten_when_there_are_too_many_stretches() -> None:
    made = numbers(*((2 * n, 2 * n) for n in range(1, MAX_STRETCHES + 2)))
    assert len(made) == MAX_STRETCHES
    assert 2 not in made
    assert 4 in made


def test_a_new_place_takes_what_it_is_given() -> None:
    cursor = Cursor(None, Numbers())
    assert cursor.after is None
    assert cursor.said(41)
    assert cursor.after == 41
    assert cursor.take_missing() == []


def test_a_place_entered_anew_begins_where_the_replay_begins() -> None:
    cursor = Cursor(None, Numbers())
    cursor.enter(100, replay=20)
    assert (cursor.after, cursor.replayed_to) == (80, 100)
    cursor.enter(110, replay=20)
    assert (cursor.after, cursor.replayed_to) == (80, 110)


def test_a_room_with_fewer_messages_than_are_replayed_begins_at_its_beginning() -> None:
    cursor = Cursor(None, Numbers())
    cursor.enter(3, replay=20)
    assert cursor.after == 0


@pytest.mark.parametrize("seq", [9, 10])
def test_what_was_had_is_not_new(seq: int) -> None:
    assert not Cursor(10, Numbers()).said(seq)


def test_an_own_line_is_not_new_but_moves_the_cursor() -> None:
    cursor = Cursor(10, numbers((11, 12)))
    assert not cursor.said(11)
    assert cursor.after == 11
    assert cursor.said(13)
    assert cursor.take_missing() == []


def test_a_hole_is_missing_until_an_acknowledgement_fills_it() -> None:
    cursor = Cursor(10, Numbers())
    cursor.said(15)
    cursor.acknowledged(12)
    assert cursor.take_missing() == [(11, 11), (13, 14)]
    assert cursor.take_missing() == []


def test_only_the_news_of_a_gap_is_told() -> None:
    cursor = Cursor(10, Numbers())
    assert cursor.gap(5, 9) is None
    assert cursor.gap(5, 20) == (11, 20)
    assert cursor.gap(23, 30) == (23, 30)
    assert cursor.take_missing() == [(21, 22)]
    assert cursor.after == 30


def test_a_gap_can_be_the_first_that_is_heard() -> None:
    assert Cursor(None, Numbers()).gap(1, 7) == (1, 7)
