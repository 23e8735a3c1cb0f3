"""The house stands: each folder imports only from those below it, and no file in a circle.

A new folder finds its place in `ORDER`, or these tests ask for it. What a module imports is read
from its source, wherever the import stands: in a function or for the type checker alone it binds
just as much.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# From the bottom up. A folder imports only from those before it: strictly below, none beside.
ORDER = (
    "locale",
    "protocol",
    "client",
    "dialects",
    "record",
    "cluster",
    "delivery",
    "people",
    "rooms",
    "huddle",
    "visits",
    "doors",
    "server",
    "tools",
    "tap",
)
# The client's own folders, from the bottom up.
CLIENT_ORDER = (
    "requests",
    "session",
    "commands",
    "network",
    "rendering",
    "conversation",
    "setup",
    "api",
    "lines",
    "terminal",
    "oneshot",
    "program",
)
CLIENT_MAY = ("client", "locale", "protocol")
MODULES_A_FOLDER = 16
LINES_A_FILE = 400
# Tables of one vocabulary, in which a reader looks for one row: in two files they would look twice.
LONG = (
    "huddle.cluster.entries",
    "huddle.protocol.answers",
    "huddle.protocol.commands",
    "huddle.protocol.errors",
    "huddle.protocol.requests",
)
ENTRIES = 17

# Whatever is below the doors knows no reactor, transport, socket, file or thread; time and chance
# come in as arguments. So it imports what computes, and nothing else. (What a package itself
# consists of, `pkgutil.get_data` reads.)
PURE = ORDER[: ORDER.index("doors")]
PURE_CLIENT = ("session", "commands", "conversation", "rendering")
PURE_IMPORTS = (
    "__future__",
    "abc",
    "base64",
    "binascii",
    "bisect",
    "codecs.BOM_UTF8",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "email.utils.parsedate_to_datetime",
    "enum",
    "functools",
    "getopt",
    "gettext.GNUTranslations",
    "gettext.NullTranslations",
    "hashlib",
    "hmac",
    "html",
    "io.BytesIO",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "operator",
    "pkgutil.get_data",
    "precis_i18n",
    "re",
    "sys.byteorder",
    "sys.getsizeof",
    "sys.maxsize",
    "twisted.internet.defer",
    "twisted.logger",
    "twisted.python.failure",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "urllib.parse",
    "wcwidth",
    "zlib",
)
# What needs no import, and reads, writes or looks at the clock all the same.
IMPURE_CALLS = ("breakpoint", "date.today", "datetime.now", "input", "open", "print")
MAY_CALL = re.compile(rf"\b({'|'.join(name.rpartition('.')[2] for name in IMPURE_CALLS)})\(")
# Where the core meets what it is kept in. A thread and SQLite are at home in the backend that is a
# database, HTTP in the log that is an engine's, and files where one is named; the reactor is handed
# in there, too.
OUTWARD = {
    "huddle.client.session.journal": ("fcntl", "os", "pathlib"),
    "huddle.cluster.key_file": ("open", "os", "stat"),
    "huddle.cluster.sealing": ("cryptography",),
    "huddle.locale.command_line": ("importlib.metadata", "os"),
    "huddle.locale.own_files": ("open", "os", "stat"),
    "huddle.record.files": ("errno", "fcntl", "os", "stat", "struct"),
    "huddle.record.write_queue": ("os", "select", "time"),
    "huddle.record.plain_file": ("errno", "open", "os", "stat", "tempfile"),
    "huddle.record.sqlite": (
        "ctypes",
        "os",
        "pathlib",
        "queue",
        "sqlite3",
        "threading",
        "traceback",
    ),
    "huddle.cluster.etcd": (
        "OpenSSL",
        "pathlib",
        "twisted.internet.endpoints",
        "twisted.internet.error",
        "twisted.internet.interfaces",
        "twisted.internet.protocol",
        "twisted.internet.ssl",
        "twisted.internet.task",
        "twisted.internet.tcp",
    ),
}
# What is imported when a program is started, and what is installed only with an extra.
ENTRANCES = ("huddle.tap", "huddle.client.program", "huddle.tools.account", "huddle.tools.archive")
EXTRAS = ("OpenSSL", "cryptography", "idna", "prometheus_client", "service_identity")
VAGUE = {"util", "utils", "helper", "helpers", "manager", "managers", "handler", "handlers"}


def within(module: str, prefix: str) -> bool:
    """Whether a module is the one named, or inside it."""
    return module == prefix or module.startswith(prefix + ".")


def among(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(within(module, prefix) for prefix in prefixes)


def folder_of(module: str) -> str:
    """The folder below huddle/ (or the module there) that a module is in."""
    return module.split(".")[1]


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


@cache
def imported_by(module: str) -> tuple[str, ...]:
    """What a module of the house imports: read once, since several rules ask for it."""
    path = MODULES[module]
    source = path.read_text("utf-8")
    return tuple(imports(module, source, is_package=path.name == "__init__.py"))


def breaches(module: str, imported: Iterable[str]) -> list[str]:
    """Those of the names imported by a module that its place does not allow."""
    return [name for name in imported if not allowed(module, name)]


def allowed(module: str, imported: str) -> bool:
    if within(imported, "huddle"):
        return allowed_in_the_house(module, imported)
    if not is_pure(module) or among(imported, PURE_IMPORTS):
        return True
    return among(imported, outward(module))


def outward(module: str) -> tuple[str, ...]:
    """What a module may have beside, since the core meets there what it is kept in."""
    return tuple(name for place in OUTWARD if within(module, place) for name in OUTWARD[place])


def impure_calls(module: str, source: str) -> list[str]:
    """The calls in a module by which it reads, writes or looks at the clock without an import."""
    if not is_pure(module) or not MAY_CALL.search(source):
        return []
    nodes = ast.walk(ast.parse(source))
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    return [name for name in called if name in IMPURE_CALLS and name not in outward(module)]


def is_pure(module: str) -> bool:
    folder, *inside = module.split(".")[1:]
    if folder == "client":
        return bool(inside) and inside[0] in PURE_CLIENT
    return folder in PURE


def allowed_in_the_house(module: str, imported: str) -> bool:
    if "." not in imported:
        return imported != "huddle"
    here, there = folder_of(module), folder_of(imported)
    if here == there:
        return here != "client" or allowed_in_the_client(module, imported)
    if here == "client":
        return there in CLIENT_MAY
    if there == "client":
        return False
    return there in ORDER and ORDER.index(there) < ORDER.index(here)


def allowed_in_the_client(module: str, imported: str) -> bool:
    parts = [name.split(".")[2:3] for name in (module, imported)]
    if not all(parts) or parts[0] == parts[1]:
        return True
    (here,), (there,) = parts
    if here not in CLIENT_ORDER or there not in CLIENT_ORDER:
        return True  # the package's own public names
    return CLIENT_ORDER.index(there) < CLIENT_ORDER.index(here)


def circles(arrows: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The groups of modules that import each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for other in arrows.get(module, ()):
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1 or module in arrows.get(module, ()):
                found.append(sorted(group))

    for module in arrows:
        if module not in number:
            visit(module)
    return found


def arrows_of_the_house() -> dict[str, set[str]]:
    """Which modules each module imports, as deep as they are files."""
    arrows: dict[str, set[str]] = {}
    for module in MODULES:
        names = imported_by(module)
        arrows[module] = {file for name in names if (file := file_of(name)) and file != module}
    return arrows


def file_of(imported: str) -> str | None:
    """The module in which an imported name is defined."""
    if imported in MODULES:
        return imported
    above = imported.rpartition(".")[0]
    return above if above in MODULES else None


# The house as it is


def test_every_module_is_in_a_folder_that_has_its_place() -> None:
    homeless = [module for module in HOUSED if folder_of(module) not in ORDER]
    assert not homeless, "give it its place in ORDER"


def test_every_module_of_the_client_has_its_place_too() -> None:
    inside = [name for name in MODULES if name.startswith("huddle.client.")]
    places = {name.split(".")[2] for name in inside}
    assert places == set(CLIENT_ORDER), "give it its place in CLIENT_ORDER"


def test_the_order_names_only_what_there_is() -> None:
    assert not [name for name in ORDER if f"huddle.{name}" not in MODULES]
    assert not [name for name in CLIENT_ORDER if f"huddle.client.{name}" not in MODULES]


def test_no_circle_of_imports_anywhere() -> None:
    assert not circles(arrows_of_the_house())


def test_what_is_at_the_top_can_be_taken_in_at_a_glance() -> None:
    entries = [path.name for path in (ROOT / "huddle").iterdir() if path.name != "__pycache__"]
    assert len(entries) <= ENTRIES, sorted(entries)


@pytest.mark.parametrize("top", ["huddle", "benchmarks"])
def test_no_folder_is_a_bag(top: str) -> None:
    modules = (ROOT / top).rglob("*.py")
    folders = Counter(path.parent.relative_to(ROOT) for path in modules if path.stem != "__init__")
    assert not {str(folder): count for folder, count in folders.items() if count > MODULES_A_FOLDER}


def test_a_file_holds_one_idea_and_only_tables_grow_long() -> None:
    long = [
        name
        for name, path in MODULES.items()
        if len(path.read_text("utf-8").splitlines()) > LINES_A_FILE
    ]
    assert set(long) == set(LONG)


def test_a_module_imports_only_from_below() -> None:
    found = {module: breaches(module, imported_by(module)) for module in HOUSED}
    assert not {module: names for module, names in found.items() if names}


def test_a_module_of_the_core_reads_and_writes_nothing_by_itself() -> None:
    found = {name: impure_calls(name, MODULES[name].read_text("utf-8")) for name in HOUSED}
    assert not {module: calls for module, calls in found.items() if calls}


@pytest.mark.parametrize(("place", "name"), [(p, name) for p in OUTWARD for name in OUTWARD[p]])
def test_what_a_module_may_have_beside_it_has(place: str, name: str) -> None:
    modules = [module for module in MODULES if within(module, place)]
    imported = [each for module in modules for each in imported_by(module)]
    assert any(within(each, name) for each in imported) or any(
        f"{name}(" in MODULES[module].read_text("utf-8") for module in modules
    )


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_what_is_started_needs_nothing_of_the_extras(entrance: str) -> None:
    without = f"sys.modules.update(dict.fromkeys({EXTRAS}))"
    program = f"import sys; {without}; import {entrance}"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_map_of_the_house_imports_nothing_of_it() -> None:
    assert not [name for name in imported_by("huddle") if within(name, "huddle")]


def test_every_folder_of_the_house_is_a_package() -> None:
    folders = {path.parent for path in MODULES.values()}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_a_file_is_named_after_what_it_is() -> None:
    assert not [name for name in MODULES if VAGUE & set(name.rpartition(".")[2].split("_"))]


# The rules themselves


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("huddle.protocol.events", "from huddle.rooms import Room"),
        ("huddle.rooms.room", "from huddle.visits import visit"),
        ("huddle.rooms.room", "import huddle.visits.visit"),
        ("huddle.people.sessions", "from ..rooms.room import Room"),
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
        ("huddle.people.sessions", "import os"),
        ("huddle.rooms.room", "from pathlib import Path"),
        ("huddle.locale.clock", "from io import open"),
        ("huddle.locale.clock", "import sys"),
        ("huddle.record.memory", "import tempfile"),
        ("huddle.delivery.slab", "import psutil"),
        ("huddle.record.memory", "import sqlite3"),
        ("huddle.record.sqlite_copy", "import sqlite3"),
        ("huddle.record.sqlite", "import socket"),
        ("huddle.record.sqlite", "from twisted.web.client import Agent"),
        ("huddle.cluster.log", "from twisted.web.client import Agent"),
        ("huddle.cluster.etcd.gateway", "from twisted.web.client import Agent"),
        ("huddle.cluster.etcd.log", "from twisted.internet import reactor"),
        ("huddle.cluster.etcd.log", "import random"),
        ("huddle.client.program", "from huddle.rooms import Room"),
        ("huddle.client.program", "from huddle.dialects import ndjson"),
        ("huddle.client.program", "from huddle import rooms"),
    ],
)
def test_an_import_from_above_or_outside_is_a_breach(module: str, line: str) -> None:
    assert breaches(module, imports(module, line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("huddle.rooms", "from huddle.protocol.events import Said"),
        ("huddle.rooms", "from huddle.protocol import limits"),
        ("huddle.rooms.room", "from ..protocol.nicks import Nicks"),
        ("huddle.rooms", "from twisted.internet.defer import Deferred"),
        ("huddle.rooms", "from twisted.internet import defer"),
        ("huddle.rooms", "from collections.abc import Callable"),
        ("huddle.locale.clock", "from io import BytesIO"),
        ("huddle.record.plain_file", "import os"),
        ("huddle.doors.line", "from twisted.internet import reactor"),
        ("huddle.doors.line", "import socket"),
        ("huddle.tap", "from huddle.doors import line"),
        ("huddle.record.sqlite", "import sqlite3, threading"),
        ("huddle.record.sqlite.schema", "from sqlite3 import Connection"),
        ("huddle.cluster.etcd.gateway", "from twisted.internet.endpoints import HostnameEndpoint"),
        ("huddle.cluster.etcd", "from twisted.internet.task import deferLater"),
        ("huddle.client.program", "from huddle.locale import translator"),
        ("huddle.client.program", "from .lines import Lines"),
        ("huddle.client.program", "from huddle.protocol.text import clean"),
    ],
)
def test_an_import_from_below_is_right(module: str, line: str) -> None:
    assert not breaches(module, imports(module, line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("huddle.rooms.room", "open(name)"),
        ("huddle.rooms.room", "print('hola')"),
        ("huddle.people.sessions", "began = datetime.now()"),
    ],
)
def test_what_reads_or_writes_without_an_import_is_found(module: str, line: str) -> None:
    assert impure_calls(module, line)
    assert not impure_calls("huddle.doors.line", line)


def test_two_files_that_import_each_other_are_a_circle() -> None:
    assert circles({"a": ["b"], "b": ["c"], "c": ["b"]}) == [["b", "c"]]
    assert not circles({"a": ["b", "c"], "b": ["c"], "c": []})


@pytest.mark.parametrize("module", ["huddle.chat", "huddle.visitors", "huddle.door"])
def test_a_module_that_nobody_has_housed_has_no_place(module: str) -> None:
    assert folder_of(module) not in ORDER
