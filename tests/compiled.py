"""Several workers compile a new checkout once among them, and not each of them all of it.

Each begins with a share of its own: what it compiles the others find when they come to it. Where
all is compiled already it takes them no time, since what a share imports is imported anyhow.
"""

from __future__ import annotations

import compileall
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Compile a share, where all tests are collected by several workers."""
    worker = getattr(session.config, "workerinput", None)
    whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if worker is None or not whole or sys.dont_write_bytecode:
        return
    number, count = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    plain, of_tests = modules(session.config.getini("norecursedirs"))
    for path in plain[number::count]:
        compileall.compile_file(path, quiet=2)
    for path in of_tests[number::count]:
        # pytest, which tells of what is wrong with it, rewrites its assertions when it is imported.
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def modules(left_out: list[str]) -> tuple[list[Path], list[Path]]:
    """What is compiled as it is, and the modules of tests, outside of folders of these names."""
    paths = sorted(path for folder in ("huddle", "tests") for path in (ROOT / folder).rglob("*.py"))
    paths = [path for path in paths if not {*left_out} & {*path.parts}]
    of_tests = [path for path in paths if path.name.startswith("test_")]
    return [path for path in paths if path not in {*of_tests}], of_tests
