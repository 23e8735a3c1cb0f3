"""What looks alike has one skeleton."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huddle.protocol.skeleton import skeleton


@pytest.mark.parametrize(
    ("word", "like"),
    [
        ("ana", "аna"),  # Cyrillic а
        ("Alex", "AIex"),  # a capital i
        ("Alex", "A1ex"),
        ("mama", "rnama"),
        ("paypal", "рауραl"),  # Cyrillic and Greek
        ("Bob", "𝐁𝐨𝐛"),
        ("josé", "jose\u0301"),  # composed and not
        ("ana", "a\u200dn\u200ca"),  # joiners show nothing
        ("scope", "ѕсоре"),
    ],
)
def test_look_alikes_have_one_skeleton(word: str, like: str) -> None:
    assert word != like
    assert skeleton(word) == skeleton(like)


@pytest.mark.parametrize(("word", "other"), [("ana", "Ana"), ("jose", "josé"), ("ana", "anna")])
def test_what_can_be_told_apart_has_two(word: str, other: str) -> None:
    assert skeleton(word) != skeleton(other)


def test_a_right_to_left_name_has_one_too() -> None:
    assert skeleton("ﺍﻟﻒ") == skeleton("الف")  # Arabic presentation forms


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_skeleton_is_that_of_the_parts(first: str, second: str) -> None:
    joined = skeleton(first) + skeleton(second)
    # but for the order of marks that meet at the seam
    assert sorted(skeleton(first + second)) == sorted(joined)
