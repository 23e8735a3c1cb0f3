"""What one types: the text, a paste that is looked at first, what Tab made of a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from huddle.client.commands.commands import secret_at
from huddle.client.conversation.conversation import Conversation
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.session import outbox
from huddle.client.terminal.completion import Cycle, cycle
from huddle.client.terminal.editor import Editor
from huddle.client.terminal.keys import PASTE, TEXT, Key
from huddle.client.terminal.typed_lines import TypedLines
from huddle.protocol.text import clean

SHOWN = 3
"""Lines that are shown of a longer paste from its beginning, and one from its end."""


@dataclass(frozen=True, slots=True)
class Paste:
    """Lines to be said together. ``typed`` is what stood in the prompt, to be put back; ``behind``
    tells that a command stood before them: they are what it takes."""

    lines: tuple[str, ...]
    typed: str
    behind: bool = False

    def look(self) -> list[str]:
        """The lines as one looks at them: where some are left out, it shows."""
        if len(self.lines) <= SHOWN + 2:
            return list(self.lines)
        return [*self.lines[:SHOWN], "⋮", self.lines[-1]]


@dataclass(eq=False, repr=False)
class Prompt:
    """The prompt of one terminal. ``talk`` gives the conversation it is for; ``bell`` rings when
    nothing fits.

    Arrow keys go through earlier lines (``typed``) that begin like what stands there.
    """

    rendering: TerminalLines
    typed: TypedLines
    talk: Callable[[], Conversation]
    bell: Callable[[], None]
    crowded: bool = field(default=False, init=False)
    """Whether nothing is to be said at present, since too much waits."""
    editor: Editor = field(init=False)
    _paste: Paste | None = field(default=None, init=False)
    _cycle: Cycle | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.editor = Editor(self.typed.lines)

    # Keys

    def press(self, key: Key) -> None:
        """Do what a key does to what is typed; it rings when that is nothing."""
        if key.name == PASTE:
            self.pasted(key.text)
        elif key.name == "c-c":
            self.interrupted()
        elif self._paste is not None:  # it is sent or dropped before anything else is typed
            if key.name in ("enter", "escape"):
                self._edit(key)
        elif self.editor.search is None or not self._look_for(key):
            self._edit(key)

    def _edit(self, key: Key) -> None:
        match key.name:
            case "enter":
                self.enter()
            case "tab":
                self.complete(1)
            case "s-tab":
                self.complete(-1)
            case "escape":
                self.drop()
            case "c-d" if not self.editor.text:
                self.talk().wish_to_leave()
            case "c-r":
                self._ring(not self.talk().hidden and self.editor.look_for(""))
            case name:
                self._cycle = None
                text = clean(key.text)
                self._ring(self.editor.insert(text) if name == TEXT else self.editor.press(name))

    def _look_for(self, key: Key) -> bool:
        """Whether a key was for the search through earlier lines, which any other key ends."""
        match key.name:
            case "c-r":
                self._ring(self.editor.look_for(""))
            case "backspace":
                self._ring(self.editor.look_for_less())
            case name if name == TEXT:
                self._ring(self.editor.look_for(key.text))
            case "escape" | "c-g":
                self.editor.end_search(keep=False)
            case _:
                self.editor.end_search(keep=True)
                return False
        return True

    def _ring(self, done: bool | None) -> None:
        if done is False:
            self.bell()

    def enter(self) -> None:
        """Say the paste that is looked at, or what has been typed."""
        if self.crowded:
            self.bell()
        elif self._paste is not None:
            paste, self._paste = self._paste, None
            if not paste.behind:
                self.talk().say(paste.lines)
            elif not self.talk().pasted_behind(paste.lines):
                self.editor.reset(paste.typed)
        else:
            self._give(self.editor.text)

    def drop(self) -> None:
        """Do not say the paste; or let Tab's choice go."""
        if self._paste is not None:
            self.editor.reset(self._paste.typed)
            self._paste = None
        elif self._cycle is not None:
            self._take(Cycle(self._cycle.before, self._cycle.choices))
            self._cycle = None

    def pasted(self, data: str) -> None:
        """Something was pasted: into what is typed, or, with its lines, to be looked at."""
        editor, lines = self.editor, lines_of(data)
        editor.end_search(keep=True)
        self._cycle = None
        if self._paste is not None:
            self._paste = replace(self._paste, lines=(*self._paste.lines, *lines))
        elif len(lines) <= 1 or self.talk().asking:
            self._ring(editor.insert(clean(" ".join(lines))))
        else:
            before = editor.text[: editor.cursor]
            whole = before + data + editor.text[editor.cursor :]
            # Blanks before a command with a secret make it no text (`intent_of`).
            behind = before.lstrip().startswith("/") and not before.startswith("//")
            self._paste = Paste(tuple(map(clean, lines_of(whole))), editor.text, behind)
            editor.reset()

    def complete(self, step: int) -> None:
        """Tab, or Shift-Tab. What is a secret is no word to be completed."""
        if self.secret() is not None:
            return
        if self._cycle is None:
            buffers = self.talk().buffers
            nicks = [nick for nick in buffers.nicks() if nick != self.rendering.nick]
            language = self.rendering.wording.language
            typed = self.editor.text[: self.editor.cursor]
            self._cycle = cycle(typed, nicks, buffers.rooms(), language)
        if self._cycle is None:
            self.bell()
        else:
            self._take(self._cycle.move(step))

    def interrupted(self) -> None:
        """Ctrl-C: away with what is typed, or with the question for a secret; when there is
        nothing, away."""
        if self._paste is not None:
            self.drop()
        elif self.editor.search is not None:
            self.editor.end_search(keep=False)
        elif self.editor.text:
            self.editor.reset()
        elif self.talk().hidden:
            self._give("")  # which is no answer
        else:
            self.talk().wish_to_leave()

    def change_draft(self, text: str) -> str:
        """Another window's text is to be typed now; returns the one of the window before."""
        if self._paste is not None:
            self.drop()
        self.editor.end_search(keep=False)
        draft = self.editor.text
        self._cycle = None
        self.editor.reset(text)
        return draft

    # What is to be seen

    def head(self) -> str:
        """What stands before the text: one's nick, unless one is asked for it, and the person one
        talks to, if it is one."""
        search = self.editor.search
        if search is not None:
            _ = self.rendering.wording.gettext
            return _("(search) {words}: ").format(words=search.words)
        to = self.talk().partner
        whom = "" if to is None else f" → {to}"
        nick = "" if self.talk().asks_nick else self.rendering.nick
        return f"{nick}{whom}> " if nick else "> "

    def look(self) -> Sequence[str]:
        """The paste, and what one may do with it; nothing when there is none."""
        if self._paste is None:
            return []
        count = len(self._paste.lines)
        told = self.rendering.wording.counted(
            "{count} line; Enter sends, Esc drops", "{count} lines; Enter sends, Esc drops", count
        )
        return [*self._paste.look(), told]

    def choices(self) -> tuple[Sequence[str], int]:
        """What Tab offers, and which one is taken; -1: none."""
        return ((), -1) if self._cycle is None else (self._cycle.words, self._cycle.at - 1)

    def secret(self) -> int | None:
        """Where a secret begins in what is typed; None: there is none in it."""
        return 0 if self.talk().hidden else secret_at(self.editor.text)

    def _give(self, line: str) -> None:
        asked = self.talk().asking
        if not line.strip() and not asked:
            return
        if not asked:
            self.typed.add(line)
        self.editor.reset()
        if not asked and secret_at(line) is None:
            self.editor.add_earlier(line)
        self._cycle = None
        self.talk().typed([line])

    def _take(self, chosen: Cycle) -> None:
        after = self.editor.text[self.editor.cursor :]
        self.editor.set(chosen.text + after, len(chosen.text))
        # One choice only: there is nothing to go round through.
        self._cycle = chosen if len(chosen.choices) > 2 else None


def lines_of(data: str) -> tuple[str, ...]:
    """The lines of a pasted text, as they will be said; none where they say nothing."""
    return tuple(outbox.lines_of(data)) if data.strip() else ()
