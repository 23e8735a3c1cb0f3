"""The line that is typed: the keys that edit it, what was typed before it, and looking for that.

The keys are those of a shell (GNU Readline, Emacs mode). A key that leaves nothing to do says so by
False: a terminal rings then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from huddle.locale.columns import width_of

LONGEST = 64 * 1024
"""Characters of a line that is typed; what is more is not taken."""

UNDONE = 100
"""Changes that can be undone."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Search:
    """Looking for an earlier line (Ctrl-R): the words, and which line was found; -1: none."""

    words: str
    found: int
    before: tuple[str, int]
    """The text and the cursor to go back to."""


class Editor:
    """One line. ``earlier`` are those typed before it, the oldest first."""

    def __init__(self, earlier: Sequence[str] = ()) -> None:
        self.text = ""
        self.cursor = 0
        self.search: Search | None = None
        """The search that goes on, if one does."""
        self._earlier = list(earlier)
        self._at = len(self._earlier)
        self._prefix: str | None = None
        self._typed = ""
        self._killed = ""
        self._undo: list[tuple[str, int]] = []

    def set(self, text: str, cursor: int | None = None) -> None:
        """Let this text be what is typed, with the cursor at that character, or at its end."""
        self._remember()
        self.text = text
        self.cursor = len(text) if cursor is None else cursor

    def reset(self, text: str = "") -> None:
        """Begin with a new line; nothing of the old one can be had back."""
        self.text, self.cursor, self.search = text, len(text), None
        self._at, self._prefix = len(self._earlier), None
        self._undo = []

    def add_earlier(self, line: str) -> None:
        """A line can be had back by the key Up; the same one is not there twice in a row."""
        if self._earlier[-1:] != [line]:
            self._earlier.append(line)
        self._at, self._prefix = len(self._earlier), None

    def insert(self, text: str) -> bool:
        """Type a text at the cursor; whether there was room for it."""
        if len(self.text) + len(text) > LONGEST:
            return False
        self._remember()
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)
        self._prefix = None
        return True

    def press(self, key: str) -> bool | None:
        """Do what a key does; None: it is not one of those that edit."""
        edit = _KEYS.get(key)
        return None if edit is None else edit(self)

    # Looking for an earlier line

    def look_for(self, typed: str) -> bool:
        """Begin to look for an earlier line, or look on: the words get ``typed`` at their end, and
        without it the next older line is looked for."""
        search = self.search or Search("", -1, (self.text, self.cursor))
        words = search.words + typed
        start = len(self._earlier) if search.found < 0 else search.found + bool(typed)
        found = self._older_with(words, start) if words else -1
        if found < 0 and not typed and words:
            return False
        self.search = Search(words, found, search.before)
        return self._show_found()

    def look_for_less(self) -> bool:
        """Take away the last character of the words that are looked for."""
        if self.search is None or not self.search.words:
            return False
        words = self.search.words[:-1]
        found = self._older_with(words, len(self._earlier)) if words else -1
        self.search = Search(words, found, self.search.before)
        self._show_found()
        return True

    def end_search(self, *, keep: bool) -> None:
        """Take the line that was found (``keep``), or what stood there before."""
        if self.search is not None and (not keep or self.search.found < 0):
            self.text, self.cursor = self.search.before
        self.search = None

    def _older_with(self, words: str, end: int) -> int:
        wanted = words.casefold()
        found = (at for at in range(end - 1, -1, -1) if wanted in self._earlier[at].casefold())
        return next(found, -1)

    def _show_found(self) -> bool:
        assert self.search is not None
        if self.search.found < 0:
            return not self.search.words
        self.text = self._earlier[self.search.found]
        self.cursor = len(self.text)
        return True

    # What the keys do

    def _left(self) -> bool:
        return self._go(self._before(self.cursor))

    def _right(self) -> bool:
        return self._go(self._behind(self.cursor))

    def _home(self) -> bool:
        self.cursor = 0
        return True

    def _end(self) -> bool:
        self.cursor = len(self.text)
        return True

    def _word_left(self) -> bool:
        starts = [word.start() for word in _WORD.finditer(self.text[: self.cursor])]
        return self._go(starts[-1] if starts else 0)

    def _word_right(self) -> bool:
        word = _WORD.search(self.text, self.cursor)
        return self._go(len(self.text) if word is None else word.end())

    def _backspace(self) -> bool:
        return self._remove(self._before(self.cursor), self.cursor)

    def _delete(self) -> bool:
        return self._remove(self.cursor, self._behind(self.cursor))

    def _kill_to_end(self) -> bool:
        return self._remove(self.cursor, len(self.text), kill=True)

    def _kill_to_start(self) -> bool:
        return self._remove(0, self.cursor, kill=True)

    def _kill_blank_word(self) -> bool:
        before = self.text[: self.cursor].rstrip()
        return self._remove(max(before.rfind(" "), before.rfind("\t")) + 1, self.cursor, kill=True)

    def _kill_word_left(self) -> bool:
        end = self.cursor
        self._word_left()
        return self._remove(self.cursor, end, kill=True)

    def _kill_word_right(self) -> bool:
        start = self.cursor
        self._word_right()
        return self._remove(start, self.cursor, kill=True)

    def _yank(self) -> bool:
        return bool(self._killed) and self.insert(self._killed)

    def _transpose(self) -> bool:
        at = min(self.cursor, len(self.text) - 1)
        if at < 1:
            return False
        text = self.text
        self.set(text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :], at + 1)
        return True

    def _take_back(self) -> bool:
        if not self._undo:
            return False
        self.text, self.cursor = self._undo.pop()
        return True

    def _older(self) -> bool:
        """The line before this one that begins like what was typed."""
        if self._prefix is None:
            self._prefix, self._typed = self.text, self.text
        for at in range(self._at - 1, -1, -1):
            if self._earlier[at].startswith(self._prefix) and self._earlier[at] != self.text:
                return self._recall(at, self._earlier[at])
        return False

    def _newer(self) -> bool:
        if self._prefix is None:
            return False
        for at in range(self._at + 1, len(self._earlier)):
            if self._earlier[at].startswith(self._prefix) and self._earlier[at] != self.text:
                return self._recall(at, self._earlier[at])
        return self._recall(len(self._earlier), self._typed)

    def _recall(self, at: int, text: str) -> bool:
        self._at, self.text, self.cursor = at, text, len(text)
        return True

    # In between

    def _go(self, to: int) -> bool:
        moved, self.cursor = to != self.cursor, to
        return moved

    def _remove(self, start: int, end: int, *, kill: bool = False) -> bool:
        if start == end:
            return False
        self._remember()
        if kill:
            self._killed = self.text[start:end]
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start
        self._prefix = None
        return True

    def _before(self, at: int) -> int:
        """Where the character before this place begins, with the marks on it."""
        at = max(0, at - 1)
        while at > 0 and width_of(self.text[at]) == 0:
            at -= 1
        return at

    def _behind(self, at: int) -> int:
        at = min(len(self.text), at + 1)
        while at < len(self.text) and width_of(self.text[at]) == 0:
            at += 1
        return at

    def _remember(self) -> None:
        self._undo.append((self.text, self.cursor))
        del self._undo[:-UNDONE]


_KEYS: Mapping[str, Callable[[Editor], bool]] = {
    **dict.fromkeys(("left", "c-b"), Editor._left),
    **dict.fromkeys(("right", "c-f"), Editor._right),
    **dict.fromkeys(("home", "c-a"), Editor._home),
    **dict.fromkeys(("end", "c-e"), Editor._end),
    **dict.fromkeys(("c-left", "a-b"), Editor._word_left),
    **dict.fromkeys(("c-right", "a-f"), Editor._word_right),
    "backspace": Editor._backspace,
    **dict.fromkeys(("delete", "c-d"), Editor._delete),
    "c-k": Editor._kill_to_end,
    "c-u": Editor._kill_to_start,
    "c-w": Editor._kill_blank_word,
    "a-backspace": Editor._kill_word_left,
    "a-d": Editor._kill_word_right,
    "c-y": Editor._yank,
    "c-t": Editor._transpose,
    "c-_": Editor._take_back,
    **dict.fromkeys(("up", "c-p"), Editor._older),
    **dict.fromkeys(("down", "c-n"), Editor._newer),
}
"""What each key does to the line, by its name (`huddle.client.terminal.keys`)."""
