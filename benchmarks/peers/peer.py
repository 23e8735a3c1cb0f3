"""What makes a server one that can be measured."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.wires import Wire


@dataclass(frozen=True, slots=True)
class Peer:
    """A server under test.

    `command` is given an empty folder, in which it may write a configuration, and a port of
    127.0.0.1; it returns what to run, in that folder. `program` is what has to be installed.
    `record` names the SQLite file in that folder that has to hold every message afterwards.
    `outstanding` is how many connections may wait for their greeting at a time. One that
    `forgets` keeps the newest messages only, and tells a reader who has stopped too long.
    `checkout` is the folder whose Python code it runs; None: that of these benchmarks.
    """

    name: str
    about: str
    program: str
    command: Callable[[Path, int], list[str]]
    wire: Wire
    record: str | None = None
    outstanding: int = 256
    forgets: bool = False
    checkout: Path | None = None

    def absence(self) -> str | None:
        """Return why this peer cannot run here, or None when it can."""
        if shutil.which(self.program) or Path(self.program).exists():
            return None
        return f"{self.name} is left out: {self.program} is not installed"
