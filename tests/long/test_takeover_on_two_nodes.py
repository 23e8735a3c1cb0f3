"""That nobody has another's nick, nor reads what is private, on two nodes. No word differs.

What is left out has its cause in `tests.in_turn`.
"""

from __future__ import annotations

from tests.conversations import (
    test_privacy,
    test_secrets,
    test_takeover,
    test_takeover_by_chance,
)
from tests.conversations.test_privacy import *  # noqa: F403
from tests.conversations.test_secrets import *  # noqa: F403
from tests.conversations.test_takeover import *  # noqa: F403
from tests.conversations.test_takeover_by_chance import *  # noqa: F403
from tests.in_turn import DISK, GUESSES, SHELL, in_turn, leave_out, one_transport

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_privacy, test_secrets, test_takeover, test_takeover_by_chance)
leave_out(
    globals(),
    {
        "test_a_return_word_is_as_good_as_before_when_the_registration_fails": DISK,
        "test_a_session_of_an_account_that_is_gone_is_unknown": SHELL,
        "test_by_being_held_under_it_when_the_server_starts": SHELL,
        "test_by_logging_in_to_an_account_that_is_just_being_kept": DISK,
        "test_guessing_many_at_once_is_counted_at_once": GUESSES,
        "test_the_number_of_an_account_is_its_own_when_the_first_record_of_it_failed": DISK,
    },
)
