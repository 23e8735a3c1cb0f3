"""A record against a model of it: said, saved, erased, forgotten, closed, cut."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from huddle.protocol.events import Draft, Kind, Said
from huddle.record import (
    AccountRow,
    Dropped,
    Extent,
    Mark,
    MarkKind,
    RoomRow,
    SessionRow,
    inbox_of,
    tombstone,
)
from huddle.record.search import folded, phrases
from huddle.record.sqlite import maintenance
from tests.record.awaited_record import (
    AwaitedRecord,
    has_all_ids,
    memory_record,
    sqlite_record,
    texts,
)

MINUTE = 60_000
START = 1_800_000_000_000

rooms = st.sampled_from(["huddle", "ops", "@1"])
sessions = st.integers(1, 3)
spoken = st.sampled_from(["hola", "adiós ana", "c++", "日本", "x y z", "hola hola", "Ñandú"])
lines = st.tuples(rooms, sessions, spoken, st.booleans())


class RecordModel(RuleBasedStateMachine):
    """Rooms are lists of messages; the first few of one may be gone."""

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, list[Said]] = {}
        self.gone: dict[str, int] = {}
        self.ids: dict[tuple[int, int], Said] = {}
        self.rows: dict[int, SessionRow] = {}
        self.last_ids = dict.fromkeys(range(1, 4), 0)
        self.known_ids = dict.fromkeys(range(1, 4), 0)
        self.room_rows: dict[str, RoomRow] = {}
        self.marks: dict[tuple[str, str], Mark] = {}
        self.accounts: dict[int, AccountRow] = {}
        self.time = 0
        self.awaited = self.opened()

    def opened(self) -> AwaitedRecord:
        return memory_record()

    @override
    def teardown(self) -> None:
        self.awaited.close()

    @rule(batch=st.lists(lines, max_size=20), later=st.integers(-MINUTE, MINUTE))
    def append(self, batch: list[tuple[str, int, str, bool]], later: int) -> None:
        drafts = [self.draft(*line) for line in batch]
        time = max(self.time, START) + later
        said = self.awaited.append(*drafts, time=time)
        self.time = max(self.time, time) if drafts else self.time
        assert said == [self.message(draft) for draft in drafts]

    def draft(self, room: str, session: int, text: str, with_id: bool) -> Draft:
        self.last_ids[session] += with_id
        id = self.last_ids[session] if with_id else 0
        return Draft(room, session, f"nick{session}", Kind.ME if with_id else Kind.SAY, text, id)

    def message(self, draft: Draft) -> Said:
        messages = self.rooms.setdefault(draft.room, [])
        seq = len(messages) + 1
        said = Said(draft.room, seq, self.time, draft.session, draft.nick, draft.kind, draft.text)
        messages.append(said)
        if draft.id:
            self.ids[draft.session, draft.id] = said
            self.known_ids[draft.session] = draft.id
        return said

    def kept(self, room: str) -> list[Said]:
        return self.rooms.get(room, [])[self.gone.get(room, 0) :]

    @rule(room=rooms, first=st.integers(1, 100), count=st.integers(0, 100))
    def read(self, room: str, first: int, count: int) -> None:
        found = self.awaited.answer(self.awaited.record.read(room, first, first + count - 1))
        assert found == [said for said in self.kept(room) if first <= said.seq < first + count]

    @rule(session=sessions, id=st.integers(1, 30))
    def find(self, session: int, id: int) -> None:
        said = self.ids.get((session, id))
        expected = said if said in self.kept(said.room if said else "") else None
        assert self.awaited.answer(self.awaited.record.find(session, id)) == expected

    @rule(room=rooms, ago=st.integers(-MINUTE, 50 * MINUTE))
    def since(self, room: str, ago: int) -> None:
        time = self.time - ago
        later = [said.seq for said in self.kept(room) if said.time >= time]
        expected = later[0] if later else len(self.rooms.get(room, [])) + 1
        assert self.awaited.answer(self.awaited.record.since(room, time)) == expected

    @rule(room=rooms, query=spoken, limit=st.integers(1, 5), before=st.integers(1, 100))
    def search(self, room: str, query: str, limit: int, before: int) -> None:
        found = self.awaited.answer(self.awaited.record.search(room, query, limit, before))
        matching = [
            said
            for said in self.kept(room)
            if said.seq < before
            and said.kind is not Kind.DELETED
            and all(each in folded(said.text) for each in phrases(query))
        ]
        assert texts(found) == texts(matching[-limit:])

    @rule(room=rooms, seq=st.integers(1, 100))
    def erase(self, room: str, seq: int) -> None:
        message = next((said for said in self.kept(room) if said.seq == seq), None)
        erased = tombstone(message) if message else None
        assert self.awaited.answer(self.awaited.record.erase(room, seq)) == erased
        if message and erased:
            self.rooms[room][seq - 1] = erased
            for identity, said in self.ids.items():
                if said == message:
                    self.ids[identity] = erased

    @rule(
        number=sessions,
        key=st.booleans(),
        here=st.booleans(),
        seen=st.integers(0, 5),
        rooms=st.sets(rooms),
    )
    def save(self, number: int, key: bool, here: bool, seen: int, rooms: set[str]) -> None:
        secret = b"key %d" % number if key else None
        row = SessionRow(
            number,
            f"nick{number}",
            key=secret,
            word=b"word %d" % number,
            here=here,
            seen=seen,
            rooms=dict.fromkeys(rooms, 7),
        )
        self.awaited.answer(self.awaited.record.save(row))
        self.rows[number] = row

    @rule(number=sessions)
    def look_up(self, number: int) -> None:
        row = self.known(number)
        by_key = self.awaited.answer(self.awaited.record.session_by_key(b"key %d" % number))
        assert by_key == (row if row and row.key else None)
        assert self.awaited.answer(self.awaited.record.session_by_word(b"word %d" % number)) == row

    def known(self, number: int) -> SessionRow | None:
        row = self.rows.get(number)
        return replace(row, last_id=self.known_ids[number]) if row else None

    @rule(room=rooms, who=st.sampled_from(["session:1", "nick:ñ"]), dropped=st.booleans())
    def mark(self, room: str, who: str, dropped: bool) -> None:
        mark, row = Mark(room, MarkKind.BAN, who, time=self.time), RoomRow(room, f"{self.time}")
        self.awaited.answer(
            self.awaited.record.save(*(Dropped(mark), Dropped(row)) if dropped else (mark, row))
        )
        self.marks.pop((room, who), None)
        self.room_rows.pop(room, None)
        if not dropped:
            self.marks[room, who] = mark
            self.room_rows[room] = row

    @rule(inbox=st.sampled_from(["@1", "@a1"]), operator=st.booleans())
    def register(self, inbox: str, operator: bool) -> None:
        row = AccountRow(1, "ana", operator=operator, inbox=inbox)
        self.awaited.answer(self.awaited.record.save(row))
        self.accounts[1] = row

    @rule(seen_before=st.integers(0, 6), most=st.sampled_from([100, 100, 2]))
    def forget_sessions(self, seen_before: int, most: int) -> None:
        left = sorted((row.seen, number) for number, row in self.rows.items() if not row.here)
        if any(self.known_ids[number] and number not in self.rows for number in range(1, 4)):
            most = 100  # what only spoke has a row in one of the backends, and none in the other
        going = [
            number
            for place, (seen, number) in enumerate(left)
            if seen < seen_before or place < len(left) - most
        ]
        record = self.awaited.record
        assert self.awaited.answer(record.forget_sessions(seen_before, most)) == len(going)
        taken = {account.inbox for account in self.accounts.values()}
        for number in going:
            del self.rows[number]
            self.known_ids[number] = 0
            if inbox_of(number) not in taken:
                self.drop(inbox_of(number))

    def drop(self, room: str) -> None:
        self.rooms.pop(room, None)
        self.gone.pop(room, None)
        self.ids = {key: said for key, said in self.ids.items() if said.room != room}

    @rule(
        keep_ms=st.one_of(st.none(), st.integers(0, 30 * MINUTE)),
        keep_messages=st.one_of(st.none(), st.integers(1, 30)),
    )
    def forget(self, keep_ms: int | None, keep_messages: int | None) -> None:
        before = sum(self.gone.values())
        for room, messages in self.rooms.items():
            gone = self.gone.get(room, 0)
            if keep_messages is not None:
                gone = max(gone, len(messages) - keep_messages)
            if keep_ms is not None:
                gone = max(gone, sum(said.time < self.time - keep_ms for said in messages))
            self.gone[room] = gone
        forgotten = self.awaited.answer(
            self.awaited.record.forget(keep_ms, keep_messages, self.time or START)
        )
        assert forgotten == sum(self.gone.values()) - before

    @invariant()
    def extents_are_right(self) -> None:
        for room, messages in self.rooms.items():
            extent = Extent(self.gone.get(room, 0) + 1, len(messages), 0)
            assert replace(self.awaited.record.extent(room), time=0) == extent
        assert self.awaited.record.last_time == self.time
        assert set(self.awaited.record.rooms()) == {room for room in self.rooms if self.rooms[room]}
        # A number that only spoke is not free either, once that has been read back.
        assert max(self.rows, default=0) <= self.awaited.record.last_session <= 3
        assert self.awaited.record.last_account == max(self.accounts, default=0)


class DurableModel(RecordModel):
    """The same on a disk: nothing changes when it is closed and opened, or its process killed."""

    @override
    def opened(self) -> AwaitedRecord:
        self.folder = Path(tempfile.mkdtemp())
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(maintenance, "IDS", 5)
        return sqlite_record(self.folder)

    @override
    def teardown(self) -> None:
        self.patch.undo()
        for room in self.rooms:  # by then the index has everything
            self.awaited.answer(self.awaited.record.search(room, "hola", 1))
        super().teardown()
        with closing(sqlite3.connect(self.folder / "huddle.db", isolation_level=None)) as record:
            record.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
            assert has_all_ids(record)
        shutil.rmtree(self.folder)

    @rule()
    def restart(self) -> None:
        self.awaited.close()
        self.awaited = sqlite_record(self.folder)
        self.everything_is_there()

    @rule(cut=st.integers(0, 3))
    def crash(self, cut: int) -> None:
        """What a killed process leaves is its files as they are, and maybe half a write."""
        old, self.folder = self.folder, Path(tempfile.mkdtemp())
        for name in ("huddle.db-wal", "huddle.db"):
            shutil.copy(old / name, self.folder)
        with (self.folder / "huddle.db-wal").open("ab") as log:
            log.write(bytes(cut * 1000))
        self.awaited.close()
        shutil.rmtree(old)
        self.awaited = sqlite_record(self.folder)
        self.everything_is_there()

    def everything_is_there(self) -> None:
        assert self.awaited.record.epoch == "an epoch"
        here = [self.known(number) for number, row in sorted(self.rows.items()) if row.here]
        assert list(self.awaited.record.sessions_here()) == here
        assert {row.name: row for row in self.awaited.record.room_rows()} == self.room_rows
        assert {(mark.room, mark.who): mark for mark in self.awaited.record.marks()} == self.marks
        assert list(self.awaited.record.accounts()) == list(self.accounts.values())
        for room in self.rooms:
            self.read(room, 1, 10**6)


@pytest.mark.parametrize("model", [RecordModel, DurableModel], ids=["memory", "sqlite"])
def test_a_record_is_as_the_model_says(model: type[RecordModel]) -> None:
    """In some examples; in many more, `tests/long/test_searches.py` tries."""
    few = settings(max_examples=8, stateful_step_count=30)
    run_state_machine_as_test(model, settings=few)
