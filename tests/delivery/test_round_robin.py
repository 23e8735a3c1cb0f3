"""Round robin: a little for each who catches up, and a breath for everybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.delivery.round_robin import OUTLETS_A_TURN, RETRY, RoundRobin
from tests.in_memory_tcp import MemoryReactor


class Round:
    """Some readers, a reactor, and who had a turn."""

    def __init__(self) -> None:
        self.reactor = MemoryReactor()
        self.round_robin = RoundRobin(self.reactor.callLater)
        self.given: list[str] = []

    def reader(self, name: str, then: Callable[[], None] | None = None) -> Callable[[], None]:
        """The step of somebody who catches up: it notes each turn that it is given."""

        def step() -> None:
            self.given.append(name)
            if then is not None:
                then()

        return step

    def turn(self) -> str:
        """Those who have a turn in the next look of the reactor."""
        self.given.clear()
        self.reactor.turn()
        return "".join(self.given)


def test_nobody_has_a_turn_before_the_reactor_has_looked_at_the_others() -> None:
    the = Round()
    the.round_robin.ask(the.reader("a"))
    assert the.given == []
    assert the.turn() == "a"
    assert the.turn() == ""


def test_who_asked_first_is_served_first_a_few_at_a_time() -> None:
    the = Round()
    for name in "abcdefghij":
        the.round_robin.ask(the.reader(name))
    assert OUTLETS_A_TURN == 4
    assert [the.turn() for _ in range(4)] == ["abcd", "efgh", "ij", ""]


def test_addresses_take_turns_however_many_readers_one_has() -> None:
    the = Round()
    for name in "abcdefghij":
        the.round_robin.ask(the.reader(name), "10.0.0.1")
    the.round_robin.ask(the.reader("Z"), "10.0.0.2")
    assert [the.turn() for _ in range(3)] == ["aZbc", "defg", "hij"]


def test_asking_twice_is_one_turn() -> None:
    the = Round()
    ana = the.reader("a")
    the.round_robin.ask(ana)
    the.round_robin.ask(ana)
    assert the.turn() == "a"
    assert the.turn() == ""


def test_who_asks_again_comes_behind_the_others() -> None:
    the = Round()
    ana: Callable[[], None] = the.reader("a", lambda: the.round_robin.ask(ana))
    the.round_robin.ask(ana)
    for name in "bcdef":
        the.round_robin.ask(the.reader(name))
    assert [the.turn() for _ in range(3)] == ["abcd", "efa", "a"]


def test_whoever_wakes_up_while_others_are_served_waits_for_the_next_turn() -> None:
    the = Round()
    bob = the.reader("b")
    the.round_robin.ask(the.reader("a", lambda: the.round_robin.ask(bob)))
    assert [the.turn(), the.turn()] == ["a", "b"]


def test_what_could_not_be_had_is_asked_for_again_after_a_pause() -> None:
    the = Round()
    the.round_robin.in_a_while(lambda: the.given.append("a"))
    the.reactor.pass_by(RETRY - 0.01)
    assert the.given == []
    the.reactor.pass_by(0.02)
    assert the.given == ["a"]


def test_something_to_be_done_soon_is_done_on_its_own() -> None:
    the = Round()
    the.round_robin.soon(lambda: the.given.append("!"))
    assert the.given == []
    the.reactor.turn()
    assert the.given == ["!"]


def test_whoever_stumbles_in_their_turn_stops_nobody_else() -> None:
    the = Round()

    def stumbles() -> None:
        raise ZeroDivisionError

    the.round_robin.ask(the.reader("a", stumbles))
    the.round_robin.ask(the.reader("b"))
    with pytest.raises(ZeroDivisionError):
        the.turn()
    assert the.turn() == "b"
