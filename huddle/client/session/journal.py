"""The file in which a session is kept between runs: one for each server and nick.

It holds one patch a line (`state.py`), and grows by appending. What the user has said is on the
disk, and with its id before it is sent: a program that dies cannot lose it, nor give its id to
another text. Everything else is written without waiting for the disk, since it can be found out
again: an acknowledgement by saying the line again, a cursor by being shown a message twice. From
time to time the file is written anew, shorter, beside the old one, and takes its place in one step.

Two programs never share a session: a lock file, which the kernel frees whatever becomes of its
owner, admits one. The other takes a session of its own that is not kept.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from typing_extensions import override

from huddle.client.session.state import Memory, Patch, State

FORMAT = ("huddle-client", 1)
"""The first line of the file. A file of a later version is left alone."""

REWRITE_ABOVE = 256 * 1024
"""Bytes below which a file is not worth writing anew."""

REWRITE_GROWTH = 4
"""A file is written anew when it has become so many times what it was when last written."""


class Trouble(Enum):
    """Why a session is not kept as it should be."""

    IN_USE = auto()
    """Another program has it; this one has a session of its own, for now."""
    UNWRITABLE = auto()
    """The folder or the file cannot be written: what is said now is forgotten with the program."""
    DAMAGED = auto()
    """The file could be read in part only; what was left of it is kept beside it."""
    TOO_NEW = auto()
    """The file was written by a later version of this program."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A session as it was left, and where it is kept from now on."""

    state: State
    memory: Memory
    trouble: Trouble | None = None


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where the files are (XDG Base Directory Specification: relative values are to be ignored)."""
    base = Path(environ.get("XDG_STATE_HOME", ""))
    if not base.is_absolute():
        base = Path.home() / ".local" / "state"
    return base / "huddle"


def recall(
    folder: Path,
    places: Sequence[tuple[str, int]],
    nick: str,
    trouble: Callable[[Trouble], None],
) -> Recalled:
    """The session of ``nick`` at a server; a new one (without a secret) if there is none to have.

    Where the server has several ``places``, each a host and a port, it is kept under the first for
    which there is one, so that they may be given in another order; else under the first of all.
    ``trouble`` is called when keeping it fails later.
    """
    shelves = [_Shelf(folder, host, port) for host, port in places]
    try:
        shelf = next((each for each in shelves if each.path(nick).exists()), shelves[0])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = shelf.lock(nick)
    except BlockingIOError:
        return Recalled(State(), Memory(), Trouble.IN_USE)
    except OSError:
        return Recalled(State(), Memory(), Trouble.UNWRITABLE)
    try:
        state, found = _read(shelf.path(nick))
    except OSError:
        os.close(lock)
        return Recalled(State(), Memory(), Trouble.UNWRITABLE)
    if found is Trouble.TOO_NEW:
        os.close(lock)
        return Recalled(State(), Memory(), found)
    return Recalled(state, Journal(shelf, shelf.path(nick), lock, state, trouble), found)


@dataclass(eq=False, repr=False)
class Journal(Memory):
    """Keeps the patches of one state in its file, of which it has the ``lock``."""

    shelf: _Shelf
    path: Path
    lock: int
    state: State
    trouble: Callable[[Trouble], None]
    _file: int | None = field(default=None, init=False)
    _failed: bool = field(default=False, init=False)
    _size: int = field(default=0, init=False)
    _rewrite_at: int = field(default=0, init=False)
    _pending: list[bytes] = field(default_factory=list, init=False)

    @override
    def keep(self, patch: Patch) -> None:
        self._pending.append(_line(patch))

    @override
    def commit(self, durable: bool) -> None:
        if not self._pending:
            return
        try:
            self._write(durable)
        except OSError:
            self._close_torn()
        else:
            self._failed = False
        self._pending.clear()

    @override
    def rename(self, nick: str) -> None:
        path = self.shelf.path(nick)
        if path == self.path or self._file is None:
            return
        try:
            lock = self.shelf.lock(nick)
        except OSError:
            return
        try:
            if path.exists():  # a session of an earlier day, perhaps with lines not yet said
                raise FileExistsError
            self.path.rename(path)
        except OSError:
            os.close(lock)
        else:
            os.close(self.lock)
            self.lock, self.path = lock, path

    @override
    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
        os.close(self.lock)

    def _write(self, durable: bool) -> None:
        if self._file is None or self._size > self._rewrite_at:
            self._rewrite()
            return
        data = b"".join(self._pending)
        _write_all(self._file, data)
        self._size += len(data)
        if durable:
            os.fsync(self._file)

    def _rewrite(self) -> None:
        """Write the state as it is now, and let that file take the old one's place."""
        data = b"".join(map(_line, [FORMAT, *self.state.snapshot()]))
        fresh = self.path.with_suffix(".new")
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            _write_all(file, data)
            os.fsync(file)
            fresh.replace(self.path)
            self.shelf.sync()
        except OSError:
            os.close(file)
            raise
        if self._file is not None:
            os.close(self._file)
        self._file, self._size = file, len(data)
        self._rewrite_at = max(REWRITE_ABOVE, REWRITE_GROWTH * len(data))

    def _close_torn(self) -> None:
        """A write failed, and how much of it is there is unknown: the next commit starts anew."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if not self._failed:
            self._failed = True
            self.trouble(Trouble.UNWRITABLE)


class _Shelf:
    """The files of one server: their names and locks."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self._folder = folder
        self._host = host.lower()
        self._port = port

    def path(self, nick: str) -> Path:
        """A name a person can recognise, and a digest, since most nicks make no file name."""
        whole = f"{nick.casefold()}@{self._host}-{self._port}"
        digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        readable = re.sub(r"[^A-Za-z0-9@-]+", "_", whole)[:80]
        return self._folder / f"{readable}.{digest}.journal"

    def lock(self, nick: str) -> int:
        """Take the lock of a nick; BlockingIOError when another program has it.

        The file stays for ever: who removes it could remove one that another has just locked.
        """
        file = os.open(self.path(nick).with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise
        return file

    def sync(self) -> None:
        """Put the names of the files on the disk."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> tuple[State, Trouble | None]:
    """The state that a file tells of, as far as it can be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return State(), None
    # A line without its end was being written when the program or the machine died. It was not
    # relied on: nothing is sent before the write has returned.
    head, *lines = data.split(b"\n")[:-1] or [b""]
    state = State()
    try:
        name, version = json.loads(head)
        if name != FORMAT[0]:
            raise ValueError("the file of another program")
        if version > FORMAT[1]:
            return state, Trouble.TOO_NEW
        for line in lines:
            state.apply(json.loads(line))
    except (ValueError, TypeError, RecursionError):
        path.rename(path.with_suffix(".damaged"))
        return state, Trouble.DAMAGED
    return state, None


def _line(patch: Patch) -> bytes:
    return json.dumps(patch, separators=(",", ":")).encode("ascii") + b"\n"


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
