"""`huddle-client` as a command with pipes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.real.preloaded import CLIENT, Preloaded, run
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
        environ = self._environment | environ
        return run([*CLIENT, *arguments], start=start, env=environ, input=says, text=True)

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
