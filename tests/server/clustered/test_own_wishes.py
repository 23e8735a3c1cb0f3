"""Whom one ignores, and how one wishes things shown: what is told is so on every node."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from huddle.cluster.nodes import proposals
from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Program

NOT_KEPT = "-- This cannot be recorded now; when you come back it may be as before."

IGNORE = {"type": "ignore", "id": 7, "nick": "bob", "on": True}


def ignored(two: TwoNodes, nick: str) -> list[int]:
    """How many people the one of that nick ignores, as each node's state has it."""
    states = [each.node.state for each in two.nodes.values()]
    return [
        len(each.ignores)
        for state in states
        for each in state.sessions.values()
        if each.nick[0] == nick
    ]


def wishes(two: TwoNodes, nick: str) -> list[str]:
    """How the one of that nick wishes things shown, as each node's state has it."""
    states = [each.node.state for each in two.nodes.values()]
    return [
        each.wishes for state in states for each in state.sessions.values() if each.nick[0] == nick
    ]


def answers(peer: Program) -> list[str]:
    """What was answered: the type of it, or the code of an error."""
    return [each.get("code", each["type"]) for each in peer.reads() if each.get("id") == 7]


def test_who_is_sent_out_in_that_instant_is_not_told_that_somebody_is_ignored() -> None:
    two = TwoNodes()
    two.a.person("bob")
    bot = two.b.program("bot")
    two.views["b"].cut_off = True
    bot.sends_objects(IGNORE)
    bot.again(two.a, turn=2).sends_objects({"type": "bye"})
    two.a.passes(1)
    two.views["b"].cut_off = False
    two.a.passes(5)
    assert "reply" not in answers(bot) and ignored(two, "bot") == [0, 0]


def test_a_node_that_takes_nothing_refuses_it() -> None:
    two = TwoNodes()
    two.a.person("bob")
    bot = two.b.program("bot")
    two.views["b"].cut_off = True
    two.a.passes(12)
    bot.sends_objects(IGNORE)
    two.settle()
    assert answers(bot) == ["not-recorded"]
    bot.sends_objects({"type": "ignore", "id": 8})
    two.settle()
    assert [each["ignoring"] for each in bot.reads() if each.get("id") == 8] == [[]]


def test_what_is_asked_for_between_two_lives_of_a_node_is_kept() -> None:
    two = TwoNodes()
    two.a.person("bob")
    bot = two.b.program("bot")
    two.views["b"].cut_off = True
    two.a.passes(7)
    two.engine.faults = Faults(delay=0.0, lost_requests=1.0)
    two.views["b"].cut_off = False
    two.settle()
    bot.sends_objects(IGNORE)
    two.settle()
    assert answers(bot) == []
    two.engine.faults = Faults(delay=0.0)
    two.a.passes(5)
    assert answers(bot) == ["reply"] and ignored(two, "bot") == [1, 1]


def test_a_wish_holds_on_a_node_that_takes_nothing_and_is_kept_when_it_does() -> None:
    two = TwoNodes()
    bob, ana = two.a.person("bob"), two.b.person("ana")
    two.views["b"].cut_off = True
    two.a.passes(12)
    ana.forgets()
    ana.says("/times on")
    assert ana.reads() == ["-- every line shows its time", NOT_KEPT]
    two.views["b"].cut_off = False
    two.a.passes(10)
    ana.cut()
    two.a.passes(1)
    again = two.a.connect()
    again.says(f"/back {ana.word}")
    again.forgets()
    bob.says("hello")
    assert again.reads() == ["12:00 <bob> hello"]


def test_a_wish_of_who_leaves_such_a_node_is_kept_though_their_hold_is_over_by_then() -> None:
    two = TwoNodes()
    bob, ana = two.a.person("bob"), two.b.person("ana")
    two.views["b"].cut_off = True
    two.a.passes(12)
    ana.says("/times on", "/quit")
    two.a.passes(200)
    two.views["b"].cut_off = False
    two.a.passes(10)
    again = two.a.connect()
    again.says(f"/back {ana.word}")
    again.forgets()
    bob.says("hello")
    assert again.reads() == ["12:03 <bob> hello"]


@pytest.mark.parametrize("how", ["is cut", "leaves"])
def test_a_wish_told_by_a_node_that_takes_nothing_is_kept_where_its_person_goes_before_it_does(
    how: str,
) -> None:
    two = TwoNodes()
    bob, ana = two.a.person("bob"), two.b.person("ana")
    two.nodes["b"].note_skew(5.0)
    ana.forgets()
    ana.says("/times on")
    assert ana.reads() == ["-- every line shows its time", NOT_KEPT]
    ana.cut() if how == "is cut" else ana.says("/quit")
    two.a.passes(1)
    two.nodes["b"].note_skew(0.0)
    two.a.passes(1)
    again = two.a.connect()
    again.says(f"/back ana {ana.word}")
    again.forgets()
    bob.says("hello")
    assert again.reads() == ["12:00 <bob> hello"]


def test_a_wish_is_kept_though_its_node_is_put_down_and_its_person_gone() -> None:
    two = TwoNodes()
    bob, ana = two.a.person("bob"), two.b.person("ana")
    two.views["b"].cut_off = True
    two.a.passes(12)
    ana.says("/times on")
    ana.cut()
    two.a.passes(1)
    assert list(two.nodes["a"].node.state.gone) == ["b"]
    two.views["b"].cut_off = False
    two.a.passes(5)
    again = two.a.connect()
    again.says(f"/back ana {ana.word}")
    again.forgets()
    bob.says("hello")
    assert again.reads() == ["12:00 <bob> hello"]


def test_a_wish_told_by_a_node_that_takes_nothing_is_kept_before_it_is_killed() -> None:
    two = TwoNodes()
    bob, ana = two.a.person("bob"), two.b.person("ana")
    two.nodes["b"].note_skew(5.0)
    ana.says("/times on")
    two.nodes["b"].note_skew(0.0)
    two.a.passes(1)
    two.kill("b")
    two.a.passes(8)
    again = two.a.connect()
    again.says(f"/back ana {ana.word}")
    again.forgets()
    bob.says("hello")
    assert again.reads() == ["12:00 <bob> hello"]


def test_the_last_wish_of_several_is_the_one_that_is_kept() -> None:
    two = TwoNodes()
    ana = two.b.person("ana")
    two.nodes["b"].note_skew(5.0)
    for wish in ("/times on", "/lang es", "/times off"):
        ana.says(wish)
    two.nodes["b"].note_skew(0.0)
    two.a.passes(1)
    assert wishes(two, "ana") == ['{"language": "es", "times": false}'] * 2


def test_a_wish_is_kept_by_the_next_life_of_a_node_that_was_put_down() -> None:
    """Its node is level before it has taken back all of those who waited for it."""
    two = TwoNodes()
    ana = two.b.person("ana")
    two.views["b"].cut_off = True
    two.a.passes(12)
    ana.says("/times on")
    two.views["b"].cut_off = False
    with patch.object(proposals, "MOST_ENTRIES", 1):
        two.a.passes(5)
    assert wishes(two, "ana") == ['{"times": true}'] * 2


def test_who_is_told_a_wish_that_is_kept_is_told_no_more() -> None:
    two = TwoNodes()
    ana = two.b.person("ana")
    ana.forgets()
    ana.says("/times on")
    assert ana.reads() == ["-- every line shows its time"]
