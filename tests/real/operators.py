"""The accounts of operators, made from the shell as docs/running.md tells."""

from __future__ import annotations

from pathlib import Path

from tests.real.preloaded import TOOLS, run
from tests.real.server import environment


def appoint(folder: Path, database: str, nick: str, password: str) -> None:
    """Make an account in this database, which is made too, and an operator of its owner."""
    for words, typed in ((["add", nick], f"{password}\n{password}\n"), (["operator", nick], "")):
        command = [*TOOLS["account"], database, *words]
        done = run(command, cwd=folder, env=environment(), input=typed, text=True)
        assert done.returncode == 0, done.stderr
