"""The tests of one server, held by two nodes: who comes connects to the one and the other in turn.

A module of them takes all from another module, names it, and leaves out what cannot be::

    from tests.visits.actions.test_rooms import *

    on_two_nodes = in_turn(test_rooms)
    leave_out(globals(), {"test_what_the_record_cannot_keep_is_not_changed": DISK})
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tests import moderated_world
from tests.two_nodes import InTurn
from tests.world import DIRECT

DISK = "a node whose disk refuses ends; here one record alone refuses, and the log goes on"
PEEKS = "it looks at what one record, or one server's pages of the past, were asked"
ORDER = "what was asked is answered when it has come back: behind what it brings, or two batches on"
STILL = "while the log stands still nothing is taken, and nobody has gone"
SHELL = "the record of a node is written by the log alone, and not by `huddle-account` or a test"
BLOCKS = "the log has a block from the first line that is known to be of one, on each node anew"
GUESSES = "each of two nodes hears half as many guesses at once"
WRITES = "what has been told is written a moment later, and who reads of it waits for that"
FAULT = "who has begun in the log is there, also where the program stumbles behind that"
HOURS = "each node counts by itself how much an address writes in an hour"
HELD = "who is held by no node takes no seat before they are back"
CODES = "each start of a node has one code, and no other"


def in_turn(*modules: ModuleType) -> Any:
    """A fixture: whoever makes a world in these modules makes one of two nodes, and so does
    `tests.moderated_world`, and where they have a function from another of the tests."""
    taken = [module for module in modules if isinstance(module, ModuleType)]
    assert len(taken) == len(modules), "what was taken from a module has its name"

    @pytest.fixture(autouse=True)
    def on_two_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (moderated_world, *with_those_they_use(modules)):
            monkeypatch.setattr(module, "World", InTurn, raising=False)

    return on_two_nodes


def with_those_they_use(modules: Iterable[ModuleType]) -> list[ModuleType]:
    """These modules of tests, and those of which they have a function, which may make a world."""
    found = list(modules)
    for module in found:  # which grows meanwhile
        for each in vars(module).values():
            if isinstance(each, FunctionType) and ".test_" in each.__module__:
                used = sys.modules[each.__module__]
                if used not in found:
                    found.append(used)
    return found


def leave_out(tests: dict[str, Any], causes: Mapping[str, str]) -> None:
    """Take these from the tests of a module, each for its cause."""
    for name in causes:
        del tests[name]


@pytest.fixture(name="transport")
def one_transport() -> str:
    """One kind of transport is enough: what differs here is behind it."""
    return DIRECT
