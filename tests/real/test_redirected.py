"""What a shell redirects into a record, or what lies beside one, is refused by every program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.preloaded import CLIENT, TWISTD, run
from tests.real.server import environment
from tests.record.awaited_record import draft, sqlite_record

PROGRAMS = {
    "tail": [*CLIENT, "--nick", "bot", "--tail", "5"],
    "follow": [*CLIENT, "--nick", "bot", "--tail", "5", "--follow"],
    "json tail": [*CLIENT, "--nick", "bot", "--tail", "5", "--json"],
    "send": [*CLIENT, "--nick", "bot", "--send", "hola", "--json"],
    "lines": [*CLIENT, "--nick", "bot"],
    "json": [*CLIENT, "--nick", "bot", "--json"],
    "client's help": [*CLIENT, "--help"],
    "client's version": [*CLIENT, "--version"],
    "no such option": [*CLIENT, "--tale"],
    "server": [*TWISTD, "-n", "huddle", "--port", "0"],
    "server without a record": [*TWISTD, "-n", "huddle", "--port", "0", "--history", "none"],
    "server in the background": [*TWISTD, "huddle", "--port", "0"],
    "check": [*TWISTD, "huddle", "--check"],
    "help": [*TWISTD, "huddle", "--help"],
    "version": [*TWISTD, "huddle", "--version"],
}
MISUSED = {"no such option": 2}

WAYS = {"out": ("stdout",), "errors": ("stderr",), "both": ("stdout", "stderr")}

NAMES = ("huddle.db", "huddle.db-wal", "huddle.db.key", "link")

CASES = [
    (program, name, way)
    for program in PROGRAMS
    for name in (NAMES if program in ("tail", "server") else NAMES[-1:])
    for way in WAYS
]
"""All names for one program of each kind; what a name leads to is `tests.locale.test_own_files`."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("folder")
    awaited = sqlite_record(folder)
    awaited.append(draft("hola"))
    awaited.close()
    (folder / "huddle.db.key").write_bytes(b"\xff" * 32)
    (folder / "link").symlink_to("huddle.db.key")
    yield folder


@pytest.mark.parametrize(("program", "name", "way"), CASES)
def test_nothing_is_said_into_a_record(folder: Path, program: str, name: str, way: str) -> None:
    path = folder / name
    before = path.read_bytes() if path.exists() else b""
    with open(path, "ab") as output:
        led: dict[str, Any] = dict.fromkeys(WAYS[way], output)
        home = environment(HOME=str(folder), HUDDLE_PORT="1")
        done = run(PROGRAMS[program], cwd=folder, env=home, text=True, **led)
    assert path.read_bytes() == before
    assert done.returncode == MISUSED.get(program, 1)
    assert not done.stdout
    if way == "out" and program not in MISUSED:
        own = path.resolve()
        assert done.stderr.splitlines()[-1].endswith(
            f": {own} is a record's, or belongs to one; write to another file"
        )


def test_it_is_said_in_spanish(folder: Path) -> None:
    with open(folder / "huddle.db.key", "ab") as output:
        done = run(
            [*CLIENT, "--lang", "es", "--nick", "bot", "--tail", "5"],
            env=environment(HOME=str(folder)),
            stdout=output,
            text=True,
        )
    assert done.stderr == (
        f"huddle-client: {folder}/huddle.db.key es un registro, o parte de uno;"
        " escribe en otro archivo\n"
    )
