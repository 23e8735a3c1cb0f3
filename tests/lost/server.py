"""A real server in a folder of its own, to be killed and started again on the same port."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.changes import wait_until
from tests.free_ports import free_port
from tests.patience import PATIENCE
from tests.real.preloaded import TWISTD, Preloaded
from tests.real.server import READY, environment


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the record has it."""

    seq: int
    nick: str
    text: str
    session: int
    id: int


class Server:
    """One server. Options are those of `twistd huddle`."""

    def __init__(self, folder: Path, *options: str, launcher: Sequence[str] = TWISTD) -> None:
        self.folder = folder
        self.port = free_port()
        self.options = list(options)
        self._launcher = launcher
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def database(self) -> Path:
        """The record."""
        return self.folder / "huddle.db"

    @property
    def log(self) -> str:
        """All that it has written, since the first start."""
        path = self.folder / "server.log"
        return path.read_text() if path.exists() else ""

    @property
    def pid(self) -> int:
        """The id of its process."""
        assert self._process is not None
        return self._process.pid

    # -- its life ------------------------------------------------------------------------------

    def start(self, *prefix: str) -> Self:
        """Start it, behind the words of another command if there are any; it is up then."""
        said_before = len(self.log)
        self.launch(*prefix)
        wait_until(
            self.folder,
            lambda: READY in self.log[said_before:],
            lambda: f"it does not start:\n{self.log}",
            self.pid,
        )
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as probe:
            assert probe.recv(1), self.log  # it greets: its reactor runs, and hears signals
        return self

    def launch(self, *prefix: str) -> None:
        """Start it and wait for nothing."""
        command = [
            *prefix,
            *self._launcher,
            *("-n", "--pidfile=", "huddle", "--port", str(self.port)),
            *self.options,
        ]
        with (self.folder / "server.log").open("ab") as log:
            start = subprocess.Popen if prefix or self._launcher != TWISTD else Preloaded
            self._process = start(
                command,
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End it by SIGKILL; nothing is told to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """End it in good order; returns its exit status."""
        self.ask_to_stop()
        assert self._process is not None
        return self._process.wait(PATIENCE)

    def ask_to_stop(self) -> None:
        """Have it begin to end in good order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def has_ended(self) -> bool:
        """Whether its process has ended."""
        assert self._process is not None
        return self._process.poll() is not None

    # -- what it holds -------------------------------------------------------------------------

    def rows(self, room: str = "huddle") -> list[Row]:
        """The room's messages, in order, read without the server's help."""
        query = """SELECT place & ((1 << 39) - 1), messages.nick, text, session, id FROM messages
                   JOIN rooms ON number = place >> 39 WHERE name = ? ORDER BY place"""
        uri = f"{self.database.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return [Row(*row) for row in connection.execute(query, (room,))]

    def memory(self) -> int:
        """Bytes of memory that it has now (its resident set)."""
        return self._status("VmRSS")

    def most_memory(self) -> int:
        """Bytes of memory that it had when it had most."""
        return self._status("VmHWM")

    def _status(self, field: str) -> int:
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
        assert found is not None
        return int(found[1]) * 1024


def ages(server: Server, all_but: int) -> None:
    """Make all but the last few messages an hour older, and each a second older than the next.

    So they are not the last seconds', and no two of them are of one batch.
    """
    with closing(sqlite3.connect(server.database)) as record:
        record.execute(
            "UPDATE messages SET time = time - 3600000"
            " - 1000 * ((SELECT max(place) FROM messages) - place)"
            " WHERE place <= (SELECT place FROM messages ORDER BY place DESC LIMIT 1 OFFSET ?)",
            (all_but,),
        )
        record.commit()
