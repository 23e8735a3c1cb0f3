"""Where the operators' code is kept: a file beside the record, for its owner alone.

So `huddle-account` can put another code there while the server runs, which looks into it each time
that somebody brings one; and it is good still after the server was started anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from huddle.record.files import beside
from huddle.record.plain_file import open_plain, write_whole

ENDING = ".code"
"""What its name has behind the record's."""

_MOST = 200
"""Bytes that are read of it; ours has 78."""


class CodeFile:
    """A `huddle.people.operator_code.Keeping`, beside the record of this path."""

    def __init__(self, record: str) -> None:
        self._record = record
        self.path = beside(record, ENDING)

    def read(self) -> bytes | None:
        """What is in the file; None where there is none, or none that may be read."""
        try:
            with open(open_plain(self.path), "rb") as file:
                return file.read(_MOST)
        except OSError:
            return None

    def write(self, kept: bytes | None) -> None:
        """Have the file hold this, whole; None: have no file. Raises `OSError`.

        It is its owner's who owns the record: root may give a code to a server of another user.
        """
        if kept is None:
            Path(self.path).unlink(missing_ok=True)
            return
        write_whole(self.path, kept, self._give_to_owner)

    def _give_to_owner(self, file: int) -> None:
        with suppress(FileNotFoundError):
            owner = os.stat(self._record)
            if os.geteuid() == 0 != owner.st_uid:
                os.fchown(file, owner.st_uid, owner.st_gid)
