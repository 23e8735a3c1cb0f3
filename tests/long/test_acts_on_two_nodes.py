"""Announcing, operators, numbers of messages and what is deleted by them, on two nodes in turn.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import (
    BLOCKS,
    CODES,
    DISK,
    GUESSES,
    ORDER,
    SHELL,
    in_turn,
    leave_out,
    one_transport,
)
from tests.visits.actions import test_announcing, test_charge, test_numbers, test_operators
from tests.visits.actions.test_announcing import *  # noqa: F403
from tests.visits.actions.test_charge import *  # noqa: F403
from tests.visits.actions.test_numbers import *  # noqa: F403
from tests.visits.actions.test_operators import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_announcing, test_charge, test_numbers, test_operators)
leave_out(
    globals(),
    {
        "test_a_block_whose_first_line_does_not_know_it_is_shown_whole": BLOCKS,
        "test_after_an_hour_it_is_good_no_more_and_another_is": CODES,
        "test_an_announcement_keeps_its_place_among_what_is_said": ORDER,
        "test_guesses_are_as_few_as_those_of_return_words": GUESSES,
        "test_what_another_has_said_does_not_go_with_a_block_though_it_counts_among_it": SHELL,
        "test_what_is_not_recorded_uses_no_code_up_and_makes_nobody_an_operator": DISK,
    },
)
