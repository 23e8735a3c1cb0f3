"""Blocks, the past, private messages and what is wished, on two nodes in turn.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import BLOCKS, DISK, ORDER, PEEKS, SHELL, in_turn, leave_out, one_transport
from tests.people import test_preferences
from tests.people.test_preferences import *  # noqa: F403
from tests.rooms import test_inbox, test_pending
from tests.rooms.test_inbox import *  # noqa: F403
from tests.rooms.test_pending import *  # noqa: F403
from tests.visits.actions import (
    test_caller,
    test_history,
    test_inviting,
    test_paste,
    test_speaking,
    test_typed_terms,
)
from tests.visits.actions.test_caller import *  # noqa: F403
from tests.visits.actions.test_history import *  # noqa: F403
from tests.visits.actions.test_inviting import *  # noqa: F403
from tests.visits.actions.test_paste import *  # noqa: F403
from tests.visits.actions.test_speaking import *  # noqa: F403
from tests.visits.actions.test_typed_terms import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(
    *(test_paste, test_history, test_inviting, test_speaking, test_caller, test_typed_terms),
    *(test_inbox, test_pending, test_preferences),
)
leave_out(
    globals(),
    {
        "test_a_block_goes_on_after_a_reconnection_and_none_of_its_lines_is_said_twice": BLOCKS,
        "test_a_block_goes_on_over_a_restart": BLOCKS,
        "test_a_first_line_need_not_know_that_more_will_come": BLOCKS,
        "test_a_program_that_has_more_than_its_inbox_is_told_to_start_anew": SHELL,
        "test_a_search_that_takes_too_long_gives_what_it_found_or_says_so": PEEKS,
        "test_both_copies_are_kept_or_none": DISK,
        "test_searches_take_turns_by_address_one_at_a_time": PEEKS,
        "test_what_waits_for_a_guest_who_comes_back_as_a_member_is_not_lost_in_silence": ORDER,
        "test_what_was_on_its_way_to_a_guest_who_logs_in_is_not_lost_in_silence": ORDER,
        "test_what_is_on_its_way_counts": PEEKS,
        "test_whoever_is_on_the_way_out_is_there_no_more": ORDER,
        "test_whose_message_was_not_read_is_told_when_the_hold_ends": ORDER,
    },
)
