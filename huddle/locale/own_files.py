"""Which files are a record's own, whatever name they are called by.

What writes a file, or is redirected to one by the shell, asks here first: a text that is written to
a record, or to one of the files beside it, is the end of the record. Names are compared as the
system does it, by what they lead to (links, ``..``, another way to the folder) and by device and
inode (hard links, upper and lower case where that is the same). A hard link in another folder, of
which nothing tells where the record is, is known by what is in it.

To be asked before the record is opened in this process: a look into the database closes a
descriptor of it, which drops all POSIX locks of the process on it (`huddle.record.files`).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from sys import byteorder

COMPANIONS = (
    "-wal",
    "-shm",
    "-journal",
    "-lock",
    ".key",
    ".code",
    ".code-new",
    ".node",
    ".node-new",
)
"""What the names of the files beside a record end in."""

_MAGIC = b"SQLite format 3\0"

_CONTENTS = (
    re.compile(rb"\x37\x7f\x06[\x82\x83].*", re.DOTALL),  # SQLite's log
    re.compile(rb"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7.*", re.DOTALL),  # its journal
    re.compile(re.escape((3_007_000).to_bytes(4, byteorder)) + rb".*", re.DOTALL),  # the index
    re.compile(rb"[0-9]{1,10}\n"),  # the lock: a process
    re.compile(rb"[0-9]+ [0-9a-f]{64}"),  # the operators' code
    re.compile(rb'\{"v": [0-9]+, "engine": "[^"]*", "house": .*', re.DOTALL),  # a node's state
    re.compile(rb"(?=.*[^\n\r\t -~]).{32}", re.DOTALL),  # the key: any bytes, hardly all letters
)
"""How the files beside a record begin, as none of another kind does, or all that is in them."""

_MODE = 0o600
"""The mode of all files of a record."""

_LOOKED_AT = 128
"""Bytes of a file by which it is known."""


def belongs_to(output: str | int, record: str) -> bool:
    """Whether the output, a name or an open descriptor, is the record or a file beside it.

    A name counts also when nothing stands there yet: SQLite would take it for its log one day.
    """
    names = list(_names(record))
    if any(_is_same(output, name) for name in names):
        return True
    target = None if isinstance(output, int) else os.path.realpath(output)
    return target in {os.path.realpath(name) for name in names}


def is_of_a_record(output: str) -> bool:
    """Whether a file of that name is a database, or lies beside one as only a record's files do."""
    with suppress(OSError):
        if any(is_database(name) or is_companion(name) for name in names_in_folder(output)):
            return True
    return _is_linked(output)


def leads_to_a_record(descriptor: int) -> bool:
    """Whether an open descriptor, such as a standard output that a shell has redirected, is that of
    a record or of a file beside one."""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
    except OSError:
        return False
    return is_of_a_record(f"/proc/self/fd/{descriptor}")


def is_companion(output: str) -> bool:
    """Whether this is the name of a file beside a database, by what follows the database's."""
    target = os.path.realpath(output)
    endings = [each for each in COMPANIONS if target.endswith(each)]
    return any(is_database(target.removesuffix(each)) for each in endings)


def _names(record: str) -> Iterator[str]:
    """Beside the file itself, and beside a link to it, where older servers had the key."""
    for name in {record, os.path.realpath(record)}:
        yield name
        yield from (f"{name}{ending}" for ending in COMPANIONS)


def _is_same(output: str | int, name: str) -> bool:
    try:
        return os.path.samestat(os.stat(output), os.stat(name))
    except (OSError, ValueError):
        return False


def names_in_folder(output: str) -> Iterator[str]:
    """The name of the file that this leads to, and those that the same file has beside it. Raises
    `OSError` behind the first where that cannot be told."""
    target = os.path.realpath(output)
    yield target
    found = os.stat(target)
    if found.st_nlink > 1 and stat.S_ISREG(found.st_mode):
        with os.scandir(os.path.dirname(target)) as entries:
            yield from [entry.path for entry in entries if entry.inode() == found.st_ino]


def is_database(name: str) -> bool:
    """Whether a file of that name is an SQLite database."""
    return _beginning(name).startswith(_MAGIC)


def _is_linked(name: str) -> bool:
    """Whether this is a hard link to what lies beside a record, wherever that is."""
    try:
        found = os.stat(name)
    except (OSError, ValueError):
        return False
    if found.st_nlink == 1 or stat.S_IMODE(found.st_mode) != _MODE:
        return False
    beginning = _beginning(name)
    return any(content.fullmatch(beginning) for content in _CONTENTS)


def _beginning(name: str) -> bytes:
    """The first bytes of a plain file; empty where there is none, or none that may be read."""
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return b""
        with open(name, "rb") as file:
            return file.read(_LOOKED_AT)
    except (OSError, ValueError):
        return b""
