"""From where most of them come is found at once, however many places there are."""

from __future__ import annotations

from random import Random

from huddle.people.crowds import Crowds


def test_the_place_with_most_is_the_one_that_has_had_so_many_for_longest() -> None:
    crowds: Crowds[int] = Crowds()
    assert crowds.biggest() is None and len(crowds) == 0
    for number, place in enumerate("abba"):
        crowds.add(number, place)
    assert crowds.biggest() == "b"
    assert (list(crowds.at("b")), crowds.oldest("b"), len(crowds)) == ([1, 2], 1, 2)
    crowds.discard(1, "b")
    assert crowds.biggest() == "a"
    crowds.discard(0, "a")
    assert crowds.biggest() == "b"
    for number, place in ((2, "b"), (3, "a")):
        crowds.discard(number, place)
    assert crowds.biggest() is None and not crowds.at("a") and len(crowds) == 0


def test_it_is_so_whoever_comes_and_goes() -> None:
    chance, crowds, there = Random(5), Crowds[int](), dict[int, str]()
    for number in range(3000):
        there[number] = f"place {chance.randrange(9)}"
        crowds.add(number, there[number])
        while len(there) > chance.randrange(60):
            gone = chance.choice(list(there))
            crowds.discard(gone, there.pop(gone))
        places = list(there.values())
        biggest = crowds.biggest()
        assert max(map(places.count, places), default=0) == len(crowds.at(biggest or ""))
        assert biggest is None or crowds.oldest(biggest) == next(
            number for number, place in there.items() if place == biggest
        )
