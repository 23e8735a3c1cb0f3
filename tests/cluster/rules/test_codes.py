"""By the operators' code of one life one person is put in charge, whatever stands in the log."""

from __future__ import annotations

from huddle.cluster.effects import Done, Refused
from huddle.cluster.entries import Act, Appoint, Leave, Own, Register, Upgrade
from huddle.cluster.naming import keyed
from huddle.cluster.rules.codes import FROM_RULES, GOOD_MS, is_good
from huddle.cluster.snapshot import digest, dump, load
from tests.cluster.written_log import House

ACT = Act("operator", "ana")
WRONG = Refused("wrong-code")


class Coded(House):
    """Two nodes, with a person on each; both know the codes."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = self.node("a", FROM_RULES), self.node("b", FROM_RULES)
        self.a.asks(Upgrade(FROM_RULES))
        self.ana, self.bob = self.a.begins("ana"), self.b.begins("bob")

    def in_charge(self) -> list[int]:
        return [each.number for each in self.state.sessions.values() if each.in_charge]


def test_of_two_who_type_two_codes_at_once_the_first_is_in_charge() -> None:
    """Each node has heard nothing of the other's: both would take theirs."""
    house = Coded()
    late = house.b.writes(Own(house.bob, in_charge=True, audit=ACT, code=house.b.life))
    assert house.a.asks(Own(house.ana, in_charge=True, code=house.a.life)) == Done()
    applied = house.lands(late)
    assert (applied.outcomes, applied.effects) == ([WRONG], [])
    assert house.in_charge() == [house.ana]


def test_the_same_of_an_account_that_is_made_an_operator() -> None:
    house = Coded()
    for node, session, nick in ((house.a, house.ana, "ana"), (house.b, house.bob, "bob")):
        node.asks(Register(keyed(nick), "hash", session, own=True))
    late = house.b.writes(Appoint(2, operator=True, by=0, code=house.a.life))
    assert house.a.asks(Appoint(1, operator=True, by=0, code=house.a.life)) == Done()
    assert house.lands(late).outcomes == [WRONG]
    assert [each.operator for each in house.state.accounts.values()] == [True, False]


def test_one_that_is_used_up_is_so_for_a_node_that_is_started_again() -> None:
    """Who was in charge has left; the node that starts has nothing but the log, or a snapshot."""
    house = Coded()
    house.a.does(Own(house.ana, in_charge=True, code=house.b.life), Leave(house.ana))
    again = house.node("a", FROM_RULES)
    eva = again.begins("eva")
    state = load(dump(house.state))
    assert digest(state) == digest(house.replayed()) == digest(house.state)
    assert not is_good(state, house.b.life, state.time)
    assert again.asks(Own(eva, in_charge=True, code=house.b.life)) == WRONG
    assert again.asks(Own(eva, in_charge=True, code=house.a.life)) == WRONG
    assert again.asks(Own(eva, in_charge=True, code=again.life)) == Done()  # it shows another


def test_it_is_good_for_an_hour_and_of_a_node_that_is_up() -> None:
    house = Coded()
    house.now += GOOD_MS
    assert house.a.asks(Own(house.ana, in_charge=True, code=house.a.life)) == WRONG
    assert house.a.asks(Own(house.ana, in_charge=True)) == WRONG
    again = house.node("b", FROM_RULES)
    assert house.a.asks(Own(house.ana, in_charge=True, code=house.b.life)) == WRONG
    assert house.a.asks(Own(house.ana, in_charge=True, code=again.life)) == Done()


def test_as_long_as_one_node_does_not_know_it_the_log_takes_what_each_node_took() -> None:
    house = House()
    new, old = house.node("a", FROM_RULES), house.node("b")
    ana, bob = new.begins("ana"), old.begins("bob")
    late = old.writes(Own(bob, in_charge=True))
    assert new.asks(Own(ana, in_charge=True, code=new.life)) == Done()
    assert house.lands(late).outcomes == [Done()]
    assert not any(each.spent for each in house.state.lives.values())
