"""The record keeps what the state says: the same numbers, and nothing less."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from huddle.cluster.effects import Applied
from huddle.cluster.entries import (
    Act,
    Announce,
    Appoint,
    Begin,
    Cut,
    Leave,
    Lifted,
    Login,
    Lose,
    Own,
    Register,
    Rename,
    Restrict,
    Restriction,
    Say,
    Seat,
    Set,
)
from huddle.cluster.naming import keyed
from huddle.cluster.rows import account_row, ids, kept, room_row, said, session_row
from huddle.protocol.events import Said
from huddle.protocol.limits import Limits
from huddle.record import (
    AccountRow,
    AuditEntry,
    Extent,
    Mark,
    MarkKind,
    Record,
    RoomRow,
    SessionRow,
    Step,
)
from huddle.record.memory import MemoryRecord
from tests.cluster.written_log import HUDDLE, NOON, House, Node, hashed


class Kept:
    """A house, and a record that is given what each of its batches comes to."""

    def __init__(self) -> None:
        self.house = House(operators=[list(keyed("root"))])
        self.record: Record = MemoryRecord(Limits(), "epoch")
        self.messages: list[Said] = []

    def does(self, node: Node, *entries: Any) -> Applied:
        applied = node.does(*entries)
        rows = kept(self.house.state, applied)
        self.record.step(Step(applied.position, said(applied), ids(applied), rows))
        self.messages += said(applied)
        return applied


def test_the_record_has_messages_under_the_numbers_that_they_have() -> None:
    house = Kept()
    a = house.house.node("a")
    house.does(a, Begin(keyed("ana"), (HUDDLE, keyed("ops"))), Begin(keyed("bob"), (HUDDLE,)))
    house.does(
        a,
        Say(1, 1, "one", "huddle", block=1, inside=True),
        Say(2, 1, "two", "huddle", re=1),
        Say(1, 2, "three", "huddle", block=1, inside=True),
        Say(1, 3, "psst", to="bob", whom=2),
        Say(1, 4, "four", "ops", kind="me"),
        Say(1, 4, "four", "ops", kind="me"),
        Say(1, 5, "oen", "huddle", edits=1),
    )
    assert [each.block for each in house.messages] == [1, 0, 1, 0, 0, 0, 0]
    assert house.record.extent("huddle") == Extent(1, 4, NOON)
    assert {name: house.record.extent(name).newest for name in house.record.rooms()} == {
        "huddle": 4,
        "@1": 1,
        "@2": 1,
        "ops": 1,
    }


def test_what_changes_of_sessions_rooms_and_accounts_is_kept() -> None:
    house = Kept()
    state = house.house.state
    a = house.house.node("a")
    house.does(a, Register(keyed("root"), "hash", 0), Begin(keyed("ana"), (HUDDLE,), hashed("k")))
    house.does(a, Begin(keyed("root"), (HUDDLE,), account=1, version=1))
    house.does(a, Rename(1, keyed("eva")), Seat(1, keyed("ops")), Own(1, ignores=("account:1 x",)))
    house.does(a, Seat(2, keyed("ops")), Set("ops", "topic", "soup", 2))
    house.does(a, Set("ops", "slow", 1500, 2), Say(1, 1, "hola", "ops"))
    house.does(a, Register(keyed("eva"), "hash", 1, own=True), Appoint(2, operator=True, by=2))
    house.does(a, Lose(1, {"huddle": 0, "ops": 1}), Leave(2))
    record = house.record
    found: list[SessionRow | None] = []
    record.session_by_key(bytes.fromhex(hashed("k"))).addCallback(found.append)
    assert found == [session_row(state, 1)]
    assert found[0] is not None
    assert (found[0].nick, found[0].rooms, found[0].account) == ("eva", {"huddle": 0, "ops": 1}, 2)
    assert list(record.accounts()) == [account_row(state, 1), account_row(state, 2)]
    assert list(record.room_rows()) == [RoomRow("ops", "soup", "root", None, 1.5)]
    assert record.last_session == state.last_session


def test_restrictions_are_kept_and_dropped_and_what_was_done_is_in_the_audit() -> None:
    house = Kept()
    a = house.house.node("a")
    house.does(a, Register(keyed("root"), "hash", 0), Begin(keyed("ana"), (HUDDLE,)))
    house.does(a, Begin(keyed("root"), (HUDDLE,), account=1, version=1))
    mark = Restriction("mute", "session:1", "ana", NOON + 9, "loud")
    house.does(a, Restrict("huddle", 2, (mark,), audit=Act("mute", "ana", "loud")))
    kept_mark = Mark("huddle", MarkKind.MUTE, "session:1", "ana", NOON + 9, "loud", "root", NOON)
    assert list(house.record.marks()) == [kept_mark]
    seen = house.house.state.rooms["huddle"].restrictions["mute", "session:1"].version
    house.does(a, Restrict("huddle", 2, lifted=(Lifted("mute", "session:1", seen),)))
    assert not house.record.marks()
    house.does(a, Cut(1, "huddle", 2, "enough", Act("kick", "ana", "enough")))
    acts: list[AuditEntry] = []
    house.record.audit(9).addCallback(acts.extend)
    assert acts == [
        AuditEntry(NOON, "huddle", "mute", "root", "ana", "loud"),
        AuditEntry(NOON, "huddle", "kick", "root", "ana", "enough"),
    ]


def test_a_restriction_follows_the_guest_who_logs_in() -> None:
    house = Kept()
    a = house.house.node("a")
    house.does(a, Register(keyed("eva"), "hash", 0), Begin(keyed("ana"), (HUDDLE,)))
    house.does(a, Restrict("huddle", 0, (Restriction("mute", "session:1"),)))
    house.does(a, Login(1, 1, 1))
    assert [mark.who for mark in house.record.marks()] == ["account:1"]
    assert house.does(a, Announce(1, "x")).outcomes[0].code == "not-allowed"  # type: ignore[union-attr]


FULL: dict[type, Any] = {
    SessionRow: session_row,
    AccountRow: account_row,
    RoomRow: room_row,
}


@pytest.mark.parametrize("row", FULL)
def test_no_column_of_a_row_is_left_out(row: type) -> None:
    """A column that the state does not know would be taken from the record with the next save."""
    house = House()
    a = house.node("a")
    a.does(Register(keyed("eva"), "hash", 0), Begin(keyed("ana"), (HUDDLE,), hashed("k")))
    state = house.state
    state.sessions[1] = replace(
        state.sessions[1],
        word="ab",
        word_at="cd",
        word_time=1,
        here=False,
        last_id=3,
        account=1,
        version=2,
        ignores=("session:3 x",),
        wishes="quiet",
    )
    state.accounts[1] = replace(state.accounts[1], operator=True, version=2, read=3)
    room = replace(state.rooms["huddle"], topic="t", topic_by="x", key="ab", slow=5, quiet=True)
    state.rooms["huddle"] = room
    key = {SessionRow: 1, AccountRow: 1, RoomRow: "huddle"}[row]
    made = FULL[row](state, key)
    usual = row(*[_nothing(each.name) for each in fields(row) if each.name in _KEYS])
    same = [
        each.name for each in fields(row) if getattr(made, each.name) == getattr(usual, each.name)
    ]
    assert not same


_KEYS = ("number", "nick", "name")


def _nothing(name: str) -> object:
    return 0 if name == "number" else ""
