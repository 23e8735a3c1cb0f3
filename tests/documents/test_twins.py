"""The two languages of a document say the same: section by section, block by block, row by row."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.documents.blocks import (
    DOCUMENTS,
    ROOT,
    SPANISH,
    Block,
    blocks_of,
    twin_of,
    without_comments,
)

TWINS = [(document, twin) for document in DOCUMENTS if (twin := twin_of(document)) is not None]
NAMES = [str(document.relative_to(ROOT)) for document, _ in TWINS]

MEASURED = re.compile(r"^<!-- (\w+) -->$.*?^<!-- /\1 -->$", re.MULTILINE | re.DOTALL)
"""What the benchmarks write, in English alone."""


def prose(document: Path) -> str:
    return re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def shape(document: Path) -> list[str]:
    """Headings by their depth, rows of tables by the number of cells, blocks by their language."""
    text = MEASURED.sub("", document.read_text("utf-8"))
    found = re.findall(r"^(#+) |^(\|[^\n]*)$|^```(\w*)\n.*?^```$", text, re.MULTILINE | re.DOTALL)
    return [depth or _row(row) or f"```{block}" for depth, row, block in found]


def _row(row: str) -> str:
    cells = re.split(r"(?<!\\)[|]", row)
    return f"row of {len(cells) - 2}" if row else ""


def in_spanish_too() -> set[str]:
    """What whoever runs a server or comes in reads: not what is for those who write programs."""
    names = ("client", "cluster", "quickstart", "running", "service", "troubleshooting")
    return {"README.md", *(f"docs/{name}.md" for name in names)}


def test_what_a_class_reads_is_there_in_spanish() -> None:
    assert in_spanish_too() <= {str(twin.relative_to(ROOT)) for _, twin in TWINS}


@pytest.mark.parametrize(("document", "twin"), TWINS, ids=NAMES)
def test_headings_tables_and_blocks_are_the_same(document: Path, twin: Path) -> None:
    assert shape(document) == shape(twin)


@pytest.mark.parametrize(("document", "twin"), TWINS, ids=NAMES)
def test_what_is_typed_in_a_shell_is_the_same(document: Path, twin: Path) -> None:
    for block, other in zip(blocks_of(document), blocks_of(twin), strict=True):
        assert _typed(block) == _typed(other), f"{block}, {other}"


def _typed(block: Block) -> object:
    """The commands; of talk, which is in the language of the document, only how much it is."""
    if block.language in ("sh", "python", "toml") or block.text.startswith(("defaults", "listen")):
        return without_comments(block.text)
    return block.text.count("\n") if block.text.startswith("/") else None


@pytest.mark.parametrize(("document", "twin"), TWINS, ids=NAMES)
def test_the_same_options_and_files_are_named(document: Path, twin: Path) -> None:
    names = [
        set(re.findall(r"`(--[a-z-]+|[a-z_]+\.[a-z.]+|huddle-[a-z]+)", prose(each)))
        for each in (document, twin)
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(("document", "twin"), TWINS, ids=NAMES)
def test_the_same_figures_are_named(document: Path, twin: Path) -> None:
    assert figures(document) == figures(twin)


def figures(document: Path) -> Counter[str]:
    """The digits of all numbers; each language has points and commas of its own among them."""
    text = re.sub(r"`[^`]*`|\]\([^)]*\)", "", MEASURED.sub("", prose(document)))
    return Counter(re.sub("[.,]", "", each) for each in re.findall(r"(?<![\w.])\d[\d.,]*", text))


@pytest.mark.parametrize(("document", "twin"), TWINS, ids=NAMES)
def test_each_leads_to_the_other(document: Path, twin: Path) -> None:
    for here, there in ((document, twin), (twin, document)):
        links = re.findall(r"\]\(([^)#]+)\)", here.read_text("utf-8")[:300])
        assert there in {(here.parent / link).resolve() for link in links}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_documents_lead_to_headings(document: Path) -> None:
    for place, heading in re.findall(r"\]\(([\w./-]*\.md)?#([^)]+)\)", document.read_text("utf-8")):
        target = (document.parent / place).resolve() if place else document
        assert heading in {anchor(each) for each in headings(target)}, f"{place}#{heading}"


@pytest.mark.parametrize("document", sorted(SPANISH.glob("*.md")), ids=lambda path: path.name)
def test_a_spanish_document_leads_to_spanish_ones_where_they_are(document: Path) -> None:
    translated = {path.name for path in SPANISH.glob("*.md")} - {document.name}
    links = re.findall(r"\]\((\.\./[\w./-]+\.md)", document.read_text("utf-8"))
    assert not [link for link in links if Path(link).name in translated]


def headings(document: Path) -> list[str]:
    return re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)


def anchor(heading: str) -> str:
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_a_readme_leads_to_every_document_of_its_language(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    spanish = {path.name for path in SPANISH.glob("*.md")} if readme != "README.md" else set()
    for path in (ROOT / "docs").glob("*.md"):
        place = f"docs/es/{path.name}" if path.name in spanish else f"docs/{path.name}"
        assert f"]({place})" in text, place


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_huddle_is_installed_from_its_source(document: Path) -> None:
    """On PyPI the name is another program's."""
    text = document.read_text("utf-8")
    assert not re.findall(r"pip install (?!--no-index)[^.`\n]*(?<!/)\bhuddle\b", text)
