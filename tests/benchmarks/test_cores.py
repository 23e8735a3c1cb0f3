"""What watches one server keeps to a core of its own; where many are measured, all have all."""

from argparse import Namespace

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import measurements
from benchmarks.clients import measurements as of_clients
from benchmarks.cluster import measurements as of_clusters
from benchmarks.report import Report
from benchmarks.runs.processes import LOAD_CORE


@pytest.mark.parametrize(
    ("module", "measure", "words", "cores"),
    [
        (measurements, "all_goals", ["goals"], [LOAD_CORE]),
        (measurements, "long_record", ["record"], [LOAD_CORE]),
        (of_clusters, "cluster_whole", ["cluster", "nodes"], []),
        (of_clients, "the_page", ["page"], []),
    ],
)
def test_what_several_processes_cost_is_measured_on_all_cores(
    module: object,
    measure: str,
    words: list[str],
    cores: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def measured(asked: Namespace) -> Report:
        return Report(name="nothing", tables=[], found={}, good=True)

    kept_to: list[int] = []
    monkeypatch.setattr(benchmarks, "pin_self", kept_to.append)
    monkeypatch.setattr(benchmarks, "raise_open_files", lambda: 0)
    monkeypatch.setattr(benchmarks, "idle_share", lambda: 1.0)
    monkeypatch.setattr(module, measure, measured)
    assert benchmarks.main(words) == 0
    assert kept_to == cores
