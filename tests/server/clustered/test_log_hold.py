"""The log is held back behind what another node is being given, and no longer than that."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from huddle.cluster.snapshot import load
from huddle.protocol.errors import NotRecorded
from tests.two_nodes import TwoNodes


def outcome(asked: Coroutine[Deferred[Any], Any, int]) -> list[int | Failure]:
    results: list[int | Failure] = []
    Deferred.fromCoroutine(asked).addBoth(results.append)
    return results


def test_a_state_that_is_late_enough_is_made_where_the_kept_one_is_not() -> None:
    two = TwoNodes()
    two.a.person("ana").says("hola")
    node = two.nodes["a"]
    dumps: list[bytes] = []
    node._states.keep = lambda dumped: dumps.append(dumped) or Deferred()  # type: ignore
    position = node.node.state.position
    asked = outcome(node.log_hold.hold_log(position))
    assert load(dumps[0]).position == position
    assert not asked and node.node.kept < position  # it is on its way to the disk


def test_the_log_is_held_back_until_the_last_has_let_go() -> None:
    two = TwoNodes()
    node, state = two.nodes["a"], two.nodes["a"].node.state
    ana = two.a.person("ana")
    held: list[int] = []
    for _ in range(2):
        ana.says("one more")
        holding = Deferred.fromCoroutine(node.log_hold.hold_log(state.position))
        holding.addCallback(held.append)
        node.log_hold.kept(state.position)
    assert node.node.kept == held[0] < held[1]
    for each, kept in ((held[0], held[1]), (held[1], state.position)):
        node.log_hold.let_log_go(each)
        assert node.node.kept == kept


def test_one_that_has_not_come_so_far_or_is_alone_gives_nothing() -> None:
    two = TwoNodes()
    node = two.nodes["a"]
    for cut_off, least in ((False, node.node.state.position + 10), (True, 1)):
        two.views["a"].cut_off = cut_off
        two.a.passes(15 if cut_off else 0)
        [refused] = outcome(node.log_hold.hold_log(least))
        assert isinstance(refused, Failure) and refused.check(NotRecorded)
