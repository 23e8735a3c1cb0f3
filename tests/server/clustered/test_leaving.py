"""Who says good-bye and comes in again at once, while the log has not heard of it yet."""

from __future__ import annotations

import pytest

from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Program

SLOW = Faults(delay=0.5)


@pytest.mark.parametrize("other", ["the same node", "the other node"])
def test_a_program_that_comes_again_before_it_has_gone_waits_for_that(other: str) -> None:
    two = TwoNodes(seed=2)  # by this chance the log hears the bye first
    ana, bot = two.b.person("ana"), two.a.program("bot")
    ana.forgets()
    two.engine.faults = SLOW
    bot.sends_objects({"type": "bye"})
    two.settle()
    again = Program(two.a if other == "the same node" else two.b, "bot", bot.secret)
    again.world.attach(again)
    again.hellos(resume=True)
    two.reactor.pass_by(5)
    kinds = [each["type"] for each in again.reads()]
    assert "welcome" in kinds, kinds
    again.sends_objects({"type": "say", "id": 9, "room": "huddle", "text": "here again"})
    two.reactor.pass_by(5)
    assert ana.reads() == ["-- bot left", "-- bot joined", "<bot> here again"]


def test_a_person_who_comes_back_by_the_word_before_having_gone_is_answered() -> None:
    two = TwoNodes()
    eva = two.a.person("eva")
    word = eva.word
    two.engine.faults = SLOW
    eva.says("/quit")
    back = two.a.connect()
    back.says(f"/back {word}")
    two.reactor.pass_by(5)
    heard = back.reads()
    assert any("opens nothing" in line or "Welcome" in line for line in heard), heard


@pytest.mark.parametrize("lost", ["still there", "lost before"])
@pytest.mark.parametrize("turn", [0, 2])
def test_a_program_comes_to_another_node_under_another_nick(turn: int, lost: str) -> None:
    """Its renaming was perhaps not heard of where it was."""
    two = TwoNodes()
    ana, bot = two.b.person("ana"), two.a.program("bot")
    if lost == "lost before":
        bot.cut()
    ana.forgets()
    again = Program(two.b, "robot", bot.secret)
    two.b.attach(again)
    again.hellos(resume=True, turn=turn)
    two.reactor.pass_by(2)
    assert [each["nick"] for each in again.reads() if each["type"] == "welcome"] == ["robot"]
    again.sends_objects({"type": "say", "id": 9, "room": "huddle", "text": "here again"})
    two.reactor.pass_by(2)
    assert ana.reads() == ["-- bot is now robot", "<robot> here again"]
    assert bot.closed


def test_a_nick_that_is_taken_keeps_nobody_s_session_from_its_next_connection() -> None:
    two = TwoNodes()
    two.b.person("ana")
    bot = two.a.program("bot")
    taken = Program(two.b, "ana", bot.secret)
    two.b.attach(taken)
    taken.hellos(resume=True, turn=2)
    two.reactor.pass_by(2)
    assert [each["code"] for each in taken.reads() if each["type"] == "error"] == ["nick-taken"]
    for turn, node in ((3, two.b), (4, two.a)):
        again = Program(node, "bot", bot.secret)
        node.attach(again)
        again.hellos(resume=True, turn=turn)
        two.reactor.pass_by(2)
        assert [each["nick"] for each in again.reads() if each["type"] == "welcome"] == ["bot"]


@pytest.mark.parametrize("turn", [0, 2])
def test_the_end_of_the_last_connection_is_not_that_of_the_next(turn: int) -> None:
    """Both are seen at once, and the log hears of the next one first."""
    two = TwoNodes()
    ana, bot = two.b.person("ana"), two.a.program("bot")
    ana.forgets()
    two.engine.faults = SLOW
    again = Program(two.a, "bot", bot.secret)
    two.a.attach(again)
    again.hellos(resume=True, turn=turn)
    two.settle()
    bot.wire.break_off()
    two.reactor.pass_by(5)
    assert "welcome" in [each["type"] for each in again.reads()]
    again.sends_objects({"type": "say", "id": 9, "room": "huddle", "text": "here again"})
    two.reactor.pass_by(5)
    assert ana.reads() == ["<bot> here again"]


def test_who_said_bye_where_it_was_no_more_stays_and_may_come_there_again() -> None:
    two = TwoNodes()
    bot = two.a.program("bot")
    two.engine.faults = SLOW
    moved = Program(two.b, "bot", bot.secret)
    two.b.attach(moved)
    moved.hellos(resume=True, turn=2)
    two.reactor.pass_by(0.2)
    bot.sends_objects({"type": "bye"})
    two.reactor.pass_by(5)
    assert "welcome" in [each["type"] for each in moved.reads()]
    back = Program(two.a, "bot", bot.secret)
    two.a.attach(back)
    back.hellos(resume=True, turn=3)
    two.reactor.pass_by(5)
    assert "welcome" in [each["type"] for each in back.reads()]


def test_who_leaves_a_node_that_is_cut_off_is_shown_on_coming_back_what_was_said_meanwhile() -> (
    None
):
    two = TwoNodes()
    bob, ana = two.b.person("bob"), two.a.person("ana")
    two.views["a"].cut_off = True
    for text in ("one", "two", "three"):
        bob.says(text)
        two.a.passes(1)
    two.a.passes(9)
    ana.says("/quit")
    two.a.passes(3)
    two.views["a"].cut_off = False
    two.a.passes(5)
    again = two.b.connect()
    again.says(f"/back ana {ana.word}")
    heard = [line.partition("> ")[2] for line in again.reads() if "<bob> " in line]
    assert heard == ["one", "two", "three"]


def test_who_has_left_a_node_that_was_cut_off_and_is_on_another_comes_in_there_again() -> None:
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.b.program("bot", turn=1)
    two.views["b"].cut_off = True
    two.a.passes(12)
    bot.sends_objects({"type": "bye"})
    two.settle()
    bot = bot.again(two.a, turn=2)
    two.views["b"].cut_off = False
    two.a.passes(5)
    bot = bot.again(two.b, turn=3)
    two.a.passes(1)
    ana.says("hello")
    assert [each.get("text") for each in bot.reads()][-1] == "hello"
