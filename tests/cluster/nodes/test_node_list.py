"""What operators are told of all nodes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huddle.cluster.effects import Applied, Cause
from huddle.cluster.entries import Beat
from huddle.cluster.nodes.node_list import SLOW, NodeList
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.rules.node_membership import end
from huddle.cluster.snapshot import dump, load
from tests.cluster.written_log import NOON, House
from tests.moderated_world import PASSWORD, does
from tests.two_nodes import TwoNodes
from tests.world import Program, World


@pytest.fixture
def two() -> TwoNodes:
    return TwoNodes(operators=["ana"], others={"ana": PASSWORD})


def operator(world: World) -> Program:
    return world.program("ana", password=PASSWORD)


def listed(asking: Program) -> dict[str, dict[str, Any]]:
    return {each.pop("node"): each for each in does(asking, "nodes")["nodes"]}


def standings(asking: Program) -> dict[str, str]:
    return {node: each["standing"] for node, each in listed(asking).items()}


def test_a_house_of_one_server_says_so() -> None:
    world = World(operators=["ana"], others={"ana": PASSWORD})
    assert does(operator(world), "nodes")["nodes"] == []
    ana = world.connect()
    ana.says("ana", f"/login {PASSWORD}", "/nodes", "/lang es", "/nodos")
    told = [line for line in ana.reads() if "nod" in line]
    assert told[-2:] == [
        "-- This server is the whole house: it is not one of several nodes.",
        "-- Este servidor es toda la casa: no es uno de varios nodos.",
    ]


def test_each_is_told_with_who_is_on_it_and_since_when(two: TwoNodes) -> None:
    ana = operator(two.a)
    two.a.person("bob")
    two.b.program("carl").cut()
    two.b.person("dan")
    found = listed(ana)
    assert [*found] == ["a", "b"]
    since = [each.pop("since") for each in found.values()]
    assert all(time.endswith("Z") for time in since)
    usual = {"standing": "level", "behind": 0, "skew": None}
    assert found == {
        "a": {"here": True, "people": 2, **usual},
        "b": {"here": False, "people": 1, **usual},
    }


def test_a_person_reads_a_line_for_each(two: TwoNodes) -> None:
    ana = two.b.connect()
    ana.says("ana", f"/login {PASSWORD}", "/nodes")
    here, there = ana.reads()[-2:]
    assert here.startswith("-- b, this one · level · since ") and here.endswith(" · 1 person")
    assert there.startswith("-- a · level · since ") and there.endswith(" · 0 people")


def test_one_on_two_nodes_is_a_person_on_each_and_on_one_counts_once(two: TwoNodes) -> None:
    ana = operator(two.a)
    second = Program(two.a, "ana", "another secret of ana")
    two.a.attach(second)
    second.enters(password=PASSWORD)
    third = Program(two.b, "ana", "a third secret of ana")
    two.b.attach(third)
    third.enters(password=PASSWORD)
    assert [each["people"] for each in listed(ana).values()] == [1, 1]


def test_one_that_was_killed_is_gone_and_one_that_stopped_has_stopped(two: TwoNodes) -> None:
    ana = operator(two.a)
    two.kill("b")
    assert standings(ana) == {"a": "level", "b": "level"}
    two.a.passes(10)
    assert standings(ana) == {"a": "level", "b": "gone"}
    two.restart("b")
    assert standings(ana) == {"a": "level", "b": "level"}
    two.nodes["b"].stop()
    two.settle()
    assert standings(ana) == {"a": "level", "b": "stopped"}


def test_one_that_was_outvoted_has_halted() -> None:
    house, nodes = House(), NodeList()
    house.node("a")
    other = house.node("b")
    applied = Applied(99)
    end(BatchContext(house.state, "", 99, NOON, applied.effects, {}), other.life, Cause.OUTVOTED)
    nodes.note(house.state, applied)
    assert [each.standing for each in nodes.told(house.state, "a", "level", None)] == [
        "level",
        "halted",
    ]


def test_who_has_lost_the_others_knows_nothing_of_them(two: TwoNodes) -> None:
    two.views["a"].cut_off = True
    two.a.passes(12)
    told = [(each.node, each.standing) for each in two.nodes["a"].node.nodes()]
    assert told == [("a", "refusing"), ("b", "unheard")]


def test_the_own_clock_is_told_as_the_probes_have_measured_it(two: TwoNodes) -> None:
    ana = operator(two.b)
    two.nodes["b"].node.note_skew(-1.25)
    assert [each["skew"] for each in listed(ana).values()] == [-1.25, None]
    person = two.b.connect()
    person.says("ana", f"/login {PASSWORD}", "/nodes")
    assert person.reads()[-2].endswith(" · clock -1.2 s")


def test_a_node_is_behind_that_writes_without_having_read() -> None:
    house, nodes = House(), NodeList()
    slow, quick = house.node("slow"), house.node("quick")
    slow.does(Beat())
    late = slow.writes(Beat())
    for _ in range(SLOW + 1):
        nodes.note(house.state, quick.does(Beat()))
    nodes.note(house.state, house.lands(late))
    here, there = nodes.told(house.state, "quick", "level", None)
    assert (here.standing, here.behind) == ("level", 0)
    assert there.standing == "behind" and there.behind > SLOW
    nodes.note(house.state, slow.does(Beat()))
    assert nodes.told(house.state, "quick", "level", None)[1].standing == "level"


def test_a_state_that_was_written_before_this_was_noted_is_read(two: TwoNodes) -> None:
    """A field was added at the end of each life: a node that was upgraded goes on from its disk."""
    state = two.nodes["a"].node.state
    given = json.loads(dump(state))
    [(life, fields)] = [each for each in given["state"]["lives"] if each[1][0] == "b"]
    del fields[6:]
    older = load(json.dumps(given).encode())
    assert state.lives[life].since and not older.lives[life].since
    assert older.lives[life].kept == state.lives[life].kept
