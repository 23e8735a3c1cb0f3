"""huddle-archive: a room written out and the record copied, also while a server writes to it."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shlex
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from huddle.people.authentication import hashed_key
from huddle.record import AuditEntry, RoomRow
from huddle.tools.archive import main
from tests.lost.crowd import Crowd
from tests.lost.person import Nc
from tests.lost.server import Server, ages
from tests.patience import PATIENCE
from tests.real.preloaded import ROOT, run
from tests.real.server import environment
from tests.record.awaited_record import draft, sqlite_record


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that runs, and in whose room something was said; all but the last an hour ago."""
    with Server(tmp_path_factory.mktemp("house"), "--flood-rate", "0").start() as server:
        with Nc(server) as ana, Nc(server) as bob:
            ana.enters("ana")
            bob.enters("bob")
            ana.says("hola *amigo*", "/me saluda", "¿qué tal?")
            bob.hears("<ana> ¿qué tal")
        server.stop()
        ages(server, all_but=1)
        yield server.start()


def test_a_room_is_written_out_as_text(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(server.database)]) == 0
    assert [line[19:] for line in capsys.readouterr().out.splitlines()] == [
        " <ana> hola *amigo*",
        " * ana saluda",
        " <ana> ¿qué tal?",
    ]


@pytest.mark.parametrize(
    ("form", "sign"),
    [("markdown", r"**ana**: hola \*amigo\*"), ("json", '"seq": 1, "time": "20'), ("text", "<ana")],
)
def test_it_has_three_forms(
    server: Server, capsys: pytest.CaptureFixture[str], form: str, sign: str
) -> None:
    assert main(["export", "--format", form, str(server.database)]) == 0
    assert sign in capsys.readouterr().out


def test_times_bound_it(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    database = str(server.database)
    assert main(["export", database, "--since", "2000-01-01T00:00", "--until", "2000-01-02"]) == 0
    assert capsys.readouterr().out == ""
    with closing(sqlite3.connect(database)) as record:
        [moment] = record.execute(
            "SELECT strftime('%Y-%m-%d %H:%M', (max(time) - 1800000) / 1000, 'unixepoch')"
            " FROM messages"
        ).fetchone()
    between = ["--tz", "UTC", "--since", moment]
    assert main(["export", database, *between]) == 0
    assert capsys.readouterr().out.endswith("<ana> ¿qué tal?\n")
    between[2] = "--until"
    assert main(["export", database, *between]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_file_is_for_its_owner_alone_and_whole(server: Server, tmp_path: Path) -> None:
    output = tmp_path / "room.txt"
    output.write_text("older")
    assert main(["export", str(server.database), "-o", str(output)]) == 0
    assert len(output.read_text("utf-8").splitlines()) == 3
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["room.txt"]


def test_what_cannot_be_written_out_leaves_the_file_as_it_was(
    server: Server, tmp_path: Path
) -> None:
    output = tmp_path / "room.txt"
    output.write_text("older")
    assert main(["export", str(server.database), "--room", "none", "-o", str(output)]) == 1
    assert output.read_text() == "older"
    assert os.listdir(tmp_path) == ["room.txt"]


REFUSED = [
    (1, ["export", "{folder}/nowhere.db"], "there is no file {folder}/nowhere.db"),
    (1, ["export", "{folder}/other"], "{folder}/other is not a Huddle database"),
    (1, ["export", "{database}", "--room", "ops"], "There is no room ops."),
    (1, ["export", "{database}", "-o", "{folder}/x/y"], "{folder}/x/y: there is no such file"),
    (1, ["export", "{database}", "-o", "{folder}"], "{folder}: it is a folder"),
    (1, ["backup", "{database}", "{folder}/x/y"], "there is no folder for {folder}/x/y"),
    (1, ["backup", "{folder}/older.db", "{folder}/y"], "{folder}/older.db was made by an older "),
    (2, ["export"], "export wants the database"),
    (2, ["backup", "{database}"], "backup wants the database and where to copy it"),
    (2, ["backup", "{database}", "x", "--room", "y"], "backup copies everything, without options"),
    (2, ["restore", "{database}"], "restore is neither export nor audit nor backup"),
    (2, ["audit"], "audit wants the database"),
    (2, ["audit", "{database}", "--room", "ops"], "audit is of all rooms, and always a text"),
    (1, ["audit", "{folder}/nowhere.db"], "there is no file {folder}/nowhere.db"),
    (2, ["export", "{database}", "--format", "pdf"], "--format takes: text, markdown, json"),
    (2, ["export", "{database}", "--since", "then"], "--since then is no time such as 14:30"),
    (2, ["export", "{database}", "--tz", "Mars"], "Mars: there is no such time zone"),
    (2, ["export", "{database}", "--lang", "fr"], "The languages are en, es."),
    (2, ["export", "{database}", "--into", "x"], "There is no option --into."),
    (2, ["export", "{database}", "--since"], "--since needs a value: WHEN"),
]


@pytest.mark.parametrize(("status", "words", "reason"), REFUSED)
def test_what_cannot_be_is_told_in_one_line(
    server: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    words: list[str],
    reason: str,
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    (tmp_path / "other").write_bytes(b"some other file, of no database")
    sqlite3.connect(tmp_path / "older.db").close()
    (tmp_path / "older.db").touch()
    names = {"folder": tmp_path, "database": server.database}
    assert main([word.format(**names) for word in words]) == status
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert told.err.startswith(f"huddle-archive: {reason.format(**names)}")


# -- what not everybody may read -----------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A record with a locked room, an inbox and two acts, and the server's own key beside it."""
    own = b"k" * 32
    (tmp_path / "huddle.db.key").write_bytes(own)
    awaited = sqlite_record(tmp_path)
    awaited.answer(
        awaited.record.save(
            RoomRow("ops", key=hashed_key(own, "peñón")),
            AuditEntry(1_700_000_000_000, "ops", "kick", "ana", "bob", "ruido"),
            AuditEntry(1_800_000_000_000, "", "announce", "ana"),
        )
    )
    awaited.append(draft("plan", room="ops"), draft("psst", room="@17"))
    awaited.close()
    return str(tmp_path / "huddle.db")


def test_a_locked_room_is_written_out_with_its_key(
    kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", kept, "--room", "ops", "--key", " pen\u0303o\u0301n "]) == 0
    assert capsys.readouterr().out.endswith("<ana> plan\n")


@pytest.mark.parametrize("key", [[], ["--key", "other"], ["--key", ""], ["--key", "x" * 65]])
def test_without_its_key_nothing_of_a_locked_room_is_told(
    kept: str, capsys: pytest.CaptureFixture[str], key: list[str]
) -> None:
    assert main(["export", kept, "--room", "ops", *key]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "ops" in told.err


def test_without_the_servers_own_key_no_key_fits(
    kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{kept}.key").unlink()
    assert main(["export", kept, "--room", "ops", "--key", "peñón"]) == 1
    assert capsys.readouterr().err.startswith(f"huddle-archive: {kept}.key: ")


@pytest.mark.parametrize("room", ["@17", "@"])
def test_nobody_writes_out_private_messages(
    kept: str, capsys: pytest.CaptureFixture[str], room: str
) -> None:
    assert main(["export", kept, "--room", room]) == 1
    assert capsys.readouterr().out == ""


def test_the_acts_of_moderation_are_written_out(
    kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", kept, "--tz", "UTC"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2023-11-14 22:13:20 · ops · kick · ana · bob · ruido",
        "2027-01-15 08:00:00 · announce · ana",
    ]
    assert main(["audit", kept, "--tz", "UTC", "--since", "2024-01-01"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


# -- where it is read ----------------------------------------------------------------------------

FORGED = "hi" + " " * 60 + "<bob> I did it"
SEEN = "hi [60 blanks] <bob> I did it"


@pytest.fixture
def forged(tmp_path: Path) -> str:
    """A record in which a text and a reason would have the end of them in a row of its own."""
    awaited = sqlite_record(tmp_path)
    act = AuditEntry(1_700_000_000_000, "huddle", "kick", "ana", "bob", FORGED)
    awaited.answer(awaited.record.save(RoomRow("huddle"), act))
    awaited.append(draft(FORGED), draft(" " * 16 + "return"))
    awaited.close()
    return str(tmp_path / "huddle.db")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """What is written to, and where that can be read."""
    outside, inside = pty.openpty()
    yield inside, outside
    os.close(inside)
    os.close(outside)


def comes_out(outside: int, seen: str) -> bool:
    """Whether a terminal shows this, which may come in pieces."""
    shown = b""
    while seen.encode() not in shown and select.select([outside], [], [], PATIENCE)[0]:
        shown += os.read(outside, 4096)
    return seen.encode() in shown


WAYS = [
    (["audit"], SEEN),
    (["export"], SEEN),
    (["export"], "> " + " " * 16 + "return"),
    (["export", "--format", "markdown"], r"hi \[60 blanks\] \<bob\> I did it"),
    (["export", "--format", "json"], json.dumps(FORGED)),
]


@pytest.mark.parametrize(("way", "seen"), WAYS)
def test_a_terminal_is_shown_no_long_blanks(
    forged: str, terminal: tuple[int, int], way: list[str], seen: str
) -> None:
    inside, outside = terminal
    command = [sys.executable, "-m", "huddle.tools.archive", *way, forged]
    assert run(command, stdout=inside, env=environment()).returncode == 0
    assert comes_out(outside, seen)
    assert main([*way, forged, "-o", os.ttyname(inside)]) == 0
    assert comes_out(outside, seen)


@pytest.mark.parametrize("way", [["audit"], ["export"]])
def test_a_file_or_a_pipe_has_every_blank(
    forged: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], way: list[str]
) -> None:
    assert main([*way, forged]) == 0
    assert FORGED in capsys.readouterr().out
    assert main([*way, forged, "-o", str(tmp_path / "out")]) == 0
    assert FORGED in (tmp_path / "out").read_text()


def test_a_copy_has_the_acts_and_the_locks_too(
    kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = str(tmp_path / "copy.db")
    assert main(["backup", kept, copy]) == 0
    assert main(["audit", copy]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["export", copy, "--room", "ops"]) == 1


def test_it_speaks_spanish(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "es", "export", str(server.database), "--room", "ops"]) == 1
    assert capsys.readouterr().err == "huddle-archive: No hay ninguna sala ops.\n"
    assert main(["--lang", "es", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Uso: huddle-archive export BASE [OPCIONES]\n")


def test_the_commands_of_the_document_do_what_it_says(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document = (ROOT / "docs" / "running.md").read_text("utf-8")
    commands = re.findall(r"^huddle-archive (\w+ huddle\.db[^#|\n]*)", document, re.MULTILINE)
    monkeypatch.chdir(server.folder)
    for command in commands:
        assert main(shlex.split(command)) == 0, capsys.readouterr().err
    assert len(commands) == 8
    assert {"copy.db", "incident.md", "acts.txt"} <= set(os.listdir())


def test_without_words_it_tells_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "huddle-archive backup" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_trouble(server: Server) -> None:
    """As under ``| head``."""
    command = [sys.executable, "-m", "huddle.tools.archive", "export", str(server.database)]
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as nobody:
        ended = subprocess.run(command, env=environment(), stdout=nobody, stderr=subprocess.PIPE)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_both_work_while_the_server_writes(tmp_path: Path) -> None:
    """A copy is whole and of one moment, and a server goes on from it with an epoch of its own."""
    with Server(tmp_path, "--flood-rate", "0").start() as server:
        crowd = Crowd(server.port, 5, Random(1))
        assert crowd.goes_on_until(crowd.is_in)
        crowd.eagerness = 100
        crowd.goes_on(0.2)
        command = [sys.executable, "-m", "huddle.tools.archive"]
        copy, output = tmp_path / "copy.db", tmp_path / "room.jsonl"
        for words in (["export", "-o", output, "--format", "json"], ["backup", copy]):
            words.insert(1, server.database)
            running = subprocess.Popen([*command, *map(str, words)], env=environment())
            assert crowd.goes_on_until(lambda running=running: running.poll() is not None)  # type: ignore[misc]
            assert running.returncode == 0
        crowd.eagerness = 0
        assert crowd.goes_on_until(crowd.knows_all)
        crowd.leaves()
        server.stop()
        rows = server.rows()
        written = output.read_text("utf-8").splitlines()
        assert 0 < len(written) < len(rows)
        texts = [json.loads(line)["text"] for line in written]
        assert texts == [row.text for row in rows[: len(texts)]]
        for left in tmp_path.glob("huddle.db-*"):
            left.unlink()
        copy.rename(server.database)
        copied = server.rows()
        assert len(written) <= len(copied) < len(rows) and copied == rows[: len(copied)]
        server.start()
        [program, *_] = crowd.programs
        assert crowd.goes_on_until(lambda: bool(program.wrong))
        crowd.leaves()
        assert program.wrong == [f"a reset, after {program.after}"]


@pytest.mark.parametrize("command", [["export"], ["audit"], ["backup"]])
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "text", "link"])
def test_what_is_no_record_is_told_at_once(
    command: list[str], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "record"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path = Path("/dev/null")
        case "text":
            path.write_text("a letter, and longer than the head of a database is " * 20)
        case "link":
            path.symlink_to(tmp_path)
    rest = [str(tmp_path / "copy")] if command == ["backup"] else []
    assert main([*command, str(path), *rest]) == 1
    assert capsys.readouterr().err == f"huddle-archive: {path} is not a Huddle database\n"
    assert not (tmp_path / "copy").exists()
