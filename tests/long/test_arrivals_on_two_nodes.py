"""How sessions are opened, and how much is written, on two nodes in turn.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import (
    DISK,
    GUESSES,
    HOURS,
    ORDER,
    PEEKS,
    SHELL,
    in_turn,
    leave_out,
    one_transport,
)
from tests.rooms import test_disk_quotas
from tests.rooms.test_disk_quotas import *  # noqa: F403
from tests.visits import test_arrival, test_known_sessions
from tests.visits.test_arrival import *  # noqa: F403
from tests.visits.test_known_sessions import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_arrival, test_known_sessions, test_disk_quotas)
leave_out(
    globals(),
    {
        "test_a_new_person_who_cannot_be_kept_leaves_nothing_behind": DISK,
        "test_a_new_program_that_cannot_be_kept_leaves_nothing_behind": DISK,
        "test_a_program_that_had_left_and_cannot_be_kept_has_left": DISK,
        "test_a_program_that_is_here_and_cannot_be_kept_is_held_as_before": DISK,
        "test_a_right_word_is_not_heard_either_from_one_who_has_to_wait": GUESSES,
        "test_a_word_alone_that_might_open_many_is_to_be_typed_with_its_nick": GUESSES,
        "test_a_word_whose_change_cannot_be_kept_is_as_good_as_before": DISK,
        "test_an_address_writes_so_much_whoever_writes_there": HOURS,
        "test_an_ipv6_48_writes_four_times_as_much": HOURS,
        "test_leaving_and_coming_in_again_changes_nothing": HOURS,
        "test_of_a_record_from_before_addresses_were_kept_the_nick_is_asked_for": SHELL,
        "test_of_a_session_that_was_not_in_a_room_nothing_is_to_be_found_out": SHELL,
        "test_one_session_that_is_begun_twice_and_cannot_be_kept_fails_on_both_connections": (DISK),
        "test_past_what_the_house_takes_whoever_has_written_little_goes_on": HOURS,
        "test_the_same_word_on_two_connections_at_once_opens_one_of_them": ORDER,
        "test_when_it_cannot_be_found_out_where_somebody_was_they_may_try_again": PEEKS,
        "test_who_has_done_nothing_is_heard_whatever_others_do": GUESSES,
        "test_wrong_guesses_are_slowed_down": GUESSES,
    },
)
