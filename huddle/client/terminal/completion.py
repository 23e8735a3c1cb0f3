"""What Tab makes of the word before the cursor: nicks, commands, rooms.

Tab again takes the next one, Shift-Tab the one before; after the last comes what was typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from huddle.client.commands.table import COMMANDS
from huddle.locale import LANGUAGES, column_of

ROOM_COMMANDS = frozenset({"join", "entrar", "leave", "dejar"})
LANGUAGE_COMMANDS = frozenset({"lang", "idioma"})


@dataclass(frozen=True, slots=True)
class Cycle:
    """One round through what a word may become; it begins with what was typed."""

    before: str
    choices: tuple[str, ...]
    at: int = 0

    def move(self, step: int) -> Cycle:
        """This completion with another choice: the next (``step`` 1), or the one before (-1)."""
        return Cycle(self.before, self.choices, (self.at + step) % len(self.choices))

    @property
    def text(self) -> str:
        """The text up to the cursor as it is now."""
        return self.before + self.choices[self.at]

    @property
    def words(self) -> tuple[str, ...]:
        """What may be chosen, as a person reads it."""
        return tuple(choice.rstrip(": ") for choice in self.choices[1:])


def cycle(text: str, nicks: Sequence[str], rooms: Sequence[str], language: str) -> Cycle | None:
    """What the text before the cursor may become, with the nicks who spoke last first; None:
    nothing fits."""
    start = text.rfind(" ") + 1
    before, word = text[:start], text[start:]
    if not before and word.startswith("/"):
        found = _commands(word[1:].lower(), language)
    else:
        found = _choices(before, word, nicks, rooms)
    return Cycle(before, (word, *found)) if found else None


def _choices(before: str, word: str, nicks: Sequence[str], rooms: Sequence[str]) -> list[str]:
    command = before[1:].split(" ")[0].lower() if before.startswith("/") else ""
    if command in ROOM_COMMANDS:
        return _fitting(word, rooms, "")
    if command in LANGUAGE_COMMANDS:
        return _fitting(word, LANGUAGES, "")
    if lead := _lead(word):
        begun, end = word.removeprefix(lead), " " if lead == "@" else ""
        fitting = _fitting(begun, nicks, end) if begun or lead.endswith("@") else []
        return [lead + nick for nick in fitting]
    # A line that begins with a name is spoken to that person.
    return _fitting(word, nicks, " " if before else ": ") if word or not before else []


def _lead(word: str) -> str:
    """What stands before a nick in its word: marks that open something, as ``(`` and ``¿``; @."""
    opening = "".join(takewhile(_opens, word))
    return opening + "@" * word.startswith("@", len(opening))


def _opens(mark: str) -> bool:
    return mark in "\"'¿¡" or unicodedata.category(mark) in ("Ps", "Pi")


def _commands(word: str, language: str) -> list[str]:
    """Commands in one's own language first, then in the other."""
    at = column_of(language)
    own = [command.names[at] for command in COMMANDS]
    others = [name for command in COMMANDS for name in command.names if name not in own]
    return [f"/{name} " for name in [*own, *others] if name.startswith(word)]


def _fitting(word: str, names: Sequence[str], end: str) -> list[str]:
    begin = word.casefold()
    return [name + end for name in names if name.casefold().startswith(begin)]
