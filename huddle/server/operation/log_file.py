"""The log file of twistd, which is begun anew under its name when a program has moved it away.

twistd's own goes on writing into the file that was moved: so logrotate would have to copy each log
and lose what was written meanwhile. This one is opened again at SIGHUP. As it may hold the
operators' code, it is made for its owner alone; one that is there keeps its mode.
"""

from __future__ import annotations

import os
import signal
import stat
from contextlib import suppress
from typing import Any

from twisted.logger import ILogObserver, textFileLogObserver
from twisted.python.logfile import LogFile
from typing_extensions import override

OWNERS = 0o600
"""The mode of a new log file."""


Owner = tuple[int, int]
"""A user and a group by their numbers."""

NOBODY_ELSE: Owner = (-1, -1)
"""As chown(2) has it: the user and the group of the process."""


class MovedLog(LogFile):
    """A log file that can be begun anew. It turns over by itself, too, at a million bytes."""

    def __init__(self, path: str, owner: Owner = NOBODY_ELSE) -> None:
        """A new file is given to its ``owner``, who has to open it again one day."""
        path = os.path.abspath(path)
        mode = None if os.path.exists(path) else OWNERS
        super().__init__(os.path.basename(path), os.path.dirname(path), defaultMode=mode)
        if mode is not None and owner != NOBODY_ELSE:
            os.fchown(self._file.fileno(), *owner)

    @override
    def rotate(self) -> None:
        """Turn over; but a device (``/dev/null``) is not renamed, and goes on."""
        if os.path.isfile(self.path):
            super().rotate()

    @override
    def reopen(self) -> None:
        """Write to the file that has the name now, which is made if there is none.

        Where that cannot be done it goes on as before. Raises `OSError` then.
        """
        with suppress(FileNotFoundError):
            self.defaultMode = stat.S_IMODE(os.stat(self.path).st_mode)
        before = self._file
        self._openFile()
        before.close()


class ServerLog:
    """twistd's log file, once it is open. There is one of a process, as there is one log."""

    path = ""
    """Where it is to be; to be set before twistd begins to log."""

    owner = NOBODY_ELSE
    """Whom the process is to become (twistd's ``--uid``, ``--gid``), by then."""

    _file: MovedLog | None = None

    @classmethod
    def observer(cls) -> ILogObserver:
        """Open the file and give what writes to it, as ``twistd --logger`` does."""
        cls._file = log = MovedLog(cls.path, cls.owner)
        if not signal.getsignal(signal.SIGUSR1):  # as twistd has it
            signal.signal(signal.SIGUSR1, lambda *_: _turn_over(log))
        file: Any = log
        observer: ILogObserver = textFileLogObserver(file)
        return observer

    @classmethod
    def reopen(cls) -> None:
        """Begin anew under the name, where the log has begun. Raises `OSError`."""
        if cls._file is not None:
            cls._file.reopen()


OBSERVER = f"{ServerLog.__module__}.{ServerLog.__qualname__}.observer"
"""What ``twistd --logger`` is told, to have the log of this process written so."""


def _turn_over(log: MovedLog) -> None:
    from twisted.internet import reactor

    reactor.callFromThread(log.rotate)  # type: ignore[attr-defined]
