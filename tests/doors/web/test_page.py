"""The scripts of the page that do no input or output, as node runs their tests."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.needs import needs

TESTS = sorted((Path(__file__).parent / "page").glob("*.test.mjs"))


@pytest.mark.parametrize("file", TESTS, ids=lambda path: path.name.partition(".")[0])
def test_they_do_what_they_should(file: Path) -> None:
    done = subprocess.run([needs("node"), str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), done.stdout
