"""What is too old goes on all nodes alike, and no node deletes what the others keep."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.two_nodes import TwoNodes

HOUR = 3600


def oldest(two: TwoNodes) -> list[int]:
    """The oldest seq of the room that each node's record has."""
    return [record.extent("huddle").oldest for record in two.records.values()]


def forgets(two: TwoNodes, keep_ms: int | None, keep_messages: int | None) -> None:
    """Each node looks for what is old, as each does every hour."""
    for node, world in (("a", two.a), ("b", two.b)):
        two.nodes[node].record.forget(keep_ms, keep_messages, world.now_ms())
    two.settle()


@pytest.mark.parametrize("speaks", ["a", "b"])
def test_what_is_beyond_so_many_goes_on_both_nodes(speaks: str) -> None:
    two = TwoNodes(keep_messages=5)
    getattr(two, speaks).person("ana").says(*[f"m{at}" for at in range(12)])
    forgets(two, None, 5)
    assert oldest(two) == [8, 8]


def test_what_is_too_old_goes_on_both_nodes_and_what_is_not_stays() -> None:
    two = TwoNodes(keep_ms=HOUR * 1000)
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("old")
    bob.says("old too")
    two.passes(HOUR * 5 / 4)
    ana.says("new")
    forgets(two, HOUR * 1000, None)
    assert oldest(two) == [3, 3]


def test_one_node_asks_for_all_of_them() -> None:
    two = TwoNodes(keep_messages=5)
    two.a.person("ana").says(*[f"m{at}" for at in range(12)])
    two.nodes["b"].record.forget(None, 5, two.b.now_ms())
    two.settle()
    assert oldest(two) == [1, 1]
    two.nodes["a"].record.forget(None, 5, two.a.now_ms())
    two.settle()
    assert oldest(two) == [8, 8]


def test_sessions_that_left_long_ago_are_forgotten_on_both_nodes() -> None:
    two = TwoNodes(limits=Limits(sessions_kept=3))
    for at in range(8):
        two.a.person(f"p{at}").says("/quit")
    two.nodes["a"].record.forget_sessions(0, 3)
    two.settle()
    for node in two.nodes.values():
        assert len(node.node.state.sessions) == 3


def test_between_two_looks_no_more_than_twice_as_many_are_known() -> None:
    """Each is a KiB of the state of every node, and an hour is long for who comes and goes."""
    two = TwoNodes(limits=Limits(sessions_kept=3))
    most = 0
    for at in range(40):
        (two.a, two.b)[at % 2].person(f"p{at}").says("/quit")
        two.settle()
        most = max(most, *(len(node.node.state.sessions) for node in two.nodes.values()))
    assert most == 6
    assert two.nodes["a"].node.state.sessions.keys() == two.nodes["b"].node.state.sessions.keys()
