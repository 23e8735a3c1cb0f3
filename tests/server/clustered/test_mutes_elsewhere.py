"""A mute that waits for the next guest, and one that was inherited, on two nodes."""

from __future__ import annotations

import pytest

from tests.moderated_world import FREELY, PASSWORD, done
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

MUTED = "-- Not said: you are muted here"


def in_class() -> tuple[TwoNodes, Program, Peer]:
    """A class behind one address, and bob of it on the node ``a``, whom ana has muted."""
    two = TwoNodes(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY)
    ana = two.a.program("ana", password=PASSWORD)
    bob, _ = two.a.person("bob"), two.b.person("eva")
    done(ana, "mute", nick="bob")
    return two, ana, bob


def is_muted(peer: Peer) -> bool:
    peer.forgets()
    peer.says("hola")
    heard = peer.reads()
    return bool(heard) and heard[-1].startswith(MUTED)


@pytest.mark.parametrize("goes", ["/quit", "cut"])
def test_who_comes_in_on_another_node_has_the_mute_and_nobody_else_there_or_here(goes: str) -> None:
    two, _, bob = in_class()
    bob.says(goes) if goes == "/quit" else bob.cut()
    assert is_muted(two.b.person("heir"))
    assert not is_muted(two.b.person("other")) and not is_muted(two.a.person("third"))


def test_who_goes_on_on_another_node_has_it_there_and_leaves_it_to_nobody() -> None:
    two, _, bob = in_class()
    back = two.b.connect()
    back.says(f"/back {bob.word}")
    assert bob.closed and is_muted(back)
    assert not is_muted(two.a.person("third")) and not is_muted(two.b.person("fourth"))


def test_what_was_inherited_on_one_node_holds_on_the_other_and_after_a_start_anew() -> None:
    two, ana, bob = in_class()
    bob.says("/quit")
    heir = two.a.connect()
    heir.says("heir")
    word = next(line for line in heir.reads() if "return word" in line).rpartition(" ")[2]
    two.kill("a")
    two.a.passes(10)
    again = two.b.connect()
    again.says(f"/back heir {word}")
    assert is_muted(again)
    two.restart("a")
    ana = ana.again(two.a)
    done(ana, "unmute", nick="heir")
    assert not is_muted(again)


def test_what_waits_is_let_go_with_the_mute_itself() -> None:
    two, ana, bob = in_class()
    bob.says("/quit")
    back = two.b.person("bob")
    assert is_muted(back)
    done(ana, "unmute", nick="bob")
    assert not is_muted(back) and not is_muted(two.b.person("other"))
    for node in (two.a, two.b):
        assert not node.huddle.directory.restrictions.in_room("huddle")
