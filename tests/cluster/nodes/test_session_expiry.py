"""Every node counts all holds, whichever of them says that they are over, and keeps none longer."""

from __future__ import annotations

from huddle.protocol.limits import Limits
from tests.two_nodes import TwoNodes


def test_of_a_hold_that_is_over_no_node_keeps_anything() -> None:
    two = TwoNodes(limits=Limits(hold=5.0))
    people = [(two.a, two.b)[number % 2].person(f"n{number}") for number in range(6)]
    for person in people:
        person.cut()
    two.settle()
    holds = [node.node._expiry for node in two.nodes.values()]
    assert [len(each) for each in holds] == [6, 6]
    again = two.b.connect()
    again.says(f"/back n0 {people[0].word}")
    for _ in range(20):
        two.a.passes(1)
    assert [len(each) for each in holds] == [0, 0]
    assert [each.nick for each in two.b.huddle.registry.sessions] == ["n0"]


def test_what_is_not_said_yet_is_kept_for_the_case_that_it_never_is() -> None:
    two = TwoNodes(limits=Limits(hold=5.0))
    two.b.person("ana").cut()
    two.settle()
    two.views["a"].cut_off = True
    for _ in range(4):
        two.a.passes(1)
    assert len(two.nodes["b"].node._expiry) == 1
    for _ in range(30):
        two.a.passes(1)
    assert list(two.b.huddle.registry.sessions) == []
    assert len(two.nodes["b"].node._expiry) == 0
