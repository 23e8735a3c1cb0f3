"""What is done in rooms on one server, done by people on two nodes in turn. No word differs.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import DISK, HELD, OPTION, ORDER, PEEKS, in_turn, leave_out, one_pipe
from tests.visits.actions import (
    test_moderation,
    test_restricting,
    test_rooms,
    test_spoken_nicks,
    test_talk,
)
from tests.visits.actions.test_moderation import *  # noqa: F403
from tests.visits.actions.test_restricting import *  # noqa: F403
from tests.visits.actions.test_rooms import *  # noqa: F403
from tests.visits.actions.test_spoken_nicks import *  # noqa: F403
from tests.visits.actions.test_talk import *  # noqa: F403

__all__ = ["on_two_nodes", "one_pipe"]

on_two_nodes = in_turn(test_moderation, test_restricting, test_rooms, test_spoken_nicks, test_talk)
leave_out(
    globals(),
    {
        "test_a_ban_from_a_room_that_was_given_up_meanwhile_leaves_nothing": ORDER,
        "test_a_ban_that_the_disk_was_slow_to_keep_strikes_who_came_meanwhile": ORDER,
        "test_a_block_that_was_read_before_has_a_tombstone_in_its_place": PEEKS,
        "test_an_answer_that_was_read_before_does_not_have_it": PEEKS,
        "test_each_deletes_their_own_copy_of_a_private_message": ORDER,
        "test_the_ways_around_a_mute_end_with_a_quiet_room_or_where_members_alone_come_in": OPTION,
        "test_what_could_not_be_deleted_is_still_there": DISK,
        "test_what_failed_and_is_then_refused_for_good_holds_up_nothing_else": DISK,
        "test_what_the_record_cannot_keep_is_not_changed": DISK,
        "test_what_waits_for_the_disk_is_said_though_its_speaker_has_left_the_room": ORDER,
        "test_who_deletes_line_after_line_makes_nobody_search_for_longer": PEEKS,
        "test_who_is_held_after_a_crash_and_kicked_is_where_they_belong": HELD,
        "test_whoever_comes_back_at_once_has_never_been_away_for_the_others": ORDER,
    },
)
