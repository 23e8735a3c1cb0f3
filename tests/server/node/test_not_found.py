"""Why a node could not start is one line, whatever it was; a fault of ours has a traceback."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorCore
from twisted.python.failure import Failure

from huddle.server.node import service
from huddle.server.node.ending import PEOPLE
from huddle.server.node.service import NodeService
from huddle.server.start_errors import Refusal


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """How the process was to end."""
    ends: list[tuple[str, int]] = []

    def end(reactor: IReactorCore, line: str, status: int) -> None:
        ends.append((line, status))

    monkeypatch.setattr(service, "end_with", end)
    return ends


def node_that(monkeypatch: pytest.MonkeyPatch, cause: BaseException) -> Any:
    """A node whose house cannot be found, for this cause."""
    node: Any = NodeService.__new__(NodeService)
    node._is_ending, node._reactor = False, None

    async def find_house() -> None:
        raise cause

    monkeypatch.setattr(node, "_find_house", find_house)
    return node


def test_a_refused_start_is_told_in_its_line(
    monkeypatch: pytest.MonkeyPatch, ended: list[tuple[str, int]], logged_failures: list[Failure]
) -> None:
    node = node_that(monkeypatch, Refusal("--motd welcome.txt: it cannot be read"))
    node._join()
    assert ended == [("--motd welcome.txt: it cannot be read", PEOPLE)]
    assert not logged_failures


def test_a_start_that_was_given_up_is_told_once(
    monkeypatch: pytest.MonkeyPatch, ended: list[tuple[str, int]]
) -> None:
    node = node_that(monkeypatch, RuntimeError())
    node._is_ending = True
    node._join()
    assert isinstance(node._course, Deferred)
    assert not ended
