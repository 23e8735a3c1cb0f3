"""Conversations of one server, held by people on two nodes in turn. No word of them differs."""

from __future__ import annotations

import pytest

from tests.conversations import test_conversation
from tests.conversations.test_conversation import *  # noqa: F403
from tests.two_nodes import InTurn
from tests.visits.actions import test_private
from tests.visits.actions.test_private import *  # noqa: F403
from tests.world import DIRECT


@pytest.fixture(autouse=True)
def on_two_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes a world in these makes one of two nodes."""
    for module in (test_conversation, test_private):
        monkeypatch.setattr(module, "World", InTurn)


@pytest.fixture(name="pipe")
def _pipe() -> str:
    """One kind of transport is enough: what differs here is behind it."""
    return DIRECT
