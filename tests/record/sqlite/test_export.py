"""Writing a room out of a database that is in use."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huddle.locale import translator
from huddle.protocol.errors import NoSuchRoom, RoomLocked
from huddle.protocol.events import Block, Draft, Kind
from huddle.record import AuditEntry, Dropped, RoomRow
from huddle.record.errors import RecordUnusable
from huddle.record.sqlite import export as export_module
from huddle.record.sqlite import state
from huddle.record.sqlite.export import audit, export
from tests.record.awaited_record import AwaitedRecord, draft, sqlite_record

EVENING = 1_795_197_731_123  # 2026-11-20T18:02:11.123Z
NIGHT = EVENING + 7 * 3_600_000


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "huddle.db")


def converse(awaited: AwaitedRecord) -> None:
    awaited.append(Draft("huddle", 1, "ana", Kind.SAY, "¿todo *bien*?"), time=EVENING)
    awaited.append(Draft("huddle", 2, "bob_1", Kind.ME, "waves <b>"), time=EVENING + 61_000)
    awaited.append(Draft("huddle", 1, "ana", Kind.SAY, "1. `code` | x"), time=NIGHT)


def test_text_is_what_one_sees_with_date_and_time(durable: AwaitedRecord, path: str) -> None:
    converse(durable)
    assert list(export(path, "huddle", "text")) == [
        "2026-11-20 18:02:11 <ana> ¿todo *bien*?\n",
        "2026-11-20 18:03:12 * bob_1 waves <b>\n",
        "2026-11-21 01:02:11 <ana> 1. `code` | x\n",
    ]


def test_the_zone_is_for_the_times_that_people_read(durable: AwaitedRecord, path: str) -> None:
    converse(durable)
    lines = export(path, "huddle", "text", zone=ZoneInfo("America/Bogota"))
    assert next(lines) == "2026-11-20 13:02:11 <ana> ¿todo *bien*?\n"
    lines.close()


def test_markdown_has_a_heading_for_each_day_and_no_markup_of_others(
    durable: AwaitedRecord, path: str
) -> None:
    converse(durable)
    assert "".join(export(path, "huddle", "markdown")) == (
        "# huddle\n"
        "\n## 2026-11-20\n\n"
        "- 18:02:11 **ana**: ¿todo \\*bien\\*?\n"
        "- 18:03:12 **bob\\_1** waves \\<b\\>\n"
        "\n## 2026-11-21\n\n"
        "- 01:02:11 **ana**: 1. \\`code\\` \\| x\n"
    )


def test_json_lines_are_as_on_the_wire(durable: AwaitedRecord, path: str) -> None:
    converse(durable)
    lines = list(export(path, "huddle", "jsonl"))
    assert json.loads(lines[1]) == {
        "type": "said",
        "room": "huddle",
        "seq": 2,
        "time": "2026-11-20T18:03:12.123Z",
        "nick": "bob_1",
        "kind": "me",
        "text": "waves <b>",
    }
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)


def test_what_was_said_before_is_left_out(durable: AwaitedRecord, path: str) -> None:
    converse(durable)
    assert len(list(export(path, "huddle", "text", since=EVENING + 1))) == 2
    assert list(export(path, "huddle", "text", since=NIGHT + 1)) == []


def test_in_the_first_room_it_may_be_that_nothing_was_said(
    durable: AwaitedRecord, path: str
) -> None:
    durable.append(draft("hola", room="ops"), time=EVENING)
    assert list(export(path, "huddle", "text")) == []


def test_a_room_that_is_not_there_is_named(durable: AwaitedRecord, path: str) -> None:
    with pytest.raises(NoSuchRoom, match="nowhere"):
        next(export(path, "nowhere", "text"))


def test_an_export_ends_with_what_was_the_newest_when_it_began(
    durable: AwaitedRecord, path: str
) -> None:
    durable.say(*(str(number) for number in range(2500)), time=EVENING)
    lines = export(path, "huddle", "text")
    first = next(lines)
    durable.say("too late", time=EVENING)
    rest = list(lines)
    assert [line.split()[-1] for line in (first, *rest)] == [str(n) for n in range(2500)]


def test_an_export_goes_on_while_the_oldest_are_deleted(durable: AwaitedRecord, path: str) -> None:
    durable.say(*(str(number) for number in range(5000)), time=EVENING)
    lines = export(path, "huddle", "text")
    begun = list(islice(lines, 500))
    durable.answer(durable.record.forget(None, 1000, EVENING))
    texts = [line.split()[-1] for line in (*begun, *lines)]
    assert texts == [*map(str, range(1000)), *map(str, range(4000, 5000))]


def test_memory_does_not_grow_with_the_room(
    durable: AwaitedRecord, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "AT_ONCE", 50)
    durable.append(*[draft("x" * 4000)] * 2000)
    tracemalloc.start()
    written = sum(len(line) for line in export(path, "huddle", "jsonl"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written > 8_000_000
    assert peak < 2_000_000


def test_a_record_that_no_server_uses_is_exported_too(tmp_path: Path, path: str) -> None:
    awaited = sqlite_record(tmp_path)
    converse(awaited)
    awaited.close()
    assert len(list(export(path, "huddle", "text"))) == 3


def test_another_process_exports_while_the_server_runs(durable: AwaitedRecord, path: str) -> None:
    converse(durable)
    script = (
        "import sys; from huddle.record.sqlite.export import export\n"
        "sys.stdout.writelines(export(sys.argv[1], 'huddle', 'text'))"
    )
    command = [sys.executable, "-c", script, path]
    output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert output.splitlines(keepends=True) == list(export(path, "huddle", "text"))
    assert durable.say("goes on")[0].seq == 4


def test_a_database_that_turns_out_broken_ends_the_export(
    durable: AwaitedRecord, path: str
) -> None:
    """Its pages are damaged beyond what is looked at first."""
    durable.say(*("some text" for _ in range(5000)), time=EVENING)
    durable.close()
    with Path(path).open("r+b") as file:
        file.seek(60 * 4096)
        file.write(b"\xff" * 20 * 4096)
    with pytest.raises(RecordUnusable) as error:
        list(export(path, "huddle", "text"))
    assert error.value.code == "corrupt"


def test_nothing_is_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(RecordUnusable) as error:
        next(export(str(tmp_path / "nothing.db"), "huddle", "text"))
    assert error.value.code == "no-file"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db"
    path.write_text("a letter to a friend, and quite a long one too" * 100)
    with pytest.raises(RecordUnusable) as error:
        next(export(str(path), "huddle", "text"))
    assert error.value.code == "not-a-record"
    path.write_bytes(b"")
    with pytest.raises(RecordUnusable) as error:
        next(export(str(path), "huddle", "text"))
    assert error.value.code == "older-schema"


def test_an_announcement_and_a_deleted_message_are_told_in_words(
    durable: AwaitedRecord, path: str
) -> None:
    durable.append(
        Draft("huddle", 1, "a_na", Kind.ANNOUNCE, "at *noon*"),
        Draft("huddle", 1, "a_na", Kind.SAY, "a secret"),
        time=EVENING,
    )
    durable.answer(durable.record.erase("huddle", 2))
    assert [line[20:] for line in export(path, "huddle", "text")] == [
        "-- a_na announces: at *noon*\n",
        "-- a message of a_na was deleted\n",
    ]
    assert list(export(path, "huddle", "markdown"))[2:] == [
        "- 18:02:11 **a\\_na** announces: at \\*noon\\*\n",
        "- 18:02:11 *a message of **a\\_na** was deleted*\n",
    ]
    spanish = translator("es")
    lines = list(export(path, "huddle", "text", wording=spanish))
    assert lines[0].endswith("-- a_na anuncia: at *noon*\n")
    announced, deleted = map(json.loads, export(path, "huddle", "jsonl"))
    assert (announced["kind"], announced["text"]) == ("announce", "at *noon*")
    assert deleted == {
        "type": "deleted",
        "room": "huddle",
        "seq": 2,
        "time": "2026-11-20T18:02:11.123Z",
        "of": "a_na",
    }


def test_private_messages_are_not_written_out(durable: AwaitedRecord, path: str) -> None:
    durable.append(draft("psst", room="@17"), draft("psst", room="@a5"), time=EVENING)
    for inbox in ("@17", "@a5", "@"):
        with pytest.raises(NoSuchRoom):
            next(export(path, inbox, "text"))


@pytest.mark.parametrize("key", [None, b"", b"other", b"k" * 31])
def test_a_locked_room_is_written_out_with_its_key_alone(
    durable: AwaitedRecord, path: str, key: bytes | None
) -> None:
    ops = RoomRow("ops", key=b"k" * 32)
    durable.answer(durable.record.save(ops))
    durable.say("plan", room="ops", time=EVENING)
    with pytest.raises(RoomLocked):
        next(export(path, "ops", "text", key=key))
    assert len(list(export(path, "ops", "text", key=b"k" * 32))) == 1
    durable.answer(durable.record.save(Dropped(ops)))
    assert len(list(export(path, "ops", "text", key=key))) == 1


def test_a_room_that_is_locked_meanwhile_is_written_out_no_further(
    durable: AwaitedRecord, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "AT_ONCE", 2)
    durable.say(*"abcd", room="ops", time=EVENING)
    lines = export(path, "ops", "text")
    assert len(list(islice(lines, 2))) == 2
    durable.answer(durable.record.save(RoomRow("ops", key=b"k" * 32)))
    with pytest.raises(RoomLocked):
        next(lines)


def test_acts_of_moderation_are_written_out_a_line_each(
    durable: AwaitedRecord, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "ACTS_AT_ONCE", 2)
    acts = [AuditEntry(EVENING + n * 1000, "ops", "kick", "ana", "bob", f"n {n}") for n in range(5)]
    durable.answer(durable.record.save(*acts, AuditEntry(NIGHT, "", "announce", "ana")))
    assert list(audit(path))[::5] == [
        "2026-11-20 18:02:11 · ops · kick · ana · bob · n 0\n",
        "2026-11-21 01:02:11 · announce · ana\n",
    ]
    some = audit(path, since=EVENING + 1000, until=NIGHT, zone=ZoneInfo("America/Bogota"))
    assert [line[11:19] for line in some] == ["13:02:12", "13:02:13", "13:02:14", "13:02:15"]


def test_blocks_answers_and_corrections_are_kept(durable: AwaitedRecord, path: str) -> None:
    block: Block = {}
    for text in ("if x:", "", "\treturn"):
        line = Draft("huddle", 1, "ana", Kind.SAY, text, block=block, in_block=True)
        durable.append(line, time=EVENING)
    durable.append(Draft("huddle", 2, "bob", Kind.SAY, "why?", re=1), time=EVENING)
    durable.append(Draft("huddle", 2, "bob", Kind.ME, "nods", edits=4), time=EVENING)
    told = [json.loads(line) for line in export(path, "huddle", "jsonl")]
    assert [(each.get("block"), each.get("re"), each.get("edits")) for each in told] == [
        *[(1, None, None)] * 3,
        (None, 1, None),
        (None, None, 4),
    ]
    assert [each["text"] for each in told[:3]] == ["if x:", "", "\treturn"]
    assert [line[20:] for line in export(path, "huddle", "text")] == [
        "<ana> if x:\n",
        "<ana> \n",
        "<ana> \treturn\n",
        "<bob> [re #1] why?\n",
        "* bob [instead of #4] nods\n",
    ]
    [*_, answer, correction] = export(path, "huddle", "markdown", wording=translator("es"))
    assert answer.endswith(r"**bob**: \[re \#1\] why?" + "\n")
    assert correction.endswith(r"**bob** \[en vez de \#4\] nods" + "\n")
