"""The accounts are those of the whole tree of processes."""

import os
import subprocess
import sys

import pytest

from benchmarks.runs import processes

CHILD_OF_A_SHELL = "import time; print('up', flush=True); time.sleep(60)"


def test_a_grandchild_belongs_to_the_tree() -> None:
    command = f'"{sys.executable}" -c "{CHILD_OF_A_SHELL}"; true'
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE) as shell:
        assert shell.stdout is not None
        shell.stdout.readline()
        family = processes.tree(shell.pid)
        assert len(family) == 2
        assert processes.memory_kib(shell.pid) > processes.memory_kib(family[1]) > 0
        for pid in reversed(family):
            os.kill(pid, 9)


def test_the_time_of_a_child_that_has_ended_counts() -> None:
    before = processes.cpu_seconds(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(10_000_000))"], check=True)
    assert processes.cpu_seconds(os.getpid()) > before


def test_of_a_process_that_is_gone_there_are_no_accounts() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert processes.cpu_seconds(gone.pid) == 0
    assert processes.memory_kib(gone.pid) == 0


def test_a_pinned_command_runs_on_its_core_only() -> None:
    script = "import os; print(os.sched_getaffinity(0))"
    command = processes.pinned(0, [sys.executable, "-c", script])
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "{0}\n"


def test_who_ends_or_never_listens_is_not_awaited_any_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = processes.free_port()
    gone = subprocess.Popen(["false"])
    gone.wait()
    with pytest.raises(processes.StartError, match="status 1"):
        processes.await_port(gone, port)
    monkeypatch.setattr(processes, "PATIENCE", 0.0)
    with pytest.raises(processes.StartError, match=f"port {port} took no connection"):
        processes.await_port(gone, port)
