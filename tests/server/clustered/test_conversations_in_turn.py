"""Conversations of one server, held by people on two nodes in turn. No word of them differs.

What is not of this folder's own concern is held by two nodes in `tests/long`.
"""

from __future__ import annotations

from tests.conversations import test_conversation
from tests.conversations.test_conversation import *  # noqa: F403
from tests.in_turn import in_turn, one_transport
from tests.rooms import test_pace
from tests.rooms.test_pace import test_each_way_of_going_on_keeps_the_pace

__all__ = ["on_two_nodes", "one_transport", "test_each_way_of_going_on_keeps_the_pace"]

on_two_nodes = in_turn(test_conversation, test_pace)
