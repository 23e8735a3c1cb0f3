"""For whom lines are written: people at a terminal; files and programs, which keep every blank."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from datetime import date

from huddle.client.lines.output import Reader, as_bytes
from huddle.client.rendering.bare_lines import BareLines
from huddle.client.rendering.json_lines import JsonLines
from huddle.client.rendering.rendering import Rendering
from huddle.client.setup.options import Options
from huddle.client.setup.running import FAILED
from huddle.locale import translator
from huddle.locale.blanks import without_long_blanks
from huddle.locale.columns import SCREEN

OUTPUT, ERRORS = 1, 2
"""The descriptors of the standard output and the error output."""


def rendering_for(options: Options) -> Rendering:
    """What makes lines for who reads the standard output."""
    wording = translator(options.language)
    if options.json:
        return JsonLines(wording, date.today)
    if os.isatty(OUTPUT):
        return BareLines(wording, date.today, columns=_columns)
    return Rendering(wording, date.today)


def warn(lines: Sequence[str], rendering: Rendering) -> None:
    """Write lines to the error output, which may be a terminal where the output is none."""
    if os.isatty(ERRORS) and not isinstance(rendering, JsonLines):
        lines = [without_long_blanks(line, rendering.wording) for line in lines]
    with contextlib.suppress(OSError):  # it has no reader
        os.write(ERRORS, as_bytes(lines))


def status_of(status: int, reader: Reader, rendering: Rendering) -> int:
    """The exit status where that is the one of what was done: it failed if the output did, which
    is told."""
    if not reader.trouble:
        return status
    warn([f"huddle-client: -: {reader.trouble}"], rendering)
    return status or FAILED


def _columns() -> int:
    try:
        return os.get_terminal_size(OUTPUT).columns or SCREEN  # 0: it does not tell
    except OSError:
        return SCREEN
