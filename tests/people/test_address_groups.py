"""From where most of them come is found at once, however many places there are."""

from __future__ import annotations

from random import Random

from huddle.people.address_groups import AddressGroups


def test_the_place_with_most_is_the_one_that_has_had_so_many_for_longest() -> None:
    groups: AddressGroups[int] = AddressGroups()
    assert groups.largest() is None and not groups._by_place
    for number, place in enumerate("abba"):
        groups.add(number, place)
    assert groups.largest() == "b"
    assert (list(groups.at("b")), groups.oldest("b"), len(groups._by_place)) == ([1, 2], 1, 2)
    groups.discard(1, "b")
    assert groups.largest() == "a"
    groups.discard(0, "a")
    assert groups.largest() == "b"
    for number, place in ((2, "b"), (3, "a")):
        groups.discard(number, place)
    assert groups.largest() is None and not groups.at("a") and not groups._by_place


def test_it_is_so_whoever_comes_and_goes() -> None:
    chance, groups, there = Random(5), AddressGroups[int](), dict[int, str]()
    for number in range(3000):
        there[number] = f"place {chance.randrange(9)}"
        groups.add(number, there[number])
        while len(there) > chance.randrange(60):
            gone = chance.choice(list(there))
            groups.discard(gone, there.pop(gone))
        places = list(there.values())
        biggest = groups.largest()
        assert max(map(places.count, places), default=0) == len(groups.at(biggest or ""))
        assert biggest is None or groups.oldest(biggest) == next(
            number for number, place in there.items() if place == biggest
        )
