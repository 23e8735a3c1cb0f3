"""A node on its way in, and what it keeps beside its record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.log import Identity
from huddle.locale import translator
from huddle.protocol.limits import Limits
from huddle.record.memory import MemoryRecord
from huddle.server.node import joining
from huddle.server.node.options import ClusterOptions


def test_the_state_is_written_by_one_thread_at_a_time_and_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be slower than the next state, or than the end of the node."""
    writing: list[tuple[bytes, Deferred[None]]] = []

    def begin(_write: Callable[..., object], _identity: Identity, dumped: bytes) -> Deferred[None]:
        writing.append((dumped, Deferred()))
        return writing[-1][1]

    monkeypatch.setattr(joining, "deferToThread", begin)
    options = ClusterOptions(address_of("etcd://127.0.0.1:1/house"), "a", "key", [bytes(32)])
    history, kept = str(tmp_path / "huddle.db"), MemoryRecord(Limits(), "e")
    node: Any = joining.Joining(options, kept, history, Clock(), translator("en"), lambda _: None)
    node._identity = Identity("engine", "house")
    for dumped in (b"1", b"2", b"3"):
        node._keep_state(dumped)
    for number in range(3):
        assert [dumped for dumped, _ in writing] == [b"1", b"2", b"3"][: number + 1]
        writing[number][1].callback(None)
