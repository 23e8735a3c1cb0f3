"""Who guesses on two nodes has no more guesses than on one, but for what does not divide by two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import pytest

from tests.two_nodes import TwoNodes
from tests.world import Program, World

SECRET = "secreto-uno"


def passwords_heard(worlds: list[World], tries: int = 12) -> int:
    """How many wrong passwords are heard, tried at these servers in turn, before one has to wait
    everywhere."""
    worlds[0].person("ana").says(f"/register {SECRET}")
    heard = 0
    for at, world in zip(range(tries), cycle(worlds), strict=False):
        thief = Program(world, "ana", f"thief {at}")
        world.attach(thief)
        thief.enters(password="not that one")
        heard += thief.reads()[-1]["code"] == "wrong-password"
    return heard


def words_heard(worlds: list[World], tries: int = 12) -> int:
    """The same of return words, behind one connection to each."""
    worlds[0].person("ana")
    thieves = cycle([world.connect("10.0.0.66") for world in worlds])
    heard = 0
    for _, thief in zip(range(tries), thieves, strict=False):
        thief.forgets()
        thief.says("/back ana otter-41-lamp")
        heard += "opens nothing" in thief.reads()[-1]
    return heard


@pytest.mark.parametrize("guesses", [passwords_heard, words_heard])
def test_wrong_guesses_on_two_nodes_are_those_of_one_server(
    guesses: Callable[[list[World]], int],
) -> None:
    two = TwoNodes()
    alone, together = guesses([World()]), guesses([two.a, two.b])
    assert alone == 3
    assert alone <= together <= alone + 1


def test_a_node_that_is_left_alone_hears_all_of_them_again() -> None:
    two = TwoNodes()
    two.kill("b")
    two.a.passes(10)
    assert passwords_heard([two.a]) == 3
