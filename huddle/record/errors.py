"""Why a record cannot be opened, for those who start a server, an export or a backup; and what
sessions are told when it fails, and balancers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from huddle.protocol.errors import HuddleError
from huddle.record import RecordFailure

REFUSING = ("failing", "removed", "replaced", "overwritten", "log-removed", "damaged-for-good")
"""What an open record reports when it takes nothing any more, until it reports ``recovered``."""


@contextmanager
def failing_as(refusal: type[HuddleError]) -> Iterator[None]:
    """Raise ``refusal`` where the record fails inside: `NotRecorded` or `NotReadable`."""
    try:
        yield
    except RecordFailure as failure:
        raise refusal from failure


class RecordUnusable(Exception):
    """The database cannot be opened. ``code`` says why; ``detail`` adds what is known.

    ``locked``: another server has it (``detail``: its process id, or empty) · ``read-only`` ·
    ``full`` · ``corrupt`` (what SQLite found) · ``newer-schema`` (its version): made by a newer
    Huddle · ``not-a-record``: some other file · ``not-a-lock``, ``not-a-log`` (its name): something
    else has the place of a file beside it · ``no-folder`` · ``no-permission`` · ``disk`` (what
    the system says) · ``no-wal``: the file system cannot share memory, as on a network ·
    ``sqlite`` (what it says): the machine's SQLite is too old or lacks FTS5. And where it is only
    to be read: ``no-file``: there is none · ``older-schema``: no server of this version has opened
    it yet, and made it a newer one.
    """

    def __init__(self, code: str, path: str, detail: str = "") -> None:
        super().__init__(code, path, detail)
        self.code = code
        self.path = path
        self.detail = detail
