"""Small files beside the record: read without waiting, and written whole.

Another program may have put something else in the place of one. To open a named pipe waits until
its other end is opened, which may be for ever: the house stood still for it. What is no plain file
(a pipe, a folder, a device without an end) is not read; what is written takes its place in one
step, through no link.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from tempfile import mkstemp


def open_plain(path: str, access: int = os.O_RDONLY) -> int:
    """A descriptor of the file, to read it, which the caller closes. Never waits.

    Raises `OSError`, too, where it is no plain file: ``EISDIR`` for a folder, else ``EINVAL``.
    """
    file = os.open(path, access | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return file
    os.close(file)
    reason = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(reason, os.strerror(reason), path)


def write_whole(path: str, data: bytes, prepare: Callable[[int], object] = lambda _: None) -> None:
    """Have the file hold this, readable by its owner alone: what was there stays until all of it is
    on the disk, also where the power fails or there is no room.

    ``prepare`` is given the descriptor of the new file, to change whose it is. Waits for the disk.
    Raises `OSError`. For one thread at a time.
    """
    new = f"{path}-new"
    with suppress(FileNotFoundError):
        os.remove(new)  # of a process that was killed while it wrote there
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            prepare(file.fileno())
            os.fsync(file.fileno())
        os.replace(new, path)
    except OSError:
        with suppress(OSError):
            os.remove(new)
        raise
    sync(os.path.dirname(path))


@contextmanager
def replacing(path: str) -> Iterator[str]:
    """The name of a new file in the same folder, readable by its owner alone, which takes the place
    of this one at the end of the block. If that is left by an exception, the new one is gone.

    Raises `OSError`.
    """
    folder, name = os.path.split(os.path.abspath(path))
    descriptor, part = mkstemp(prefix=f".{name}-", dir=folder)
    os.close(descriptor)
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.remove(part)
        raise


def sync(path: str) -> None:
    """Have the disk keep all that is written in this file, or the names in this folder, by now.

    Raises `OSError`.
    """
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
