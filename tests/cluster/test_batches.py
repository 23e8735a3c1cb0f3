"""What goes into the log comes out of it the same, and what is wrong in it harms nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huddle.cluster import entries
from huddle.cluster.batches import (
    MOST_BYTES,
    BadBatch,
    Batch,
    Invalid,
    TooNew,
    decode,
    encode,
    encode_entry,
)
from huddle.cluster.effects import Passed, Placed, Refused
from huddle.cluster.entries import (
    ENTRIES,
    NAMES,
    Act,
    Announce,
    Appoint,
    Attach,
    Beat,
    Begin,
    Cut,
    Down,
    Entry,
    Erase,
    Expire,
    Leave,
    Lifted,
    Login,
    Lose,
    Mark,
    Own,
    Password,
    Register,
    Rename,
    Restrict,
    Restriction,
    Retain,
    Say,
    Seat,
    Set,
    Unseat,
    Up,
    Upgrade,
)
from huddle.cluster.naming import keyed
from tests.cluster.written_log import House

LIFE = "9f" * 16
ANA = keyed("ana")

EVERY: list[Entry] = [
    Up({"hold": 120, "operators": [list(ANA)], "members_only": False}, LIFE, 2),
    Down("a1" * 16, 901),
    Beat(),
    Mark(88000, "ab" * 32),
    Upgrade(2),
    Begin(ANA, (keyed("huddle"),), "ff" * 32, turn=2, host="040a000001", address="10.0.0.1"),
    Attach(17, 4, LIFE, ANA, 3),
    Lose(17, {"huddle": 1041}),
    Leave(17, {"@17": 3}),
    Expire(17, 3),
    Rename(17, ANA),
    Own(17, word="ab", word_at="cd", ignores=("session:3 bob",), cursors={"huddle": 4}),
    Seat(17, keyed("ops"), "ab", move=True),
    Unseat(17, "ops"),
    Cut(17, "ops", 3, "enough", Act("kick", "ana", "enough")),
    Set("ops", "slow", 5000, 3, seen=88),
    Set("ops", "quiet", True, 3),
    Restrict("ops", 3, (Restriction("ban", "session:5"),), (Lifted("mute", "nick:ana", 9),)),
    Say(17, 7, "¿qué tal?", "huddle", block=3, inside=True, re=5),
    Say(17, 8, "psst", kind="me", to="bob", whom=-2),
    Announce(17, "soup", 4),
    Erase("huddle", (3, 4), 17, own=True, of="ana"),
    Register(ANA, "$argon2id$…", 17, own=True),
    Login(17, 2, 1),
    Password(2, "$argon2id$…", 1),
    Appoint(2, operator=True, by=17),
    Retain(before=5, messages=100, left_before=5, sessions=1000),
]


def test_every_entry_there_is_comes_out_of_the_log_as_it_went_in() -> None:
    batch = Batch(LIFE, "b", 1412, 88123, 1_790_000_000_123, EVERY)
    assert decode(encode(batch)) == batch
    assert {type(each) for each in EVERY} == set(NAMES.values())


def test_no_entry_is_unknown_to_the_log() -> None:
    classes = [each for each in vars(entries).values() if isinstance(each, type)]
    assert list(ENTRIES) == [each for each in classes if Entry in each.__bases__]


def test_it_looks_as_the_design_says() -> None:
    said = encode(Batch(LIFE, "b", 1412, 88123, 5, [Say(17, 7, "hola", "huddle")]))
    assert json.loads(said) == {
        "v": 1,
        "life": LIFE,
        "node": "b",
        "n": 1412,
        "at": 88123,
        "t": 5,
        "e": [{"say": {"session": 17, "id": 7, "text": "hola", "room": "huddle"}}],
    }


def written(*entries: Any, **other: Any) -> bytes:
    head = {"v": 1, "life": LIFE, "node": "b", "n": 1, "at": 0, "t": 5, "e": list(entries)}
    return json.dumps(head | other).encode()


@pytest.mark.parametrize(
    "bytes",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"v":1}',
        b'{"v":1',
        b" " + written({"beat": {}}),
        written({"beat": {}}) + b"{}",
        written(),
        written({"beat": {}}, v=0),
        written({"beat": {}}, v=True),
        written({"beat": {}}, life="9F" * 16),
        written({"beat": {}}, life="9f"),
        written({"beat": {}}, node=""),
        written({"beat": {}}, node="ñ"),
        written({"beat": {}}, n=-1),
        written({"beat": {}}, n=1.0),
        written({"beat": {}}, t=True),
        written({"beat": {}}, at=2**53),
        written({"beat": {}}, t=float("nan")),
        written({"beat": {"x": "y" * MOST_BYTES}}),
        written(*[{"beat": {}}] * 4097),
    ],
)
def test_what_is_no_batch_is_passed_over_by_all(bytes: bytes) -> None:
    with pytest.raises(BadBatch):
        decode(bytes)
    house = House()
    house.node("b")
    before = house.state.chain
    assert house.lands(bytes).passed is Passed.UNREADABLE
    assert house.state.chain == before


def test_a_later_version_s_batch_is_not_passed_over_since_others_may_understand_it() -> None:
    with pytest.raises(TooNew):
        decode(written({"beat": {}}, v=2))


@pytest.mark.parametrize(
    "entry",
    [
        {},
        [],
        {"say": {}, "beat": {}},
        {"shout": {}},
        {"say": []},
        {"say": {"session": 0, "id": 7, "text": "hola", "room": "huddle"}},
        {"say": {"session": "1", "id": 7, "text": "hola", "room": "huddle"}},
        {"say": {"session": True, "id": 7, "text": "hola", "room": "huddle"}},
        {"say": {"session": 1, "id": 7, "text": "h" * 4097, "room": "huddle"}},
        {"say": {"session": 1, "id": 7, "text": "ñ" * 2049, "room": "huddle"}},
        {"say": {"session": 1, "id": 7, "text": "\ud800", "room": "huddle"}},
        {"say": {"session": 1, "id": 7, "text": None, "room": "huddle"}},
        {"say": {"session": 1, "id": 7, "text": "hola", "room": 5}},
        {"rename": {"session": 1, "nick": "ana"}},
        {"rename": {"session": 1, "nick": ["ana"]}},
        {"rename": {"session": 1, "nick": ["ana", ""]}},
        {"begin": {"nick": ["ana", "ana"], "rooms": "huddle"}},
        {"begin": {"nick": ["ana", "ana"], "rooms": [], "key": "zz"}},
        {"begin": {"nick": ["ana", "ana"], "rooms": [], "key": "abc"}},
        {"lose": {"session": 1, "cursors": {"huddle": -1}}},
        {"lose": {"session": 1, "cursors": {str(n): 1 for n in range(66)}}},
        {"erase": {"room": "huddle", "seqs": list(range(1001)), "by": 1}},
        {"cut": {"session": 1, "room": "huddle", "by": 1, "audit": "kick"}},
        {"up": {"shared": {"a": {}}}},
    ],
)
def test_an_entry_that_does_not_validate_is_refused_and_those_around_it_stand(entry: Any) -> None:
    house = House()
    node = house.node("b")
    ana = node.begins("ana")
    good = {"say": {"session": ana, "id": 1, "text": "hola", "room": "huddle"}}
    after = good | {"say": {**good["say"], "id": 2}}
    applied = house.lands(written(good, entry, after, life=node.life, n=3))
    first, refused, last = applied.outcomes
    assert isinstance(refused, Refused)
    assert refused.code == "bad-field"
    assert (first, last) == (Placed("huddle", 1), Placed("huddle", 2))


def test_what_no_node_would_take_is_not_even_sent() -> None:
    with pytest.raises(BadBatch):
        encode_entry(Say(1, 7, "h" * 4097, "huddle"))
    with pytest.raises(BadBatch):
        encode_entry(Invalid("text"))
    too_much = [Say(1, n, "h" * 4096, "huddle") for n in range(130)]
    with pytest.raises(BadBatch):
        encode(Batch(LIFE, "b", 1, 0, 5, too_much))


def test_a_field_that_a_later_version_has_added_is_no_obstacle() -> None:
    said = {"say": {"session": 1, "id": 7, "text": "hola", "room": "huddle", "mood": "gay"}}
    assert decode(written(said, mood=3)).entries == [Say(1, 7, "hola", "huddle")]
