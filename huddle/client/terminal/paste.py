"""What was pasted: one line goes where one types, several are looked at before they are said."""

from __future__ import annotations

from dataclasses import dataclass

from huddle.client.session import outbox

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


def lines_of(data: str) -> tuple[str, ...]:
    """The lines of a pasted text, as they will be said; none where they say nothing."""
    return tuple(outbox.lines_of(data)) if data.strip() else ()
