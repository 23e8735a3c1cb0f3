"""`huddle-client` as a command with pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE
from tests.real.server import Server, environment

CLIENT = (sys.executable, "-m", "huddle.client.program")


class Command:
    """Runs it for one server, with a home of its own."""

    def __init__(self, server: Server, home: Path) -> None:
        self._port = str(server.port)
        self._environment = environment(HOME=str(home), HUDDLE_PORT=self._port)

    def run(
        self, *arguments: str, says: str | None = None, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [*CLIENT, *arguments],
            input=says,
            stdin=subprocess.DEVNULL if says is None else None,
            env=self._environment | environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start it, with pipes on all sides."""
        return subprocess.Popen(
            [*CLIENT, *arguments],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
