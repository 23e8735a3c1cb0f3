"""A process that a test starts and ends by itself: where it fails before, it is ended as well."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import AnyStr


@contextmanager
def ending(process: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """Wait for it at the end, as it does by itself; but not for one that nobody has told to end:
    who waits for that does so for ever, and no other test is run behind it."""
    with process:
        try:
            yield process
        except BaseException:
            process.kill()
            if process.stdin is not None:
                with suppress(BrokenPipeError):  # what was not written out yet goes nowhere
                    process.stdin.close()
            raise
