"""Rows of 80 columns put together again, as whoever reads them does."""

from __future__ import annotations

from collections.abc import Iterable


def sentences(rows: Iterable[str]) -> list[str]:
    """The lines that these rows are of: a row of the server's own that is indented goes on."""
    lines: list[str] = []
    for row in rows:
        if row.startswith("--   ") and lines and lines[-1].startswith("-- "):
            lines[-1] += f" {row.removeprefix('--   ')}"
        else:
            lines.append(row)
    return lines
