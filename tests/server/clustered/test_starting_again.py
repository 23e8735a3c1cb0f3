"""A node that starts again: from the state that it kept, the record beside it, and the log."""

from __future__ import annotations

import pytest

from huddle.cluster.log import Cause
from huddle.cluster.snapshot import dump
from tests.two_nodes import TwoNodes


def restarted(two: TwoNodes, state: bytes | None) -> None:
    """Start the node ``a`` again, over this state, which may be older than its record."""
    two.kill("a")
    if state is None:
        two.states.pop("a", None)
    else:
        two.states["a"] = state
    two.a.passes(10)
    two.restart("a")
    two.a.passes(5)


@pytest.mark.parametrize("state", ["none", "older", "as the record"])
def test_it_knows_who_is_there_and_nobody_who_has_gone_since(state: str) -> None:
    two = TwoNodes()
    eva, bob, zoe = (two.b.person(nick) for nick in ("eva", "bob", "zoe"))
    two.a.passes(5)
    states = {"none": None, "older": dump(two.nodes["a"].node.state)}
    eva.says("/quit")
    bob.says("/nick rob")
    two.a.passes(5)
    two.nodes["a"].stop()
    two.settle()
    states["as the record"] = two.states["a"]
    restarted(two, states[state])
    ana = two.a.person("eva")
    ana.says("/who")
    [heard] = ana.reads()
    assert heard.startswith("-- 3 here: ") and "bob" not in heard
    assert all(nick in heard for nick in ("eva", "rob", "zoe"))
    zoe.forgets()
    ana.says("hola")
    zoe.hears("<eva> hola")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by", ["nothing", "others", "more"])
@pytest.mark.parametrize("lost", ["a line", "a private one", "a room", "no line"])
def test_it_ends_where_the_engine_has_lost_what_its_record_has(
    lost: str, by: str, seed: int
) -> None:
    """It would give the numbers of what is lost to something else. By the time that it is back
    there may be other entries in the place of those, and more than those."""
    two = TwoNodes(seed=seed)
    bob = two.b.person("bob")
    two.a.person("ana")
    bob.says("/msg ana one", "one")
    two.a.passes(5)
    state, last = dump(two.nodes["a"].node.state), two.engine.entries[-1].position
    said = {"a line": "two", "a private one": "/msg ana two", "a room": "/join ops"}
    bob.says(said.get(lost, "/topic none"))
    bob.says(*["in ops"] * (lost == "a room"))
    two.a.passes(5)
    for name in ("a", "b"):
        two.kill(name)
    two.states["a"] = state
    two.engine.rewind(last)
    if by != "nothing":  # by another node, which begins anew, and has had nothing of that
        two.records.pop("b")
        two.states.pop("b", None)
        two.restart("b")
        two.b.passes(2 if by == "others" else 30)
    had = two.records["a"].position
    two.restart("a")
    is_passed_over = had not in [each.position for each in two.engine.entries]
    assert two.ended["a"] == [Cause.REWOUND.value] * (lost != "no line" or is_passed_over)


def test_it_goes_on_where_nothing_is_lost() -> None:
    two = TwoNodes()
    bob = two.b.person("bob")
    two.a.person("ana")
    two.a.passes(5)
    state = dump(two.nodes["a"].node.state)
    bob.says("/msg ana one", "one", "/join ops", "two", "/topic three")
    restarted(two, state)
    assert two.ended["a"] == []
