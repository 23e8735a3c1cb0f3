"""The maps are right: what the packages say of their own files, and of the way of a message."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from traceback import walk_stack
from types import CodeType, FrameType, ModuleType

import pytest

import huddle
from huddle.visits.actions.paste import PasteState
from tests.test_floors import ORDER, imports
from tests.world import World

HOUSE = Path(huddle.__file__).parent
FOLDERS = sorted(path.parent for path in HOUSE.rglob("__init__.py"))


@cache
def sources() -> list[tuple[Path, ast.Module]]:
    """All modules of the house, read as Python reads them."""
    paths = sorted(HOUSE.rglob("*.py"))
    return [(path, ast.parse(path.read_text("utf-8"))) for path in paths]


def map_of(folder: Path) -> str:
    return ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""


def entries(folder: Path) -> set[str]:
    """The modules and folders of a folder, by name."""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in folder.glob("*/__init__.py")}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(HOUSE.parent)))
def test_a_folder_says_what_each_of_its_files_is_for(folder: Path) -> None:
    words = set(re.findall(r"\w+", map_of(folder)))
    assert entries(folder) - words == set(), f"{folder}/__init__.py does not name them"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(HOUSE.parent)))
def test_a_folder_names_no_file_that_is_not_there(folder: Path) -> None:
    rows = re.findall(r"^(?:- | {4}(?=\S+ {2}))([^\n]+)", map_of(folder), re.MULTILINE)
    heads = [match[1] for row in rows if (match := re.match(r"`?([a-z_]+)(?:`|/|\.py)", row))]
    source = (folder / "__init__.py").read_text("utf-8")
    files = {head for head in heads if f"def {head}(" not in source}  # `append` is the port's own
    assert files <= entries(folder)


def test_the_house_shows_its_floors_from_the_top_down() -> None:
    tree = re.findall(r"^ {4}(\w+)(?:/|\.py)  ", map_of(HOUSE), re.MULTILINE)
    assert tuple(reversed(tree)) == ORDER


def joined() -> list[str]:
    """The folders that `huddle.huddle` joins, as the map says."""
    [row] = re.findall(r"^ {4}huddle\.py +joins ([\w, ]+), and owns", map_of(HOUSE), re.MULTILINE)
    return re.findall(r"\b(?!and\b)\w+", row)


def test_the_huddle_joins_the_folders_that_its_row_names() -> None:
    imported = imports("huddle.huddle", (HOUSE / "huddle.py").read_text("utf-8"))
    folders = {name.split(".")[1] for name in imported if name.startswith("huddle.")}
    assert folders - {"protocol"} == set(joined())


@pytest.mark.parametrize("document", ["README.md", "README.es.md", "docs/contributing.md"])
def test_the_documents_name_the_same_ones(document: str) -> None:
    text = (HOUSE.parent / document).read_text("utf-8")
    [row] = re.findall(r"huddle\.py`?[ |]+(?:joins|une) (.*)", text)
    assert [each for each in re.findall(r"\w+", row) if each not in ("and", "y")] == joined()


Step = tuple[int, str]
"""How far a function stands to the right, and its name."""


MESSAGE, ACKS, COMMIT = (
    "The way of a message",
    "Who is told of acks",
    "Where the record is SQLite's",
)


def drawn_way(of: str) -> list[Step]:
    """A way as the map draws it, behind the sentence that begins so."""
    way = map_of(HOUSE).split(of)[1].split("\n\n")[1]
    rows = re.findall(r"^( +)(\S+)", way, re.MULTILINE)
    return [(len(indent) // 4 - 1, name) for indent, name in rows]


def name_of(code: CodeType) -> str:
    """A function by its class, or by its module if it has none."""
    owner = "" if "." in code.co_qualname else f"{Path(code.co_filename).stem}."
    return f"{owner}{code.co_qualname}"


def gone_way(names: set[str]) -> list[Step]:
    """The way that a person's line goes to one who reads and to one who has stopped: which of these
    functions are called, each under those that have called it."""
    world = World()
    ana, bob, eva = map(world.person, ("ana", "bob", "eva"))
    ana.says("one")
    eva.stops_reading()
    way = steps(names, lambda: ana.protocol.dataReceived(b"three\r\n"))
    bob.hears_at_last("<ana> three")
    return way


def way_of_acks(names: set[str]) -> list[Step]:
    """The same for what programs are given that speak at the same time."""
    world = World()
    ana, bob = world.program("ana"), world.program("bob")

    def both_speak() -> None:
        ana.sends_objects(ana.drafts("one"), ana.drafts("two"))
        bob.sends_objects(bob.drafts("three"), bob.drafts("four"))
        world.settle()

    way = steps(names, both_speak)
    assert ana.said()[-2:] == ["three", "four"]
    return way


def steps(names: set[str], doing: Callable[[], object]) -> list[Step]:
    """Which of these functions are called meanwhile, each under those that have called it."""
    way: list[Step] = []

    def follow(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or (name := name_of(frame.f_code)) not in names:
            return
        callers = {name_of(each.f_code) for each, _ in walk_stack(frame.f_back)}
        step = len(callers & names), name
        if step not in way:
            way.append(step)

    sys.setprofile(follow)
    try:
        doing()
    finally:
        sys.setprofile(None)
    return way


def test_a_message_goes_the_way_that_is_drawn() -> None:
    drawn = drawn_way(MESSAGE)
    assert len(drawn) == 19
    assert gone_way({name for _, name in drawn}) == drawn


def test_acks_go_the_way_that_is_drawn() -> None:
    drawn = drawn_way(ACKS)
    assert len(drawn) == 7
    assert way_of_acks({name for _, name in drawn}) == drawn


def test_the_way_of_a_commit_goes_by_what_is_there() -> None:
    """Two threads go it, each on its own."""
    defined = {
        f"{part.name}.{each.name}"
        for _, tree in sources()
        for part in tree.body
        if isinstance(part, ast.ClassDef)
        for each in part.body
        if isinstance(each, ast.FunctionDef)
    }
    drawn = drawn_way(COMMIT)
    assert len(drawn) == 9
    assert [name for _, name in drawn if name not in defined] == []


def is_there(name: str) -> bool:
    """Whether a dotted name leads to a folder, a module, or what one of them defines."""
    found: object = huddle
    for end in (at.end() for at in re.finditer(r"\.\w+", name)):
        last = name[:end].rpartition(".")[2]
        if isinstance(found, ModuleType) and not hasattr(found, last):
            with suppress(ModuleNotFoundError):
                import_module(name[:end])
        if not hasattr(found, last):
            return False
        found = getattr(found, last)
    return True


def test_what_the_sources_refer_to_is_there() -> None:
    sources = [path.read_text("utf-8") for path in sorted(HOUSE.rglob("*.py"))]
    named = {name for source in sources for name in re.findall(r"`(huddle(?:\.\w+)+)", source)}
    assert len(named) > 50
    files = {"huddle.db"}
    assert [name for name in sorted(named - files) if not is_there(name)] == []


FEWEST_WORDS = 6


def test_a_docstring_says_more_than_its_name() -> None:
    """What is public says in a sentence what it does; five words are a riddle."""
    riddles = [
        f"{path.relative_to(HOUSE)}: {each.name}"
        for path, module in sources()
        for each in ast.walk(module)
        if isinstance(each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not each.name.startswith("_")
        and 0 < len((ast.get_docstring(each, clean=False) or "").split()) < FEWEST_WORDS
    ]
    assert riddles == []


def constants() -> Iterator[tuple[str, str]]:
    """The constants of all modules, and the settings in their classes, each with what it says."""
    for _, module in sources():
        classes = [each.body for each in module.body if isinstance(each, ast.ClassDef)]
        for body in (module.body, *classes):
            for named, said in pairwise(body):
                if isinstance(named, ast.Assign | ast.AnnAssign) and isinstance(said, ast.Expr):
                    target = named.target if isinstance(named, ast.AnnAssign) else named.targets[0]
                    yield ast.unparse(target), ast.unparse(said).strip("'\"\n ")


def test_what_counts_milliseconds_is_named_so_and_nothing_else() -> None:
    """All other times are in seconds, which is what a clock and a scheduler take."""
    times = [(name, said) for name, said in constants() if re.match("Seconds|Milliseconds", said)]
    assert len(times) > 60
    wrong = [
        name
        for name, said in times
        if said.startswith("Millis") != name.lower().endswith("_ms") and name.strip("_").isupper()
    ]
    assert wrong == []


def test_who_sets_what_of_the_lines_that_belong_together_is_as_it_says() -> None:
    table = re.findall(
        r"^    (\w+(?:, \w+)*) {2,}(\w+(?:, \w+)*)  ", inspect.getdoc(PasteState) or "", re.M
    )
    said = {(field, by) for fields, by in table for field in fields.split(", ")}
    setting = {
        (target.attr, path.stem)
        for path, module in sources()
        for each in ast.walk(module)
        if isinstance(each, ast.Assign | ast.AugAssign)
        for whole in (each.targets if isinstance(each, ast.Assign) else [each.target])
        for target in ast.walk(whole)
        if isinstance(target, ast.Attribute) and ast.unparse(target.value).endswith("paste")
    }
    assert {(field, one) for field, by in said for one in by.split(", ")} == setting
