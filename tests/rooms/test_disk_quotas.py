"""How much of the disk those at one address fill in an hour."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.world import Peer, World

TEXT = "x" * 3900
"""With what is counted for each message a little more than is counted together."""

LITTLE = Limits(written=100_000, flood_rate=1000, flood_burst=1000)
FAST = {"en": "-- Not so fast. Wait ", "es": "-- No tan rápido. Espera "}


def said(peer: Peer, line: str = TEXT, most: int = 100) -> int:
    """How many of these lines are said before one is refused."""
    for count in range(most):
        peer.forgets()
        peer.says(line)
        if any(FAST["en"][:6] in told or FAST["es"][:6] in told for told in peer.reads()):
            return count
    return most


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_address_writes_so_much_whoever_writes_there(language: str) -> None:
    world = World(limits=LITTLE, language=language)
    ana, bob = world.person("ana"), world.person("bob")
    assert said(ana) == 25
    bob.forgets()
    bob.says(TEXT)
    assert bob.reads()[-1].startswith(FAST[language])
    eva = world.person("eva", address="192.0.2.1")
    assert said(eva, most=5) == 5


def test_it_has_all_again_after_an_hour_and_some_before() -> None:
    world = World(limits=LITTLE)
    ana = world.person("ana")
    assert said(ana) == 25
    world.passes(360)
    assert said(ana) == 1
    world.passes(3600)
    assert said(ana) >= 24


def test_what_is_said_to_one_person_is_kept_twice() -> None:
    world = World(limits=LITTLE)
    ana = world.person("ana")
    world.person("bob")
    assert said(ana, f"/msg bob {TEXT}") == 13


def test_short_lines_count_too() -> None:
    world = World(limits=LITTLE)
    ana = world.person("ana")
    assert 440 < said(ana, "hola", 1000) < 540


def test_letters_of_several_bytes_are_so_many() -> None:
    world = World(limits=LITTLE)
    assert said(world.person("ana"), "字" * 1300) == 25


def test_leaving_and_coming_in_again_changes_nothing() -> None:
    world = World(limits=LITTLE)
    ana = world.person("ana")
    said(ana)
    ana.says("/quit")
    assert said(world.person("ana2")) == 0


def test_an_ipv6_48_writes_four_times_as_much() -> None:
    world = World(limits=LITTLE)
    people = [world.person(f"p{n}", address=f"2001:db8:1:{n}::1") for n in range(6)]
    assert sum(map(said, people)) == 98
    assert said(world.person("eva", address="2001:db8:2:1::1"), most=5) == 5


def test_past_what_the_house_takes_whoever_has_written_little_goes_on() -> None:
    world = World(limits=LITTLE)
    people = [world.person(f"p{n}", address=f"10.1.0.{n}") for n in range(20)]
    counts = [said(each) for each in people]
    assert counts[:15] == [25] * 15
    assert sum(counts) < 430
    assert said(world.person("eva", address="192.0.2.1"), most=2) == 2


@pytest.mark.parametrize("freely", [{"per_address": 0}, {"flood_rate": 0}, {"written": 0}])
def test_a_house_without_such_limits_has_none(freely: dict[str, int]) -> None:
    world = World(limits=Limits(**{"written": 10_000, "flood_rate": 1000, **freely}))
    assert said(world.person("ana"), most=50) == 50
