"""The accounts of operators, made from the shell as docs/running.md tells."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.real.server import environment


def appoint(folder: Path, database: str, nick: str, password: str) -> None:
    """Make an account in this database, which is made too, and an operator of its owner."""
    for words, typed in ((["add", nick], f"{password}\n{password}\n"), (["operator", nick], "")):
        done = subprocess.run(
            [sys.executable, "-m", "huddle.tools.account", database, *words],
            cwd=folder,
            env=environment(),
            input=typed,
            text=True,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
