"""What a server sets for its whole process: open files, how threads take turns, the garbage; and
the files of twistd's own, its pid file and its log.

A pid file is for a server in the background, which is stopped by it. In the foreground it only does
harm: left by a server that was killed it may name a process that lives (in a container always the
same one), so that the next server does not start, and a folder that may not be written has no place
for it. A second server on a record is kept away by the record's own lock.
"""

from __future__ import annotations

import gc
import os
import pwd
import resource
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from twisted.python.util import initgroups

from huddle.locale.own_files import belongs_to, is_of_a_record
from huddle.server.operation.memory import keep_large_pieces_apart

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that end a server."""

Handler = Callable[[int, FrameType | None], object]
"""What `signal.signal` takes and gives back for a signal."""

OWN_FILES = 32
"""Open files that the server needs for itself: log, reactor, record and its readers."""

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others from running. SQLite gives the interpreter up at each
statement and gets it back after this time at the latest; with Python's 5 ms, a commit beside a busy
reactor took 12 ms (p50), with this 2 ms, and the reactor is hardly slower."""


CONTAINERS = 50_000
"""Objects made and not given back since the last look for garbage, from which it is looked for
again. A line of JSON holds up to 32,000 of them: with Python's 700, 64 KiB of ``[],`` made it look
30 times, and now and then through all that there is: 25 ms in a house of 1,500 (measured)."""


def raise_file_limit() -> int:
    """Let the process have as many open files as it may; returns how many."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def command_of(program: str) -> str:
    """What one types in this folder for a program of ours: its name where that finds it, else the
    path to it, as short as it goes, when it was installed beside this Python."""
    path = os.path.join(os.path.dirname(sys.executable), program)
    if shutil.which(program) or not os.access(path, os.X_OK):
        return program
    return min(path, os.path.relpath(path), key=len)


def names_of_this_machine() -> tuple[str, str]:
    """What it is called, with and without the network that it is in."""
    name = socket.gethostname()
    return name, name.partition(".")[0]


def tune_memory() -> None:
    """To be called once all that stays has been made: it is not looked through for garbage."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(CONTAINERS, *gc.get_threshold()[1:])
    keep_large_pieces_apart()
    gc.collect()
    gc.freeze()


def end_once() -> None:
    """Whoever interrupts again while it ends in good order changes nothing: that has its own end.

    To be called when the reactor runs and has set its handlers; it would be stopped twice else.
    """
    first = iter((True,))  # by one step of it: a signal may come within the care for another
    for number in ENDING:
        found = signal.getsignal(number)
        if callable(found):
            signal.signal(number, partial(_end_at_first, first, found))


def _end_at_first(first: Iterator[bool], end: Handler, number: int, at: FrameType | None) -> None:
    if next(first, False):
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        end(number, at)


def is_user(uid: int) -> bool:
    """Whether the machine knows this user, without whose groups nobody becomes that user."""
    try:
        pwd.getpwuid(uid)
    except (KeyError, OverflowError):
        return False
    return True


def owner_of(uid: int | None, gid: int | None) -> tuple[int, int]:
    """Whose a file is to be that the process makes now and opens again as this user: as chown(2)
    has it, -1 where nothing is to be changed, and all of it for others than root."""
    if os.geteuid() != 0:
        return -1, -1
    return -1 if uid is None else uid, -1 if gid is None else gid


@contextmanager
def as_user(uid: int | None, gid: int | None) -> Iterator[None]:
    """Do something as the user that the process is to become (twistd's ``--uid``, ``--gid``).

    What is made meanwhile is that user's, who has to open it again later. For the whole process,
    all threads included; only root can be somebody else, so for others nothing changes.
    """
    if os.geteuid() != 0 or uid is gid is None:
        yield
        return
    if gid is None and uid is not None:
        gid = pwd.getpwuid(uid).pw_gid
    own_group, own_groups = os.getegid(), os.getgroups()
    try:
        if gid is not None:
            os.setegid(gid)
        if uid:
            initgroups(uid, gid)
            os.seteuid(uid)
        yield
    finally:
        os.seteuid(0)
        os.setgroups(own_groups)
        os.setegid(own_group)


# -- twistd's files ---------------------------------------------------------------------------

Twistd = MutableMapping[str, Any]
"""The options that were typed in front of ``huddle``."""


def twistd_of(parent: Twistd | None) -> Twistd | None:
    """The options that a server's are behind, if they are twistd's. ``twist`` knows no files,
    folders or users of its own."""
    return parent if parent is not None and "nodaemon" in parent else None


def terminal_of(parent: Twistd | None) -> TextIO | None:
    """The terminal that shows the log of a server in the foreground; None where there is none."""
    screen, twistd = sys.__stdout__, twistd_of(parent)
    if twistd is None or not twistd["nodaemon"] or twistd["logfile"] not in (None, "-"):
        return None
    return screen if screen is not None and screen.isatty() else None


@dataclass(eq=False)
class NotThere(Exception):
    """A file of twistd's cannot be where it was asked for: the option, the path and the cause.

    Without a cause the file is a record's.
    """

    option: str
    path: str
    cause: OSError | None


def choose_files(twistd: Twistd, typed: Sequence[str], history: str | None) -> str:
    """Have no pid file in the foreground unless one was ``typed``, and none that is a device, which
    twistd would remove (``/dev/null``); raise `NotThere` for a file that cannot be written, or is a
    record's, and remove a pid file that no server has any more.

    Returns the path of the log file; empty where there is none.
    """
    _check_folders(twistd)
    foreground = twistd["nodaemon"] or twistd["debug"]
    if foreground and not any(each.startswith("--pi") for each in typed):
        twistd["pidfile"] = ""
    record = None if history is None else os.path.join(twistd["rundir"], history)
    log = twistd["logfile"] or ("" if foreground or twistd["syslog"] else "twistd.log")
    for option, path in (("pidfile", twistd["pidfile"]), ("logfile", log)):
        if path and not (option == "logfile" and path == "-"):
            _check(option, path, record)
    if os.path.exists(twistd["pidfile"]) and not os.path.isfile(twistd["pidfile"]):
        twistd["pidfile"] = ""
    if twistd["pidfile"] and _is_stale(twistd["pidfile"]):
        with suppress(OSError):  # twistd says what is wrong with it
            os.remove(twistd["pidfile"])
    return "" if log == "-" else log


def _check_folders(twistd: Twistd) -> None:
    """twistd goes into these later, and tells by a traceback that it cannot."""
    root, run = twistd.get("chroot") or "", twistd["rundir"]
    below = os.path.join(root, run.lstrip("/")) if root else run
    for option, typed, path in (("chroot", root, root), ("rundir", run, below)):
        try:
            if path:
                os.close(os.open(path, os.O_PATH | os.O_DIRECTORY))
        except OSError as error:
            raise NotThere(option, typed, error) from None


def _check(option: str, path: str, record: str | None) -> None:
    if is_of_a_record(path) or (record is not None and belongs_to(path, record)):
        raise NotThere(option, path, None)
    try:
        _try(path)
    except OSError as error:
        raise NotThere(option, path, error) from None


def _try(path: str) -> None:
    """Raise `OSError` if the file cannot be written, or made."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY))
    else:
        os.remove(path)


def _is_stale(path: str) -> bool:
    """Whether its process is this one, or no twistd; twistd itself finds those that are gone."""
    try:
        pid = Path(path).read_text("ascii", "replace").strip(" \0\r\n")
        if not pid or pid == str(os.getpid()):
            return True
        return b"twistd" not in Path(f"/proc/{int(pid)}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


def end_output() -> None:
    """Write what was printed and waits still; nothing more is printed. What nobody reads any more
    is dropped: Python would try it again as it ends, and tell of that."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()


def drop_output() -> None:
    """What could not be written is not tried again when Python ends, which would tell of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
