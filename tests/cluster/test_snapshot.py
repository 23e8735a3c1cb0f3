"""A node that begins with a snapshot is the same as one that has read the whole log."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huddle.cluster.apply import apply
from huddle.cluster.entries import (
    Begin,
    Down,
    Leave,
    Login,
    Lose,
    Mark,
    Own,
    Register,
    Restrict,
    Restriction,
    Say,
    Seat,
    Set,
)
from huddle.cluster.naming import keyed
from huddle.cluster.snapshot import BadSnapshot, digest, dump, load
from tests.cluster.written_log import HUDDLE, NOON, House, hashed


@pytest.fixture
def house() -> House:
    """One in which there is a little of everything."""
    house = House(hold=120, sessions=50, operators=[list(keyed("boss"))])
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana", ["huddle", "ops"], key=hashed("ana"), host="040a000001")
    bob = b.begins("bob", word="ab", word_at="cd")
    b.does(Register(keyed("eva"), "hash", 0), Register(keyed("bob"), "hash", bob, own=True))
    eva = b.begins("eva", account=1, version=1)
    a.does(
        Say(ana, 7, "¿qué tal?", "ops", block=1, inside=True),
        Say(ana, 8, "psst", to="eva", whom=-1),
        Set("ops", "slow", 3000, 0),
        Set("ops", "key", hashed("open"), 0),
        Restrict("ops", 0, (Restriction("mute", "nick:eve", until=NOON + 5),)),
        Own(ana, ignores=("account:1 eva",)),
    )
    b.does(Lose(eva, {"@a1": 1}), Say(bob, 0, "hola", "huddle"))
    a.does(Leave(ana), Mark(5, "ab" * 32))
    a.does(Begin(keyed("fay"), (HUDDLE,), word="ef"))
    c = house.node("c")
    a.does(Down(c.life, c.n))
    return house


def test_what_is_made_of_it_is_the_same_state(house: House) -> None:
    again = load(dump(house.state))
    assert again == house.state
    assert dump(again) == dump(house.state)


def test_it_is_the_same_bytes_on_every_node(house: House) -> None:
    assert digest(house.replayed()) == digest(house.state)


def test_it_goes_on_as_the_others_do(house: House) -> None:
    again = load(dump(house.state))
    node = house.node("d")
    for line in (
        Begin(keyed("ana"), (HUDDLE,), hashed("ana")),
        Begin(keyed("eva"), (HUDDLE,)),
        Begin(keyed("Bob"), (HUDDLE,)),
        Begin(keyed("boss"), (HUDDLE,)),
        Seat(5, keyed("OPS"), hashed("open")),
        Login(4, 1, 1),
    ):
        node.does(line)
    behind = [each for each in house.log if each[0] > again.position]
    for position, batch in behind:
        apply(again, position, batch)
    assert again == house.state


def test_what_a_later_version_has_written_beside_it_is_passed_over(house: House) -> None:
    """By the rules that both know it says nothing."""
    given = json.loads(dump(house.state))
    given["state"]["colours"] = {"huddle": "red"}
    for name in ("sessions", "rooms", "accounts", "inboxes", "lives"):
        for _, each in given["state"][name]:
            each.append("red")
    assert load(json.dumps(given).encode()) == house.state


def test_another_state_has_another_hash(house: House) -> None:
    before = digest(house.state)
    house.state.sessions[1].last_id += 1
    assert digest(house.state) != before


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"v": None}, {"state": {"surprise": 1}}, {"state": {"sessions": [[1, []]]}}],
)
def test_what_is_no_snapshot_of_this_version_is_refused(
    house: House, change: dict[str, Any]
) -> None:
    given = json.loads(dump(house.state))
    with pytest.raises(BadSnapshot):
        load(json.dumps(given | change).encode())


@pytest.mark.parametrize(
    "bytes", [b"", b"[]", b"{}", b"\xff", b'{"v":1,"state":[]}', b"[" * 100_000]
)
def test_what_is_no_snapshot_at_all_is_refused(bytes: bytes) -> None:
    with pytest.raises(BadSnapshot):
        load(bytes)
