"""A test that cannot be made on a machine is left out, with its cause; in CI it has failed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests import needs
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
PROBE = """
import pytest
from tests import needs

@pytest.mark.parametrize("which", [1, 2])
def test_with_a_program(which):
    needs.PACKAGES["nc.odd"] = "netcat-odd"
    needs.needs("nc.odd")

def test_with_a_right():
    needs.CAPABILITIES["CAP_ODD"] = 63
    needs.needs_root("CAP_ODD")

def test_with_what_is_there():
    needs.needs("sh")
    needs.needs_root()
"""
HOOKS = "from tests.left_out import pytest_runtest_makereport, pytest_terminal_summary"
LEFT_OUT = [
    "2 tests left out: nc is not installed (apt install netcat-odd)",
    "1 test left out: only root may do what they do (CAP_ODD)",
]


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "1"]])
def test_the_summary_has_a_line_for_each_cause(tmp_path: Path, workers: list[str]) -> None:
    ran = pytest_of(tmp_path, *workers)
    told = [line for line in ran.stdout.splitlines() if "left out" in line]
    assert sorted(told) == sorted(LEFT_OUT)
    assert "1 passed, 3 skipped" in ran.stdout
    assert ran.returncode == 0


def test_in_ci_nothing_may_be_left_out(tmp_path: Path) -> None:
    ran = pytest_of(tmp_path, CI="true")
    assert "3 failed, 1 passed" in ran.stdout
    assert "left out: nc is not installed (apt install netcat-odd)" in ran.stdout
    assert ran.returncode == 1


def test_ci_installs_what_is_missing_and_leaves_nothing_out() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert any(line.startswith("export CI=true") for line in lines)
    asked = subprocess.run(
        [sys.executable, "-S", "-m", "tests.needs"],
        cwd=ROOT,
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert any("python3 -m tests.needs" in line for line in lines)
    assert set(asked.stdout.split()) <= set(needs.PACKAGES.values())
    assert {"netcat-openbsd", "tmux"} <= set(asked.stdout.split())


def test_a_program_that_may_be_missing_is_asked_for_where_it_is_used() -> None:
    asked_for = needs.PACKAGES.keys() - {"nc", "ncat"}  # `tests.real.netcat` asks for them
    assert not [
        f"{path.relative_to(ROOT)}:{node.lineno} {program}"
        for path in (ROOT / "tests").rglob("*.py")
        if any(f'"{each}"' in (text := path.read_text("utf-8")) for each in asked_for)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.List | ast.Tuple)
        for program, option in pairwise(map(constant, node.elts[:2]))
        if program in asked_for and option.startswith("-")
    ]


def constant(node: ast.expr) -> str:
    """The text that a part of a list is, if it is one."""
    return str(node.value) if isinstance(node, ast.Constant) else ""


def pytest_of(folder: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run pytest over `PROBE`, with what `tests.conftest` takes from `tests.left_out`."""
    (folder / "conftest.py").write_text(HOOKS)
    (folder / "test_probe.py").write_text(PROBE)
    environ = {name: value for name, value in os.environ.items() if name != "CI"}
    environ |= {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "test_probe.py"],
        cwd=folder,
        env=environ | more,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
