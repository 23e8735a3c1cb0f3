"""What one types: the text, a paste that is looked at first, what Tab made of a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.history import InMemoryHistory

from huddle.client.commands.commands import secret_at
from huddle.client.conversation.conversation import Conversation
from huddle.client.rendering.terminal_lines import TerminalLines
from huddle.client.terminal.completion import Cycle, Known, cycle
from huddle.client.terminal.paste import Paste, lines_of
from huddle.client.terminal.typed_lines import TypedLines
from huddle.protocol.text import clean


class Prompt:
    """Of one terminal. ``conversation`` gives the one it is for; ``bell`` rings when nothing fits.

    Arrow keys go through earlier lines (``typed``) that begin like what stands there.
    """

    def __init__(
        self,
        rendering: TerminalLines,
        typed: TypedLines,
        conversation: Callable[[], Conversation],
        bell: Callable[[], None],
    ) -> None:
        self.crowded = False
        """Whether nothing is to be said at present, since too much waits."""
        history = InMemoryHistory(list(typed.lines))
        self.buffer = Buffer(history=history, enable_history_search=True, multiline=False)
        self.buffer.on_text_changed += lambda _: self._forget_cycle()
        self._rendering = rendering
        self._typed = typed
        self._talk = conversation
        self._bell = bell
        self._paste: Paste | None = None
        self._cycle: Cycle | None = None

    # Keys

    @property
    def looking_at_paste(self) -> bool:
        """Whether a paste waits for Enter or Esc."""
        return self._paste is not None

    def enter(self) -> None:
        """Say the paste that is looked at, or what has been typed."""
        if self.crowded:
            self._bell()
        elif self._paste is not None:
            lines, self._paste = self._paste.lines, None
            self._talk().pasted(lines)
        else:
            self._give(self.buffer.text)

    def drop(self) -> None:
        """Do not say the paste; or let Tab's choice go."""
        if self._paste is not None:
            self._set(self._paste.typed)
            self._paste = None
        elif self._cycle is not None:
            self._take(Cycle(self._cycle.before, self._cycle.choices))
            self._cycle = None

    def pasted(self, data: str) -> None:
        """Something was pasted: into what is typed, or, with its lines, to be looked at."""
        buffer, lines = self.buffer, lines_of(data)
        if self._paste is not None:
            self._paste = Paste((*self._paste.lines, *lines), self._paste.typed)
        elif len(lines) <= 1 or self._talk().asking:
            buffer.insert_text(clean(" ".join(lines)))
        else:
            document = buffer.document
            whole = document.text_before_cursor + data + document.text_after_cursor
            self._paste = Paste(tuple(map(clean, lines_of(whole))), buffer.text)
            buffer.reset()

    def complete(self, step: int) -> None:
        """Tab, or Shift-Tab. What is a secret is no word to be completed."""
        if self.secret(self.buffer.text) is not None:
            return
        if self._cycle is None:
            buffers = self._talk().buffers
            nicks = [nick for nick in buffers.nicks() if nick != self._rendering.nick]
            known = Known(nicks, buffers.rooms(), self._rendering.wording.language)
            self._cycle = cycle(self.buffer.document.text_before_cursor, known)
        if self._cycle is None:
            self._bell()
        else:
            self._take(self._cycle.move(step))

    def interrupted(self) -> None:
        """Ctrl-C: away with what is typed; when there is nothing, away."""
        if self._paste is not None:
            self.drop()
        elif self.buffer.text:
            self.buffer.reset()
        else:
            self.ended()

    def ended(self) -> None:
        """Ctrl-D: leave, or leave all the same."""
        self._talk().wish_to_leave()

    def give_back(self, text: str) -> None:
        """A text was not said: the key Up brings it back. It does not go where one types, in front
        of what is typed next."""
        if not self.buffer.text and self.buffer.history.get_strings()[-1:] != [text]:
            self.buffer.history.append_string(text)
            self.buffer.reset()

    # What is to be seen

    def head(self) -> str:
        """What stands before the text: one's nick, and the person one talks to, if it is one."""
        to = self._talk().partner
        whom = "" if to is None else f" → {to}"
        return f"{self._rendering.nick}{whom}> " if self._rendering.nick else "> "

    def look(self) -> Sequence[str]:
        """The paste, and what one may do with it; nothing when there is none."""
        if self._paste is None:
            return []
        count = len(self._paste.lines)
        sentence = self._rendering.wording.ngettext(
            "{count} line; Enter sends, Esc drops", "{count} lines; Enter sends, Esc drops", count
        )
        return [*self._paste.look(), sentence.format(count=count)]

    def choices(self) -> tuple[Sequence[str], int]:
        """What Tab offers, and which one is taken; -1: none."""
        return ((), -1) if self._cycle is None else (self._cycle.words, self._cycle.at - 1)

    def secret(self, line: str) -> int | None:
        """Where a secret begins in a line; None: there is none in it."""
        return 0 if self._talk().hidden else secret_at(line)

    def _give(self, line: str) -> None:
        asked = self._talk().asking
        if not line.strip() and not asked:
            return
        if not asked:
            self._typed.add(line)
        self.buffer.reset(append_to_history=not asked and secret_at(line) is None)
        self._talk().typed([line])

    def _take(self, chosen: Cycle) -> None:
        after = self.buffer.document.text_after_cursor
        self._set(chosen.text + after, len(chosen.text))
        # One choice only: there is nothing to go round through.
        self._cycle = chosen if len(chosen.choices) > 2 else None

    def _set(self, text: str, cursor: int | None = None) -> None:
        self.buffer.text = text
        self.buffer.cursor_position = len(text) if cursor is None else cursor

    def _forget_cycle(self) -> None:
        self._cycle = None
