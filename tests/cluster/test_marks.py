"""Nodes that differ find it out: the chain, marks, and who halts."""

from __future__ import annotations

import pytest

from huddle.cluster import apply as applying
from huddle.cluster.apply import MARK_EVERY
from huddle.cluster.effects import Cause, LifeDown, Passed, Placed, Refused, Split
from huddle.cluster.entries import Beat, Down, Entry, Lose, Mark, Say, Up
from huddle.cluster.rules.node_membership import VOTES
from tests.cluster.written_log import House, Node, told

FORGED = "00" * 32


def beats(node: Node, count: int) -> None:
    for _ in range(count):
        node.does(Beat())


class Compared(House):
    """Three nodes, of which each is to tell its chain at one position."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = self.node("a"), self.node("b"), self.node("c")
        beats(self.a, MARK_EVERY)
        at, chain = self.state.due
        self.mine, self.other = Mark(at, chain), Mark(at, FORGED)


def test_a_mark_is_due_at_the_same_position_on_all_nodes() -> None:
    house = Compared()
    assert house.replayed().due == house.state.due != (0, "")


def test_nodes_that_agree_go_on() -> None:
    house = Compared()
    for node in (house.a, house.b, house.c):
        assert not node.does(house.mine).effects


def test_the_one_that_differs_is_put_down_by_what_all_have_read() -> None:
    """Each deciding for itself, the two that agree would go on with the third, whose members are
    told another conversation."""
    house = Compared()
    house.a.does(house.mine)
    assert not house.b.does(house.other).effects
    applied = house.c.does(house.mine)
    assert told(applied, LifeDown) == [LifeDown(house.b.life, "b", Cause.OUTVOTED)]
    assert house.b.does(Beat()).passed is Passed.NOT_UP


def test_one_that_tells_it_late_is_put_down_as_well() -> None:
    house = Compared()
    house.a.does(house.mine)
    house.c.does(house.mine)
    applied = house.b.does(house.other)
    assert told(applied, LifeDown) == [LifeDown(house.b.life, "b", Cause.OUTVOTED)]


def test_without_a_strict_majority_none_is_right_and_nothing_is_written_any_more() -> None:
    """Two against two, or one against one: by the lower name, or by who came first, half of the
    houses in the world would go on with what a broken disk has made of their record."""
    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    beats(a, MARK_EVERY)
    at, chain = house.state.due
    a.does(Mark(at, chain))
    assert told(b.does(Mark(at, FORGED)), Split) == [Split(at)]
    assert a.asks(Say(ana, 1, "hola", "huddle")) == Refused("not-recorded")
    assert not isinstance(a.asks(Beat()), Refused)


class Differing(House):
    """Two nodes that differ, of which neither has a majority."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = self.node("a"), self.node("b")
        self.ana = self.a.begins("ana")
        beats(self.a, MARK_EVERY)
        self.at, self.chain = self.state.due
        self.a.does(Mark(self.at, self.chain))
        self.b.does(Mark(self.at, FORGED))
        assert self.state.read_only

    def takes(self, node: Node) -> bool:
        assert self.replayed().read_only == self.state.read_only
        return node.asks(Say(self.ana, 0, "hola", "huddle")) != Refused("not-recorded")


def test_the_house_goes_on_with_the_other_when_one_of_two_that_differ_is_stopped() -> None:
    """Read-only for ever, it could only be begun anew."""
    for last_word in ("its own", "the other's"):
        house = Differing()
        stopped = Down(house.b.life, house.b.n)
        (house.b if last_word == "its own" else house.a).does(stopped)
        assert house.takes(house.a)
        beats(house.a, MARK_EVERY)
        assert house.takes(house.a)


def test_one_that_comes_back_with_what_the_house_has_given_up_is_put_down_alone() -> None:
    """One against one, the house would be read-only again, and by each start of that node."""
    house = Differing()
    house.b.does(Down(house.b.life, 0))
    again = house.node("b")
    applied = again.does(Mark(house.at, FORGED))
    assert told(applied, LifeDown) == [LifeDown(again.life, "b", Cause.OUTVOTED)]
    assert house.takes(house.a)


def test_one_that_has_come_to_the_same_by_reading_the_log_again_ends_the_trouble() -> None:
    house = Differing()
    house.node("b")
    assert not house.takes(house.a)  # which of the two has started anew, no one knows
    [again] = [life for life, each in house.state.lives.items() if each.node == "b"]
    healed = Node(house, "b")
    healed.life, healed.n = again, 1
    healed.does(Mark(house.at, house.chain))
    assert house.takes(house.a)


def test_two_against_two_are_read_only_until_one_of_them_is_stopped() -> None:
    house = House()
    nodes = [house.node(name) for name in "abcd"]
    beats(nodes[0], MARK_EVERY)
    at, chain = house.state.due
    for node, own in zip(nodes, (chain, chain, FORGED, FORGED), strict=True):
        node.does(Mark(at, own))
    assert house.state.read_only
    applied = nodes[3].does(Down(nodes[3].life, 0))
    assert [each.node for each in told(applied, LifeDown)] == ["d", "c"]
    assert not house.state.read_only


def test_what_a_house_of_one_stands_by_is_not_put_in_doubt_by_who_comes() -> None:
    house = House()
    a = house.node("a")
    beats(a, MARK_EVERY)
    at, chain = house.state.due
    a.does(Mark(at, chain))
    b = house.node("b")
    assert told(b.does(Mark(at, FORGED)), LifeDown)[0].cause == Cause.OUTVOTED
    assert not house.state.read_only
    assert not told(house.node("c").does(Mark(at, chain)), LifeDown)


def test_a_majority_is_one_of_all_that_are_up_and_not_of_those_that_have_spoken() -> None:
    """Of five, one forged hash and one right one have come: neither may put the other down."""
    house = Compared()
    house.node("d")
    house.node("e")
    assert not house.a.does(house.mine).effects
    assert not house.b.does(house.other).effects
    assert not house.c.does(house.mine).effects
    assert told(Node(house, "f").does(Up({})), LifeDown) == []


def test_two_marks_of_one_node_for_one_position_are_one() -> None:
    house = Compared()
    house.a.does(house.mine)
    house.a.does(house.other)
    house.b.does(house.mine)
    assert house.state.votes[house.mine.at] == {
        house.a.life: house.mine.chain,
        house.b.life: house.mine.chain,
    }


def test_a_mark_of_what_is_to_come_is_none() -> None:
    house = Compared()
    house.a.does(Mark(10**9, FORGED))
    assert list(house.state.votes) == []


def test_the_log_is_let_go_of_behind_the_slowest_node() -> None:
    """Not behind what it has applied, but behind what it has on its disk: it may be killed."""
    house = Compared()
    at, chain = house.mine.at, house.mine.chain
    house.a.does(Mark(at, chain, kept=at - 5))
    house.b.does(Mark(at, chain, kept=at - 9))
    assert house.state.settled() == 0
    house.a.does(Down(house.c.life, house.c.n))
    assert house.state.settled() == at - 9


def chain_after(*entries: Entry) -> str:
    house = House()
    a = house.node("a")
    a.begins("ana")
    a.does(*entries)
    return house.state.chain


def test_nobody_says_that_they_need_less_of_the_log_than_up_to_their_mark() -> None:
    house = Compared()
    life = house.state.lives[house.a.life]
    at, chain = house.mine.at, house.mine.chain
    for kept, stands in ((at - 9, at - 9), (at + 999, at), (at - 20, at)):
        house.a.does(Mark(at, chain, kept))
        assert life.kept == stands


def test_so_many_marks_are_remembered_for_who_tells_theirs_late() -> None:
    house = Compared()
    for at in range(1, 9):
        house.a.does(Mark(at, FORGED))
        assert max(house.state.votes) == at and len(house.state.votes) == min(at, VOTES)


def test_the_chain_is_another_where_anything_that_is_told_is_another() -> None:
    said = Say(1, 1, "hola", "huddle")
    chains = [
        chain_after(said),
        chain_after(Say(1, 2, "hola", "huddle")),
        chain_after(Say(1, 1, "Hola", "huddle")),
        chain_after(Say(1, 1, "hola", "huddle", kind="me")),
        chain_after(Say(1, 1, "hola", "huddle"), Beat()),
        chain_after(Say(1, 1, "hola", "nowhere")),
    ]
    assert len(set(chains)) == len(chains)
    assert chain_after(said) == chains[0]


def test_who_has_read_what_is_not_in_the_chain() -> None:
    assert chain_after(Lose(1, {"huddle": 1})) == chain_after(Lose(1, {"huddle": 2}))


def test_a_rule_that_goes_wrong_on_one_node_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node whose memory has a fault gives a message another number, and never notices."""
    house = Compared()
    ana = house.a.begins("ana")
    with monkeypatch.context() as faulty:
        wrong = applying.RULES | {Say: lambda context, entry: Placed("huddle", 2)}
        faulty.setattr(applying, "RULES", wrong)
        house.a.does(Say(ana, 1, "hola", "huddle"))
    assert house.state.chain != house.replayed().chain
