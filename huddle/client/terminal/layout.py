"""The rows of the terminal: the window one is in, with those who are there beside it, and below it
own lines on their way, what is to be decided, the status line from edge to edge, and the prompt.

A `View` is what there is to be seen; `drawn` makes a frame of it for a terminal of any size. It
does no input or output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huddle.client.rendering.colours import BOLD, RESET, REVERSE, Paint
from huddle.client.rendering.rows import fitted
from huddle.client.terminal.painter import Frame
from huddle.client.terminal.statusline import SEPARATOR, Part
from huddle.client.terminal.viewport import Viewport
from huddle.locale import Wording
from huddle.locale.columns import columns_of, width_of

PENDING_ROWS = 6
"""Rows at most for own lines that have not been acknowledged; the rest of them are counted."""

PROMPT_ROWS = 8
"""Rows at most for what is being typed; it scrolls within them."""

LEAST_ROWS = 3
"""Rows that are left to the window, whatever else there is to be seen, if there are that many."""

NICKS_FROM = 100
"""Columns from which on those who are in the room are listed beside it."""

NICKS = 18
"""Columns of that list, with the line in front of it."""

STAR = "*"
"""What a character of a secret is drawn as."""


@dataclass(frozen=True, slots=True)
class View:
    """What is to be seen. All texts are clean; those in ``window`` are painted."""

    window: Viewport
    status: Callable[[int], Sequence[Part]]
    """The parts of the status line that fit into so many columns."""
    prompt: str
    typed: str
    cursor: int
    title: str = ""
    """What is shown, where it is not the room itself."""
    nicks: Sequence[str] = ()
    """The people in the room; none are listed where there is no room."""
    people: int = 0
    """How many there are in all."""
    pending: Sequence[str] = ()
    look: Sequence[str] = ()
    """What is to be looked at before Enter, and in the last line what one can do."""
    choices: tuple[Sequence[str], int] = ((), -1)
    """What Tab offers, and which one is taken; -1: none."""
    secret: int | None = None
    """Where a secret begins in what is typed; None: there is none in it."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many columns and rows a terminal has."""

    columns: int
    rows: int


def drawn(view: View, size: Size, paint: Paint, wording: Wording) -> Frame:
    """The frame for a terminal of this size."""
    prompt, (prompt_row, column) = _prompt(view, size)
    status = _status(view.status(size.columns), size.columns)
    space = max(0, size.rows - len(prompt) - 1)
    between = [
        *_pending(view.pending, size.columns, paint, wording),
        *_look(view.look, size.columns, paint),
        *_choices(view.choices, size.columns, paint),
    ]
    between = between[: max(0, space - LEAST_ROWS)]
    height = space - len(between)
    window = _window(view, Size(size.columns, height), paint, wording)
    rows = [*window, *between, status, *prompt][: size.rows]
    first = len(window) + len(between) + 1
    return Frame(rows, (min(first + prompt_row, size.rows - 1), column))


def window_size(view: View, size: Size) -> Size:
    """The room that the lines of the window have in such a terminal, as good as it can be told
    without drawing it: for scrolling by pages."""
    rows = size.rows - 2 - bool(view.title)
    return Size(_columns_of_window(view, size.columns), max(1, rows))


def _columns_of_window(view: View, columns: int) -> int:
    return columns - NICKS - 1 if view.nicks and columns >= NICKS_FROM else columns


def _window(view: View, size: Size, paint: Paint, wording: Wording) -> list[str]:
    title = [_bar(f" {fitted(view.title, size.columns - 2)} ", size.columns)] if view.title else []
    height = max(0, size.rows - len(title))
    columns = _columns_of_window(view, size.columns)
    rows = view.window.rows(columns, height)
    rows = [*[""] * (height - len(rows)), *rows] if not view.title else rows
    rows = [*rows, *[""] * (height - len(rows))]
    if columns < size.columns:
        beside, move = _nicks(view, height, paint, wording), f"\x1b[{size.columns - NICKS + 1}G"
        rows = [f"{row}{RESET}{move}{nick}" for row, nick in zip(rows, beside, strict=True)]
    return [*title[: size.rows], *rows]


def _nicks(view: View, height: int, paint: Paint, wording: Wording) -> list[str]:
    """The rows of the people in a room, each nick in its colour, as far as there are rows."""
    line, room = paint.faint("│") + " ", NICKS - 2
    shown = list(view.nicks)
    if max(len(shown), view.people) > height:
        shown = shown[: max(0, height - 1)]
    listed = [line + paint.nick(nick, fitted(nick, room)) for nick in shown]
    if (more := view.people - len(shown)) > 0 and len(listed) < height:
        listed.append(line + paint.faint(fitted(_and_more(more, wording), room)))
    return [*listed, *[line] * (height - len(listed))][:height]


def _pending(lines: Sequence[str], columns: int, paint: Paint, wording: Wording) -> list[str]:
    """Own lines on their way; each takes a row, in which its beginning is."""
    rows = [paint.faint(fitted(line, columns)) for line in lines[:PENDING_ROWS]]
    if (more := len(lines) - len(rows)) > 0:
        rows.append(paint.faint(fitted(_and_more(more, wording), columns)))
    return rows


def _and_more(count: int, wording: Wording) -> str:
    return wording.counted("… and {count} more", "… and {count} more", count)


def _look(lines: Sequence[str], columns: int, paint: Paint) -> list[str]:
    rows = [paint.faint(fitted(f"│ {line}", columns)) for line in lines[:-1]]
    return [*rows, *(paint.strong(fitted(line, columns)) for line in lines[-1:])]


def _choices(offered: tuple[Sequence[str], int], columns: int, paint: Paint) -> list[str]:
    """One row of what Tab offers, so that what is taken is in it."""
    choices, taken = offered
    if not choices:
        return []
    first = 0
    while (
        first < taken and sum(columns_of(each) + 2 for each in choices[first : taken + 1]) > columns
    ):
        first += 1
    row, left = [], columns
    for at, choice in enumerate(choices[first:], first):
        shown = fitted(choice, left)
        left -= columns_of(shown) + 2
        row.append(f"{REVERSE}{shown}{RESET}" if at == taken else paint.faint(shown))
        if left <= 0:
            break
    return ["  ".join(row)]


def _status(parts: Sequence[Part], columns: int) -> str:
    """The status line, reversed from edge to edge."""
    row, left = [REVERSE, " "], columns - 1
    for at, part in enumerate(parts):
        between = fitted(SEPARATOR if at else "", left)
        text = fitted(part.text, left - columns_of(between))
        left -= columns_of(between) + columns_of(text)
        row += [between, f"{BOLD}{text}{RESET}{REVERSE}" if part.strong else text]
    return "".join([*row, " " * left, RESET])


def _bar(text: str, columns: int) -> str:
    return f"{REVERSE}{text}{' ' * (columns - columns_of(text))}{RESET}"


def _prompt(view: View, size: Size) -> tuple[list[str], tuple[int, int]]:
    """The rows of what is typed, and where in them the cursor is."""
    typed = view.typed
    if view.secret is not None:
        typed = typed[: view.secret] + STAR * (len(typed) - view.secret)
    head = fitted(view.prompt, max(1, size.columns // 2))
    text, cursor = head + typed, len(head) + view.cursor
    rows, at, column = [""], (0, 0), 0
    for index, character in enumerate(text):
        width = width_of(character)
        if column + width > size.columns:
            rows.append("")
            column = 0
        if index == cursor:
            at = (len(rows) - 1, column)
        rows[-1] += " " * width if character == "\t" else character
        column += width
    if cursor >= len(text):
        if column >= size.columns:
            rows.append("")
            column = 0
        at = (len(rows) - 1, column)
    most = max(1, min(PROMPT_ROWS, size.rows - 1 - LEAST_ROWS))
    first = max(0, min(at[0] - most + 1, len(rows) - most)) if len(rows) > most else 0
    first = min(first, at[0])
    return rows[first : first + most], (at[0] - first, at[1])
