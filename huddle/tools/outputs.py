"""Where a program beside the server writes to: a file as a whole, or into what cannot be replaced.

A file is written beside its name and takes it only when it is complete, with mode 0600; of a link,
the file that it leads to. A device, a pipe, ``-`` (the standard output) and ``/dev/stdout`` in all
its spellings are written into as they are. A record, and what lies beside it, is never written to.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable

from huddle.locale import Wording
from huddle.locale.command_line import refused_output
from huddle.locale.own_files import belongs_to, is_companion, is_of_a_record
from huddle.record.plain_file import replacing
from huddle.server.start_errors import reason_of
from huddle.tools.command_line import CannotBeDone

STANDARD = "-"
"""Stands for the standard output."""

LINKS = 40
"""Links that lead to links, at most: as many as the kernel follows."""


def check_output(
    output: str, wording: Wording, record: str | None = None, replaces_records: bool = False
) -> None:
    """Raise `CannotBeDone` if the output is of ``record``, which is read, or of another record.

    With ``replaces_records`` it may be another database, such as an older copy of this one.
    """
    own = _standard_descriptor(output)
    of_this = record is not None and belongs_to(output if own is None else own, record)
    of_another = own is None and (is_companion if replaces_records else is_of_a_record)(output)
    if of_this or of_another:
        raise CannotBeDone(refused_output(output, wording))


def is_stream(output: str) -> bool:
    """Whether the output is written into as it is, and not replaced: no plain file."""
    if _standard_descriptor(output) is not None:
        return True
    try:
        mode = os.stat(output).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def is_terminal(output: str) -> bool:
    """Whether a person reads at a terminal what is written to the output."""
    own = _standard_descriptor(output)
    if own is not None:
        return os.isatty(own)
    try:
        if not stat.S_ISCHR(os.stat(output).st_mode):
            return False
        device = os.open(output, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return False
    try:
        return os.isatty(device)
    finally:
        os.close(device)


def write_out(output: str, parts: Iterable[bytes], wording: Wording) -> None:
    """Write all of it. Raises `CannotBeDone`, BrokenPipeError when nobody reads any more, and of
    the standard output OSError, as ``print`` does."""
    if output == STANDARD:
        sys.stdout.buffer.writelines(parts)
        sys.stdout.flush()
        return
    try:
        if is_stream(output):
            _write_into(output, parts)
        else:
            with replacing(os.path.realpath(output)) as part, open(part, "wb") as file:
                file.writelines(parts)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        raise CannotBeDone(f"{output}: {reason_of(error, wording)}") from None


def _write_into(output: str, parts: Iterable[bytes]) -> None:
    sys.stdout.flush()
    own = _standard_descriptor(output)
    file = os.open(output, os.O_WRONLY | os.O_NOCTTY) if own is None else os.dup(own)
    with open(file, "wb") as stream:
        stream.writelines(parts)


def _standard_descriptor(output: str) -> int | None:
    """The descriptor of this process that is meant: 1 by ``-``, ``/dev/stdout``, ``/dev/fd/1`` …

    To open such a name anew would begin at the start of the file that the shell appends to, and to
    replace it would take the name itself away.
    """
    if output == STANDARD:
        return 1
    descriptors = os.path.realpath("/proc/self/fd")
    for _ in range(LINKS):
        folder, name = os.path.split(output)
        folder = os.path.realpath(folder or ".")
        if folder == descriptors and name.isdecimal():
            return int(name)
        output = os.path.join(folder, name)
        if not os.path.islink(output):
            break
        output = os.path.join(folder, os.readlink(output))
    return None
