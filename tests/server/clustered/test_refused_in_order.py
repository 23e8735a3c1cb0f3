"""What a node has refused is said again in its order, or nothing behind it is said there."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred

from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program, World


def asked(kind: str, id: int) -> dict[str, object]:
    """Something that a program says, under this id."""
    if kind == "msg":
        return {"type": "msg", "id": id, "to": "ana", "text": f"m{id}"}
    return {"type": "say", "id": id, "room": "huddle", "text": f"s{id}"}


def outcomes(peer: Program) -> dict[int, str]:
    """What each id came to: ``ack``, or the code of an error."""
    answers = [each for each in peer.reads() if each["type"] in ("ack", "error")]
    return {each["id"]: each.get("code", each["type"]) for each in answers}


def refusing() -> tuple[TwoNodes, Peer, Program]:
    """Ana on one node, and a program on another that has lost the first and takes nothing."""
    two = TwoNodes()
    ana, bot = two.a.person("ana"), two.b.program("bot")
    ana.forgets()
    bot.reads()
    two.views["b"].cut_off = True
    two.a.passes(12)
    return two, ana, bot


def heals(two: TwoNodes) -> None:
    two.views["b"].cut_off = False
    two.a.passes(10)


def moves(two: TwoNodes, bot: Program, first: dict[str, object]) -> Program:
    """The program says this on a node that has lost the log, and comes in on the other one, before
    the first has the log again and refuses it."""
    two.views["b"].cut_off = True
    bot.sends_objects(first)
    two.b.passes(0.1)
    there = bot.again(two.a, turn=2)
    two.views["b"].cut_off = False
    two.a.passes(5)
    return there


@pytest.mark.parametrize("kinds", [("say", "say"), ("msg", "say"), ("say", "msg"), ("msg", "msg")])
def test_a_later_id_is_not_taken_before_the_one_that_was_refused(kinds: tuple[str, str]) -> None:
    two, ana, bot = refusing()
    first, second = asked(kinds[0], 1), asked(kinds[1], 2)
    bot.sends_objects(first)
    two.settle()
    assert outcomes(bot) == {1: "not-recorded"}
    heals(two)
    bot.sends_objects(second)
    two.settle()
    assert outcomes(bot) == {2: "not-recorded"}
    bot.sends_objects(first, second)
    two.settle()
    assert outcomes(bot) == {1: "ack", 2: "ack"}
    heard = [line.rpartition(" ")[2] for line in ana.reads() if line[0] in "<["]
    assert heard == [f"{kinds[0][0]}1", f"{kinds[1][0]}2"]


@pytest.mark.parametrize("early", [(2,), (3,), (2, 3), (3, 2), (4, 2, 3)])
def test_whatever_is_tried_before_it_is_refused_and_comes_behind_it(early: tuple[int, ...]) -> None:
    two, ana, bot = refusing()
    bot.sends_objects(*[asked("say", id) for id in (1, 2, 3)])
    two.settle()
    assert outcomes(bot) == dict.fromkeys((1, 2, 3), "not-recorded")
    heals(two)
    bot.sends_objects(*[asked("say", id) for id in early])
    two.settle()
    assert outcomes(bot) == dict.fromkeys(early, "not-recorded")
    bot.sends_objects(*[asked("say", id) for id in (1, 2, 3)])
    two.settle()
    assert outcomes(bot) == dict.fromkeys((1, 2, 3), "ack")
    heard = [line for line in ana.reads() if line.startswith("<bot>")]
    assert heard == ["<bot> s1", "<bot> s2", "<bot> s3"]


def test_so_it_is_on_one_machine_that_takes_nothing() -> None:
    world = World()
    ana, bot = world.person("ana"), world.program("bot")
    bot.reads()
    ana.forgets()
    world.factory.huddle.sequencer.refusals.everything = True
    bot.sends_objects(asked("say", 1))
    world.settle()
    world.factory.huddle.sequencer.refusals.everything = False
    bot.sends_objects(asked("say", 2), asked("say", 1), asked("say", 2))
    world.settle()
    assert [(each["id"], each["type"]) for each in bot.reads()] == [
        *((1, "error"), (2, "error")),
        *((1, "ack"), (2, "ack")),
    ]
    assert ana.reads() == ["<bot> s1", "<bot> s2"]


def test_who_comes_back_to_a_node_says_again_the_first_that_it_refused_meanwhile() -> None:
    """The second was on its way behind it, and would have passed it over."""
    two = TwoNodes()
    bot = two.b.program("bot")
    two.views["b"].cut_off = True
    first, second = ({"type": "say", "id": id, "text": f"line {id}"} for id in (1, 2))
    bot.sends_objects(first)
    two.b.passes(0.1)
    bot.sends_objects(second)
    two.b.passes(0.1)
    bot.again(two.a, turn=2)
    two.settle()
    newest = bot.again(two.b, turn=3)
    two.views["b"].cut_off = False
    two.a.passes(5)
    newest.sends_objects(first, second)
    two.a.passes(5)
    heard = newest.reads()
    assert [each["id"] for each in heard if each["type"] == "ack"] == [1, 2]
    assert not [each for each in heard if each["type"] == "error"]


@pytest.mark.parametrize("goes", ["at once", "is cut off first", "says bye first"])
def test_who_has_said_elsewhere_what_a_node_refused_is_heard_there_again(goes: str) -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    first, second = (asked("say", id) for id in (1, 2))
    there = moves(two, bot, first)
    there.sends_objects(first)
    two.settle()
    if goes == "is cut off first":
        there.cut()
    elif goes == "says bye first":
        there.sends_objects({"type": "bye"})
    two.a.passes(5)
    newest = there.again(two.b, turn=3)
    newest.sends_objects(second)
    two.settle()
    assert [each["id"] for each in newest.reads() if each["type"] == "ack"] == [1, 2]


def test_who_is_heard_there_again_waits_for_nothing_that_others_say_meanwhile() -> None:
    """The engine is slow with a line of theirs, which is on its way behind the program's coming."""
    two = TwoNodes()
    ana, bot = two.b.person("ana"), two.b.program("bot")
    first, second = (asked("say", id) for id in (1, 2))
    there = moves(two, bot, first)
    there.sends_objects(first)
    two.settle()
    assert outcomes(there) == {1: "ack"}
    two.views["b"].behind = True
    newest = there.again(two.b, turn=3)
    ana.says("this is late")
    two.engine.faults = Faults(delay=0.0, lost_requests=1.0)
    two.views["b"].behind = False
    two.settle()
    newest.sends_objects(second)
    two.settle()
    assert outcomes(newest) == {} and newest.welcome["last_id"] == 1
    two.engine.faults = Faults(delay=0.0)
    two.a.passes(5)
    assert outcomes(newest) == {2: "ack"}


def test_what_was_refused_and_is_said_nowhere_since_is_said_first() -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    first, second = (asked("say", id) for id in (1, 2))
    there = moves(two, bot, first)
    newest = there.again(two.b, turn=3)
    newest.sends_objects(first, second)
    two.settle()
    assert outcomes(newest) == {1: "ack", 2: "ack"}


class SlowToFind:
    """A program and another one on a node whose record is slow to find what was said before. What
    both have said there came into the log when they were on the other node, in one batch."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, last: bool, waits: bool) -> None:
        """``last``: the program has spoken behind the other one. ``waits``: what it has said waits
        when the node hears that it is on the other one, behind a line; else it is under way."""
        self.two = two = TwoNodes()
        self.found: Deferred[None] = Deferred()
        ana, other, bot = two.b.person("ana"), two.b.program("other"), two.b.program("bot")
        find = two.records["b"].find
        slow = lambda *of: self.found.addCallback(lambda _: find(*of))  # noqa: E731
        monkeypatch.setattr(two.records["b"], "find", slow)
        if not waits:
            ana.says("what they say is one batch", "as this is")
        two.views["b"].cut_off = True
        if waits:
            ana.says("what they say is one batch, behind this")
        for program in (other, bot) if last else (bot, other):
            program.sends_objects(asked("say", 1))
        two.b.passes(0.1)
        other.again(two.a, turn=2).sends_objects(asked("say", 1))
        self.there = bot.again(two.a, turn=2)
        two.views["b"].cut_off = False
        two.a.passes(5)

    def comes_back(self) -> Program:
        """The program comes back to that node, which does not know yet what it has refused."""
        self.two.settle()
        return self.there.again(self.two.b, turn=3)

    def finds(self) -> None:
        self.found.callback(None)


LAST = pytest.mark.parametrize("last", [False, True], ids=["in front", "behind"])
WAITS = pytest.mark.parametrize("waits", [False, True], ids=["under way", "waits"])


@LAST
@WAITS
def test_what_a_node_refuses_only_when_its_program_is_back_holds_up_nothing_either(
    last: bool, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was given to the log with something that the record is slow to find."""
    node = SlowToFind(monkeypatch, last=last, waits=waits)
    node.there.sends_objects(asked("say", 1))
    newest = node.comes_back()
    node.finds()
    node.two.settle()
    newest.sends_objects(asked("say", 2))
    node.two.settle()
    assert outcomes(newest) == {1: "ack", 2: "ack"}


@LAST
@WAITS
def test_nor_does_it_have_what_is_said_behind_it_pass_over_anything(
    last: bool, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program says two more without waiting for what becomes of them; the node learns between
    the two that it has refused the first, which was said on the other node since."""
    node = SlowToFind(monkeypatch, last=last, waits=waits)
    node.there.sends_objects(asked("say", 1))
    newest = node.comes_back()
    newest.sends_objects(asked("say", 2))
    node.two.settle()
    node.finds()
    node.two.settle()
    newest.sends_objects(asked("say", 3))
    node.two.settle()
    told = outcomes(newest)
    newest.sends_objects(*[asked("say", id) for id in (2, 3) if told.get(id) != "ack"])
    node.two.settle()
    assert {**told, **outcomes(newest)} == dict.fromkeys((1, 2, 3), "ack")


@LAST
@WAITS
@pytest.mark.parametrize("goes", ["in vain", "over", "nowhere"])
def test_so_it_is_where_the_line_was_said_nowhere_since(
    goes: str, last: bool, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was answered on the other node, be it in vain; or the program has left there meanwhile."""
    node = SlowToFind(monkeypatch, last=last, waits=waits)
    room, ids = "huddle", [1, 2, 3]
    if goes == "in vain":
        room, ids = "ops", [2, 3]
        node.there.sends_objects({"type": "join", "room": "ops"})
        node.there.sends_objects({"type": "leave", "room": "huddle"}, asked("say", 1))
        node.two.settle()
        assert outcomes(node.there) == {1: "no-such-room"}
    elif goes == "over":
        node.there.sends_objects({"type": "bye"})
        node.two.settle()
    newest = node.comes_back()
    newest.reads()
    lines = {id: {**asked("say", id), "room": room} for id in ids}
    newest.sends_objects(*[lines[id] for id in ids[:-1]])
    node.two.settle()
    node.finds()
    node.two.settle()
    newest.sends_objects(lines[3])
    node.two.settle()
    assert outcomes(newest) == dict.fromkeys(ids, "ack")


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("later", [False, True])
def test_of_two_batches_the_second_is_not_taken_where_the_first_came_when_they_were_elsewhere(
    over: bool, later: bool
) -> None:
    """When the first comes the program is on another node, or is over; and away for the second,
    which waits in the node's proposals, or, where it was said ``later``, in its house."""
    two = TwoNodes()
    bot = two.b.program("bot")
    first, second = (asked("say", id) for id in (1, 2))
    two.views["b"].cut_off = two.views["b"].behind = True
    for said in ((first,), (second,)) if later else ((first, second),):
        bot.sends_objects(*said)
        two.b.passes(0.1)
    there = bot.again(two.a, turn=2)
    if over:
        there.sends_objects({"type": "bye"})
        two.settle()
    two.views["b"].cut_off = False
    two.a.passes(2)
    if over:
        there = there.again(two.a, turn=3)
    there.cut()
    two.a.passes(1)
    two.views["b"].behind = False
    two.settle()
    newest = there.again(two.b, turn=4)
    newest.reads()
    newest.sends_objects(first, second)
    two.a.passes(2)
    assert outcomes(newest) == {1: "ack", 2: "ack"}


def test_of_a_line_whose_session_was_over_when_it_came_nothing_is_kept() -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    two.views["b"].cut_off = two.views["b"].behind = True
    bot.sends_objects(asked("say", 1))
    two.b.passes(0.1)
    bot.again(two.a, turn=2).sends_objects({"type": "bye"})
    two.settle()
    two.views["b"].cut_off = False
    two.a.passes(2)
    two.views["b"].behind = False
    two.settle()
    assert not two.b.factory.huddle.sequencer.refusals.after


def test_what_a_node_refused_and_another_answered_in_vain_holds_up_nothing() -> None:
    two = TwoNodes()
    bot = two.b.program("bot")
    first = {"type": "say", "id": 1, "room": "ops", "text": "s1"}
    bot.sends_objects({"type": "join", "room": "ops"})
    two.settle()
    two.views["b"].cut_off = True
    two.a.passes(12)
    bot.reads()
    bot.sends_objects(first)
    two.settle()
    assert outcomes(bot) == {1: "not-recorded"}
    there = bot.again(two.a, turn=2)
    two.views["b"].cut_off = False
    two.a.passes(10)
    there.sends_objects({"type": "leave", "room": "ops", "id": 9}, first)
    two.settle()
    assert outcomes(there) == {1: "no-such-room"}
    newest = there.again(two.b, turn=3)
    newest.sends_objects(asked("say", 2))
    two.settle()
    assert outcomes(newest) == {2: "ack"}
