"""Draw the picture of huddle-client in the READMEs, from a session that really takes place.

    python -m scripts.picture [docs/huddle-client.svg]

A server is started; huddle-client runs in a terminal (pyte) and holds the conversation below with
people who have `nc`. Then the terminal's screen is drawn, cell by cell. Nothing is drawn that was
not on the screen. It needs what the tests need (`pip install -e '.[dev]'`).
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from pyte.screens import Char

from tests.client.windows.neighbour import Neighbour
from tests.client.windows.window import Screen, Window
from tests.real.server import Server

COLUMNS, ROWS = 78, 14
CELL, LINE, MARGIN, TITLE = 8.4, 19, 14, 34
PAPER, BAR, INK, FAINT = "#fbfaf7", "#e6e3dc", "#2b2b2b", "#8a8780"

Cell = tuple[str, str, bool, bool]
"""Text, colour, bold, reverse."""


def main(path: Path) -> None:
    """Hold the conversation, and draw what is then to be seen."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), "--history", "none")
        window = Window(
            Path(folder),
            *("--port", str(server.port), "--nick", "ana"),
            columns=COLUMNS,
            rows=ROWS,
        )
        try:
            hold_the_conversation(server, window)
            path.write_text(drawn(window.screen, "huddle-client"), "utf-8")
        finally:
            window.close()
            server.end()


def hold_the_conversation(server: Server, window: Window) -> None:
    """What people say; at the end one line of ana's is on its way, and another half typed."""
    window.shows("online")
    people = {nick: Neighbour(server, nick) for nick in ("bob", "carla", "山田")}

    def says(nick: str, text: str) -> None:
        people[nick].says(text)
        window.shows(text.removeprefix("/me "))

    says("bob", "the disk of db2 is full again, I am on it")
    says("carla", "/me gets a coffee")
    says("山田", "了解。ログを消してもいい？")
    window.enters("yes, everything before Monday")
    people["bob"].hears("before Monday")
    says("bob", "ana, do you have the key of the archive?")
    window.enters("looking for it")
    people["bob"].hears("looking for it")
    says("carla", "df says 91 % now")
    server.process.send_signal(19)  # SIGSTOP: the server falls silent
    window.enters("found it, it is in the safe")
    window.shows("1 line on its way")
    window.types("shall I bring it ov")
    window.shows("bring it ov")
    server.process.send_signal(18)
    # What is drawn is the moment before the server goes on.


def drawn(screen: Screen, title: str) -> str:
    """The screen as an SVG."""
    width = COLUMNS * CELL + 2 * MARGIN
    height = ROWS * LINE + 2 * MARGIN + TITLE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        "font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" "
        'font-size="14">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" rx="9" fill="{PAPER}"/>',
        f'<path d="M0 {TITLE}V9a9 9 0 0 1 9-9H{width - 9:.0f}a9 9 0 0 1 9 9V{TITLE}z" '
        f'fill="{BAR}"/>',
        *(f'<circle cx="{20 + 20 * n}" cy="17" r="6" fill="{FAINT}"/>' for n in range(3)),
        f'<text x="{width / 2:.0f}" y="22" text-anchor="middle" fill="{INK}">{title}</text>',
    ]
    for y in range(ROWS):
        parts += _row(screen, y)
    cursor = screen.cursor
    parts.append(
        f'<rect x="{_x(cursor.x):.1f}" y="{_y(cursor.y) - 14}" width="{CELL}" height="{LINE - 1}" '
        f'fill="{INK}" fill-opacity="0.6"/>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(screen: Screen, y: int) -> Iterator[str]:
    cells = [(x, screen.buffer[y][x]) for x in range(COLUMNS)]
    for look, run in groupby(cells, lambda cell: _look(cell[1])):
        placed = list(run)
        first, text = placed[0][0], "".join(char.data for _, char in placed)
        colour, bold, reverse = look
        length = len(placed) * CELL
        if reverse:
            yield (
                f'<rect x="{_x(first):.1f}" y="{_y(y) - 14}" width="{length:.1f}" '
                f'height="{LINE - 1}" fill="{colour}"/>'
            )
        if text.strip():
            shown = PAPER if reverse else colour
            weight = ' font-weight="bold"' if bold else ""
            yield (
                f'<text x="{_x(first):.1f}" y="{_y(y)}" fill="{shown}"{weight} '
                f'xml:space="preserve" textLength="{length:.1f}" lengthAdjust="spacing">'
                f"{escape(text)}</text>"
            )


def _look(cell: Char) -> tuple[str, bool, bool]:
    if cell.fg == "brightblack":
        return FAINT, False, False
    colour = f"#{cell.fg}" if re.fullmatch("[0-9a-f]{6}", cell.fg) else INK
    return colour, cell.bold, cell.reverse


def _x(column: int) -> float:
    return MARGIN + column * CELL


def _y(row: int) -> int:
    return TITLE + MARGIN + row * LINE + 14


if __name__ == "__main__":
    main(Path(*sys.argv[1:]) if sys.argv[1:] else Path("docs/huddle-client.svg"))
