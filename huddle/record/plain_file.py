"""Reading a file by its name that another program may have put something else in the place of.

To open a named pipe waits until another program opens its other end, which may be for ever: the
house stood still for it. What is no plain file (a pipe, a folder, a device without an end) is not
read.
"""

from __future__ import annotations

import errno
import os
import stat


def open_plain(path: str) -> int:
    """A descriptor of the file, to read it, which the caller closes. Never waits.

    Raises `OSError`, too, where it is no plain file: ``EISDIR`` for a folder, else ``EINVAL``.
    """
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    mode = os.fstat(file).st_mode
    if stat.S_ISREG(mode):
        return file
    os.close(file)
    reason = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
    raise OSError(reason, os.strerror(reason), path)
