"""The unnamed: how many may stand at the door, and for how long."""

from __future__ import annotations

from twisted.internet.task import Clock

from huddle.doors.unnamed import Unnamed
from huddle.protocol.limits import Limits


class Door:
    """A door at which three may stand, for a minute each."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.late: list[str] = []
        limits = Limits(unnamed=3, name_seconds=60)
        self.unnamed: Unnamed[str] = Unnamed(limits, self.clock, self.late.append)
        self.stand, self.pass_on = self.unnamed.stand, self.unnamed.pass_on


def test_when_one_too_many_has_no_nick_the_one_who_stands_there_longest_goes() -> None:
    door = Door()
    assert [door.stand(guest) for guest in "abc"] == [None] * 3
    assert door.stand("d") == "a"
    assert door.stand("e") == "b"


def test_it_is_one_from_where_most_of_them_come() -> None:
    door = Door()
    door.stand("slow typist", "192.0.2.1")
    door.stand("a", "10.0.0.1")
    door.stand("b", "10.0.0.1")
    assert door.stand("c", "10.0.0.2") == "a"
    assert door.stand("d", "10.0.0.2") == "c"
    assert door.stand("e", "10.0.0.3") == "slow typist"


def test_an_ipv6_48_is_one_place_and_in_it_the_64_with_most_goes_first() -> None:
    door = Door()
    door.stand("slow typist", "2001:db8:2:1::/64")
    door.stand("a", "2001:db8:1:1::/64")
    door.stand("b", "2001:db8:1:2::/64")
    assert door.stand("c", "2001:db8:1:2::/64") == "b"


def test_eighty_addresses_do_not_put_out_who_types_slowly() -> None:
    clock = Clock()
    unnamed: Unnamed[str] = Unnamed(Limits(), clock, lambda _: None)
    unnamed.stand("slow typist", "192.0.2.1")
    gone = [unnamed.stand(f"{n}", f"10.0.0.{n % 80}") for n in range(5000)]
    assert "slow typist" not in gone
    assert len(list(unnamed)) == 1000


def test_who_has_a_nick_stands_at_the_door_no_more() -> None:
    door = Door()
    for guest in "abc":
        door.stand(guest)
    door.pass_on("a")
    door.pass_on("a")
    assert door.stand("d") is None
    assert door.stand("e") == "b"


def test_each_has_the_same_time_from_its_own_coming_on() -> None:
    door = Door()
    door.stand("a")
    door.clock.advance(20)
    door.stand("b")
    door.clock.advance(39.9)
    assert not door.late
    door.clock.advance(0.1)
    assert door.late == ["a"]
    door.clock.advance(20)
    assert door.late == ["a", "b"]


def test_who_has_a_nick_is_never_late() -> None:
    door = Door()
    door.stand("a")
    door.clock.advance(1)
    door.stand("b")
    door.pass_on("a")
    door.clock.advance(60)
    assert door.late == ["b"]


def test_one_call_waits_for_all_of_them_and_none_when_their_time_is_over() -> None:
    door = Door()
    for guest in "abc":
        door.stand(guest)
    door.pass_on("a")
    assert len(door.clock.getDelayedCalls()) == 1
    door.clock.advance(60)
    assert door.late == ["b", "c"] and not door.clock.getDelayedCalls()


def test_one_that_is_too_late_stands_there_no_more_when_that_is_told() -> None:
    clock = Clock()
    standing: list[list[str]] = []
    unnamed: Unnamed[str] = Unnamed(
        Limits(name_seconds=60), clock, lambda _: standing.append(list(unnamed))
    )
    unnamed.stand("a")
    clock.advance(30)
    unnamed.stand("b")
    clock.advance(30)
    assert standing == [["b"]]
