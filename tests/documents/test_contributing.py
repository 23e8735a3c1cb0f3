"""docs/contributing.md says what is so: its commands can be run, what it names is there."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

import benchmarks.__main__ as benchmarks
from tests.documents.blocks import DOCUMENTS, OWN, blocks_of
from tests.documents.workshop import commands
from tests.needs import PACKAGES
from tests.test_floors import MODULES_A_FOLDER

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "contributing.md").read_text("utf-8")
BIN = ".venv/bin/"


def typed() -> list[list[str]]:
    """The commands for whoever works on Huddle, of all documents: they are not run here."""
    every = [block for document in DOCUMENTS for block in blocks_of(document)]
    own = [block for block in every if re.match(OWN, block.text)]
    return [shlex.split(line, comments=True) for block in own for line in commands(block.text)]


def quoted() -> list[str]:
    """What stands between backticks in the prose."""
    prose = re.sub(r"^```.*?^```$", "", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", prose)


@pytest.mark.parametrize("command", typed(), ids=" ".join)
def test_a_command_can_be_run(command: list[str]) -> None:
    program = command[0].removeprefix(BIN)
    match program, *command[1:]:
        case "pytest", where, "-k", words:
            assert words in (ROOT / where).read_text("utf-8")
        case "pytest", *places:
            assert all((ROOT / each).exists() for each in places)
        case "python", "-m", "benchmarks", *asked:
            assert benchmarks._parser().parse_args(asked).measure
        case "python", "-m", module, *options:
            found = find_spec(module)
            assert found is not None and found.origin is not None
            source = Path(found.origin).read_text("utf-8")
            assert all(f'"{each}"' in source for each in options if each.startswith("--"))
        case "python", script:
            assert (ROOT / script).is_file()
        case tool, *_:
            assert tool in tools() or tool in PACKAGES


def tools() -> set[str]:
    """What is installed for those who work on the house."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {line.partition(">=")[0] for line in project["optional-dependencies"]["dev"]}


def test_the_files_and_folders_that_it_names_are_there() -> None:
    named = [name for name in quoted() if re.fullmatch(r"(huddle|tests|docs|\.ci)/[\w./-]+", name)]
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == ["huddle/locale/fr/LC_MESSAGES"]  # which one is to make
    assert len(named) > 30


def test_the_names_that_it_names_are_in_the_code() -> None:
    words = {
        word for name in quoted() if re.fullmatch(r"[A-Za-z_.]+", name) for word in name.split(".")
    }
    names = {word for word in words if re.search(r"[A-Z]|_", word)} - {"CI", "camelCase"}
    assert {"Connection", "LEAST", "COMMANDS", "PACKAGES"} <= names
    for path in (*(ROOT / "huddle").rglob("*.py"), *(ROOT / "tests").rglob("*.py")):
        if path != Path(__file__):
            code = path.read_text("utf-8")
            within = {name for name in names if name in code}  # soon, and few are left
            names -= {name for name in within if re.search(rf"\b{name}\b", code)}
    assert not names


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]*)(#[\w-]+)?\)", DOCUMENT)
    for place, heading in links:
        path = ROOT / "docs" / place if place else ROOT / "docs" / "contributing.md"
        assert path.exists()
        headings = re.findall(r"^#+ (.*)$", path.read_text("utf-8"), re.MULTILINE)
        assert not heading or heading[1:] in {each.lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_the_readmes_lead_to_it(readme: str) -> None:
    assert "(docs/contributing.md)" in (ROOT / readme).read_text("utf-8")


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_the_tree_of_the_readmes_is_the_tree(readme: str) -> None:
    [tree] = re.findall(
        r"^huddle/\n((?:  .*\n)+)", (ROOT / readme).read_text("utf-8"), re.MULTILINE
    )
    entries = {name for row in tree.splitlines() for name in re.findall(r"[\w.]+", row[:20])}
    there = {path.name for path in (ROOT / "huddle").iterdir()}
    assert entries == there - {"__init__.py", "__pycache__", "py.typed"}


def test_the_folders_that_it_calls_full_are() -> None:
    [sentence] = re.findall(r"Full, or full but for one module, are\s([^:]+):", DOCUMENT)
    paths = (ROOT / "huddle").rglob("*.py")
    count = Counter(str(path.parent.relative_to(ROOT)) for path in paths if path.stem != "__init__")
    full, nearly = (
        {folder for folder in count if count[folder] >= MODULES_A_FOLDER - room} for room in (0, 1)
    )
    assert full <= set(re.findall(r"`([^`]+)`", sentence)) <= nearly


def test_a_door_with_a_connection_from_the_start_need_not_ask_for_turns_of_handshakes() -> None:
    doors = ROOT / "huddle" / "doors"
    asking = re.compile(r"^ +shake_hands_in_turn\(", re.MULTILINE)
    files = {path for path in doors.rglob("*.py") if asking.search(path.read_text("utf-8"))}
    assert files == {doors / "connection.py", doors / "web" / "door.py"}
