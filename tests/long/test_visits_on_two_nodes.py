"""How people come in, are renamed, ignore and are told what is wrong, on two nodes in turn."""

from __future__ import annotations

from tests.conversations import test_leaving_words, test_what_errors_keep
from tests.conversations.test_leaving_words import *  # noqa: F403
from tests.conversations.test_what_errors_keep import *  # noqa: F403
from tests.in_turn import in_turn, one_transport
from tests.visits import (
    test_admission,
    test_filters,
    test_login_prompt,
    test_renaming,
    test_welcome,
)
from tests.visits.actions import test_preferences
from tests.visits.actions.test_preferences import *  # noqa: F403
from tests.visits.test_admission import *  # noqa: F403
from tests.visits.test_filters import *  # noqa: F403
from tests.visits.test_login_prompt import *  # noqa: F403
from tests.visits.test_renaming import *  # noqa: F403
from tests.visits.test_welcome import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(
    *(test_admission, test_filters, test_leaving_words, test_login_prompt),
    *(test_preferences, test_renaming, test_welcome, test_what_errors_keep),
)
