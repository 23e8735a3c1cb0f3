"""What a module does is shown by a test of its name, in the folder of its name.

Where a module has none it stands in a list below, which only gets shorter.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_floors import MODULES, ROOT

# Names, types and sentences without anything that they do: who uses them tests them.
DECLARED = (
    "huddle.client.conversation.ports",
    "huddle.client.network.tls_options",
    "huddle.client.requests",
    "huddle.client.session.events",
    "huddle.cluster.effects",
    "huddle.cluster.etcd.errors",
    "huddle.cluster.nodes.host",
    "huddle.cluster.nodes.node_status",
    "huddle.delivery.outlet_state",
    "huddle.delivery.tally",
    "huddle.locale.errors",
    "huddle.locale.listings",
    "huddle.locale.wording",
    "huddle.protocol.answers",
    "huddle.protocol.errors",
    "huddle.protocol.events",
    "huddle.protocol.limits",
    "huddle.protocol.requests",
    "huddle.visits.actions.table",
    "huddle.visits.house",
)

# What takes a process: its reactor, its terminal, its signals, another program. Real ones try it.
OF_A_PROCESS = (
    "huddle.client.lines.running",
    "huddle.client.oneshot.script",
    "huddle.client.oneshot.tasks",
    "huddle.client.setup.opener",
    "huddle.client.setup.running",
    "huddle.client.terminal.running",
    "huddle.client.terminal.terminal",
    "huddle.cluster.etcd.opening",
    "huddle.cluster.etcd.tls",
    "huddle.record.sqlite.accounts",
    "huddle.server.assembly",
    "huddle.server.node.service",
    "huddle.server.operation.bus_error",
    "huddle.tools.command_line",
)

# A part of a whole that has no use without it: the folder's tests talk with the whole.
OF_A_WHOLE = (
    "huddle.cluster.etcd.watch",
    "huddle.cluster.rules.batch_context",
    "huddle.delivery.stream",
    "huddle.record.sqlite.tables",
    "huddle.record.sqlite.writes",
    "huddle.server.clustered.logged_presence",
)

AT_MOST = 40
"""Modules without one. Lower it with each that gets a test; never raise it."""

WITHOUT = (*DECLARED, *OF_A_PROCESS, *OF_A_WHOLE)


def own_test(module: str) -> Path:
    *folders, name = module.split(".")[1:]
    return ROOT.joinpath("tests", *folders, f"test_{name}.py")


def needs_one(module: str) -> bool:
    """Whether it is no folder's list of what is in it."""
    return MODULES[module].name != "__init__.py"


def holds_tests(path: Path) -> bool:
    """Whether there are tests in a file, and not only its name."""
    return path.exists() and bool(re.search(r"^(async )?def test_", path.read_text("utf-8"), re.M))


def test_a_module_has_a_test_of_its_name() -> None:
    asked = [name for name in MODULES if needs_one(name) and name not in WITHOUT]
    assert [name for name in asked if not holds_tests(own_test(name))] == []


def test_the_list_has_no_module_that_is_gone_or_has_a_test() -> None:
    assert [name for name in WITHOUT if name not in MODULES] == []
    assert [name for name in WITHOUT if own_test(name).exists()] == []


def test_a_file_without_a_test_in_it_is_none(tmp_path: Path) -> None:
    path = tmp_path / "test_room.py"
    assert not holds_tests(path)
    path.write_text('"""Rooms."""\n\n\ndef helps() -> None: ...\n')
    assert not holds_tests(path)
    path.write_text("async def test_it() -> None: ...\n")
    assert holds_tests(path)


def test_the_list_only_gets_shorter() -> None:
    assert len(WITHOUT) == len(set(WITHOUT)) <= AT_MOST


def test_the_long_twin_that_a_test_or_a_document_names_is_there() -> None:
    paths = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    named = {
        name
        for path in paths
        for name in re.findall(r"tests/long/test_\w+\.py", path.read_text("utf-8"))
    }
    assert named >= {"tests/long/test_searches.py", "tests/long/test_every_one.py"}
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
