"""A standard output that takes nothing: the end, with a status and one line."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.client.programs.command import Command
from tests.patience import PATIENCE
from tests.real.preloaded import CLIENT, run
from tests.real.server import Server, environment

TASKS = {
    "tail": ["--tail", "5"],
    "follow": ["--tail", "5", "--follow"],
    "json tail": ["--tail", "5", "--json"],
    "send": ["--send", "hola", "--json"],
    "lines": [],
    "json": ["--json"],
    "help": ["--help"],
    "version": ["--version"],
}
CLOSED = ">&-"


def redirected(
    server: Server, home: Path, task: str, shell: str
) -> subprocess.CompletedProcess[str]:
    """How it ends; a ``shell`` closes for it what is to be closed, and without one its output is
    where there is no room."""
    command = [*CLIENT, "--nick", "bot", *TASKS[task]]
    options: dict[str, Any] = {
        "env": environment(HOME=str(home), HUDDLE_PORT=str(server.port)),
        "input": {"lines": "hola\n", "json": '{"type":"say","text":"hola"}\n'}.get(task, ""),
        "text": True,
    }
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
        return subprocess.run(command, capture_output=True, timeout=PATIENCE, **options)
    with open("/dev/full", "wb") as full:
        return run(command, stdout=full, **options)


@pytest.mark.parametrize(
    ("shell", "reason"), [("", "No space left on device"), (CLOSED, "Bad file descriptor")]
)
@pytest.mark.parametrize("task", TASKS)
def test_it_ends_with_a_status_and_one_line(
    server: Server, tmp_path: Path, task: str, shell: str, reason: str
) -> None:
    said = Command(server, tmp_path).run("--nick", "ana", "--send", "hola")
    assert said.returncode == 0
    done = redirected(server, tmp_path, task, shell)
    assert done.returncode == 1, done
    assert done.stderr.splitlines()[-1] == f"huddle-client: -: {reason}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("shell", ["<&-", "2>&-", "<&- 2>&-"])
def test_what_else_is_closed_does_not_matter(server: Server, tmp_path: Path, shell: str) -> None:
    done = redirected(server, tmp_path, "send", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"text":"hola"' in done.stdout.replace(": ", ":")
