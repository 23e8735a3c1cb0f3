"""The windows of a terminal: which one is before one's eyes, and how far it is scrolled back.

Which windows there are, and what is in them, the buffers know; here are the keys that go through
them. What was found in the record is shown over the window that one is in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from huddle.client.conversation.buffer import Buffer
from huddle.client.conversation.conversation import Conversation
from huddle.client.conversation.scrollback import Scrollback
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.terminal.layout import Size
from huddle.client.terminal.prompt import Prompt
from huddle.client.terminal.viewport import Viewport


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of the record has found, shown in a window of its own."""

    title: str
    lines: Scrollback


@dataclass(eq=False, repr=False)
class Windows:
    """The windows of one terminal. ``talk`` gives the conversation, ``bell`` rings where a key
    leads nowhere."""

    talk: Callable[[], Conversation]
    rendering: TerminalLines
    prompt: Prompt
    bell: Callable[[], None]
    _found: Found | None = field(default=None, init=False)
    _viewports: dict[int, Viewport] = field(default_factory=dict, init=False)
    _before_eyes: Buffer | None = field(default=None, init=False)

    @property
    def title(self) -> str:
        """What is shown, where it is not the window itself."""
        if self._found is None:
            return ""
        _ = self.rendering.wording.gettext
        return f"{self._found.title} · " + _("PgUp, PgDn; Esc closes")

    def viewport(self) -> Viewport:
        """The viewport of what is shown; those of windows that are gone are forgotten."""
        lines = self.talk().buffers.before_eyes.lines if self._found is None else self._found.lines
        found = self._viewports.get(id(lines))
        if found is None or found.lines is not lines:
            kept = {id(each.lines) for each in self.talk().buffers.windows()}
            self._viewports = {each: v for each, v in self._viewports.items() if each in kept}
            found = self._viewports[id(lines)] = Viewport(lines, self.rendering.unread)
        return found

    def found(self, title: str, lines: Sequence[str]) -> None:
        """Show what was found, from its end on, until it is closed."""
        self._found = Found(title, Scrollback())
        self._found.lines.add(lines)

    def to_end(self) -> None:
        """Show the end of the window itself: something is said there."""
        self._found = None
        self.viewport().to_end()

    def follow(self) -> None:
        """Another window may be before one's eyes by now: what was begun to be typed in it stands
        in the prompt then."""
        before, now = self._before_eyes, self.talk().buffers.before_eyes
        if now is before:
            return
        self._before_eyes, self._found = now, None
        if before is not None and not self.talk().asking:
            before.draft = self.prompt.change_draft(now.draft)
            now.draft = ""

    def press(self, name: str, space: Callable[[], Size]) -> bool:
        """Do what a key does to the windows; whether it was one that does. ``space`` tells what the
        lines of the window have."""
        if name in _SCROLLS:
            self._scroll(_SCROLLS[name], space())
        elif name.startswith("a-") and name[2:] in _NUMBERS:
            self._go_to_number(_NUMBERS.index(name[2:]))
        elif name in ("a-a", "a-A"):
            self._go_to(self.talk().buffers.next_unread())
        elif name in ("a-left", "a-right"):
            self._go_aside(1 if name == "a-right" else -1)
        elif name == "escape" and self._found is not None:
            self._found = None
        else:
            return False
        return True

    def _go_to_number(self, at: int) -> None:
        windows = self.talk().buffers.windows()
        self._go_to(windows[at] if at < len(windows) else None)

    def _go_aside(self, step: int) -> None:
        buffers = self.talk().buffers
        windows = buffers.windows()
        self._go_to(windows[(windows.index(buffers.before_eyes) + step) % len(windows)])

    def _go_to(self, window: Buffer | None) -> None:
        if window is None or self.talk().asking:
            self.bell()
            return
        self._found = None
        self.talk().go_to(window.name)
        self.follow()

    def _scroll(self, pages: int | None, space: Size) -> None:
        """By so many pages, up or down; None and 0: to the very top, or to the end."""
        viewport = self.viewport()
        if pages is None:
            viewport.to_top(space.columns, space.rows)
        elif pages == 0:
            viewport.to_end()
        elif not viewport.scroll(pages * max(1, space.rows - 1), space.columns, space.rows):
            self.bell()


_NUMBERS = "1234567890"
"""The keys of the first ten windows."""

_SCROLLS: Mapping[str, int | None] = {
    **{"pageup": 1, "a-p": 1, "s-pageup": 1, "pagedown": -1, "a-n": -1, "s-pagedown": -1},
    **{"c-home": None, "a-<": None, "c-end": 0, "a->": 0},
}
"""Keys that scroll, and by how many pages; None: to the top, 0: to the end."""
