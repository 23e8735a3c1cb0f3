"""A run imports only what it takes: the start of a terminal program is mostly imports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DEAR = ("twisted", "OpenSSL", "huddle.client.api")
LOADED = f"import sys; print(*(name for name in {DEAR} if sys.modules.get(name)))"


def loaded(*lines: str, home: Path) -> list[str]:
    """Of those that are dear, what has been imported after these lines of a program."""
    program = "\n".join([*lines, LOADED])
    environ = {**os.environ, "HOME": str(home)}
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()[-1].split()


def run(*arguments: str) -> list[str]:
    """The lines that run huddle-client to its end."""
    return [
        "import contextlib, sys",
        f"sys.argv[1:] = {list(arguments)}",
        "from huddle.client.program import main",
        "with contextlib.suppress(SystemExit): main()",
    ]


def test_help_needs_no_network(tmp_path: Path) -> None:
    assert loaded(*run("--help"), home=tmp_path) == []


def test_who_speaks_no_tls_does_not_load_it(tmp_path: Path) -> None:
    task = run("--port", "1", "--nick", "ana", "--send", "hola", "--no-retry")
    assert loaded(*task, home=tmp_path) == ["twisted"]


def test_a_public_name_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    assert loaded("import huddle.client", home=tmp_path) == []
    asked = "from huddle.client import HuddleClient, Said"
    assert set(loaded(asked, home=tmp_path)) >= {"twisted", "huddle.client.api"}


def test_every_public_name_is_there() -> None:
    import huddle.client

    assert all(hasattr(huddle.client, name) for name in huddle.client.__all__)
    assert not hasattr(huddle.client, "dance")
