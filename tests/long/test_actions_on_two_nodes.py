"""What is done in rooms on one server, done by people on two nodes in turn. No word differs.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import HELD, ORDER, in_turn, leave_out, one_transport
from tests.visits.actions import (
    test_editing,
    test_messages,
    test_moderation,
    test_private,
    test_restricting,
    test_rooms,
    test_spoken_nicks,
    test_talk,
)
from tests.visits.actions.test_editing import *  # noqa: F403
from tests.visits.actions.test_messages import *  # noqa: F403
from tests.visits.actions.test_moderation import *  # noqa: F403
from tests.visits.actions.test_private import *  # noqa: F403
from tests.visits.actions.test_restricting import *  # noqa: F403
from tests.visits.actions.test_rooms import *  # noqa: F403
from tests.visits.actions.test_spoken_nicks import *  # noqa: F403
from tests.visits.actions.test_talk import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(
    *(test_editing, test_messages, test_moderation, test_private),
    *(test_restricting, test_rooms, test_spoken_nicks, test_talk),
)
leave_out(
    globals(),
    {
        "test_a_ban_from_a_room_that_was_given_up_meanwhile_leaves_nothing": ORDER,
        "test_who_is_held_after_a_crash_and_kicked_is_where_they_belong": HELD,
        "test_whoever_comes_back_at_once_has_never_been_away_for_the_others": ORDER,
    },
)
