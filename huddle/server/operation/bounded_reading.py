"""Bounded reading of the files that options name: without waiting for ever, and without end.

Somebody may name a pipe into which no program writes, ``/dev/zero``, or a film. A pipe may also be
meant (``--motd <(fortune)``): its program is given time to say what it has to.
"""

from __future__ import annotations

import errno
import os
import re
import select
import stat
import time
from collections.abc import Iterator

PIPE_SECONDS = 5.0
"""How long the program at the other end of a pipe may take for all that it writes."""

MOST_BYTES = 1 << 20
"""A file of settings, a certificate or a key is never that large."""

_READ_AT_ONCE = 1 << 16


def read_given(path: str, most: int = MOST_BYTES) -> bytes:
    """All that is in the file, or comes through the pipe. Raises `OSError` as `read_beginning`
    does, and with ``EFBIG`` where it is more than so many bytes."""
    data = read_beginning(path, most + 1)
    if len(data) > most:
        raise _error(errno.EFBIG, path)
    return data


def read_beginning(path: str, most: int) -> bytes:
    """The first so many bytes of the file, or of what comes through the pipe.

    Raises `OSError`: ``ENODATA`` where a pipe is still open after `PIPE_SECONDS`.
    """
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    until = time.monotonic() + PIPE_SECONDS
    try:
        ready = select.poll()
        ready.register(file, select.POLLIN)
        data = b""
        while len(data) < most:
            if not ready.poll(max(until - time.monotonic(), 0) * 1000):
                raise _error(errno.ENODATA, path)
            piece = os.read(file, min(most - len(data), _READ_AT_ONCE))
            if not piece:
                break
            data += piece
        return data
    finally:
        os.close(file)


def check_plain(path: str, most: int = MOST_BYTES) -> None:
    """Raise `OSError` where others would wait for ever, or read without end, who open this file:
    ``ESPIPE`` for a pipe that has a name and for a device, ``EFBIG`` for what is too large, and
    ``EISDIR``.

    A pipe of the shell's (``<(…)``), which has its writer already, is none of these.
    """
    found = os.stat(path)
    if stat.S_ISFIFO(found.st_mode) and not os.path.exists(os.path.realpath(path)):
        return
    if stat.S_ISDIR(found.st_mode):
        raise _error(errno.EISDIR, path)
    if not stat.S_ISREG(found.st_mode):
        raise _error(errno.ESPIPE, path)
    if found.st_size > most:
        raise _error(errno.EFBIG, path)


def files_of(description: str) -> Iterator[str]:
    """The files that an endpoint's description names (``ssl:443:privateKey=key.pem``), and those in
    the folder that it names (``tls:certificates:port=443``)."""
    for part in re.split(r"(?<!\\):", description)[1:]:
        path = part.partition("=")[2] or part
        path = re.sub(r"\\(.)", r"\1", path)
        if os.path.isdir(path):
            yield from (
                os.path.join(path, name) for name in os.listdir(path) if name.endswith(".pem")
            )
        elif os.path.lexists(path):
            yield path


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)
