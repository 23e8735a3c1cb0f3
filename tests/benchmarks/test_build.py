"""What puts the load on a server is C, and is compiled where it is first needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.build import PROGRAMS, compiled
from benchmarks.runs.processes import StartError
from tests.needs import needs


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_compiles_without_a_warning(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    needs("cc")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled(program).is_relative_to(tmp_path)
    assert capfd.readouterr().err == ""


def test_a_machine_without_a_compiler_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match=r"cc is not installed \(apt install gcc\)"):
        compiled("floor")
