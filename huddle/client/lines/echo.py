"""Whether a terminal shows what is typed in it."""

from __future__ import annotations

import contextlib
import termios

LOCAL_FLAGS = 3
"""Where they stand in what `termios.tcgetattr` gives."""


def hide_echo(file: int, hidden: bool) -> None:
    """Show nothing of what is typed from now on but the end of a line, or all again.

    What is open as this file and no terminal has no echo to turn off.
    """
    with contextlib.suppress(termios.error):
        flags = termios.tcgetattr(file)
        if hidden:
            flags[LOCAL_FLAGS] = flags[LOCAL_FLAGS] & ~termios.ECHO | termios.ECHONL
        else:
            flags[LOCAL_FLAGS] = flags[LOCAL_FLAGS] & ~termios.ECHONL | termios.ECHO
        termios.tcsetattr(file, termios.TCSADRAIN, flags)
