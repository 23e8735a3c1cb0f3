"""The documents name the files that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import page_pictures
from scripts.picture import PICTURES
from tests.documents.blocks import DOCUMENTS, ROOT

FILE = re.compile(r"`((?:huddle|benchmarks|tests|scripts|docs|share)/[\w./-]+\.\w+)`")
MODULE = re.compile(r"`((?:huddle|tests|benchmarks)(?:\.\w+)+)`")
LINK = re.compile(r"\]\(([\w./-]+\.(?:md|svg|png))(?:#[\w-]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_that_it_names_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    assert not [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    assert not [link for link in LINK.findall(text) if not (document.parent / link).exists()]


def test_the_modules_that_sources_name_are_there() -> None:
    sources = [
        path
        for folder in ("huddle", "tests", "benchmarks")
        for path in ROOT.glob(f"{folder}/**/*.py")
    ]
    named = {name for path in sources for name in MODULE.findall(path.read_text("utf-8"))}
    assert len(named) > 100
    assert not [name for name in named if not is_there(name.split("."))]


def is_there(parts: list[str]) -> bool:
    """Whether the file of a module is there, and says all that is named behind it."""
    for length in range(len(parts), 0, -1):
        base = ROOT.joinpath(*parts[:length])
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.exists():
                source = file.read_text("utf-8")
                return all(re.search(rf"\b{word}\b", source) for word in parts[length:])
    return False


def test_a_module_that_is_gone_would_be_found() -> None:
    assert is_there(["huddle", "rooms", "room", "Room"])
    assert not is_there(["huddle", "rooms", "hall"])
    assert not is_there(["huddle", "rooms", "room", "Hall"])


def test_a_file_that_is_gone_would_be_found() -> None:
    assert FILE.findall("see `huddle/rooms.py`, not huddle/x.py") == ["huddle/rooms.py"]


@pytest.mark.parametrize(
    "name", ["README", "README.es", "docs/running", "docs/es/running", "docs/clients"]
)
def test_what_tells_of_the_page_shows_it_on_a_desk_and_on_a_phone(name: str) -> None:
    document = ROOT / f"{name}.md"
    shown = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", document.read_text("utf-8"))
    pictures = [ROOT / path for path in page_pictures.PICTURES.values()]
    assert [(document.parent / path).resolve() for path in shown] == pictures


def test_every_picture_is_made_by_a_script() -> None:
    pictures = [*PICTURES.values(), *page_pictures.PICTURES.values()]
    made = {ROOT / path for path in pictures} | {ROOT / "docs" / "performance.svg"}
    assert set(ROOT.glob("docs/**/*.svg")) | set(ROOT.glob("docs/**/*.png")) == made
    assert "--plot docs/performance.svg" in (ROOT / "docs" / "performance.md").read_text("utf-8")
