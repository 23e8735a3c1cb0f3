"""What each node counts and keeps by itself, as docs/cluster.md says: what a node can bear."""

from __future__ import annotations

from huddle.protocol.limits import Limits
from tests.two_nodes import TwoNodes

FULL = "-- There are too many connections. Try again later."


def test_each_node_counts_the_connections_of_an_address_by_itself() -> None:
    two = TwoNodes(limits=Limits(per_address=1))
    two.a.person("ana", address="10.0.0.9")
    late = two.a.connect("10.0.0.9")
    assert FULL in late.reads() and late.gone
    other = two.b.person("bob", address="10.0.0.9")
    assert not other.gone


def test_each_node_counts_how_fast_they_speak_by_itself() -> None:
    two = TwoNodes(limits=Limits(flood_burst=3, flood_rate=0.1))
    eva = two.b.person("eva", address="10.0.0.7")
    ana = two.a.person("ana", address="10.0.0.9")
    bob = two.b.person("bob", address="10.0.0.9")
    eva.forgets()
    ana.says(*(f"a{number}" for number in range(9)))
    heard = eva.reads()
    assert "<ana> a0" in heard and "<ana> a8" not in heard
    bob.says("b0")
    eva.hears("<bob> b0")


def test_a_nick_that_a_nodes_own_options_name_is_kept_free_on_that_node_too() -> None:
    two = TwoNodes(operators=["root"])
    two.options["operators"] = ["root", "boss"]
    two.nodes["a"].stop()
    two.settle()
    two.kill("a")
    two.restart("a")
    two.a.passes(3)
    here, there = two.a.connect("10.0.0.8"), two.b.connect("10.0.0.9")
    here.forgets()
    there.forgets()
    here.says("boss")
    assert not [line for line in here.reads() if "Hello boss" in line]
    there.says("boss")
    assert [line for line in there.reads() if "Hello boss" in line]
