"""What a send may return beside a count of bytes."""

from __future__ import annotations

from huddle.delivery.transport import DEAD, FULL


def test_what_a_send_returns_beside_a_count_is_mistaken_for_none() -> None:
    assert FULL < 0
    assert DEAD < 0
    assert FULL != DEAD
