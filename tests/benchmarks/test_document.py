"""Figures go into a document between marks, and can be put there again."""

from pathlib import Path

import pytest

from benchmarks import document

TEXT = "before\n<!-- goals -->\nold\n<!-- /goals -->\nafter\n"


def test_new_figures_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(TEXT)
    for figures in ("first", "second"):
        document.put(path, "goals", figures)
    assert path.read_text() == TEXT.replace("old", "second")


def test_figures_without_a_place_are_not_put_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(TEXT)
    with pytest.raises(document.MarkMissingError, match="<!-- idle -->"):
        document.put(path, "idle", "figures")
    assert path.read_text() == TEXT
