"""What is held for one address is counted on all nodes together, and all say the same of it."""

from __future__ import annotations

import pytest
from typing_extensions import override

from huddle.cluster.snapshot import digest
from huddle.protocol.limits import Limits
from huddle.server.clustered import clustered
from tests.two_nodes import TwoNodes
from tests.world import World

NEAR = "10.0.0.1"


def nicks(two: TwoNodes) -> list[str]:
    """Who is here or held, as both nodes have it."""
    [each] = {
        tuple(session.nick for session in world.huddle.registry.sessions)
        for world in (two.a, two.b)
    }
    return list(each)


def lost(world: World, *people: str, address: str = NEAR) -> None:
    for nick in people:
        world.person(nick, address=address).cut()


def test_an_address_has_one_share_by_whichever_nodes_it_goes() -> None:
    two = TwoNodes(limits=Limits(held_each=3))
    ana = two.a.person("ana", address="192.0.2.1")
    lost(two.b, "bob", address="192.0.2.2")
    lost(two.a, "a", "b")
    lost(two.b, "c")
    ana.forgets()
    lost(two.b, "d")
    ana.hears("-- d joined", "-- a left")
    lost(two.a, "e")
    assert nicks(two) == ["ana", "bob", "c", "d", "e"]
    first, second = (node.node.state for node in two.nodes.values())
    assert digest(first) == digest(second)


def test_who_has_lost_their_nick_so_takes_it_back_by_their_word_on_the_other_node() -> None:
    two = TwoNodes(limits=Limits(held_each=1))
    a = two.a.person("a")
    a.cut()
    lost(two.b, "b")
    assert nicks(two) == ["b"]
    again = two.b.connect()
    again.says(f"/back a {a.word}")
    assert "Hello a" in again.reads()[1]


def test_one_address_cannot_hold_the_house_full() -> None:
    two = TwoNodes(limits=Limits(sessions=6, held_each=4))
    lost(two.a, "a", "b", "c", "d")
    lost(two.b, "e", "f")
    lost(two.b, "ida", address="192.0.2.3")
    for number, world in enumerate((two.a, two.b, two.a)):
        newcomer = world.connect(f"198.51.100.{number}")
        newcomer.says(f"p{number}")
        assert f"Hello p{number}" in newcomer.reads()[1]
    assert nicks(two) == ["e", "f", "ida", "p0", "p1", "p2"]


def test_a_house_that_is_full_of_people_says_so() -> None:
    two = TwoNodes(limits=Limits(sessions=2))
    two.a.person("a"), two.b.person("b")
    newcomer = two.b.connect()
    newcomer.says("c")
    newcomer.hears_at_last("-- There are too many connections. Try again later.")
    assert nicks(two) == ["a", "b"]


def test_where_addresses_have_no_limit_they_have_no_share() -> None:
    two = TwoNodes(limits=Limits(held_each=1, per_address=0))
    lost(two.a, "a", "b")
    lost(two.b, "c")
    assert nicks(two) == ["a", "b", "c"]


def test_while_a_node_of_the_version_before_is_up_all_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mixed(TwoNodes):
        """The node ``b`` is of the version before."""

        @override
        def begin(self) -> tuple[World, World]:
            a = self.start("a")
            with monkeypatch.context() as older:
                older.setattr(clustered, "KNOWN_RULES", 1)
                return a, self.start("b")

    two = Mixed(limits=Limits(held_each=1))
    two.a.passes(5)
    lost(two.a, "a")
    lost(two.b, "b")
    lost(two.a, "c")
    assert nicks(two) == ["a", "b", "c"]
    two.kill("b")
    two.a.passes(10)
    two.restart("b")
    two.a.passes(3)
    lost(two.b, "d")
    assert nicks(two) == ["b", "c", "d"]
