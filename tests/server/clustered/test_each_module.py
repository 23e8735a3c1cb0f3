"""Each module of conversations is held on two nodes, too, or it is said why it is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.in_turn import with_those_they_use
from tests.visits.actions import test_numbers, test_private

TESTS = Path(__file__).parents[2]

CONVERSATIONS = ("conversations", "visits", "people", "rooms")
"""Folders in which tests talk with a whole server, some of them."""

ONE_SERVER = {
    "tests.conversations.test_clock_set_by_hand": "a node whose clock is set says so and is still",
    "tests.conversations.test_dear_input": "it counts what one server does for a line",
    "tests.conversations.test_long_answers": "it counts what one server makes of an answer",
    "tests.conversations.test_model": "two nodes have its machine in test_model beside this",
    "tests.conversations.test_one_send": "it counts the sends of one server",
    "tests.conversations.test_short_way": "it counts the calls of one server",
    "tests.conversations.test_slow_work": "it is about the work that one server does in turn",
    "tests.conversations.test_thrown_away": "it throws away a node, too",
    "tests.people.test_saving": "a node whose disk refuses ends",
    "tests.rooms.test_claims": "it holds back the claims of one server",
    "tests.rooms.test_directory": "it is about a part of one server, without its people",
    "tests.rooms.test_session_quotas": "who is away is held for its time, and no shorter, on nodes",
    "tests.rooms.test_membership": "it gives seats by hand, and not by the log",
    "tests.rooms.test_presence": "it asks for it by hand, and not by the log",
    "tests.rooms.test_speaking": "it is about a part of one server, without its people",
    "tests.visits.actions.test_not_kept": "a node whose disk refuses ends",
    "tests.visits.actions.test_reading_back": "it counts what one record is asked",
    "tests.visits.test_filters_shared": "it counts what one server renders",
    "tests.visits.test_view": "it is about a part of one server, without its people",
}
"""Modules that are held by one server alone, and why."""

_WHOLE = re.compile(r"^from tests\.(?:moderated_)?world import [^\n]*(?:W|moderated_w)orld", re.M)
_TAKEN = re.compile(r"^from (tests[\w.]*\.test_\w+) import (?:\*|\()", re.M)

_TESTS = re.compile(r"^def (test_\w+)", re.M)


def with_a_server() -> Iterator[str]:
    """The modules of conversations in which there is a whole server."""
    for folder in CONVERSATIONS:
        for path in (TESTS / folder).rglob("test_*.py"):
            if _WHOLE.search(path.read_text()):
                yield ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)


def on_two_nodes() -> dict[Path, list[str]]:
    """The modules that each of those which hold them on two nodes takes."""
    sources = {path: path.read_text() for path in TESTS.rglob("test_*.py")}
    return {
        path: _TAKEN.findall(source)
        for path, source in sources.items()
        if "\non_two_nodes = in_turn(" in source
    }


def test_each_module_is_held_on_two_nodes_or_it_is_said_why_not() -> None:
    taken = {name for names in on_two_nodes().values() for name in names}
    assert set(with_a_server()) - taken == ONE_SERVER.keys()


def test_none_is_lost_by_another_of_its_name() -> None:
    for path, names in on_two_nodes().items():
        files = [(TESTS.parent / name.replace(".", "/")).with_suffix(".py") for name in names]
        sources = [file.read_text() for file in files]
        found = Counter(test for each in sources for test in _TESTS.findall(each))
        assert [test for test, count in found.items() if count > 1] == [], path


def test_a_world_that_another_module_makes_for_one_that_is_taken_is_of_two_nodes_too() -> None:
    assert test_numbers in with_those_they_use([test_private])
