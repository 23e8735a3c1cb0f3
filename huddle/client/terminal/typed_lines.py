"""What was typed in earlier runs: a file beside the sessions, for the arrow keys."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from huddle.client.commands.commands import secret_at

KEPT = 1000
"""Lines that are kept; the file is written anew, shorter, when it has twice as many."""

NAME = "typed"


class TypedLines:
    """The lines, oldest first. A folder that cannot be written to only means that none are kept."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self.lines = self._read()

    def add(self, line: str) -> None:
        """A line has been typed; the same one again is not kept twice in a row."""
        if (
            not line.strip()
            or secret_at(line) is not None
            or (self.lines and self.lines[-1] == line)
        ):
            return
        self.lines.append(line)
        self._write(self._path, [line], os.O_APPEND)

    def _read(self) -> list[str]:
        try:
            # Whole lines only: what another run is writing at this moment is not ours to read.
            lines = self._path.read_text("utf-8", "replace").split("\n")[:-1]
        except OSError:
            return []
        if len(lines) > 2 * KEPT:
            fresh = self._path.with_suffix(".new")
            if self._write(fresh, lines[-KEPT:], os.O_TRUNC):
                fresh.replace(self._path)
        return lines[-KEPT:]

    def _write(self, path: Path, lines: Iterable[str], how: int) -> bool:
        data = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
            with os.fdopen(file, "wb") as opened:
                opened.write(data)
        except OSError:
            return False
        return True
