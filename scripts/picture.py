"""Draw the pictures of huddle-client in the documents, from sessions that really take place.

    python -m scripts.picture

One for each language. A server is started; huddle-client runs in a terminal (pyte) and holds the
conversation below with people who have `nc`. Then the terminal's screen is drawn, cell by cell.
Nothing is drawn that was not on the screen. It needs what the tests need.
"""

from __future__ import annotations

import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

PICTURES = {
    "en": Path("docs") / "huddle-client.svg",
    "es": Path("docs") / "es" / "huddle-client.svg",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said, what the client says of it, and what ana types at the end."""

    online: str
    lines: Sequence[tuple[str, str]]
    on_its_way: str
    waiting: str
    half: str
    elsewhere: str


TALKS = {
    "en": Talk(
        "online",
        [
            ("bob", "the disk of db2 is full again, I am on it"),
            ("carla", "/me gets a coffee"),
            ("山田", "了解。ログを消してもいい？"),
            ("ana", "yes, everything before Monday"),
            ("bob", "ana, do you have the key of the archive?"),
            ("ana", "looking for it"),
            ("carla", "df says 91 % now"),
        ],
        "found it, it is in the safe",
        "1 line on its way",
        "shall I bring it ov",
        "the graphs are back",
    ),
    "es": Talk(
        "en línea",
        [
            ("bob", "el disco de db2 está lleno otra vez, voy a ello"),
            ("carla", "/me va a por un café"),
            ("山田", "了解。ログを消してもいい？"),
            ("ana", "sí, todo lo anterior al lunes"),
            ("bob", "ana, ¿tienes la llave del archivo?"),
            ("ana", "la estoy buscando"),
            ("carla", "df dice que ya va por el 91 %"),
        ],
        "la encontré, está en la caja fuerte",
        "1 línea en camino",
        "¿te la lle",
        "ya vuelven a verse las gráficas",
    ),
}


def main() -> None:
    for language, path in PICTURES.items():
        path.write_text(picture(language), "utf-8")


def picture(language: str) -> str:
    """Hold the conversation in a language; what is then to be seen, as an SVG."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), "--history", "none")
        window = Window(
            Path(folder),
            *("--port", str(server.port), "--nick", "ana", "--lang", language),
            *("--room", "huddle", "--room", "ops"),
            columns=COLUMNS,
            rows=ROWS,
        )
        try:
            people = hold(TALKS[language], server, window)
            svg = drawn(window.screen, "huddle-client")
            for neighbour in people:
                neighbour.close()
            return svg
        finally:
            window.close()
            server.end()


def hold(talk: Talk, server: Server, window: Window) -> Sequence[Neighbour]:
    """Say what is said, by people who are returned; at the end one line of ana's is on its way, and
    another half typed."""
    window.shows(talk.online)
    people = {nick: Neighbour(server, nick) for nick in ("bob", "carla", "山田")}
    for nick, text in talk.lines:
        if nick == "ana":
            window.enters(text)
            people["bob"].hears(text)
        else:
            people[nick].says(text)
            window.shows(text.removeprefix("/me "))
    elsewhere = Neighbour(server, "dan")
    elsewhere.says("/join ops", talk.elsewhere, "ana?")
    window.shows("2:ops (2 @1)")
    server.process.send_signal(signal.SIGSTOP)  # the server falls silent
    window.enters(talk.on_its_way)
    window.shows(talk.waiting)
    window.types(talk.half)
    window.shows(talk.half)
    server.process.send_signal(signal.SIGCONT)
    return [*people.values(), elsewhere]  # what is drawn is the moment before the server goes on


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
    main()
