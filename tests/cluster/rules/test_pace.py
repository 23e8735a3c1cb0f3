"""What is remembered of who spoke in slow rooms is bounded, for an address and for the house."""

from __future__ import annotations

from functools import partial
from typing import Any

from huddle.cluster.apply import apply
from huddle.cluster.effects import Done, Placed, Refused
from huddle.cluster.entries import Leave, Rename, Restrict, Restriction, Say, Set, Upgrade
from huddle.cluster.naming import keyed
from huddle.cluster.rules.pace import FROM_RULES
from huddle.cluster.rules.sessions import HEARD_FROM_RULES
from huddle.cluster.snapshot import digest, dump, load
from huddle.people.identity import site
from tests.cluster.test_apply import steps_of
from tests.cluster.written_log import House, code

HERE = "10.0.0.1"
THERE = "192.0.2.1"


class Slow(House):
    """A house with two slow rooms."""

    def __init__(self, rules: int = FROM_RULES, **limits: Any) -> None:
        super().__init__(**{"spoke_each": 6, "spoke_all": 20, **limits})
        self.a = self.node("a", max(rules, FROM_RULES))
        if rules > 1:
            self.a.asks(Upgrade(rules))
        host = self.a.begins("host", ["huddle", "ops"])
        self.a.does(Set("huddle", "slow", 60_000, 0), Set("ops", "slow", 60_000, 0))
        self.a.does(Say(host, 0, "slowly", "ops"))

    def speaks(self, nick: str, address: str = HERE, room: str = "huddle") -> int:
        """Somebody comes and speaks; returns their number."""
        self.now += 1
        number = self.a.begins(nick, [room], address=address, site=site(address))
        assert isinstance(self.a.asks(Say(number, 0, "hola", room)), Placed)
        return number

    def known(self, room: str = "huddle") -> list[str]:
        """The nicks of those who are remembered there, the oldest first."""
        spoke = self.state.rooms[room].spoke
        return [key.removeprefix("nick:") for key in spoke if key.startswith("nick:")]

    def checked(self) -> None:
        again = load(dump(self.state))
        assert (again, digest(again)) == (self.state, digest(self.state))
        assert self.replayed() == self.state


def test_of_one_address_the_oldest_is_forgotten_and_nothing_of_another() -> None:
    house = Slow()
    house.speaks("eva", THERE)
    for nick in ("ana", "bob", "leo", "ida", "joe"):
        house.speaks(nick)
    assert house.known() == ["eva", "leo", "ida", "joe"]
    house.checked()


def test_who_is_forgotten_may_speak_and_the_others_may_not() -> None:
    house = Slow()
    first, *_, last = [house.speaks(nick) for nick in ("ana", "bob", "leo", "ida")]
    assert isinstance(house.a.asks(Say(first, 0, "again", "huddle")), Placed)
    assert code(house.a.asks(Say(last, 0, "again", "huddle"))) == "too-fast"


def test_an_ipv6_48_has_the_share_of_three_addresses() -> None:
    house = Slow(spoke_each=4, spoke_all=100)
    for number in range(8):
        house.speaks(f"n{number}", f"2001:db8:0:{number}::/64")
    assert house.known() == [f"n{number}" for number in range(2, 8)]
    house.checked()


def test_it_is_one_share_of_all_rooms() -> None:
    house = Slow(spoke_each=4)
    house.speaks("ana", room="ops")
    for nick in ("bob", "leo"):
        house.speaks(nick)
    assert (house.known("ops"), house.known()) == (["host"], ["bob", "leo"])
    house.checked()


def test_past_the_bound_of_the_house_the_oldest_goes_of_the_place_with_most() -> None:
    house = Slow(spoke_all=10)
    house.speaks("eva", THERE)  # with the host's, these are four
    for nick in ("ana", "bob", "leo"):
        house.speaks(nick)
    house.speaks("zoe", "192.0.2.2")
    assert (house.known(), house.known("ops")) == (["eva", "bob", "leo", "zoe"], ["host"])
    house.checked()


def test_without_shares_the_oldest_of_all_goes() -> None:
    house = Slow(spoke_each=0, spoke_all=6)
    for nick in ("ana", "bob", "leo"):
        house.speaks(nick)
    assert (house.known(), house.known("ops")) == (["ana", "bob", "leo"], [])
    house.checked()


def test_a_room_that_is_slow_no_more_forgets() -> None:
    house = Slow()
    house.speaks("ana")
    house.a.does(Set("huddle", "slow", 0, 0), Set("ops", "slow", 0, 0))
    assert house.state.spoke_at == {} and house.state.rooms["huddle"].spoke_from == {}
    house.checked()


def test_by_the_first_rules_all_is_remembered_and_forgotten_when_the_second_begin() -> None:
    house = Slow(rules=1)
    for nick in ("ana", "bob", "leo", "ida"):
        house.speaks(nick)
    assert house.known() == ["ana", "bob", "leo", "ida"]
    house.a.does(Upgrade(FROM_RULES))
    assert house.known() == []
    house.speaks("joe")
    house.checked()


def test_it_costs_as_much_where_much_is_remembered() -> None:
    steps = []
    for count in (10, 200):
        house = Slow(spoke_each=2 * count, spoke_all=4 * count)
        for number in range(2 * count):
            house.speaks(f"n{number}", (HERE, THERE)[number % 2])
        batch = house.a.writes(Say(house.a.begins("ana", address=HERE), 0, "hola", "huddle"))
        steps.append(steps_of(partial(apply, house.state, house.log[-1][0] + 2, batch)))
    assert steps[0] == steps[1]


def test_what_is_refused_is_not_remembered() -> None:
    house = Slow()
    ana = house.speaks("ana")
    before = dict(house.state.rooms["huddle"].spoke)
    assert isinstance(house.a.asks(Say(ana, 0, "again", "huddle")), Refused)
    assert house.state.rooms["huddle"].spoke == before


# -- new nicks ---------------------------------------------------------------------------------


def test_a_new_nick_counts_as_a_text_in_each_room_that_is_told_of_it() -> None:
    house = Slow(HEARD_FROM_RULES)
    ana = house.a.begins("ana", ["huddle", "ops"], address=HERE)
    assert house.a.asks(Rename(ana, keyed("eva"))) == Done()
    assert code(house.a.asks(Rename(ana, keyed("zoe")))) == "too-fast"
    for room in ("ops", "huddle"):
        assert code(house.a.asks(Say(ana, 0, "x", room))) == "too-fast"
    house.now += 60_000
    assert house.a.asks(Rename(ana, keyed("zoe"))) == Done()
    house.checked()


def test_who_may_not_have_one_in_one_room_has_spoken_in_none() -> None:
    house = Slow(HEARD_FROM_RULES)
    ana = house.a.begins("ana", ["huddle", "ops"])
    house.a.does(Set("ops", "quiet", True, 0))
    assert code(house.a.asks(Rename(ana, keyed("eva")))) == "room-quiet"
    assert isinstance(house.a.asks(Say(ana, 0, "x", "huddle")), Placed)


def test_who_comes_again_by_either_nick_waits() -> None:
    for nick in ("ana", "eva"):
        house = Slow(HEARD_FROM_RULES)
        ana = house.a.begins("ana")
        house.a.does(Rename(ana, keyed("eva")), Leave(ana))
        again = house.a.begins(nick)
        assert code(house.a.asks(Say(again, 0, "x", "huddle"))) == "too-fast"


def test_who_need_not_wait_may_be_called_ever_otherwise() -> None:
    for kind in ("host", "voice"):
        house = Slow(HEARD_FROM_RULES)
        ana = house.a.begins("ana")
        house.a.does(Restrict("huddle", 0, (Restriction(kind, f"session:{ana}"),)))
        for nick in ("eva", "zoe"):
            assert house.a.asks(Rename(ana, keyed(nick))) == Done()
        assert "nick:zoe" not in house.state.rooms["huddle"].spoke


def test_by_older_rules_a_new_nick_is_no_text() -> None:
    house = Slow()
    ana = house.a.begins("ana")
    for nick in ("eva", "zoe"):
        assert house.a.asks(Rename(ana, keyed(nick))) == Done()
    house.a.does(Set("huddle", "quiet", True, 0))
    assert house.a.asks(Rename(ana, keyed("ana"))) == Done()
