"""The house stands: each floor imports only from itself and those below.

A new module finds its floor in `FLOORS`, or these tests ask for it. What a module imports is read
from its source, wherever the import stands: in a function or for the type checker alone it binds
just as much.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Names are module prefixes: "record" is huddle.record and everything in it.
FLOORS = {
    1: "protocol locale ",
    2: "visits delivery acts huddle people record rooms ",
    3: "dialects",
    4: "doors",
    5: "tools server client tap ",
}
PURE = range(1, 4)  # floors 1 to 3 know no reactor, transport, socket or thread
PURE_TWISTED = ("twisted.internet.defer", "twisted.logger", "twisted.python.failure")
# Input and output, and what comes in as an argument instead: time and randomness.
IMPURE = (
    "asyncio",
    "concurrent",
    "multiprocessing",
    "random",
    "secrets",
    "select",
    "selectors",
    "signal",
    "socket",
    "socketserver",
    "sqlite3",
    "ssl",
    "subprocess",
    "threading",
    "_thread",
    "time",
)
# The backend that is a database, sqlite*.py, is where a thread and SQLite are at home.
BACKEND = "huddle.record.sqlite"
BACKEND_MAY = ("sqlite3", "threading")
CLIENT_KNOWS = (
    "huddle.client",
    "huddle.locale",
    "huddle.protocol",
)
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers"}


def within(module: str, prefix: str) -> bool:
    """Whether a module is the one named, or inside it."""
    return module == prefix or module.startswith(prefix + ".")


def among(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(within(module, prefix) for prefix in prefixes)


def floors_of(module: str) -> list[int]:
    """The floors a module of huddle is on; right is exactly one."""
    return [
        floor
        for floor, names in FLOORS.items()
        for name in names.split()
        if within(module, f"huddle.{name}")
    ]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((ROOT / "huddle").rglob("*.py"))}
HOUSED = [name for name in MODULES if name != "huddle"]


def imports(module: str, source: str, *, is_package: bool = False) -> Iterator[str]:
    """The full names of what a module imports, each as deep as it is a module of huddle."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).rstrip(".")
            yield from (f"{base}.{alias.name}" for alias in node.names)


def breaches(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """The imports of a module that its floor does not allow."""
    return [
        imported
        for imported in imports(module, source, is_package=is_package)
        if not allowed(module, imported)
    ]


def allowed(module: str, imported: str) -> bool:
    if within(imported, "huddle"):
        return allowed_in_the_house(module, imported)
    if floors_of(module)[0] not in PURE:
        return True
    if module.startswith(BACKEND) and among(imported, BACKEND_MAY):
        return True
    if within(imported, "twisted"):
        return among(imported, PURE_TWISTED)
    return not among(imported, IMPURE)


def allowed_in_the_house(module: str, imported: str) -> bool:
    if within(module, "huddle.client"):
        return among(imported, CLIENT_KNOWS)
    if within(imported, "huddle.client"):
        return False
    return all(floor <= floors_of(module)[0] for floor in floors_of(imported))


# The house as it is


@pytest.mark.parametrize("module", HOUSED)
def test_every_module_is_on_exactly_one_floor(module: str) -> None:
    assert len(floors_of(module)) == 1, "give it its floor in FLOORS"


def test_every_floor_names_only_what_there_is() -> None:
    names = [f"huddle.{name}" for row in FLOORS.values() for name in row.split()]
    assert not [name for name in names if name not in MODULES]


@pytest.mark.parametrize("module", HOUSED)
def test_a_floor_imports_only_what_it_may(module: str) -> None:
    path = MODULES[module]
    source = path.read_text("utf-8")
    assert not breaches(module, source, is_package=path.name == "__init__.py")


def test_the_map_of_the_house_imports_nothing_of_it() -> None:
    source = MODULES["huddle"].read_text("utf-8")
    names = imports("huddle", source, is_package=True)
    assert not [name for name in names if within(name, "huddle")]


def test_every_folder_of_the_house_is_a_package() -> None:
    folders = {path.parent for path in MODULES.values()}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_named_after_what_it_is(module: str) -> None:
    assert not VAGUE & set(module.rpartition(".")[2].split("_"))


# The rules themselves


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("huddle.protocol.events", "from huddle.rooms import Room"),
        ("huddle.rooms", "from huddle.dialects import plain"),
        ("huddle.rooms", "import huddle.dialects.plain"),
        ("huddle.rooms", "from .dialects.plain import Plain"),
        ("huddle.rooms", "from . import doors"),
        ("huddle.dialects.plain", "from ..doors.line import HuddleFactory"),
        ("huddle.rooms", "def later():\n    from huddle.doors import line"),
        ("huddle.rooms", "if TYPE_CHECKING:\n    from huddle.doors import line"),
        ("huddle.doors.line", "from huddle.tap import Options"),
        ("huddle.tap", "from huddle.client import program"),
        ("huddle.rooms", "from twisted.internet import reactor"),
        ("huddle.rooms", "from twisted.internet.task import LoopingCall"),
        ("huddle.rooms", "import twisted.internet.tcp"),
        ("huddle.dialects.ndjson", "from twisted.protocols.basic import LineReceiver"),
        ("huddle.people.sessions", "import socket"),
        ("huddle.people.sessions", "import time"),
        ("huddle.people.sessions", "from secrets import token_bytes"),
        ("huddle.record.memory", "import sqlite3"),
        ("huddle.record.sqlite", "import socket"),
        ("huddle.client.program", "from huddle.rooms import Room"),
        ("huddle.client.program", "from huddle.dialects import ndjson"),
        ("huddle.client.program", "from huddle import rooms"),
    ],
)
def test_an_import_from_above_or_outside_is_a_breach(module: str, line: str) -> None:
    assert breaches(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("huddle.rooms", "from huddle.protocol.events import Said"),
        ("huddle.rooms", "from huddle.protocol import limits"),
        ("huddle.rooms", "from .nicks import Nicks"),
        ("huddle.rooms", "from twisted.internet.defer import Deferred"),
        ("huddle.rooms", "from twisted.internet import defer"),
        ("huddle.doors.line", "from twisted.internet import reactor"),
        ("huddle.doors.line", "import socket"),
        ("huddle.tap", "from huddle.doors import line"),
        ("huddle.record.sqlite", "import sqlite3, threading"),
        ("huddle.record.sqlite_schema", "from sqlite3 import Connection"),
        ("huddle.client.program", "from huddle.locale import translator"),
        ("huddle.client.program", "from .lines import Lines"),
        ("huddle.client.program", "from huddle.protocol.text import clean"),
    ],
)
def test_an_import_from_below_is_right(module: str, line: str) -> None:
    assert not breaches(module, line)


@pytest.mark.parametrize("module", ["huddle.chat", "huddle.visitors", "huddle.door"])
def test_a_module_that_nobody_has_housed_is_on_no_floor(module: str) -> None:
    assert not floors_of(module)
