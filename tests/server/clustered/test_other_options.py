"""Nodes that were started with other options go by those of the house, and say so."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.protocol.limits import Limits
from huddle.server.clustered.shared_options import shared_options
from tests import two_nodes
from tests.moderated_world import PASSWORD
from tests.two_nodes import TwoNodes

HOUR = 3600


def kept(two: TwoNodes) -> list[int]:
    """How many messages of the room each node's record has."""
    extents = [record.extent("huddle") for record in two.records.values()]
    return [each.newest - each.oldest + 1 for each in extents]


def forgets(two: TwoNodes) -> None:
    """Each node looks for what is old, by its own options, as each does every hour."""
    for node, world in (("a", two.a), ("b", two.b)):
        two.nodes[node].record.forget(*two.kept, world.now_ms())
    two.settle()


def with_operators(two: TwoNodes, name: str, *operators: str) -> None:
    """The node is stopped, and started with these."""
    two.options["operators"] = operators
    two.nodes[name].stop()
    two.settle()
    two.kill(name)
    two.restart(name)
    two.a.passes(3)


def restarted(two: TwoNodes, name: str, keep_messages: int | None) -> None:
    two.kept = None, keep_messages
    two.kill(name)
    two.restart(name)


def test_what_the_house_keeps_is_kept_whichever_node_has_another_wish() -> None:
    for name in "ab":
        two = TwoNodes()
        restarted(two, name, 5)
        assert two.differing == [["keep_messages"]]
        two.a.person("ana").says(*[f"m{at}" for at in range(9)])
        forgets(two)
        assert kept(two) == [9, 9]


def test_what_the_house_keeps_no_longer_goes_also_where_a_node_would_keep_it() -> None:
    two = TwoNodes(keep_messages=5)
    restarted(two, "a", None)
    two.b.person("bob").says(*[f"m{at}" for at in range(9)])
    forgets(two)
    assert kept(two) == [5, 5]


def test_the_option_holds_when_the_last_node_has_it() -> None:
    two = TwoNodes()
    restarted(two, "a", 5)
    restarted(two, "b", 5)
    assert two.differing == [["keep_messages"]]
    two.a.person("ana").says(*[f"m{at}" for at in range(9)])
    forgets(two)
    assert kept(two) == [5, 5]


def test_nodes_that_were_killed_together_come_up_with_other_options() -> None:
    two = TwoNodes()
    two.kept = None, 5
    for name in "ab":
        two.kill(name)
    for name in "ab":
        two.restart(name)
    two.a.person("ana").says(*[f"m{at}" for at in range(9)])
    forgets(two)
    assert kept(two) == [5, 5]


def test_the_nick_of_an_operator_is_kept_on_all_nodes_when_its_guest_has_gone() -> None:
    two = TwoNodes(limits=Limits(hold=30))
    two.a.person("bill")
    for name in "ba":
        with_operators(two, name, "bill")
    two.a.passes(40)
    with_operators(two, "b")  # with a state in which it had become free
    states = [two.nodes[name].node.state for name in "ab"]
    assert states[0].names == states[1].names
    guest = two.b.connect()
    guest.says("bill")
    guest.hears(
        "Welcome to huddle. What is your nick?", "-- The nick bill is taken. bill2 is free."
    )
    assert states[0].chain == states[1].chain


def test_it_is_free_again_when_no_node_wants_it_kept() -> None:
    two = TwoNodes()
    for operators in (("bill",), ()):
        for name in "ba":
            with_operators(two, name, *operators)
    two.b.person("bill").says("hola")
    two.a.person("ana").says("/history 1")
    assert two.nodes["a"].node.state.chain == two.nodes["b"].node.state.chain


def started_with(two: TwoNodes, **options: Any) -> None:
    """The node ``b`` is started again with these options, and ``a`` has its own."""
    two.options.update(options)
    two.kill("b")
    two.restart("b")
    assert two.differing == [list(options)] or two.differing == [["pending", "rooms"]]


@pytest.mark.parametrize("house", [True, False])
def test_members_only_is_what_the_house_says_on_both_nodes(house: bool) -> None:
    two = TwoNodes(members_only=house)
    started_with(two, members_only=not house)
    for world in (two.a, two.b):
        guest = world.connect()
        guest.says("zoe" if world is two.a else "yan")
        assert ("Only members come in here" in "".join(guest.reads())) is house


@pytest.mark.parametrize("house", [True, False])
def test_an_account_is_an_operator_on_both_nodes_if_the_house_says_so(house: bool) -> None:
    two = TwoNodes(operators=("ana",) if house else ())
    root = two.a.person("root")
    root.says(f"/operator {two.a.gives_code()}", "/register ana secreto-uno")
    started_with(two, operators=() if house else ("ana",))
    for world in (two.a, two.b):
        ana = world.connect()
        ana.says("/login ana secreto-uno")
        ana.forgets()
        ana.says("/nodes")
        assert ("Only an operator" not in "".join(ana.reads())) is house


def test_there_may_be_as_many_rooms_as_the_house_says_on_both_nodes() -> None:
    two = TwoNodes()
    started_with(two, limits=Limits(rooms=2, pending=1))
    for world, nick in ((two.b, "bob"), (two.a, "ana")):
        for room in ("r1", "r2", "r3"):
            person = world.person(f"{nick}{room}")
            person.says(f"/join {nick}{room}")
            assert person.reads()[-1].startswith(f"-- You are in {nick}{room} now.")
    writer = two.b.person("eva")
    for text in ("hola", "soup", "doorbell"):
        writer.forgets()
        writer.says(f"/msg anar1 {text}")
        assert not any("cannot" in line or "wait" in line for line in writer.reads())


def test_a_node_that_is_up_goes_by_what_the_last_one_brings() -> None:
    two = TwoNodes()
    two.options["members_only"] = True
    for name in "ba":
        two.kill(name)
        two.restart(name)
        guest = two.b.connect()
        guest.says(f"zoe{name}")
        assert ("Only members come in here" in "".join(guest.reads())) is (name == "a")


def test_an_account_is_an_operator_on_the_node_that_was_up_when_the_last_one_says_so() -> None:
    two = TwoNodes(others={"ana": PASSWORD})
    with_operators(two, "b", "ana")
    ana = two.b.program("ana", password=PASSWORD)
    assert ana.asks("audit", id=1)["code"] == "not-allowed"
    with_operators(two, "a", "ana")
    assert ana.asks("audit", id=2)["type"] == "reply"


def test_a_node_of_a_version_with_more_options_says_no_more_than_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has been started with the same; only the house is older."""

    def as_before(*given: Any) -> dict[str, object]:
        known = shared_options(*given)
        return {name: known[name] for name in known if name not in ("held_each", "left_each")}

    with monkeypatch.context() as older:
        older.setattr(two_nodes, "shared_options", as_before)
        two = TwoNodes()
    two.kill("b")
    two.restart("b")
    two.a.passes(5)
    assert two.differing == [[]]
    two.kill("a")
    two.restart("a")
    two.b.passes(5)
    assert two.nodes["b"].node.state.shared["held_each"] == Limits().held_each
