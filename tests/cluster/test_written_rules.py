"""What entries come to by rules that are known stays as it is, whatever is added later: nodes of
another version apply the same log.

`first_rules.jsonl`, and so on to `fourth_rules.jsonl`, have logs as they were written once, and
what each led to. As long as no version with several nodes was released, what they come to may still
be put right:

    python -m tests.cluster.test_written_rules 4

writes those of the fourth rules anew. From that version on, it is what higher rules come to
(docs/contributing.md), and those get a file of their own.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.batches import decode
from huddle.cluster.effects import Refused
from huddle.cluster.entries import (
    FIELDS_SINCE,
    NAMES,
    Announce,
    Appoint,
    Attach,
    Beat,
    Cut,
    Down,
    Leave,
    Login,
    Lose,
    Mark,
    Own,
    Register,
    Rename,
    Restrict,
    Restriction,
    Say,
    Seat,
    Set,
    Unseat,
    Upgrade,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rules import (
    accounts,
    codes,
    moderation,
    node_membership,
    pace,
    roles,
    sessions,
    shares,
    speaking,
)
from huddle.cluster.rules.reading import arrival_cursors, inbox_cursors
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import dump
from huddle.cluster.state import State, first_state
from tests.cluster import later_version
from tests.cluster.test_entries import course
from tests.cluster.written_log import House, hashed
from tests.world import Json

WRITTEN = {
    1: Path(__file__).with_name("first_rules.jsonl"),
    2: Path(__file__).with_name("second_rules.jsonl"),
    3: Path(__file__).with_name("third_rules.jsonl"),
    4: Path(__file__).with_name("fourth_rules.jsonl"),
}
"""The logs of each rules."""

SEEDS = {1: (36, 51), 2: (7, 17), 3: (6, 51), 4: (12, 51)}
"""Of what is drawn: these have something of each kind."""

LENGTH = {1: 70, 2: 120, 3: 120, 4: 120}
"""Batches of each."""

BY_RULES = pytest.mark.parametrize("rules", WRITTEN)

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


def written(rules: int) -> list[tuple[Log, Json]]:
    """Each log, and the state at its end."""
    lines = [json.loads(line) for line in WRITTEN[rules].read_text().splitlines()]
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


def test_all_rules_have_their_file() -> None:
    assert sorted(WRITTEN) == list(range(1, KNOWN_RULES + 1))
    for rules in WRITTEN:
        assert {state["rules"] for _, state in written(rules)} == {rules}


@BY_RULES
def test_what_was_written_once_comes_to_the_same(rules: int) -> None:
    for log, state in written(rules):
        assert as_known(parts(came_to(log)[0]), state) == state, __doc__


@BY_RULES
def test_it_does_so_in_a_later_version(rules: int, monkeypatch: pytest.MonkeyPatch) -> None:
    later_version.register(monkeypatch.setitem)
    for log, state in written(rules):
        assert came_to(log)[0].chain == state["chain"]


@BY_RULES
def test_what_was_written_has_all_there_is(rules: int) -> None:
    taken = sum((came_to(log)[1] for log, _ in written(rules)), Counter[str]())
    # The first entry of a life comes to nothing by itself.
    without = {"up", "upgrade"} if rules == 1 else {"up"}
    assert not [name for name in NAMES.keys() - without if not taken[name]]


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (shares, "FROM_RULES"),
        (codes, "FROM_RULES"),
        (arrival_cursors, "FROM_RULES"),
        (node_membership, "PLACES_FROM_RULES"),
        (node_membership, "STEPS_FROM_RULES"),
        (pace, "FROM_RULES"),
        (speaking, "BLOCKS_FROM_RULES"),
        (sessions, "HEARD_FROM_RULES"),
        (moderation, "CALLED_FROM_RULES"),
        (roles, "REASONS_FROM_RULES"),
        (accounts, "KEPT_FROM_RULES"),
        (inbox_cursors, "FROM_RULES"),
    ],
)
def test_whatever_rules_brought_is_in_their_file(
    where: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or that could change, and nothing would say so."""
    rules = getattr(where, name)
    monkeypatch.setattr(where, name, rules + 1)
    assert comes_to_something_else(rules)


def test_so_is_each_field_that_they_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    for entry, fields in FIELDS_SINCE.items():
        for name, rules in fields.items():
            with monkeypatch.context() as patch:
                patch.setitem(fields, name, rules + 1)
                assert comes_to_something_else(rules), (entry, name)


def comes_to_something_else(rules: int) -> bool:
    return any(as_known(parts(came_to(log)[0]), state) != state for log, state in written(rules))


def a_short_day(rules: int) -> Log:
    """What comes together too seldom where entries are drawn."""
    house = House(operators=[list(keyed("boss"))], rooms=9)
    a, b = house.node("a", rules), house.node("b", rules)
    if rules > 1:
        a.does(Upgrade(rules))
    ana = a.begins("ana", ["huddle", "ops"], key=hashed("ana"), host="040a000001")
    bob = b.begins("bob", word="ab", word_at="cd")
    b.does(Register(keyed("boss"), "hash", 0), Register(keyed("bob"), "hash", bob, own=True))
    a.does(Login(ana, 1, 1), Announce(ana, "soup", 1), Seat(ana, keyed("dev")))
    a.does(Unseat(ana, "dev"), Say(ana, 2, "psst", to="bob", whom=-2))
    b.does(Say(bob, 7, "hola", "huddle", block=1, inside=True), Lose(bob, {"@2": 1}))
    a.does(Mark(house.state.position, house.state.chain), Appoint(2, operator=True, by=ana))
    return house.log


def a_day_of_the_second_rules() -> Log:
    """What those rules brought: shares, codes, steps, where a node went, who has just come, and how
    much is remembered of who spoke."""
    limits = {"held_each": 1, "left_each": 1, "sessions": 5, "spoke_each": 3}
    house = House(operators=[list(keyed("boss"))], **limits)
    a, b, c = (house.node(name, 2) for name in "abc")
    a.asks(Upgrade(2))
    ana = a.begins("ana", key=hashed("ana"), host="040a000001", address="10.0.0.1")
    a.does(Own(ana, in_charge=True, code=a.life), Own(ana, in_charge=True, code=b.life))
    many = [
        b.begins(f"n{number}", address=f"2001:db8:0:{number}::/64", site="2001:db8::/48")
        for number in range(4)
    ]
    for number in many:
        house.now += 1
        b.does(Lose(number))
    for nick in ("eva", "ida"):
        house.now += 1
        c.does(Leave(c.begins(nick, address="192.0.2.1")))
    for nick in ("bob", "eve", "joe"):
        house.now += 2000
        c.begins(nick, address="198.51.100.1")
    b.does(Down(c.life, c.n))
    a.does(Lose(ana, {"huddle": 0}))
    house.now += 60_000
    b.does(Beat())
    b.does(Attach(ana))
    a.does(Down(b.life, b.n))
    a.does(Own(ana, wishes='{"times": true}', was=b.life))
    again = house.node("b", 2)
    again.does(Attach(ana, was=b.life))
    ida = a.begins("ida", address="198.51.100.1")
    a.does(Set("huddle", "slow", 5000, 0), Say(ida, 0, "slowly", "huddle", block=1))
    leo = a.begins("leo", address="198.51.100.1")
    a.does(Say(leo, 0, "slowly, too", "huddle"), Leave(ida))
    return house.log


def a_day_of_the_third_rules() -> Log:
    """What those brought: nicks that are judged as texts are, and by their looks; bans of who is
    called so by then; reasons of who is muted; and operators of the house, who are let in."""
    house = House(operators=[list(keyed("boss"))])
    a, b = (house.node(name, 3) for name in "ab")
    a.asks(Upgrade(3))
    nicks = "ana", "bob", "eva", "zoe"
    ana, bob, eva, zoe = (a.begins(nick, ["huddle", "ops"]) for nick in nicks)
    a.does(
        Restrict("ops", 0, (Restriction("host", f"session:{ana}"),)),
        Register(keyed("boss"), "", 0),
        Set("ops", "slow", 5000, ana),
        Rename(bob, keyed("ben")),
        Rename(bob, keyed("bill")),
        Say(bob, 0, "hola", "ops"),
        Set("ops", "slow", 0, ana),
    )
    lan, boss = (
        Restrict("ops", 0, (Restriction("ban", f"nick:{nick}", nick),), nicks=(keyed(nick),))
        for nick in ("lan", "boss")
    )
    a.does(Rename(eva, keyed("Ian")), lan, Rename(eva, keyed("ida")), Rename(bob, keyed("Ian")))
    b.does(boss)
    a.does(
        Login(bob, 1, 1),
        Restrict("ops", 0, (Restriction("mute", f"session:{ana}"),)),
        Cut(zoe, "ops", ana, "enough"),
    )
    house.now += 1000
    a.does(Say(eva, 0, "out", "huddle"), Say(bob, 0, "in", "ops"))
    return house.log


def a_day_of_the_fourth_rules() -> Log:
    """What those brought: from where on sessions read private messages; of who comes, who goes, who
    is sent out, and who has an account by then."""
    house = House()
    a, b, c = (house.node(name, 4) for name in "abc")
    a.asks(Upgrade(4))
    ana, pia, zoe = (a.begins(nick) for nick in ("ana", "pia", "zoe"))
    bob, eva, leo = b.begins("bob"), c.begins("eva"), c.begins("leo")
    a.does(Lose(pia, {"huddle": 0}))
    b.does(*(Say(bob, 0, "psst", to="you", whom=whom) for whom in (ana, eva, leo, pia, bob)))
    b.does(Register(keyed("bob"), "hash", bob, own=True), Attach(pia))
    c.does(*(Say(eva, 0, "psst", to="you", whom=whom) for whom in (ana, pia, -1)))
    a.does(Lose(ana, {f"@{ana}": 1}))
    held, other = (b.begins("bob", account=1, version=1) for _ in "12")
    b.does(Lose(held, {f"@{bob}": 1}), Attach(held), Lose(held))
    a.does(Down(b.life, b.n), Login(zoe, 1, 1), Say(other, 0, "psst", to="pia", whom=pia))
    last, _ = (c.begins("bob", account=1, version=1) for _ in "12")
    c.does(Attach(ana), Own(last, cursors={f"@{bob}": 2}), Attach(held), Lose(held))
    c.does(Lose(leo), Cut(eva, "huddle", 0))
    mia = c.begins("mia")
    c.does(Lose(mia), Login(mia, 1, 1, coming=True))
    for _ in range(20):
        house.now += 1000
        for node in (a, c):
            node.does(Beat())
    return house.log


def written_anew(rules: int) -> Iterator[str]:
    """The lines of a file."""
    days = {
        2: a_day_of_the_second_rules,
        3: a_day_of_the_third_rules,
        4: a_day_of_the_fourth_rules,
    }
    new = [days[rules]()] if rules in days else []
    drawn = [course(seed, LENGTH[rules], rules) for seed in SEEDS[rules]]
    for log in (*new, a_short_day(rules), *drawn):
        made = {"log": [(at, batch.decode()) for at, batch in log], "state": parts(came_to(log)[0])}
        yield json.dumps(made) + "\n"


if __name__ == "__main__":
    number = int(sys.argv[1])
    WRITTEN[number].write_text("".join(written_anew(number)))
