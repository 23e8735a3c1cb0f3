"""What puts the load on a server is C, and is compiled where it is first needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.build import PROGRAMS, compiled
from tests.needs import needs


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_compiles_without_a_warning(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    needs("cc")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled(program).is_relative_to(tmp_path)
    assert capfd.readouterr().err == ""
