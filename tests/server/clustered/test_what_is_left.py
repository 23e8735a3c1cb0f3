"""What is left of who has gone, on the node where they were and on that where they come again."""

from __future__ import annotations

import pytest

from tests.moderated_world import PASSWORD, done
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

OFF = '{"times": false}'


@pytest.mark.parametrize("shut", ["/key sesame", "/ban bob"])
def test_who_had_left_a_room_that_is_shut_by_now_has_missed_nothing_in_another(shut: str) -> None:
    """They were never in the one that they come to instead."""
    two = TwoNodes()
    host, bob, eva = (two.a.person(nick) for nick in ("host", "bob", "eva"))
    for person in (host, bob):
        person.says("/join ops")
    bob.says("/quit")
    two.a.passes(20)
    host.says(shut)
    eva.says("first", "second")
    two.a.passes(20)
    again = two.b.connect()
    again.says(f"/back bob {bob.word}")
    back = again.reads()
    assert back[-2:] == ["12:00 <eva> first", "12:00 <eva> second"]
    assert not [line for line in back if "missed" in line]


def test_who_is_sent_out_while_the_next_connection_comes_and_the_last_one_goes_leaves_nothing() -> (
    None
):
    two = TwoNodes(operators=["ana"], others={"ana": PASSWORD})
    ana, bot = two.b.program("ana", password=PASSWORD), two.a.program("bot")
    two.views["a"].behind = True
    again = Program(two.a, "robot", bot.secret)
    two.a.attach(again)
    again.hellos(resume=True, turn=2, after={"huddle": 0})
    two.settle()
    bot.sends_objects({"type": "bye"})
    two.settle()
    done(ana, "kick", room="huddle", nick="robot")
    two.views["a"].behind = False
    two.a.passes(3)
    assert bot.closed and [each.get("code") for each in bot.reads()] == ["kicked"]
    assert [each["type"] for each in again.reads()] == ["greeting", "welcome"]
    assert two.nodes["a"]._presence._byes == {}


def test_who_goes_on_on_another_node_has_nothing_more_to_be_kept_on_the_one_that_took_nothing() -> (
    None
):
    two = TwoNodes()
    ana = two.b.person("ana")
    two.views["b"].cut_off = True
    two.a.passes(12)
    ana.says("/times on")
    again = two.a.connect()
    again.says(f"/back {ana.word}", "/times off")
    two.views["b"].cut_off = False
    two.a.passes(10)
    assert ana.closed
    for node in two.nodes.values():
        assert not node._link.wishing
        assert [each.wishes for each in node.node.state.sessions.values()] == [OFF]


@pytest.mark.parametrize("world", ["a", "b"])
@pytest.mark.parametrize("lines", [(), ("hola",)], ids=["of which nothing is left", "that stays"])
def test_a_person_who_had_left_a_room_with_nobody_in_it_is_in_that_one_alone(
    lines: tuple[str, ...], world: str
) -> None:
    """Of one in which nothing was said nothing is kept: it is made anew."""
    two = TwoNodes()
    bob, eva = two.a.person("bob"), two.a.person("eva")
    eva.says("/join ops", *lines, "/quit")
    two.settle()
    back: Peer = getattr(two, world).connect()
    back.says(f"/back eva {eva.word}")
    hello = next(line for line in back.reads() if line.startswith("-- Hello"))
    assert hello.startswith("-- Hello eva. Nobody else is here.")
    bob.forgets()
    back.says("for ops", "/leave", "for all")
    assert [line for line in bob.reads() if line.startswith("<")] == ["<eva> for all"]
    for node in (two.a, two.b):
        assert [room.label for room in node.huddle.rooms] == ["huddle"]
