"""What one address may do in an hour it may do on all nodes together, and not on each of them."""

from __future__ import annotations

from typing import Any

import pytest

from huddle.protocol.limits import Limits
from tests.moderated_world import PASSWORD, does, done, joins, refused
from tests.two_nodes import TwoNodes
from tests.world import Program, World

LIMITS = Limits(rooms_made=2, marks_all=2000, marks_made=5, registrations=2, flood_rate=0)


@pytest.fixture
def two() -> TwoNodes:
    return TwoNodes(limits=LIMITS, operators=["ana"], others={"ana": PASSWORD})


def comes(world: World, nick: str, **hello: Any) -> Program:
    program = world.program(nick, **hello)
    world.settle()
    return program


def test_rooms_that_are_made_count_on_all_nodes(two: TwoNodes) -> None:
    bob, eva = comes(two.a, "bob"), comes(two.b, "eva")
    joins(bob, "a")
    joins(eva, "b")
    for each in (bob, eva):
        answer = does(each, "join", room="c")
        assert (answer["code"], answer["wait"]) == ("too-fast", 1800.0)
        joins(each, "a", "b")
    joins(comes(two.b, "ana", password=PASSWORD), "c")
    two.passes(1800)
    joins(bob, "d")
    assert refused(eva, "join", room="e") == "too-fast"


def test_one_address_leaves_rooms_for_others_whichever_nodes_it_goes_through() -> None:
    two = TwoNodes(limits=Limits(rooms=11, rooms_made=8, flood_rate=0))
    bob, eva = comes(two.a, "bob"), comes(two.b, "eva")
    joins(bob, "a", "b")
    joins(eva, "c", "d")
    for each in (bob, eva):
        answer = does(each, "join", room="e")
        assert (answer["code"], answer["what"], answer["limit"]) == ("too-many", "rooms_made", 4)
    done(eva, "leave", room="d")
    joins(bob, "e")
    assert refused(eva, "join", room="d") == "too-many"


def test_what_hosts_set_counts_on_all_nodes(two: TwoNodes) -> None:
    bob, eva = comes(two.a, "bob"), comes(two.b, "eva")
    joins(bob, "a")
    joins(eva, "b")
    for number in range(6):
        done(bob, "ban", room="a", who=f"junk{number}")
    done(eva, "ban", room="b", who="troll")  # each room may have a few, whatever the others have
    assert refused(eva, "ban", room="b", who="other") == "too-fast"
    ana = comes(two.b, "ana", password=PASSWORD)
    for number in range(9):
        done(ana, "ban", who=f"junk{number}")
    two.passes(720)
    done(eva, "ban", room="b", who="other")


def test_what_a_new_node_reads_of_the_past_does_not_count(two: TwoNodes) -> None:
    bob = comes(two.a, "bob")
    for room in "ab":
        joins(bob, room)
        done(bob, "topic", room=room, text="hola")
    done(bob, "register", password=PASSWORD)
    eva = comes(two.a, "eva")
    done(eva, "register", password=PASSWORD)
    new = two.start("c")
    new.settle()
    dan = comes(new, "dan")
    joins(dan, "c", "d")
    done(dan, "register", password=PASSWORD)
