"""Accounts of one server, held by people on two nodes in turn. No word differs.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.in_turn import ORDER, STILL, in_turn, leave_out, one_transport
from tests.visits import test_account_login
from tests.visits.actions import test_accounts
from tests.visits.actions.test_accounts import *  # noqa: F403
from tests.visits.test_account_login import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_accounts, test_account_login)
leave_out(
    globals(),
    {
        "test_nobody_takes_a_nick_that_is_just_being_kept": STILL,
        "test_the_host_of_a_room_is_its_host_when_they_register_or_log_in": ORDER,
        "test_whoever_is_called_otherwise_while_it_is_kept_has_the_other_nick_alone": ORDER,
        "test_whoever_leaves_while_it_is_kept_has_left": ORDER,
    },
)
