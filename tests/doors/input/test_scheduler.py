"""Whose lines are heard next: by the time they take, address by address, the light ones first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typing_extensions import override

from huddle.doors.input.scheduler import DEBT, LINE_TIME, REQUESTS, SLICE, TURN, InputScheduler

ADDRESS = "10.0.0.1"


class House:
    """A scheduler, and a clock that goes on only while lines are heard."""

    def __init__(self, turn: float = TURN) -> None:
        self.now = 0.0
        self.due: list[Callable[[], object]] = []
        self.worked = 0.0
        self.scheduler = InputScheduler(
            lambda _, call: self.due.append(call), lambda: self.now, lambda: self.worked, turn
        )
        self.heard: list[str] = []

    def speaker(self, name: str, lines: int, takes: float, address: str = ADDRESS) -> Speaker:
        return Speaker(self, name, lines, takes, address)

    def turn(self) -> list[str]:
        """One turn of the reactor: tells who was heard, once for each line."""
        self.heard.clear()
        due, self.due = self.due, []
        for call in due:
            call()
        return list(self.heard)


class Speaker:
    """Somebody with so many lines, each of which takes so long."""

    in_debt_until = 0.0

    def __init__(self, house: House, name: str, lines: int, takes: float, address: str) -> None:
        self.house = house
        self.name = name
        self.lines = lines
        self.takes = takes
        self.address = address
        self.charged = 0.0

    def hear(self, until: float) -> bool:
        while self.lines:
            self.lines -= 1
            self.house.now += self.takes
            self.house.worked += self.takes
            self.house.heard.append(self.name)
            if self.house.now >= until:
                return self.lines > 0
        return False

    def count_time(self, seconds: float) -> None:
        self.charged += seconds


def test_who_speaks_in_a_quiet_house_is_heard_at_once() -> None:
    house = House()
    house.scheduler.ask(house.speaker("ana", 3, LINE_TIME / 10))
    assert house.heard == ["ana"] * 3
    assert not house.due


def test_a_flood_is_heard_for_a_turn_and_then_the_reactor_sees_to_others() -> None:
    house = House()
    house.scheduler.ask(house.speaker("ana", 1000, TURN / 4))
    assert house.heard == ["ana"] * 4
    assert len(house.turn()) <= 4


def test_a_flood_of_requests_is_heard_for_less_than_one_of_lines() -> None:
    house = House(REQUESTS)
    house.scheduler.ask(house.speaker("asker", 1000, REQUESTS / 4))
    assert house.heard == ["asker"] * 4
    assert 2 <= len(house.turn()) <= 4 < TURN / (REQUESTS / 4)


def test_whoever_asks_to_be_heard_learns_whether_they_wait() -> None:
    house = House()
    assert not house.scheduler.ask(house.speaker("ana", 1, SLICE / 10))
    assert house.scheduler.ask(house.speaker("flood", 1000, SLICE))
    assert house.scheduler.ask(house.speaker("bob", 1, SLICE / 10))


def test_many_who_come_in_the_same_turn_of_the_reactor_share_its_time() -> None:
    house = House()
    for number in range(100):
        house.scheduler.ask(house.speaker(f"n{number}", 1, TURN / 2, f"10.0.0.{number}"))
    assert len(house.heard) == 2
    assert len(house.turn()) <= 2


def test_a_turn_of_the_reactor_that_lasts_long_gives_lines_no_more_time() -> None:
    house = House()
    for number in range(100):
        house.scheduler.ask(house.speaker(f"n{number}", 1, TURN / 4, f"10.0.0.{number}"))
        house.now += 2 * TURN  # what reading from the next one takes
    assert len(house.heard) == 4


def test_what_those_who_waited_have_used_up_is_given_to_nobody_else_in_the_same_turn() -> None:
    house = House()
    house.scheduler.wait(house.speaker("ana", 1, 0.7 * TURN))
    assert house.turn() == ["ana"]
    for number in range(100):
        house.now += TURN  # what reading from the next one takes
        house.scheduler.ask(house.speaker(f"n{number}", 3, TURN / 5, f"10.0.0.{number}"))
    assert len(house.heard) == 3  # with the line that was begun before the time was up


def test_who_waits_with_many_is_heard_when_all_of_them_stand_in_line() -> None:
    house = House()
    flood, pupil = house.speaker("flood", 1000, SLICE), house.speaker("pupil", 1, SLICE / 10)
    house.scheduler.ask(flood)
    house.turn()
    house.scheduler.wait(flood)
    house.scheduler.wait(pupil)
    assert house.turn()[0] == "pupil"


def test_addresses_take_turns_however_many_connections_one_has() -> None:
    house = House()
    for number in range(63):
        house.scheduler.ask(house.speaker(f"flood{number}", 60, SLICE, "10.0.0.1"))
    house.scheduler.ask(house.speaker("ana", 1, SLICE, "10.0.0.2"))
    assert "ana" in house.turn()


def test_so_do_those_of_an_ipv6_48_which_is_one_customers() -> None:
    house = House()
    for number in range(200):
        address = f"2001:db8:1:{number:x}::/64"
        house.scheduler.ask(house.speaker(f"flood{number}", 60, SLICE, address))
    house.scheduler.ask(house.speaker("ana", 60, SLICE, "2001:db8:2::/64"))
    house.scheduler.ask(house.speaker("bob", 60, SLICE, "10.0.0.2"))
    heard = house.turn()
    assert "ana" in heard and "bob" in heard
    assert len(house.scheduler._waiting) == 3


def test_who_has_cost_nothing_waits_where_others_of_its_48_do() -> None:
    house = House()
    for number in range(9):
        house.scheduler.ask(house.speaker("flood", 60, SLICE, f"2001:db8:1:{number:x}::/64"))
    house.turn()
    near = house.speaker("near", 1, 0.0, "2001:db8:1:ff::/64")
    far = house.speaker("far", 1, 0.0, "2001:db8:2:ff::/64")
    assert house.scheduler.ask(near) and not house.scheduler.ask(far)


def test_within_an_address_who_has_cost_least_goes_first() -> None:
    house = House()
    flood = house.speaker("flood", 1000, SLICE)
    house.scheduler.ask(flood)
    house.turn()
    pupil = house.speaker("pupil", 1, SLICE / 10)
    house.scheduler.ask(pupil)
    assert house.turn()[0] == "pupil"


def test_nobody_waits_for_ever_behind_lighter_ones() -> None:
    house = House()
    heavy = house.speaker("heavy", 2, TURN)
    house.scheduler.ask(heavy)
    for _ in range(100):
        house.scheduler.ask(house.speaker("light", 1, LINE_TIME / 10))
        house.turn()
    assert not heavy.lines


def test_what_a_line_costs_is_forgotten_in_time() -> None:
    house = House()
    ana = house.speaker("ana", 1, 0.001)
    house.scheduler.ask(ana)
    assert ana.in_debt_until == 0.001 * DEBT


def test_only_what_takes_longer_than_a_line_may_is_charged_for() -> None:
    house = House()
    light, heavy = house.speaker("ana", 1, LINE_TIME / 2), house.speaker("bob", 1, 10 * LINE_TIME)
    house.scheduler.ask(light)
    house.scheduler.ask(heavy)
    assert light.charged == 0
    assert round(heavy.charged / LINE_TIME) == 10


def test_who_fails_holds_nobody_up() -> None:
    house = House()
    house.scheduler.ask(house.speaker("ana", 2, TURN))

    class Failing(Speaker):
        @override
        def hear(self, until: float) -> bool:
            raise RuntimeError("a fault of ours")

    house.scheduler.ask(Failing(house, "bob", 1, 0, "10.0.0.3"))
    house.scheduler.ask(house.speaker("carla", 1, 0, "10.0.0.2"))
    assert house.turn() == ["ana"]
    with pytest.raises(RuntimeError):
        house.turn()
    assert house.turn() == ["carla"]


def test_what_else_the_machine_does_meanwhile_is_nobodys_to_pay() -> None:
    house = House()

    class Interrupted(Speaker):
        @override
        def hear(self, until: float) -> bool:
            self.house.now += 1.0
            return super().hear(until)

    ana = Interrupted(house, "ana", 1, LINE_TIME / 10, ADDRESS)
    house.scheduler.ask(ana)
    assert house.heard == ["ana"] and not ana.charged


def test_what_a_speaker_leaves_out_is_nobodys_to_pay() -> None:
    house = House()

    class GivenOut(Speaker):
        @override
        def hear(self, until: float) -> bool:
            self.house.now += 100 * LINE_TIME
            self.house.worked += 100 * LINE_TIME
            self.house.scheduler.left_out += 100 * LINE_TIME
            return super().hear(until)

    ana = GivenOut(house, "ana", 1, 10 * LINE_TIME, ADDRESS)
    house.scheduler.ask(ana)
    assert house.heard == ["ana"]
    assert round(ana.charged / LINE_TIME) == 10
    assert ana.in_debt_until == pytest.approx(10 * LINE_TIME * DEBT)


def flooded() -> House:
    """A house in which one address has more to say than can be heard, and a turn is over."""
    house = House()
    for number in range(63):
        house.scheduler.ask(house.speaker(f"flood{number}", 1000, SLICE / 2, "10.0.0.1"))
    house.turn()
    house.heard.clear()
    return house


def test_who_has_cost_nothing_is_heard_at_once_while_another_address_floods() -> None:
    house = flooded()
    house.scheduler.ask(house.speaker("ana", 1, LINE_TIME / 10, "10.0.0.2"))
    assert house.heard == ["ana"]


def test_who_has_cost_something_or_comes_from_where_others_wait_stands_in_line() -> None:
    house = flooded()
    heavy = house.speaker("heavy", 1, LINE_TIME / 10, "10.0.0.2")
    heavy.in_debt_until = house.now + DEBT
    house.scheduler.ask(heavy)
    house.scheduler.ask(house.speaker("neighbour", 1, LINE_TIME / 10, "10.0.0.1"))
    assert not house.heard
    house.scheduler.ask(house.speaker("ana", 1, LINE_TIME / 10, "10.0.0.2"))
    assert not house.heard  # heavy waits there


@pytest.mark.parametrize("takes", [SLICE / 10, SLICE / 2, SLICE])
def test_many_addresses_that_have_cost_nothing_have_a_slice_and_take_it_from_the_next_turn(
    takes: float,
) -> None:
    house = flooded()
    for number in range(1000):
        house.scheduler.ask(house.speaker(f"n{number}", 1, takes, f"10.1.0.{number}"))
    spent = len(house.heard) * takes
    assert SLICE * 0.999 <= spent <= SLICE + takes
    began = house.now
    house.turn()
    assert house.now - began <= TURN - SLICE + takes + SLICE / 2
    assert any(name.startswith("flood") for name in house.heard)


@pytest.mark.parametrize("takes", [SLICE / 10, SLICE * 0.9, SLICE, TURN * 0.9, TURN, TURN * 5])
def test_light_ones_that_come_without_end_let_others_have_a_slice_of_each_turn(
    takes: float,
) -> None:
    """One that is light comes in each turn of the reactor, and costs more than a whole turn."""
    house = flooded()
    victims = [house.speaker(f"v{name}", 5, LINE_TIME / 10, f"10.2.0.{name}") for name in "12"]
    for number in range(40):
        house.scheduler.ask(house.speaker(f"light{number}", 1, takes, f"10.1.0.{number}"))
        if number == 10:
            for victim in victims:
                house.scheduler.wait(victim)
        house.turn()
    assert not any(victim.lines for victim in victims)


def test_a_light_one_with_much_to_say_is_heard_for_a_slice_and_then_waits() -> None:
    house = flooded()
    house.scheduler.ask(house.speaker("ana", 1000, SLICE / 10, "10.0.0.2"))
    assert 10 <= len(house.heard) <= 11
    house.heard.clear()
    house.scheduler.ask(house.speaker("bob", 1, SLICE / 10, "10.0.0.3"))
    assert not house.heard
    assert "ana" in house.turn()
