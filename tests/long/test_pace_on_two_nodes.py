"""The pace of a slow room on two nodes: whoever comes connects to the one and the other in turn."""

from __future__ import annotations

from tests.in_turn import PEEKS, in_turn, leave_out
from tests.rooms import test_pace
from tests.rooms.test_pace import *  # noqa: F403

on_two_nodes = in_turn(test_pace)
leave_out(
    globals(),
    {
        "test_who_speaks_in_many_slow_rooms_has_their_own_forgotten_and_not_that_of_others": PEEKS,
    },
)
