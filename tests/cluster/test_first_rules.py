"""What entries come to by the first rules stays as it is, whatever is added later: nodes of another
version apply the same log.

`first_rules.jsonl` has logs as they were written once, and what each led to. As long as no version
with several nodes was released, what they come to may still be put right: then

    python -m tests.cluster.test_first_rules

writes them anew. From that version on, it is what higher rules come to (docs/contributing.md).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.batches import decode
from huddle.cluster.effects import Refused
from huddle.cluster.entries import (
    NAMES,
    Announce,
    Appoint,
    Login,
    Lose,
    Mark,
    Register,
    Say,
    Seat,
    Unseat,
)
from huddle.cluster.naming import keyed
from huddle.cluster.snapshot import dump
from huddle.cluster.state import State, first_state
from tests.cluster import later_version
from tests.cluster.test_any_entries import course
from tests.cluster.written_log import House, hashed
from tests.world import Json

WRITTEN = Path(__file__).with_name("first_rules.jsonl")
SEEDS = (36, 51)


Log = list[tuple[int, bytes]]
OBJECTS = ("lives", "sessions", "accounts", "rooms", "inboxes")


def came_to(log: Log) -> tuple[State, Counter[str]]:
    """The state at the end of this log, and how many entries of each kind were not refused."""
    state, taken = first_state(), Counter[str]()
    for position, batch in log:
        outcomes = apply(state, position, batch).outcomes
        for entry, outcome in zip(decode(batch).entries, outcomes, strict=False):
            taken[type(entry).__name__.lower()] += not isinstance(outcome, Refused)
    return state, taken


def written() -> list[tuple[Log, Json]]:
    """Each log, and the state at its end."""
    lines = [json.loads(line) for line in WRITTEN.read_text().splitlines()]
    return [([(at, batch.encode()) for at, batch in each["log"]], each["state"]) for each in lines]


def parts(state: State) -> Json:
    dumped: Json = json.loads(dump(state))["state"]
    return dumped


def as_known(now: Json, then: Json) -> Json:
    """Of a state now what was known of one then: fields that were added behind are left out."""
    known = {name: now[name] for name in then}
    for name in OBJECTS:
        counts = {key: len(fields) for key, fields in then[name]}
        known[name] = [[key, fields[: counts.get(key, 0)]] for key, fields in now[name]]
    return known


def test_what_was_written_once_comes_to_the_same() -> None:
    for log, state in written():
        assert as_known(parts(came_to(log)[0]), state) == state, __doc__


def test_it_does_so_in_a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    later_version.register(monkeypatch.setitem)
    for log, state in written():
        assert came_to(log)[0].chain == state["chain"]


def test_what_was_written_has_all_there_is() -> None:
    taken = sum((came_to(log)[1] for log, _ in written()), Counter[str]())
    # The first entry of a life comes to nothing by itself.
    assert not [name for name in NAMES.keys() - {"upgrade", "up"} if not taken[name]]


def a_short_day() -> Log:
    """What comes together too seldom where entries are drawn."""
    house = House(operators=[list(keyed("boss"))], rooms=9)
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana", ["huddle", "ops"], key=hashed("ana"), host="040a000001")
    bob = b.begins("bob", word="ab", word_at="cd")
    b.does(Register(keyed("boss"), "hash", 0), Register(keyed("bob"), "hash", bob, own=True))
    a.does(Login(ana, 1, 1), Announce(ana, "soup", 1), Seat(ana, keyed("dev")))
    a.does(Unseat(ana, "dev"), Say(ana, 2, "psst", to="bob", whom=-2))
    b.does(Say(bob, 7, "hola", "huddle", block=1, inside=True), Lose(bob, {"@2": 1}))
    a.does(Mark(house.state.position, house.state.chain), Appoint(2, operator=True, by=ana))
    return house.log


if __name__ == "__main__":
    lines = []
    for log in (a_short_day(), *(course(seed, 70) for seed in SEEDS)):
        made = {"log": [(at, batch.decode()) for at, batch in log], "state": parts(came_to(log)[0])}
        lines.append(json.dumps(made) + "\n")
    WRITTEN.write_text("".join(lines))
