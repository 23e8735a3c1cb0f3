"""A durable write is asked for where the server asks for its own."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.runs.disk import bare_fsync_us
from benchmarks.runs.processes import SERVER_CORE


def test_a_bare_fsync_is_asked_for_on_the_core_of_the_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cores = {SERVER_CORE + 1}
    asked_on: list[set[int]] = []

    def keep_to(process: int, kept: Iterable[int]) -> None:
        cores.clear()
        cores.update(kept)

    monkeypatch.setenv("BENCH_DISK", str(tmp_path))
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(cores))
    monkeypatch.setattr(os, "sched_setaffinity", keep_to)
    monkeypatch.setattr(os, "fdatasync", lambda file: asked_on.append(set(cores)))
    assert bare_fsync_us(times=3) > 0
    assert asked_on == [{SERVER_CORE}] * 3
    assert cores == {SERVER_CORE + 1}
