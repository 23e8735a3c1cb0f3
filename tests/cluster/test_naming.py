"""Names as they go into the log: of characters that every Python knows which Huddle runs on."""

from __future__ import annotations

import unicodedata

import pytest

from huddle.cluster.naming import is_known, keyed
from huddle.protocol.errors import BadNick


def test_a_name_has_its_folded_key_first_and_those_of_what_it_looks_like_behind() -> None:
    name, folded, *others = keyed("Ana")
    assert (name, folded) == ("Ana", "ana")
    assert folded not in others and others == sorted(others)


def test_two_that_look_alike_share_a_key() -> None:
    latin, cyrillic = keyed("ana"), keyed("аnа")
    assert set(latin[1:]) & set(cyrillic[1:])


@pytest.mark.parametrize("character", "aZ9ñдא字-_.'\u200d\U0001e2c0")
def test_what_was_a_letter_by_unicode_14_is_known(character: str) -> None:
    assert is_known(character)


@pytest.mark.parametrize("character", [" ", "@", "\x00", "🦜", "\U00011f00", "\U0010ffff"])
def test_what_was_none_by_then_is_not(character: str) -> None:
    assert not is_known(character)


def test_a_letter_of_a_later_unicode_is_refused_whatever_this_python_thinks_of_it() -> None:
    with pytest.raises(BadNick) as refused:
        keyed("an\U00011f04")  # Kawi, of Unicode 15
    assert (refused.value.reason, refused.value.character) == ("character", "\U00011f04")


def test_no_letter_of_long_ago_is_forgotten() -> None:
    by_old = unicodedata.ucd_3_2_0
    letters = [chr(n) for n in range(0x10000) if by_old.category(chr(n)) in ("Lu", "Ll", "Lo")]
    assert [letter for letter in letters if not is_known(letter)] == []
