"""The few rows at the bottom of the terminal: own lines on their way, a look at a paste, the status
line, the prompt. Everything above them is the terminal's own scrollback, and is never touched.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prompt_toolkit.application import Application, run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Dimension,
    FormattedTextControl,
    HSplit,
    Layout,
    VerticalAlign,
    Window,
)
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output.vt100 import Vt100_Output
from typing_extensions import override

from huddle.client.terminal.output import FOCUS_OFF, FOCUS_ON, SteadyOutput
from huddle.client.terminal.secret_mask import SecretMask

PENDING_ROWS = 6
"""Rows at most for own lines that have not been acknowledged; the rest of them are counted."""

PROMPT_ROWS = 8
"""Rows at most for what is being typed; it scrolls within them."""

COUNTING = 1.0
"""Seconds between drawings of the status line, which counts some."""


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen, asked for anew at each drawing. All texts are clean."""

    prompt: Callable[[], str]
    status: Callable[[], Sequence[tuple[str, bool]]]
    """Parts, and whether each is something to worry about."""
    pending: Callable[[], Sequence[str]]
    unshown: Callable[[int], str]
    """The sentence about so many more pending lines than are shown."""
    look: Callable[[], Sequence[str]]
    """What is to be looked at before Enter."""
    choices: Callable[[], tuple[Sequence[str], int]]
    """What Tab offers, and which one is taken; -1: none."""
    secret: Callable[[str], int | None]
    """Where a secret begins in what is typed; None: there is none in it."""


class TerminalLayout(Application[None]):
    """The rows, drawn on ``output``; what is typed stands in ``buffer``."""

    def __init__(
        self,
        view: View,
        keys: KeyBindings,
        buffer: Buffer,
        input: Input,
        output: SteadyOutput,
        *,
        breaks_rows_anew: bool,
    ) -> None:
        self._view = view
        self._buffer = buffer
        self._breaks_rows_anew = breaks_rows_anew
        self._terminal = output
        super().__init__(
            layout=Layout(self._rows()),
            key_bindings=keys,
            input=input,
            output=output,
            refresh_interval=COUNTING,
            erase_when_done=True,
            min_redraw_interval=0.01,
        )
        self._columns = 0
        self.after_render += self._remember_columns
        self.ttimeoutlen = 0.05  # seconds until ESC is a key, and not the beginning of one

    def print_above(self, text: str) -> None:
        """Print whole lines into the scrollback, and draw the rows below them."""
        if not self.is_running:
            self._terminal.write_raw(text)
            self._terminal.flush()
            return
        with self._terminal.together():
            self._climb_over_broken_rows()
            self.renderer.erase(leave_alternate_screen=False)
            self._terminal.write_raw(text)
            self._redraw()

    def begin(self) -> None:
        """Draw for the first time."""
        self._terminal.write_raw(FOCUS_ON)

    def end(self) -> None:
        """Take the rows off the screen; the program is at its end."""
        self._terminal.ending = True
        self._terminal.write_raw(FOCUS_OFF)
        self._terminal.disable_bracketed_paste()
        if self.is_running:
            self.exit()

    @override
    def suspend_to_background(self, suspend_group: bool = True) -> None:
        """Stop, as by Ctrl-Z. The shell must not get what was asked of the terminal for us."""

        def stop() -> None:
            self._terminal.write_raw(FOCUS_OFF)
            Vt100_Output.disable_bracketed_paste(self._terminal)
            self._terminal.flush()
            os.kill(0 if suspend_group else os.getpid(), signal.SIGTSTP)
            self._terminal.write_raw(FOCUS_ON)
            self._terminal.flush()

        run_in_terminal(stop)

    @override
    def _on_resize(self) -> None:
        with self._terminal.together():
            self._climb_over_broken_rows()
            super()._on_resize()

    def _climb_over_broken_rows(self) -> None:
        """A terminal that has become narrower has broken our longer rows in two.

        The cursor is to climb over those, too, before what is below is erased.
        """
        screen, columns = self.renderer.last_rendered_screen, self._terminal.get_size().columns
        if screen is None or columns >= self._columns or not self._breaks_rows_anew:
            return
        cursor = screen.get_cursor_position(self.layout.current_window)
        widths = [
            max((x for x, char in screen.data_buffer[y].items() if char.char.strip()), default=0)
            for y in range(cursor.y)
        ]
        broken = sum(width // columns for width in widths) + cursor.x // columns
        self._terminal.cursor_up(broken)

    def _remember_columns(self, _: Application[None]) -> None:
        self._columns = self._terminal.get_size().columns

    def _rows(self) -> HSplit:
        rows = [
            self._text_rows(self._pending, lambda: bool(self._view.pending()), PENDING_ROWS + 1),
            self._text_rows(self._look, lambda: bool(self._view.look()), PENDING_ROWS + 1),
            self._text_rows(self._choices, lambda: bool(self._view.choices()[0]), 2),
            Window(FormattedTextControl(self._status), height=1),
            Window(
                BufferControl(
                    self._buffer,
                    input_processors=[
                        SecretMask(lambda line: self._view.secret(line)),
                        BeforeInput(lambda: self._view.prompt()),
                    ],
                ),
                height=Dimension(min=1, max=PROMPT_ROWS),
                wrap_lines=True,
                dont_extend_height=True,
            ),
        ]
        return HSplit(rows, align=VerticalAlign.TOP)

    def _text_rows(
        self, text: Callable[[], StyleAndTextTuples], shown: Callable[[], bool], most: int
    ) -> ConditionalContainer:
        window = Window(
            FormattedTextControl(text),
            height=Dimension(min=1, max=most),
            wrap_lines=True,
            dont_extend_height=True,
        )
        return ConditionalContainer(window, Condition(shown))

    def _pending(self) -> StyleAndTextTuples:
        columns = self._terminal.get_size().columns
        lines, shown, rows = self._view.pending(), 0, 0
        parts: StyleAndTextTuples = []
        for line in lines:
            rows += 1 + len(line) // columns
            if rows > PENDING_ROWS and shown:
                break
            parts += [("dim", line), ("", "\n")]
            shown += 1
        if shown < len(lines):
            return [*parts, ("dim", self._view.unshown(len(lines) - shown))]
        return parts[:-1]

    def _look(self) -> StyleAndTextTuples:
        *lines, question = self._view.look()
        return [*(("dim", f"│ {line}\n") for line in lines), ("bold", question)]

    def _choices(self) -> StyleAndTextTuples:
        choices, taken = self._view.choices()
        parts: StyleAndTextTuples = []
        for at, choice in enumerate(choices):
            parts += [("reverse" if at == taken else "dim", choice), ("", "  ")]
        return parts[:-1]

    def _status(self) -> StyleAndTextTuples:
        # No wider than its words: a bar from edge to edge would be broken by a narrower window.
        parts: StyleAndTextTuples = [("reverse", " ")]
        for at, (text, alarming) in enumerate(self._view.status()):
            parts.append(("reverse", " · " if at else ""))
            parts.append(("reverse bold" if alarming else "reverse", text))
        return [*parts, ("reverse", " ")]
