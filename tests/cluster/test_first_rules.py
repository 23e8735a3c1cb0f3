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
from typing import Any

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
from huddle.cluster.state import first_state
from tests.cluster import later_version
from tests.cluster.test_any_entries import course
from tests.cluster.written_log import House, hashed

WRITTEN = Path(__file__).with_name("first_rules.jsonl")
SEEDS = (36, 51)


def came_to(log: list[tuple[int, bytes]]) -> tuple[str, Counter[str]]:
    """The chain at the end of this log, and how many entries of each kind were not refused."""
    state, taken = first_state(), Counter[str]()
    for position, batch in log:
        outcomes = apply(state, position, batch).outcomes
        for entry, outcome in zip(decode(batch).entries, outcomes, strict=False):
            taken[type(entry).__name__.lower()] += not isinstance(outcome, Refused)
    return state.chain, taken


def written() -> list[dict[str, Any]]:
    return [json.loads(line) for line in WRITTEN.read_text().splitlines()]


def logs() -> list[tuple[list[tuple[int, bytes]], str]]:
    """Each log, and the chain at its end."""
    return [
        ([(position, batch.encode()) for position, batch in each["log"]], each["chain"])
        for each in written()
    ]


def test_what_was_written_once_comes_to_the_same() -> None:
    assert [came_to(log)[0] for log, _ in logs()] == [chain for _, chain in logs()], __doc__


def test_it_does_so_in_a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    later_version.register(monkeypatch.setitem)
    assert [came_to(log)[0] for log, _ in logs()] == [chain for _, chain in logs()]


def test_what_was_written_has_all_there_is() -> None:
    taken = sum((came_to(log)[1] for log, _ in logs()), Counter[str]())
    # The first entry of a life comes to nothing by itself.
    assert not [name for name in NAMES.keys() - {"upgrade", "up"} if not taken[name]]


def a_short_day() -> list[tuple[int, bytes]]:
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
        made = {"chain": came_to(log)[0], "log": [(at, batch.decode()) for at, batch in log]}
        lines.append(json.dumps(made) + "\n")
    WRITTEN.write_text("".join(lines))
