"""Conversations of one server, held by people on two nodes in turn. No word of them differs."""

from __future__ import annotations

from tests.conversations import test_conversation
from tests.conversations.test_conversation import *  # noqa: F403
from tests.in_turn import in_turn, one_transport
from tests.visits.actions import test_messages, test_private
from tests.visits.actions.test_messages import *  # noqa: F403
from tests.visits.actions.test_private import *  # noqa: F403

__all__ = ["on_two_nodes", "one_transport"]

on_two_nodes = in_turn(test_conversation, test_messages, test_private)
