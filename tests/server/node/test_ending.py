"""Why a node could not start is one line, whatever it was; a fault of ours has a traceback."""

from __future__ import annotations

import errno
import os
import re
from typing import Any
from unittest.mock import Mock

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorCore
from twisted.python.failure import Failure

from huddle.cluster.log import Cause
from huddle.locale import translator
from huddle.server.node import service
from huddle.server.node.ending import AGAIN, PEOPLE
from huddle.server.node.peer_snapshot import NotGiven
from huddle.server.node.service import NodeService
from huddle.server.start_errors import Refusal
from tests.documents.blocks import ROOT


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


@pytest.mark.parametrize("cause", [Cause.TRUNCATED.value, Cause.LOST.value])
@pytest.mark.parametrize("peers", [{}, {"b": ("127.0.0.1", 1)}])
def test_one_that_no_node_gives_what_it_needs_is_started_again_where_others_may_come(
    peers: dict[str, tuple[str, int]],
    cause: str,
    monkeypatch: pytest.MonkeyPatch,
    ended: list[tuple[str, int]],
) -> None:
    async def others() -> dict[str, tuple[str, int]]:
        return peers

    async def take_from(*given: object) -> None:
        raise NotGiven

    node = node_that(monkeypatch, RuntimeError())
    monkeypatch.setattr(service, "take_from", take_from)
    monkeypatch.setattr(node, "_trouble", str)
    node._joining, node.clustered = Mock(others=others), Mock()
    node._taking, node._unready, node._options = None, [Mock()], Mock(wording=translator("en"))
    node._ended(cause)
    assert ended == [(cause, AGAIN if peers else PEOPLE)]


WHAT_HAPPENS = {
    Cause.LOST.value: "the engine has lost an entry",
    "record": "a node's disk is full",
    "fenced": "a second server is started under a node's name",
    "outvoted": "what the nodes have differs",
    "rules": "a node is older than the rules of the house",
    Cause.SEALED.value: "a node has another key",
    Cause.REWOUND.value: "the engine was restored from a backup",
}
"""The row of docs/cluster.md that tells of each cause."""


@pytest.mark.parametrize("cause", WHAT_HAPPENS)
def test_a_node_that_was_level_ends_with_the_status_that_the_document_says(
    cause: str, monkeypatch: pytest.MonkeyPatch, ended: list[tuple[str, int]]
) -> None:
    node = node_that(monkeypatch, RuntimeError())
    monkeypatch.setattr(node, "_trouble", str)
    node._unready = []  # whoever came was let in
    node._ended(cause)
    text = (ROOT / "docs" / "cluster.md").read_text("utf-8")
    [happens] = re.findall(rf"^\| {WHAT_HAPPENS[cause]} \| ([^|]+) \|", text, re.MULTILINE)
    [status] = re.findall(r"with (?:a line .* and )?status (\d+)", happens)
    assert [said for _line, said in ended] == [int(status)]


def test_a_disk_that_does_not_take_what_is_given_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, ended: list[tuple[str, int]]
) -> None:
    node = node_that(monkeypatch, OSError(errno.ENOSPC, "No space left on device", "/h.db-part"))
    node._options = Mock(wording=translator("en"))
    node._join()
    assert ended == [(f"/h.db-part: {os.strerror(errno.ENOSPC)}", AGAIN)]
