"""What a stranger can make grow, and the rules of the house, on two nodes in turn.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests import test_huddle
from tests.conversations import test_limits
from tests.conversations.test_limits import *  # noqa: F403
from tests.in_turn import DISK, GUESSES, ORDER, PEEKS, SHELL, in_turn, leave_out, one_transport
from tests.people import test_accounts
from tests.people.test_accounts import *  # noqa: F403
from tests.test_huddle import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_huddle, test_limits, test_accounts)
leave_out(
    globals(),
    {
        "test_a_fault_in_one_room_stops_no_other": PEEKS,
        "test_a_full_record_lets_nobody_in_by_a_password_and_leaves_nobody_behind": DISK,
        "test_a_lag_is_kept_once_and_its_end_too": PEEKS,
        "test_a_nick_is_free_only_when_its_owners_last_line_is_out": ORDER,
        "test_a_room_remembers_the_pace_of_only_so_many_people": PEEKS,
        "test_a_room_that_nobody_is_in_any_more_is_closed_and_the_first_never_is": PEEKS,
        "test_a_session_of_an_older_password_is_not_held_after_a_restart": SHELL,
        "test_after_a_failure_nothing_later_is_said_until_that_is": DISK,
        "test_an_ack_finds_the_connection_on_which_the_session_is_then": ORDER,
        "test_an_address_makes_only_so_many_connections_and_a_class_comes_back_at_once": PEEKS,
        "test_guests_of_before_do_not_come_back_into_a_house_for_members": SHELL,
        "test_nobody_is_said_to_have_left_before_their_last_line": ORDER,
        "test_of_two_in_the_record_with_one_nick_one_has_left": SHELL,
        "test_the_name_on_a_line_is_the_one_at_the_time_of_saying": ORDER,
        "test_the_newer_connection_wins_though_the_older_is_heard_later": ORDER,
        "test_the_old_nick_is_free_when_the_others_know_the_new_one": ORDER,
        "test_what_could_not_be_recorded_is_told_to_a_person_and_nobody_sees_it": DISK,
        "test_who_comes_back_on_two_connections_of_which_one_fails_is_not_held": DISK,
        "test_who_is_gone_again_before_they_were_back_is_held_or_has_left_as_before": ORDER,
        "test_who_is_not_in_the_room_yet_is_not_said_to_be_renamed_there": ORDER,
        "test_who_is_refused_a_session_that_only_the_record_knows_leaves_it_there": SHELL,
        "test_who_takes_nothing_is_told_only_so_much_of_it": PEEKS,
        "test_whoever_leaves_twice_leaves_once": ORDER,
        "test_wrong_passwords_make_the_guesser_wait_and_not_the_class": GUESSES,
    },
)
