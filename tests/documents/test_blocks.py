"""Every block of code in the documents is run as it stands, or says why it cannot be.

Here those of the READMEs and of the quickstart are, which everybody types; all the others are in
`tests/long/test_all_blocks.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from huddle.client.setup.configuration import settings
from huddle.locale import translator
from tests.documents import blocks
from tests.documents.blocks import Block, twin_of, without_comments
from tests.documents.talk import read_board, replay, type_commands
from tests.documents.workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path)
    yield workshop
    workshop.stop()


Section = tuple[Block, ...]


def named(section: Section) -> str:
    return f"{section[0]} {section[0].section}"


def is_typed_by_all(section: Section) -> bool:
    return section[0].document.name.startswith(("README", "quickstart"))


@pytest.mark.parametrize(
    "section", [each for each in blocks.sections() if is_typed_by_all(each)], ids=named
)
def test_what_a_section_tells_to_type_works(section: Section, workshop: Workshop) -> None:
    types(section, workshop)


def types(section: Section, workshop: Workshop) -> None:
    said_before = {without_comments(block.text) for block in english(section)}
    workshop.language = "es" if section[0].is_spanish else "en"
    for block in section:
        if without_comments(block.text) not in said_before:
            run(block, workshop)


def english(section: Section) -> tuple[Block, ...]:
    """The blocks that are run for their Spanish twins, where these are the same."""
    twin = twin_of(section[0].document)
    return blocks.blocks_of(twin) if twin else ()


def run(block: Block, workshop: Workshop) -> None:
    match block.language:
        case "sh":
            workshop.types(block.text)
        case "console" if block.text.startswith("$ "):
            replay(block, workshop)
        case "" if re.match(r"Write this|From here|Escribe esto|Desde aquí", block.text):
            read_board(block.text, workshop.language)
        case "" if block.text.startswith("listen "):
            (workshop.folder / "haproxy.cfg").write_text(block.text)
            workshop.run("haproxy -c -f haproxy.cfg")
        case "console" | "":
            type_commands(block, workshop)
        case "toml" if block.text.startswith("# huddle.toml"):
            (workshop.folder / "huddle.toml").write_text(block.text, "utf-8")
        case "toml":
            read_settings(block, workshop.folder)
        case other:
            raise AssertionError(f"{block}: nobody knows how to run {other}")


def read_settings(block: Block, home: Path) -> None:
    """The client takes each of them."""
    file = home / ".config" / "huddle" / "client.toml"
    file.parent.mkdir(parents=True)
    file.write_text(block.text, "utf-8")
    read = settings({"HOME": str(home)}, translator("en"))
    assert {name for name, value in read.items() if value} == tomllib.loads(block.text).keys()


@pytest.mark.parametrize("pattern", blocks.ELSEWHERE)
def test_a_reason_is_one_for_a_block_that_there_is(pattern: str) -> None:
    reason = blocks.ELSEWHERE[pattern]
    every = [block for document in blocks.DOCUMENTS for block in blocks.blocks_of(document)]
    assert [block for block in every if block.reason == reason]


def test_most_blocks_are_run() -> None:
    every = [block for document in blocks.DOCUMENTS for block in blocks.blocks_of(document)]
    assert len([block for block in every if block.reason is None]) > len(every) / 2 > 15
