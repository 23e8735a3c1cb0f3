"""`huddle-client` as a command with pipes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.patience import PATIENCE
from tests.real.preloaded import CLIENT, Preloaded
from tests.real.server import Server, environment


class Command:
    """Runs it for one server, with a home of its own."""

    def __init__(self, server: Server, home: Path) -> None:
        self._port = str(server.port)
        self._environment = environment(HOME=str(home), HUDDLE_PORT=self._port)

    def run(
        self, *arguments: str, says: str | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        start = subprocess.Popen if "PYTHONPATH" in environ else Preloaded
        with start(
            [*CLIENT, *arguments],
            env=self._environment | environ,
            stdin=subprocess.DEVNULL if says is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            output, errors = process.communicate(says, PATIENCE)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it, with pipes on all sides."""
        return Preloaded[str](
            [*CLIENT, *arguments],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
