"""In a slow room a new nick is as a text, on whichever node each of them is."""

from __future__ import annotations

from tests.moderated_world import FREELY, PASSWORD, done
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program, World

PAUSE = 60


def slow_room() -> tuple[TwoNodes, Program, Peer]:
    two = TwoNodes(operators=["ana"], others={"ana": PASSWORD}, limits=FREELY)
    ana = two.a.program("ana", password=PASSWORD)
    done(ana, "slow", seconds=PAUSE)
    return two, ana, two.a.person("bob")


def comes_to(node: World, bob: Peer, nick: str) -> Peer:
    again = node.connect()
    again.says(f"/back {nick} {bob.word}")
    assert any("Hello" in line for line in again.reads())
    return again


def is_told(ana: Program) -> bool:
    """Whether anything that was said, or that somebody is called otherwise, was told since."""
    return any(each["type"] in ("said", "renamed") for each in ana.reads())


def test_who_spoke_on_one_node_takes_no_other_nick_on_the_next() -> None:
    two, ana, bob = slow_room()
    bob.says("hola")
    again = comes_to(two.b, bob, "bob")
    ana.forgets()
    again.says("/nick op.is.a.liar")
    assert not is_told(ana)
    two.a.passes(PAUSE)
    again.says("/nick bobby")
    assert is_told(ana)


def test_who_took_another_nick_on_one_node_does_not_speak_on_the_next() -> None:
    two, ana, bob = slow_room()
    bob.says("/nick bobby")
    again = comes_to(two.b, bob, "bobby")
    ana.forgets()
    again.says("hola")
    assert not is_told(ana)
    two.a.passes(PAUSE)
    again.says("hola")
    assert is_told(ana)


def test_who_comes_to_a_node_without_having_spoken_may_do_either() -> None:
    for text in ("hola", "/nick bobby"):
        two, ana, bob = slow_room()
        again = comes_to(two.b, bob, "bob")
        ana.forgets()
        again.says(text)
        assert is_told(ana)


def test_who_comes_by_another_nick_before_they_may_have_one_is_still_where_they_spoke() -> None:
    two, _, _ = slow_room()
    eva = two.a.program("eva")
    eva.says("hola")

    def comes() -> Program:
        again = Program(two.b, "eve", eva.secret)
        two.b.attach(again)
        again.enters(resume=True)
        return again

    heard = comes().reads()
    assert [each["code"] for each in heard if each["type"] == "error"] == ["too-fast"]
    assert not eva.closed
    two.a.passes(PAUSE)
    assert comes().welcome["nick"] == "eve" and eva.closed
