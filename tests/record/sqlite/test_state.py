"""What every record keeps of rooms, people and what was done to them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from huddle.protocol.events import Draft, Kind
from huddle.record import (
    AccountRow,
    AuditEntry,
    Dropped,
    Extent,
    Mark,
    MarkKind,
    RecordFailure,
    RoomRow,
    SessionRow,
    Step,
)
from huddle.record.sqlite import retention, schema, state
from tests.record.awaited_record import AwaitedRecord, draft, numbered, sqlite_record
from tests.record.faulty_connections import Faults

ROOM = RoomRow("ops", "tema ñ", "ana", key=b"\x00\xff", slow=2.5, quiet=True)
BAN = Mark("ops", MarkKind.BAN, "session:17", "bob", 99, 'ruido "x"', "ana", 50)
ANA = AccountRow(5, "Ana", "$argon2id$x", True, 3, "@a5", 17, 40)


def kick(number: int) -> AuditEntry:
    return AuditEntry(number, "ops", "kick", "ana", "bob", f"for {number}")


def test_a_message_knows_the_account_that_said_it_and_whom_it_was_for(
    awaited: AwaitedRecord,
) -> None:
    given = Draft("@17", 17, "ana", Kind.SAY, "psst", 3, account=5, to="Ñandú")
    [said] = awaited.append(given)
    assert (said.account, said.to) == (5, "Ñandú")
    assert awaited.answer(awaited.record.read("@17", 1, 1)) == [said]
    assert awaited.answer(awaited.record.find(17, 3)) == said
    assert awaited.answer(awaited.record.search("@17", "psst", 1)) == [said]


def test_an_announcement_comes_back_as_one(awaited: AwaitedRecord) -> None:
    [said] = awaited.append(Draft("huddle", 1, "ana", Kind.ANNOUNCE, "at noon"))
    assert awaited.answer(awaited.record.read("huddle", 1, 1)) == [said]


def test_a_row_comes_back_with_its_account_and_those_it_ignores(awaited: AwaitedRecord) -> None:
    row = SessionRow(
        7, "ana", b"k", account=5, version=2, ignores=("session:3", "account:9"), wishes="{}"
    )
    awaited.answer(awaited.record.save(row))
    assert awaited.answer(awaited.record.session_by_key(b"k")) == row


def test_all_kinds_are_kept_together_and_replaced_each_by_its_own(awaited: AwaitedRecord) -> None:
    other = replace(BAN, kind=MarkKind.MUTE, until=None)
    awaited.answer(
        awaited.record.save(ROOM, BAN, other, ANA, kick(1), SessionRow(1, "ana", b"k"), kick(2))
    )
    assert awaited.answer(awaited.record.audit(9)) == [kick(1), kick(2)]
    assert awaited.answer(awaited.record.session_by_key(b"k")) == SessionRow(1, "ana", b"k")
    awaited.answer(awaited.record.save(kick(3)))
    assert awaited.answer(awaited.record.audit(2)) == [kick(2), kick(3)]
    assert awaited.answer(awaited.record.audit(0)) == []


def test_what_is_said_between_two_acts_leaves_their_numbers_alone(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(kick(1)))
    awaited.say("what was that for?")
    awaited.answer(awaited.record.save(kick(2)))
    assert awaited.answer(awaited.record.audit(9)) == [kick(1), kick(2)]


def test_the_highest_account_is_known(awaited: AwaitedRecord) -> None:
    assert awaited.record.last_account == 0
    awaited.answer(awaited.record.save(ANA, replace(ANA, number=2, nick="bob")))
    assert awaited.record.last_account == 5


def test_the_rooms_are_those_in_which_something_was_said(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(ROOM))
    assert set(awaited.record.rooms()) == set()
    awaited.append(draft("a"), draft("b", room="@7"))
    assert set(awaited.record.rooms()) == {"huddle", "@7"}


# -- a text that is taken out --------------------------------------------------------------------


def test_an_erased_message_leaves_its_number_and_nothing_of_its_text(
    awaited: AwaitedRecord,
) -> None:
    given = Draft("huddle", 7, "ana", Kind.ME, "a secret 日本", 3, account=5)
    before, said, after = awaited.append(draft("before"), given, draft("after"))
    tombstone = replace(said, kind=Kind.DELETED, text="")
    assert awaited.search("secret") == ["a secret 日本"]
    assert awaited.answer(awaited.record.erase("huddle", 2)) == tombstone
    assert awaited.answer(awaited.record.read("huddle", 1, 3)) == [before, tombstone, after]
    assert awaited.answer(awaited.record.find(7, 3)) == tombstone
    assert awaited.search("secret") == []
    assert awaited.search("日本") == []
    assert awaited.record.extent("huddle") == Extent(1, 3, 1000)


def test_what_is_erased_at_once_is_not_found_later(awaited: AwaitedRecord) -> None:
    awaited.say("a secret")
    awaited.answer(awaited.record.erase("huddle", 1))
    assert awaited.search("secret") == []
    assert awaited.say("another secret")[0].seq == 2
    assert awaited.search("secret") == ["another secret"]


def test_what_was_erased_can_be_erased_again(awaited: AwaitedRecord) -> None:
    awaited.say("a")
    first = awaited.answer(awaited.record.erase("huddle", 1))
    assert first is not None
    assert awaited.answer(awaited.record.erase("huddle", 1)) == first


def test_there_is_nothing_to_erase_where_no_message_is(awaited: AwaitedRecord) -> None:
    awaited.say("a", "b")
    assert awaited.answer(awaited.record.erase("nowhere", 1)) is None
    assert awaited.answer(awaited.record.erase("huddle", 3)) is None
    assert awaited.answer(awaited.record.erase("huddle", 0)) is None
    awaited.answer(awaited.record.forget(None, 1, 1))
    assert awaited.answer(awaited.record.erase("huddle", 1)) is None
    assert awaited.read() == ["b"]


def test_retention_takes_tombstones_along(awaited: AwaitedRecord) -> None:
    awaited.say(*(f"word {number}" for number in range(300)))
    assert awaited.search("word", limit=1) == ["word 299"]
    for seq in (1, 150, 300):
        awaited.answer(awaited.record.erase("huddle", seq))
    assert awaited.answer(awaited.record.forget(None, 1, 1)) == 299
    assert awaited.read() == [""]
    awaited.say("word again")
    assert awaited.search("word") == ["word again"]


def test_a_tombstone_is_not_found_by_a_search_for_nothing(awaited: AwaitedRecord) -> None:
    awaited.say("a")
    awaited.answer(awaited.record.erase("huddle", 1))
    assert awaited.search("") == []


# -- sessions that left long ago -----------------------------------------------------------------


def left(number: int, seen: int, here: bool = False) -> SessionRow:
    return SessionRow(number, "ana", key=b"%d" % number, word=b"w%d" % number, here=here, seen=seen)


def known(awaited: AwaitedRecord) -> list[int]:
    rows = [
        awaited.answer(awaited.record.session_by_key(b"%d" % number)) for number in range(1, 400)
    ]
    return [row.number for row in rows if row is not None]


def test_sessions_last_seen_before_then_are_forgotten(awaited: AwaitedRecord) -> None:
    rows = [left(1, 10), left(2, 20), left(3, 10, here=True), left(4, 19)]
    awaited.answer(awaited.record.save(*rows))
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 2
    assert known(awaited) == [2, 3]
    assert awaited.answer(awaited.record.session_by_word(b"w1")) is None
    assert awaited.record.last_session == 4


def test_the_oldest_sessions_beyond_so_many_are_forgotten(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(*(left(number, 1000 - number) for number in range(1, 301))))
    assert awaited.answer(awaited.record.forget_sessions(0, 3)) == 297
    assert known(awaited) == [1, 2, 3]
    assert awaited.answer(awaited.record.forget_sessions(0, 3)) == 0


def test_with_a_session_goes_its_inbox(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(left(1, 10), left(2, 30)))
    for session in (1, 2):
        room = f"@{session}"
        awaited.append(*(draft("psst", id, session, room) for id in range(1, 601)))
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 1
    assert set(awaited.record.rooms()) == {"@2"}
    assert awaited.record.extent("@1") == Extent()
    assert awaited.read(room="@1") == []
    assert awaited.answer(awaited.record.search("@1", "psst", 1)) == []
    assert awaited.answer(awaited.record.find(1, 7)) is None
    assert awaited.answer(awaited.record.find(2, 7)) is not None
    [said] = awaited.append(draft("b", 1, 3, "@1"))
    assert said.seq == 1


def test_an_inbox_that_an_account_has_taken_over_stays(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(left(1, 10), replace(ANA, inbox="@1")))
    awaited.append(draft("psst", room="@1"))
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 1
    assert awaited.read(room="@1") == ["psst"]


def test_what_a_forgotten_session_said_to_others_stays(awaited: AwaitedRecord) -> None:
    awaited.answer(awaited.record.save(left(1, 10)))
    awaited.append(draft("to all", 1))
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 1
    assert awaited.read() == ["to all"]
    assert awaited.answer(awaited.record.find(1, 1)) is not None


def test_nothing_is_dropped_that_was_not_named(awaited: AwaitedRecord) -> None:
    """A drop and a save of one thing count in their order; of others each for itself."""
    again = replace(BAN, who="address:10.0.0.0/8")
    awaited.answer(awaited.record.save(ROOM, BAN, again))
    awaited.answer(awaited.record.save(Dropped(BAN), BAN, Dropped(again), Dropped(ROOM), kick(1)))
    assert awaited.answer(awaited.record.audit(1)) == [kick(1)]


# -- over a restart ------------------------------------------------------------------------------


def test_all_that_was_kept_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    mute = replace(BAN, kind=MarkKind.MUTE, until=None)
    gone = replace(BAN, who="address:10.0.0.0/8")
    row = SessionRow(7, "ana", b"k", account=5, version=2, ignores=("session:3",))
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.save(ROOM, BAN, mute, gone, ANA, row, RoomRow("huddle", "hola")))
    newer = replace(ANA, operator=False, hash=None, read=18)
    awaited.answer(awaited.record.save(newer, Dropped(gone), Dropped(RoomRow("huddle")), kick(1)))
    awaited.close()
    awaited = sqlite_record(tmp_path)
    assert awaited.record.room_rows() == [ROOM]
    assert awaited.record.marks() == [BAN, mute]
    assert awaited.record.accounts() == [newer]
    assert awaited.record.sessions_here() == [row]
    assert awaited.answer(awaited.record.audit(9)) == [kick(1)]
    awaited.answer(awaited.record.save(kick(2)))
    assert awaited.answer(awaited.record.audit(9)) == [kick(1), kick(2)]
    awaited.close()


def test_a_step_that_cannot_be_kept_leaves_no_trace(tmp_path: Path) -> None:
    faults = Faults()
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    awaited.answer(awaited.record.step(Step(70, [numbered(1, "a")], [0])))
    faults.fail("UPDATE record SET position", sqlite3.SQLITE_FULL)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.step(Step(71, [numbered(2, "b")], [0], [ROOM])))
    assert awaited.record.position == 70
    awaited.close()
    awaited = sqlite_record(tmp_path)
    assert [awaited.record.position, awaited.record.room_rows()] == [70, []]
    assert awaited.record.extent("huddle").newest == 1
    awaited.close()


def test_a_nodes_record_goes_on_alone_under_another_epoch(tmp_path: Path) -> None:
    """Who was told by a node may know what this record never had."""
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.step(Step(70, [numbered(1, "a")], [0])))
    awaited.close()
    found = []
    for epoch, alone in (("node's", False), ("first", True), ("second", True)):
        awaited = sqlite_record(tmp_path, epoch, alone=alone)
        found.append((awaited.record.epoch, awaited.record.position))
        awaited.close()
    assert found == [("an epoch", 70), ("first", 0), ("first", 0)]


def test_two_accounts_cannot_have_one_nick(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.save(ANA))
    with pytest.raises(sqlite3.IntegrityError):
        awaited.answer(awaited.record.save(replace(ANA, number=6), kick(1)))
    assert awaited.answer(awaited.record.audit(9)) == []
    awaited.close()


def test_the_oldest_acts_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "ACTS", 3)
    awaited = sqlite_record(tmp_path)
    for number in range(1, 6):
        awaited.answer(awaited.record.save(kick(number)))
    assert awaited.answer(awaited.record.audit(9)) == [kick(3), kick(4), kick(5)]
    awaited.close()


def test_the_number_of_a_forgotten_session_is_given_to_nobody_else(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.save(left(9, 10), left(3, 10, here=True)))
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 1
    awaited.close()
    awaited = sqlite_record(tmp_path)
    assert awaited.record.last_session == 9
    awaited.close()


def test_forgetting_sessions_lets_those_who_speak_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "SESSIONS", 2)
    faults = Faults()
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    awaited.answer(awaited.record.save(*(left(number, 10) for number in range(1, 11))))
    step = faults.hold("DELETE FROM sessions")
    forgotten = awaited.record.forget_sessions(20, 100)
    step.reached()
    appended = awaited.record.append([draft("between")], 5)
    step.let_go()
    awaited.answer(appended)
    assert not forgotten.called
    assert awaited.answer(forgotten) == 10
    awaited.close()


def test_forgetting_sessions_fails_with_the_disk_and_goes_on_later(tmp_path: Path) -> None:
    faults = Faults()
    awaited = sqlite_record(tmp_path, connect=faults.connect)
    awaited.answer(awaited.record.save(left(1, 10)))
    awaited.append(draft("psst", room="@1"))
    faults.fail("DELETE FROM sessions", sqlite3.SQLITE_FULL)
    with pytest.raises(RecordFailure):
        awaited.answer(awaited.record.forget_sessions(20, 100))
    assert known(awaited) == [1]
    assert awaited.answer(awaited.record.forget_sessions(20, 100)) == 1
    assert known(awaited) == []
    awaited.close()


def test_a_session_that_has_only_spoken_is_as_old_as_its_words(tmp_path: Path) -> None:
    """Its row may be on its way; its last id must not go before it comes."""
    awaited = sqlite_record(tmp_path)
    awaited.append(draft("a", id=7, session=4), time=50)
    assert awaited.answer(awaited.record.forget_sessions(50, 100)) == 0
    awaited.answer(awaited.record.save(left(4, 60, here=True)))
    row = awaited.answer(awaited.record.session_by_key(b"4"))
    assert row is not None and row.last_id == 7
    assert awaited.answer(awaited.record.forget_sessions(100, 0)) == 0
    awaited.close()


def test_rooms_of_those_who_come_in_alike_are_written_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state._rooms.cache_clear()
    written: list[object] = []
    encode = state._json

    def count(given: object) -> str:
        written.append(given)
        return encode(given)

    monkeypatch.setattr(state, "_json", count)
    connection = sqlite3.connect(":memory:")
    for statements in schema.VERSIONS:
        for statement in statements:
            connection.execute(statement)
    rows = [SessionRow(number, "ana", rooms={"sala ñ": None}) for number in range(1, 50)]
    rows.append(SessionRow(50, "bob", rooms={"sala ñ": 7}))
    state.write(connection, rows, 0)
    assert state.read(connection, SessionRow, "ORDER BY number") == rows
    assert written == [{"sala ñ": None}, {"sala ñ": 7}]
