"""The state file: the log's state as it was at some position, beside the record (``.node``).

A node starts from it, and reads the log from there on. It is never ahead of the record, whose log
is on the disk before it is written. Its first line says which engine and house it is of.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256

from huddle.cluster.etcd.log import Identity
from huddle.cluster.snapshot import BadSnapshot, load
from huddle.cluster.state import State, first_state
from huddle.record.files import beside
from huddle.record.plain_file import sync, write_whole

VERSION = 1


class BadStateFile(ValueError):
    """What is there is no state file, or not whole, or of another version."""


class StateFile:
    """Keeps a node's state, in a file beside the record at ``history`` (``*.db.node``)."""

    def __init__(self, history: str) -> None:
        self.path = beside(history, ".node")
        self._log = beside(history, "-wal")

    def read(self) -> tuple[Identity, State] | None:
        """What is in it; None where there is none. Raises `BadStateFile` and `OSError`."""
        try:
            with open(self.path, "rb") as file:
                line, state = file.readline(), file.read()
        except FileNotFoundError:
            return None
        try:
            head = json.loads(line)
            if head["v"] != VERSION or head["sha256"] != sha256(state).hexdigest():
                raise BadStateFile
            return Identity(head["engine"], head["house"]), load(state) if state else first_state()
        except (ValueError, KeyError, TypeError, RecursionError, BadSnapshot) as wrong:
            raise BadStateFile from wrong

    def write(self, identity: Identity, state: bytes = b"") -> None:
        """Put a dump of the state there, or nothing for the first one: all of it or none of it.

        What the record has committed by now is on the disk before. Waits for the disk; raises
        `OSError`.
        """
        with suppress(FileNotFoundError):
            sync(self._log)
        head = {"v": VERSION, "engine": identity.engine, "house": identity.house}
        head |= {"sha256": sha256(state).hexdigest()}
        write_whole(self.path, json.dumps(head).encode() + b"\n" + state)
