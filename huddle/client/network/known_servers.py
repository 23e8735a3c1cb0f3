"""The file of the certificates that a person has once taken for a server's own.

A line is a place and a fingerprint: ``chat.lan:55123 AB:CD:…``. What is not of that form is passed
over, so a line can be put out of use with a ``#``. A place may have several: any of them will do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from huddle.client.session.events import Known
from huddle.protocol.fingerprint import read_fingerprint

NAME = "known_servers"


def place_of(host: str, port: int) -> str:
    """How a server's place is written in the file of those that are known: host and port."""
    host = host.lower()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class KnownServers:
    """The file in this folder; it is read at each question, since others write it too."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def of(self, place: str) -> list[Known]:
        """What is known of a place. Raises `OSError` when the file is there and cannot be read."""
        return [known for each, known in self._read() if each == place]

    def add(self, place: str, fingerprint: str) -> None:
        """Take this one from now on. Raises `OSError`."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "ab") as opened:
            # In one write, behind whatever is there: an editor may have left no line end.
            opened.write(f"{self._line_end()}{place} {fingerprint}\n".encode())
            opened.flush()
            os.fsync(opened.fileno())

    def _line_end(self) -> str:
        written = self._path.read_bytes()
        return "" if not written or written.endswith(b"\n") else "\n"

    def _read(self) -> Iterator[tuple[str, Known]]:
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return
        for number, line in enumerate(lines, start=1):
            place, _, fingerprint = line.strip().partition(" ")
            try:
                known = Known(read_fingerprint(fingerprint), str(self._path), number)
            except ValueError:
                continue
            yield place, known
