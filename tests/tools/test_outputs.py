"""What the programs beside the server write to: no record, and into what cannot be replaced."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from huddle.locale.own_files import COMPANIONS, belongs_to, is_of_a_record
from huddle.record import AuditEntry
from huddle.tools import archive, certificate
from tests.patience import PATIENCE
from tests.real.preloaded import run
from tests.real.server import environment
from tests.record.awaited_record import draft, sqlite_record

DATABASE = "huddle.db"

PROGRAMS: dict[str, Callable[[list[str]], int]] = {
    "export": lambda output: archive.main(["export", DATABASE, "-o", *output]),
    "audit": lambda output: archive.main(["audit", DATABASE, "-o", *output]),
    "backup": lambda output: archive.main(["backup", DATABASE, *output]),
    "certificate": lambda output: certificate.main(
        ["--force", "--host", "localhost", "-o", *output]
    ),
}


def _hard_link(name: str) -> str:
    """In the same folder; a file that is not there is called by its one name."""
    if not os.path.exists(name):
        return name
    os.link(name, "other-name")
    return "other-name"


def _link(name: str) -> str:
    os.symlink(name, "link")
    return "link"


def _link_to_link(name: str) -> str:
    os.symlink(os.path.abspath(name), "first")
    os.symlink("first", "second")
    return "second"


def _by_another_folder(name: str) -> str:
    os.symlink(".", "folder")
    return f"folder/{name}"


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda name: name,
    "here": lambda name: f"./{name}",
    "absolute": os.path.abspath,
    "up": lambda name: f"inner/../{name}",
    "slashes": lambda name: f".//{name}",
    "link": _link,
    "link to link": _link_to_link,
    "another folder": _by_another_folder,
    "hard link": _hard_link,
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record as a server has left it."""
    folder = tmp_path_factory.mktemp("written")
    awaited = sqlite_record(folder)
    awaited.answer(awaited.record.save(AuditEntry(1_700_000_000_000, "", "kick", "ana", "bob")))
    awaited.append(draft("hola"))
    awaited.close()
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to be in, with a record that a program uses just now."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.environ", {**os.environ, "LANG": "C.UTF-8"})
    (tmp_path / "inner").mkdir()
    for ending in ("-lock", ".key"):
        Path(f"{DATABASE}{ending}").write_bytes(b"7" * 32)
    with closing(sqlite3.connect(DATABASE)) as user:
        user.execute("UPDATE record SET epoch = 'e2'")
        user.commit()
        assert Path(f"{DATABASE}-wal").stat().st_size
        yield tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name[-4:] != "-shm"  # where readers leave their marks
    }


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("ending", ["", *COMPANIONS])
def test_a_record_is_refused_by_any_name(
    folder: Path, capsys: pytest.CaptureFixture[str], ending: str, spelling: str
) -> None:
    name = SPELLINGS[spelling](f"{DATABASE}{ending}")
    before = contents(folder)
    for program in PROGRAMS:
        assert PROGRAMS[program]([name]) == 1, program
        assert contents(folder) == before, program
        out, err = capsys.readouterr()
        [line] = err.splitlines()
        assert line.endswith(f": {name} is a record's, or belongs to one; write to another file")
        assert not out, program


def test_a_record_is_refused_in_spanish(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert archive.main(["export", DATABASE, "-o", DATABASE, "--lang", "es"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line == (
        "huddle-archive: huddle.db es un registro, o parte de uno; escribe en otro archivo"
    )


@pytest.mark.parametrize("program", ["export", "audit", "certificate"])
def test_another_record_is_refused_too(folder: Path, program: str) -> None:
    assert archive.main(["backup", DATABASE, "copy.db"]) == 0
    kept = Path("copy.db").read_bytes()
    assert PROGRAMS[program](["copy.db"]) == 1
    assert Path("copy.db").read_bytes() == kept


def test_an_older_copy_is_replaced_and_a_link_to_it_stays(folder: Path) -> None:
    Path("latest.db").symlink_to("copy.db")
    for _ in range(2):
        assert archive.main(["backup", DATABASE, "latest.db"]) == 0
    assert Path("latest.db").is_symlink()
    with closing(sqlite3.connect("copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM record").fetchone() == (1,)


def test_names_that_only_look_alike_are_free(folder: Path) -> None:
    for name in ("huddle.db.txt", "huddle", "notes-wal", "inner/huddle.db", "x.key"):
        assert not belongs_to(name, DATABASE)
        assert not is_of_a_record(name)
        assert archive.main(["export", DATABASE, "-o", name]) == 0
        assert Path(name).is_file()


# -- devices, pipes, the standard output -----------------------------------------------------------

COMMANDS = {
    "export": ["huddle.tools.archive", "export", DATABASE, "-o"],
    "audit": ["huddle.tools.archive", "audit", DATABASE, "-o"],
    "backup": ["huddle.tools.archive", "backup", DATABASE],
    "certificate": ["huddle.tools.certificate", "--host", "localhost", "-o"],
}
BEGINS = {"export": b"", "audit": b"", "backup": b"SQLite format 3\0", "certificate": b"-----BEGIN"}


def redirected(words: list[str], to: str, way: str = ">>") -> subprocess.CompletedProcess[bytes]:
    """Run a module, what it says or complains of being led to a file as a shell would do it."""
    with open(to, "ab") as led:
        where: dict[str, Any] = {"stderr" if way == "2>>" else "stdout": led}
        return run([sys.executable, "-m", *words], env=environment(), **where)


def closed(words: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a module by a shell that closes its output."""
    return subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", *words],
        env=environment(),
        capture_output=True,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("program", COMMANDS)
def test_the_standard_output_is_appended_to_by_each_of_its_names(
    folder: Path, program: str
) -> None:
    for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "inner/out"):
        if name == "inner/out":
            Path(name).symlink_to("/dev/stdout")
        Path("out").write_bytes(b"first\n")
        done = redirected([*COMMANDS[program], name], "out")
        assert done.returncode == 0, done
        assert Path("out").read_bytes().startswith(b"first\n" + BEGINS[program])
    assert stat.S_ISLNK(os.lstat("/dev/stdout").st_mode)
    assert not Path("-").exists()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_pipe_and_a_device_are_written_into(folder: Path, program: str) -> None:
    os.mkfifo("pipe")
    heard: list[bytes] = []
    reader = Thread(target=lambda: heard.append(Path("pipe").read_bytes()))
    reader.start()
    assert PROGRAMS[program](["pipe"]) == 0
    reader.join(PATIENCE)
    assert heard[0].startswith(BEGINS[program])
    assert stat.S_ISFIFO(os.lstat("pipe").st_mode)
    assert PROGRAMS[program]([os.devnull]) == 0
    assert stat.S_ISCHR(os.lstat(os.devnull).st_mode)


def test_a_record_that_the_shell_appends_to_is_refused(folder: Path) -> None:
    before = contents(folder)
    for command in ("export", "audit"):
        for output in ([], ["-"], ["/dev/stdout"]):
            words = COMMANDS[command][: -1 if not output else None]
            done = redirected([*words, *output], DATABASE)
            assert done.returncode == 1
            assert contents(folder) == before


SHOWING = {
    "export": ["huddle.tools.archive", "export", DATABASE],
    "audit": ["huddle.tools.archive", "audit", DATABASE],
    "backup": ["huddle.tools.archive", "backup", DATABASE, "-"],
    "certificate": ["huddle.tools.certificate", "--host", "localhost"],
    "to standard output": ["huddle.tools.certificate", "--host", "localhost", "-o", "-"],
    "list": ["huddle.tools.account", DATABASE, "list"],
    "help": ["huddle.tools.archive", "--help"],
}


@pytest.mark.parametrize(("ending", "way"), [("", ">>"), ("-wal", "2>>"), (".key", ">>")])
@pytest.mark.parametrize(
    "words",
    [
        ["huddle.tools.account", DATABASE, "code"],
        ["huddle.tools.certificate", "-o", "-"],
        ["huddle.tools.archive", "--help"],
    ],
    ids=["account", "certificate", "help"],
)
def test_no_program_says_anything_into_a_record(
    folder: Path, words: list[str], ending: str, way: str
) -> None:
    before = contents(folder)
    done = redirected(words, f"{DATABASE}{ending}", way)
    told = b"" if way == "2>>" else b" is a record's, or belongs to one"
    assert done.returncode == 1 and not done.stdout and told in (done.stderr or b"")
    assert contents(folder) == before


@pytest.mark.parametrize("showing", SHOWING)
def test_what_cannot_be_shown_is_told_in_one_line_and_by_the_status(
    folder: Path, showing: str
) -> None:
    ends_with(redirected(SHOWING[showing], "/dev/full"), "No space left on device")


@pytest.mark.parametrize("showing", ["export", "help"])
def test_what_has_no_output_says_so_in_one_line_and_by_the_status(
    folder: Path, showing: str
) -> None:
    """As all of them do (`tests/long/test_every_one.py`)."""
    ends_with(closed(SHOWING[showing]), "Bad file descriptor")


def ends_with(done: subprocess.CompletedProcess[bytes], reason: str) -> None:
    assert done.returncode == 1, done
    [line] = done.stderr.decode().splitlines()
    assert line.endswith(f": -: {reason}")
