"""Bars in an SVG file, written by hand: nothing to install, and it shows on any page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, LABEL, BAR, GAP, HEAD = 960, 190, 20, 6, 34
_FIRST, _SECOND = "#1f6f8b", "#c98b3c"


@dataclass(frozen=True, slots=True)
class Bars:
    """Figures of one load: (server, deliveries a second, CPU µs per delivery)."""

    title: str
    figures: Sequence[tuple[str, float, float]]

    @property
    def height(self) -> int:
        """Return how many pixels the panel takes."""
        return HEAD + len(self.figures) * (BAR + GAP) + 2 * GAP


def draw(path: Path, panels: Sequence[Bars]) -> None:
    """Draw a panel for each load: deliveries a second on the left, what each costs on the right."""
    height = sum(panel.height for panel in panels) + HEAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(LABEL, 20, "deliveries a second (longer is better)", _FIRST),
        _text(LABEL + 400, 20, "server CPU, µs per delivery (shorter is better)", _SECOND),
    ]
    top = HEAD
    for panel in panels:
        parts.append(_panel(panel, top))
        top += panel.height
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def _panel(panel: Bars, top: int) -> str:
    fastest = max(rate for _, rate, _ in panel.figures) or 1
    dearest = max(cost for _, _, cost in panel.figures) or 1
    parts = [_text(8, top + 18, panel.title, "#222222", bold=True)]
    for place, (server, rate, cost) in enumerate(panel.figures):
        y = top + HEAD - GAP + place * (BAR + GAP)
        parts.append(_text(8, y + 15, server, "#222222"))
        parts.append(_bar(LABEL, y, 290 * rate / fastest, _FIRST, f"{rate / 1e6:.2f} M"))
        parts.append(_bar(LABEL + 400, y, 260 * cost / dearest, _SECOND, f"{cost:.2f}"))
    return "\n".join(parts)


def _bar(x: int, y: int, length: float, colour: str, label: str) -> str:
    bar = f'<rect x="{x}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>'
    return bar + _text(x + int(length) + 6, y + 15, label, "#444444")


def _text(x: int, y: int, text: str, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}"{weight}>{escape(text)}</text>'
