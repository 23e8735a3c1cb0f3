"""What is kept of a room's key."""

from __future__ import annotations

import pytest

from huddle.people.room_keys import hashed
from huddle.protocol.errors import BadField

OURS = b"k" * 32


@pytest.mark.parametrize("typed", ["peñón", " peñón ", "pen\u0303o\u0301n", "ｐeñón"])
def test_a_key_is_the_same_however_it_is_typed(typed: str) -> None:
    assert hashed(OURS, typed) == hashed(OURS, "peñón")


def test_another_key_and_another_server_make_something_else() -> None:
    kept = {hashed(OURS, "peñón"), hashed(OURS, "Peñón"), hashed(b"x" * 32, "peñón")}
    assert len(kept) == 3


def test_it_may_be_as_long_as_the_limit() -> None:
    assert len(hashed(OURS, "x" * 64)) == 32


@pytest.mark.parametrize("typed", ["", "  ", "x" * 65, "ﷺ" * 4, "\ud800"])
def test_what_is_no_key_is_refused(typed: str) -> None:
    with pytest.raises(BadField) as refusal:
        hashed(OURS, typed)
    assert refusal.value.field == "key"
