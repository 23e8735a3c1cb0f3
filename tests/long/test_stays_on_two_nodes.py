"""How stays go on and end, on two nodes in turn.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import FAULT, ORDER, PEEKS, STILL, WRITES, in_turn, leave_out, one_transport
from tests.visits import test_attendance, test_crash_cursors, test_quiet_joins, test_visit
from tests.visits.test_attendance import *  # noqa: F403
from tests.visits.test_crash_cursors import *  # noqa: F403
from tests.visits.test_quiet_joins import *  # noqa: F403
from tests.visits.test_visit import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_attendance, test_crash_cursors, test_quiet_joins, test_visit)
leave_out(
    globals(),
    {
        "test_a_fault_in_an_arrival_ends_that_connection_alone": FAULT,
        "test_in_a_crowd_it_is_not_told_to_people_unless_they_wish_it": ORDER,
        "test_of_two_connections_of_a_program_the_older_one_is_told_though_it_is_heard_later": (
            ORDER
        ),
        "test_of_two_who_take_one_nick_back_the_one_who_asked_later_has_it": WRITES,
        "test_somebody_whose_session_is_taken_while_they_take_another_one_gets_neither": ORDER,
        "test_what_a_person_surely_has_is_noted_when_they_lag_and_a_program_says_it_itself": (
            PEEKS
        ),
        "test_what_comes_behind_a_hello_waits_for_the_welcome": ORDER,
        "test_whoever_is_cut_while_they_leave_leaves_once": ORDER,
        "test_whoever_takes_a_wrong_word_while_their_session_is_taken_has_none": WRITES,
        "test_whose_nick_cannot_be_kept_in_a_minute_goes_too_and_may_come_again": STILL,
    },
)
