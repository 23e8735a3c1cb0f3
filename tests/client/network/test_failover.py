"""Which address is tried next, and when; what a link makes of that is in test_link."""

from __future__ import annotations

from typing import Any, cast

from huddle.client.network.failover import LONGEST_AWAY, Address, Failover


class House:
    """The addresses of a house, and a clock."""

    def __init__(self, hosts: str, jitter: float = 0.0) -> None:
        self.now = 100.0
        nowhere = cast(Any, None)
        made = [Address(nowhere, host) for host in hosts]
        self.failover = Failover(made, lambda: self.now, lambda: jitter)

    def advance(self) -> tuple[str, float]:
        """The next one, after it has been waited for."""
        pause = self.failover.advance()
        self.now += pause
        return self.failover.current.place, pause


def test_one_that_asked_for_a_time_is_passed_over_until_then() -> None:
    house = House("abc")
    house.failover.avoid(5.0)
    assert [house.advance() for _ in range(5)] == [
        ("b", 0.0),
        ("c", 0.0),
        ("b", 1.0),
        ("c", 0.0),
        ("b", 0.0),
    ]
    house.now += 5
    assert [house.advance()[0] for _ in range(3)] == ["c", "a", "b"]


def test_the_only_one_is_left_alone_for_the_time_that_it_asked_for() -> None:
    house = House("a")
    house.failover.avoid(7.0)
    assert house.advance() == ("a", 7.0)


def test_when_all_asked_for_a_time_the_first_that_is_ready_is_waited_for() -> None:
    house = House("abc")
    for wait in (9.0, 4.0, 6.0):
        house.failover.avoid(wait)
        house.advance()
    assert house.failover.current.place == "b"
    assert house.now == 104.0


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    house = House("a", jitter=1.0)
    house.failover.avoid(10.0)
    assert house.advance() == ("a", 15.0)


def test_no_server_keeps_a_client_away_for_good() -> None:
    house = House("a")
    house.failover.avoid(1e9)
    assert house.advance() == ("a", LONGEST_AWAY)
