"""Who says what a room is about, and who says that it is about nothing, is told on both nodes."""

from __future__ import annotations

import pytest

from tests.two_nodes import TwoNodes


@pytest.mark.parametrize("speaks", ["a", "b"])
def test_who_empties_a_topic_is_named_on_both_nodes(speaks: str) -> None:
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.forgets()
    doer, other = (ana, bob) if speaks == "a" else (bob, ana)
    doer.says("/topic the news", "/topic -")
    told = other.reads()
    assert len(told) == 2
    nick = "ana" if speaks == "a" else "bob"
    assert all(nick in line for line in told)
    for person in (ana, bob):
        person.forgets()
        person.says("/topic")
        [answer] = person.reads()
        assert "ana" not in answer and "bob" not in answer


def test_who_may_not_speak_empties_no_topic() -> None:
    """It was asked for on a node that had not heard of the mute yet; there it is as it was, too."""
    two = TwoNodes()
    ana, bob = two.a.person("ana"), two.b.person("bob")
    ana.says("/join ops")
    bob.says("/join ops")
    ana.says("/topic the news")
    bob.forgets()
    two.views["b"].cut_off = True
    ana.says("/mute bob")
    bob.says("/topic -")
    two.views["b"].cut_off = False
    two.a.passes(3)
    for world in (two.a, two.b):
        assert world.factory.huddle.directory.row("ops").topic == "the news"
    assert any("muted" in line for line in bob.reads())
