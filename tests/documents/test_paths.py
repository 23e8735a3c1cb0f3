"""The documents name the files that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import page_pictures
from scripts.picture import PICTURES
from tests.documents.blocks import DOCUMENTS, ROOT

FILE = re.compile(r"`((?:huddle|benchmarks|tests|scripts|docs|share)/[\w./-]+\.\w+)`")
LINK = re.compile(r"\]\(([\w./-]+\.(?:md|svg|png))(?:#[\w-]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_that_it_names_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    assert not [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    assert not [link for link in LINK.findall(text) if not (document.parent / link).exists()]


def test_a_file_that_is_gone_would_be_found() -> None:
    assert FILE.findall("see `huddle/rooms.py`, not huddle/x.py") == ["huddle/rooms.py"]


def test_every_picture_is_made_by_a_script() -> None:
    pictures = [*PICTURES.values(), *page_pictures.PICTURES.values()]
    made = {ROOT / path for path in pictures} | {ROOT / "docs" / "performance.svg"}
    assert set(ROOT.glob("docs/**/*.svg")) | set(ROOT.glob("docs/**/*.png")) == made
    assert "--plot docs/performance.svg" in (ROOT / "docs" / "performance.md").read_text("utf-8")
