"""Whether a terminal shows what is typed in it."""

from __future__ import annotations

import contextlib
import termios

LOCAL_FLAGS = 3
"""Where they stand in what `termios.tcgetattr` gives."""


class Echo:
    """Of the terminal that is open as a file; what is none has no echo to turn off."""

    def __init__(self, file: int) -> None:
        self._file = file

    def hide(self, hidden: bool) -> None:
        """Show nothing of what is typed from now on but the end of a line, or all again."""
        with contextlib.suppress(termios.error):
            flags = termios.tcgetattr(self._file)
            if hidden:
                flags[LOCAL_FLAGS] = flags[LOCAL_FLAGS] & ~termios.ECHO | termios.ECHONL
            else:
                flags[LOCAL_FLAGS] = flags[LOCAL_FLAGS] & ~termios.ECHONL | termios.ECHO
            termios.tcsetattr(self._file, termios.TCSADRAIN, flags)
