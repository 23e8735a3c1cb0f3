"""The end of a server that ends by itself, with a status that says whether to start it again.

twistd knows none but that of a start which was refused; so the process ends with it behind all that
twistd does at the end.
"""

from __future__ import annotations

import atexit
import os
import sys

from twisted.internet.interfaces import IReactorCore
from twisted.logger import Logger

AGAIN = 1
"""Another start may mend it."""

PEOPLE = os.EX_CONFIG
"""It takes people: ``RestartPreventExitStatus=78`` in a unit of systemd's."""

_log = Logger()


def end_with(reactor: IReactorCore, line: str, status: int) -> None:
    """Say why, stop in good order, and have the process end with this status."""
    _log.critical("{line}", line=line)
    if sys.stderr is not None and sys.__stderr__ is not None:
        print(f"huddle: {line}", file=sys.__stderr__, flush=True)
    atexit.register(_end, status)
    reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]


def _end(status: int) -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()
    os._exit(status)
