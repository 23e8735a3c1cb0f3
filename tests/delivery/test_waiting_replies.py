"""Answers that wait for their transport: in their order, and long ones a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twisted.python.failure import Failure

from huddle.delivery.waiting_replies import POURED, WaitingReplies


def test_they_are_taken_in_their_order_and_a_long_one_goes_on_until_nothing_is_left() -> None:
    replies = WaitingReplies()
    replies.add(iter([b"one ", b"two "]))
    replies.add(b"three")
    assert replies.size == POURED + 5
    assert replies.is_long
    assert [replies.take() for _ in range(4)] == [b"one ", b"two ", b"", b"three"]
    assert (len(replies), replies.size) == (0, 0)


def test_a_long_one_that_breaks_off_is_at_its_end_and_those_behind_it_come(
    logged_failures: list[Failure],
) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one "
        raise KeyError

    replies = WaitingReplies()
    replies.add(broken())
    replies.add(b"two")
    assert [replies.take() for _ in range(3)] == [b"one ", b"", b"two"]
    assert replies.size == 0
    assert logged_failures.pop().check(KeyError) and not logged_failures


def test_nothing_is_taken_where_nothing_waits() -> None:
    with pytest.raises(IndexError):
        WaitingReplies().take()
