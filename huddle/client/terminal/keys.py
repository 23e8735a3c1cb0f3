"""What the keys do, beyond the editing of a line, which is prompt_toolkit's (as in Emacs, bash)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from prompt_toolkit.filters import Condition
from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

FOCUS_IN, FOCUS_OUT = Keys.F23, Keys.F24
"""What the terminal says about its window is read as two keys that no keyboard has."""

ANSI_SEQUENCES["\x1b[I"] = FOCUS_IN
ANSI_SEQUENCES["\x1b[O"] = FOCUS_OUT


class Keyboard(Protocol):
    """The part of the program that is told what was pressed: the prompt."""

    @property
    def looking_at_paste(self) -> bool: ...

    def enter(self) -> None: ...

    def drop(self) -> None: ...

    def pasted(self, data: str) -> None: ...

    def complete(self, step: int) -> None: ...

    def interrupted(self) -> None: ...

    def ended(self) -> None: ...


def bindings(keyboard: Keyboard, focused: Callable[[bool], None]) -> KeyBindings:
    """The keys of the interface; ``focused`` is told whether the window has the focus."""
    keys = KeyBindings()
    looking = Condition(lambda: keyboard.looking_at_paste)

    @keys.add(Keys.Any, filter=looking)
    def _(event: KeyPressEvent) -> None:
        """A paste is sent or dropped before anything else is typed."""

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        keyboard.enter()

    @keys.add("escape", eager=looking)
    def _(event: KeyPressEvent) -> None:
        keyboard.drop()

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        keyboard.pasted(event.data)

    @keys.add("tab", filter=~looking)
    def _(event: KeyPressEvent) -> None:
        keyboard.complete(1)

    @keys.add("s-tab", filter=~looking)
    def _(event: KeyPressEvent) -> None:
        keyboard.complete(-1)

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        keyboard.interrupted()

    @keys.add("c-d", filter=~looking)
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            keyboard.ended()

    @keys.add("c-z")
    def _(event: KeyPressEvent) -> None:
        event.app.suspend_to_background()

    @keys.add(FOCUS_IN)
    def _(event: KeyPressEvent) -> None:
        focused(True)

    @keys.add(FOCUS_OUT)
    def _(event: KeyPressEvent) -> None:
        focused(False)

    return keys
