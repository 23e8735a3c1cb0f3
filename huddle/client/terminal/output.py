"""Writing to a terminal so that a change of the screen appears whole, or not yet.

prompt_toolkit writes piecemeal: it erases its rows, then what is above them is printed, then the
rows are drawn again. Held together in one write there is nothing in between to be seen, and no
moment in which what is typed or pasted would be taken for something else.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import TextIO

from prompt_toolkit.data_structures import Size
from prompt_toolkit.output.vt100 import Vt100_Output
from typing_extensions import override

FOCUS_ON, FOCUS_OFF = "\x1b[?1004h", "\x1b[?1004l"
"""Ask the terminal to tell when its window gets or loses the focus (xterm)."""

AT_ONCE, NOW = "\x1b[?2026h", "\x1b[?2026l"
"""Ask the terminal to show what is between them at once ("synchronized output"); those that do not
know it pass over it (ECMA-48, unknown private modes)."""


USUAL = Size(rows=24, columns=80)
"""Of a terminal that does not know its size."""


def breaks_rows_anew(environ: Mapping[str, str]) -> bool:
    """Whether this terminal breaks its rows anew when it gets narrower; the old ones cut them."""
    old = environ.get("TERM", "").startswith(("rxvt", "linux", "vt"))
    return not old and "XTERM_VERSION" not in environ


class SteadyOutput(Vt100_Output):
    """A terminal. When it is gone, what is written goes nowhere."""

    held = False
    ending = False

    @classmethod
    def on(cls, terminal: TextIO, term: str) -> SteadyOutput:
        """The terminal that is open as a file. ``term`` is its name (TERM)."""

        def size() -> Size:
            try:
                columns, rows = os.get_terminal_size(terminal.fileno())
            except OSError:  # it is gone
                return USUAL
            return Size(rows or USUAL.rows, columns or USUAL.columns)

        # Nothing here depends on where on the screen the rows are, so that need not be asked.
        return cls(terminal, size, term=term, enable_cpr=False)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is written within goes out in one write."""
        self.write_raw(AT_ONCE)
        self.held = True
        try:
            yield
        finally:
            self.held = False
            self.write_raw(NOW)
            self.flush()

    @override
    def flush(self) -> None:
        if not self.held:
            with contextlib.suppress(OSError):
                super().flush()

    @override
    def disable_bracketed_paste(self) -> None:
        # prompt_toolkit turns it off whenever it erases its rows: a paste at that moment would be
        # taken for typing.
        if self.ending:
            super().disable_bracketed_paste()
