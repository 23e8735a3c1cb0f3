"""Whatever two people do in the same instant, on two nodes or on one: the nodes end as one house,
and each of the two was told the truth. What is acknowledged is done, and what is refused is not.

Neither node has heard of the other's act when it takes its own; which of the two stands first in
the log is tried both ways. Here each act meets some of the others, and those that it once met
badly; `tests/long/test_all_pairs_of_acts.py` has it meet all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from zlib import crc32

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.batches import decode
from huddle.cluster.snapshot import digest
from huddle.cluster.state import State, first_state
from tests.server.clustered.acts import ACTS, GUESTS, OPERATORS, OTHER, Doing, House
from tests.server.clustered.test_clustered import messages
from tests.server.clustered.test_state_mirror import compare
from tests.world import Json, Program

ONE_IN = 60
FOUND = [("key", "say topic", "a", "a"), ("deop", "kick out", "a", "b")]
"""What was once told wrongly: the first of them, and on which nodes."""
NODES = [("a", "b"), ("b", "a"), ("a", "a")]
"""Where the first and the second act in the log are done."""


def pairs(first: str) -> Iterator[tuple[str, str, str]]:
    """With which acts it can be tried, and on which nodes: first in the log, and second."""
    for second, (one, other) in product(ACTS, NODES):
        is_one_person = one == other and ACTS[first].by_operator is ACTS[second].by_operator
        if not is_one_person:
            yield second, one, other


def is_tried(*names: str) -> bool:
    return crc32(" ".join(names).encode()) % ONE_IN == 0 or names in FOUND


def doing(house: House, name: str, node: str, other: str, numbers: dict[str, int]) -> Doing:
    """The act on that node, which meets the ``other`` one."""
    is_operators = ACTS[name].by_operator
    by = (OPERATORS if is_operators else GUESTS)[node]
    whom = "eve" if is_operators and ACTS[other].by_operator else GUESTS[OTHER[node]]
    return Doing(node, by, whom, house.two.nodes[node].node.life, numbers)


@pytest.mark.parametrize("first", ACTS)
def test_two_acts_of_one_instant(first: str, logged_failures: list[Any]) -> None:
    for second, one, other in pairs(first):
        if is_tried(first, second, one, other):
            stand(first, second, one, other)
    assert not logged_failures


def stand(first: str, second: str, one: str, other: str) -> None:
    """Have the two meet."""
    wrong = met(first, second, one, other)
    assert not wrong, f"{first} on {one}, {second} on {other}: {wrong}"


def met(first: str, second: str, one: str, other: str) -> str:
    """What is wrong after the two have met; empty where all is well."""
    house = House()
    numbers = {nick: house.number(nick) for nick in house.people}
    acts = [
        (first, doing(house, first, one, second, numbers)),
        (second, doing(house, second, other, first, numbers)),
    ]
    before = len(house.two.engine.entries)
    for view in house.two.views.values():
        view.behind = True
    authors = [asked(house, name, act) for name, act in acts]
    for view in house.two.views.values():
        view.behind = False
    house.two.settle()
    house.two.a.passes(3)
    wrong = [
        told_wrong(house, before, name, act, author)
        for author, (name, act) in zip(authors, acts, strict=True)
    ]
    return "; ".join(filter(None, [*wrong, differing(house)]))


def asked(house: House, name: str, act: Doing) -> Program:
    """Who has just asked for this."""
    request, program = ACTS[name].asks(act), house.people[act.by]
    if ACTS[name].comes:
        world = house.world(act.node)
        program = Program(world, request["nick"], request["session"])
        world.attach(program)
        program.sends_objects({"type": "hello", "v": 1, **request})
    else:
        program.sends_objects({"id": 900, **request})
    house.two.settle()
    return program


# -- the truth ---------------------------------------------------------------------------------


def told_wrong(house: House, before: int, name: str, act: Doing, author: Program) -> str:
    """What the author was told that is not so."""
    author.reads()
    answers = [each for each in author.heard if is_answer(each, name)]
    if ACTS[name].comes:  # and may be sent out right after that
        answers = answers[:1]
    if not answers and (author.closed or name == "bye"):
        return ""
    if len(answers) != 1:
        return f"{act.by} has no one answer: {answers}"
    [answer] = answers
    courses = list(course(house, before, name, act))
    if answer["type"] == "error":
        did = (False, True) in courses
        return f"{act.by} is refused what is done: {answer}" if did else ""
    is_done = any(is_so for _, is_so in courses)
    return "" if is_done else f"{act.by} is told of what is not done: {answer}"


def is_answer(heard: Json, name: str) -> bool:
    if ACTS[name].comes and heard["type"] in ("welcome", "error"):
        return "id" not in heard and heard.get("code") != "replaced"
    return heard.get("id") == 900


def course(house: House, before: int, name: str, act: Doing) -> Iterator[tuple[bool, bool]]:
    """Whether it was done before each batch of that node, and behind it."""
    state: State = first_state()
    is_done = ACTS[name].is_done
    for place, each in enumerate(house.two.engine.entries):
        was_so = place >= before and is_done(act, state)
        apply(state, each.position, each.bytes)
        if place >= before and decode(each.bytes).life == act.life:
            yield was_so, is_done(act, state)


# -- one house ---------------------------------------------------------------------------------

TOLD_TO_ALL = frozenset(("said", "joined", "left", "renamed", "changed", "deleted"))


def differing(house: House) -> str:
    """In what the two nodes differ."""
    two = house.two
    states = [node.node.state for node in two.nodes.values()]
    if digest(states[0]) != digest(states[1]):
        return "their states differ"
    for node in "ab":
        compare(house.world(node), two.nodes[node])
        if wrong := mirrored_wrong(house, node):
            return f"on {node} {wrong}"
    records = [two.records[node] for node in "ab"]
    for room in states[0].rooms:
        if messages(records[0], room) != messages(records[1], room):
            return f"their records of {room} differ"
    for kept in ("room_rows", "marks", "accounts"):
        rows = [sorted(map(repr, getattr(record, kept)())) for record in records]
        if rows[0] != rows[1]:
            return f"their records differ in {kept}: {rows}"
    ears = [
        [each for each in house.people[f"ear_{node}"].reads() if each["type"] in TOLD_TO_ALL]
        for node in "ab"
    ]
    return "" if ears[0] == ears[1] else f"they tell of it otherwise: {ears}"


def mirrored_wrong(house: House, node: str) -> str:
    """What the core of a node has otherwise than the state says, beside what `compare` asks for."""
    state, huddle = house.two.nodes[node].node.state, house.world(node).huddle
    for name, room in state.rooms.items():
        row = huddle.directory.row(name)
        if ((row.key or b"").hex(), round(row.slow * 1000)) != (room.key, room.slow):
            return f"{name} is {row}"
        marks = {
            (mark.kind.value, mark.who) for mark in huddle.directory.restrictions.in_force(name)
        }
        if marks != room.restrictions.keys():
            return f"{name} is marked {marks}"
    for session in huddle.registry.sessions:
        there = state.sessions[session.number]
        if session.in_charge != there.in_charge or len(session.ignores) != len(there.ignores):
            return f"{session} is otherwise"
    return ""
