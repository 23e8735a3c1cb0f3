"""One address has one share of the whole house, whichever nodes it goes through."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.effects import Gone, Opened, Refused
from huddle.cluster.entries import Attach, Begin, Down, Leave, Lose, Retain, Seat, Upgrade
from huddle.cluster.naming import keyed
from huddle.cluster.rows import session_row
from huddle.cluster.rules import names, shares
from huddle.cluster.rules.shares import DAY_MS, FROM_RULES
from huddle.cluster.snapshot import digest, dump, load
from huddle.cluster.state import Session
from huddle.people.identity import site
from tests.cluster.test_apply import steps_of
from tests.cluster.written_log import HUDDLE, House, Node, told

HERE = "10.0.0.1"
THERE = "192.0.2.1"


class Shared(House):
    """A house of two nodes, both of which know the shares, with short ones."""

    def __init__(self, **limits: Any) -> None:
        super().__init__(**{"held_each": 2, "left_each": 2, "sessions": 50, **limits})
        self.a, self.b = self.node("a", FROM_RULES), self.node("b", FROM_RULES)
        self.a.asks(Upgrade(FROM_RULES))

    def here(self) -> list[str]:
        """The nicks of those who are here or held."""
        return [each.nick[0] for each in self.state.sessions.values() if each.here]

    def checked(self) -> None:
        """A node that starts from a snapshot, or reads all, counts as those do who were there."""
        again = load(dump(self.state))
        assert (again, digest(again)) == (self.state, digest(self.state))
        assert self.replayed() == self.state


def comes(node: Node, nick: str, address: str) -> int:
    node.house.now += 1
    return node.begins(nick, address=address, site=site(address))


def lost(node: Node, *nicks: str, address: str) -> list[Any]:
    """These come in by that node, and each loses the connection; returns who has gone for it."""
    gone = []
    for nick in nicks:
        number = comes(node, nick, address)
        node.house.now += 1
        gone += told(node.does(Lose(number)), Gone)
    return gone


def test_an_address_has_one_share_on_all_nodes_and_then_its_oldest_has_left() -> None:
    house = Shared()
    lost(house.a, "ana", address=THERE)
    assert not lost(house.a, "a", address=HERE) + lost(house.b, "b", address=HERE)
    assert lost(house.a, "c", address=HERE) == [Gone(2)]
    assert lost(house.b, "d", address=HERE) == [Gone(3)]
    assert house.here() == ["ana", "c", "d"]
    house.checked()


def test_an_ipv6_48_has_three_shares() -> None:
    house = Shared(held_each=1)
    for number in range(5):
        node = (house.a, house.b)[number % 2]
        lost(node, f"n{number}", address=f"2001:db8:1:{number}::/64")
    assert house.here() == ["n2", "n3", "n4"]
    house.checked()


@pytest.mark.parametrize(
    ("host", "address", "left"),
    [("040a000001", HERE, "ac"), ("04c0000201", THERE, "abc")],
    ids=["from the same address: the newest there", "from elsewhere: one of those there"],
)
def test_who_comes_back_and_is_lost_again_counts_where_they_were_last(
    host: str, address: str, left: str
) -> None:
    house = Shared()
    lost(house.a, "a", "b", address=HERE)
    house.now += 1
    house.b.does(Attach(1, host=host, address=address), Lose(1))
    lost(house.a, "c", address=HERE)
    assert house.here() == list(left)
    house.checked()


def test_those_of_a_node_that_dies_are_all_held_and_counted() -> None:
    house = Shared()
    for nick in "abc":
        comes(house.b, nick, HERE)
    comes(house.b, "ana", THERE)
    house.a.does(Down(house.b.life, house.b.n))
    assert house.here() == ["a", "b", "c", "ana"]
    lost(house.a, "d", address=HERE)
    assert house.here() == ["b", "c", "ana", "d"]
    house.checked()


def test_without_a_share_all_are_held() -> None:
    house = Shared(held_each=0)
    lost(house.a, *"abcdef", address=HERE)
    assert house.here() == list("abcdef")


def test_a_node_that_starts_from_a_snapshot_ends_the_same_holds() -> None:
    house = Shared()
    lost(house.b, "b", address=HERE)
    lost(house.a, "a", address=HERE)
    other = load(dump(house.state))
    lost(house.a, *"cde", address=HERE)
    for position, batch in house.log:
        if position > other.position:
            apply(other, position, batch)
    assert (digest(other), other.chain) == (digest(house.state), house.state.chain)


# -- a full house ------------------------------------------------------------------------------


def test_in_a_full_house_the_place_with_most_makes_room() -> None:
    house = Shared(sessions=4, held_each=10)
    lost(house.a, "ana", address=THERE)
    lost(house.b, *"abc", address=HERE)
    comes(house.a, "eva", "198.51.100.1")
    assert house.here() == ["ana", "b", "c", "eva"]
    house.checked()


def test_a_house_that_is_full_of_people_is_full_and_who_is_refused_ends_no_hold() -> None:
    house = Shared(sessions=3)
    comes(house.a, "ana", HERE)
    lost(house.a, *"ab", address=HERE)
    taken = Begin(keyed("ana"), (HUDDLE,), address=THERE)
    assert house.b.asks(taken) == Refused("nick-taken", ("ana",))
    assert house.here() == ["ana", "a", "b"]
    comes(house.b, "eva", THERE)
    comes_too = Begin(keyed("ida"), (HUDDLE,), address=THERE)
    assert house.b.asks(comes_too) == Refused("server-full")
    assert house.here() == ["ana", "b", "eva"]
    house.checked()


def test_who_is_seen_while_held_has_their_turn_later() -> None:
    """As when a host sends somebody out of a room who has lost the connection."""
    house = Shared(sessions=3, held_each=10)
    lost(house.a, *"abc", address=HERE)
    house.now += 1
    house.a.does(Seat(1, keyed("tea")))
    house.checked()
    comes(house.a, "eva", THERE)
    assert house.here() == ["a", "c", "eva"]
    house.checked()


def test_of_places_with_as_many_it_is_the_last_as_text_on_every_node() -> None:
    house = Shared(sessions=4, held_each=10)
    lost(house.a, *"ab", address="10.0.0.2")
    lost(house.b, *"cd", address="10.0.0.1")
    comes(house.a, "eva", THERE)
    assert house.here() == ["b", "c", "d", "eva"]


def full_of_held(count: int) -> Shared:
    """A house in which all places are taken by those who are held, two of each address."""
    house = Shared(sessions=count, held_each=10)
    state = house.state
    for number in range(1, count + 1):
        nick, address = keyed(f"n{number}"), f"10.{number % (count // 2)}"
        held = Session(number, nick, away=True, address=address, seen=number)
        state.sessions[number] = held
        names.take_nick(state, nick, number)
        shares.note(state, held)
    state.present = state.last_session = count
    return house


def test_who_comes_into_a_full_house_costs_as_much_where_twenty_thousand_are_held() -> None:
    small, large = full_of_held(200), full_of_held(20_000)
    steps = []
    for house in (small, large):
        batch = house.a.writes(Begin(keyed("eva"), (HUDDLE,), address=THERE))
        position = house.state.position + 1
        steps.append(steps_of(partial(apply, house.state, position, batch)))
        assert house.here()[-1] == "eva"
    assert steps[0] == steps[1]


# -- those who have left -----------------------------------------------------------------------


def goes(node: Node, *nicks: str, address: str) -> None:
    for nick in nicks:
        number = comes(node, nick, address)
        node.house.now += 1
        node.does(Leave(number))


def known(house: Shared, most: int) -> list[str]:
    """Who is known still, where no more than so many are of those that have left."""
    house.now += 1
    house.a.does(Retain(sessions=most))
    return [each.nick[0] for each in house.state.sessions.values()]


def test_one_address_that_comes_and_goes_by_all_nodes_has_nobody_else_forgotten() -> None:
    house = Shared()
    goes(house.a, "ana", address=THERE)
    for number in range(10):
        goes((house.a, house.b)[number % 2], f"n{number}", address=HERE)
    house.checked()
    assert known(house, 3) == ["ana", "n0", "n1"]
    house.checked()


def test_it_has_its_share_anew_on_the_next_day_and_a_48_has_three() -> None:
    house = Shared(left_each=1)
    for number in range(5):
        goes(house.a, f"n{number}", address=f"2001:db8:0:{number}::/64")
    goes(house.b, "late", "later", address=HERE)
    house.now += DAY_MS
    goes(house.b, "last", address=HERE)
    assert known(house, 5) == ["n0", "n1", "n2", "late", "last"]


def test_the_record_forgets_the_same_first() -> None:
    house = Shared(left_each=1)
    goes(house.a, "a", "b", address=HERE)
    assert session_row(house.state, 1).seen > 0
    assert session_row(house.state, 2).seen == 0


def test_who_comes_back_is_one_of_many_no_more() -> None:
    house = Shared(left_each=1)
    goes(house.a, "a", "b", address=HERE)
    assert house.b.asks(Attach(2, host="04c0000201", address=THERE)) == Opened(2, known=True)
    house.b.does(Leave(2))
    assert session_row(house.state, 2).seen > 0
    house.checked()


# -- older rules -------------------------------------------------------------------------------


def test_as_long_as_one_node_does_not_know_them_there_are_none() -> None:
    """What a newer node would come to, an older one would not: they would be two houses."""
    house = House(held_each=1, left_each=1, sessions=4)
    new, old = house.node("a", FROM_RULES), house.node("b")
    assert new.asks(Upgrade(FROM_RULES)) == Refused("bad-field", ("rules",))
    lost(new, *"ab", address=HERE)
    lost(old, *"cd", address=HERE)
    assert len([each for each in house.state.sessions.values() if each.here]) == 4
    full = Begin(keyed("eva"), (HUDDLE,), address=THERE)
    assert new.asks(full) == Refused("server-full")
    for number in (1, 2):
        new.does(Attach(number), Leave(number))
    assert session_row(house.state, 2).seen > 0
    house.node("b", FROM_RULES)
    new.asks(Upgrade(FROM_RULES))
    [gone] = lost(new, "e", address=HERE)
    assert gone == Gone(3)
    again = load(dump(house.state))
    assert (again, house.replayed()) == (house.state, house.state)


@pytest.mark.parametrize("name", ["held_at", "held_groups", "left_at"])
def test_what_is_counted_is_in_no_snapshot(name: str) -> None:
    """Or a node of an older version could not be told from one of this."""
    house = Shared()
    lost(house.a, "a", "c", address=HERE)
    goes(house.a, "b", address=HERE)
    assert getattr(house.state, name)
    assert name.encode() not in dump(house.state)
