"""A process of a test that fails is not waited for until it ends, which it may never do."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.ending import ending


def started(command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_who_fails_waits_for_no_process() -> None:
    with pytest.raises(AssertionError, match="as a test does"), ending(started("exec cat")) as cat:
        assert cat.stdin is not None
        cat.stdin.write(b"x")
        cat.kill()  # so that it is gone when that is written out, as it may be anyway
        os.waitid(os.P_PID, cat.pid, os.WEXITED | os.WNOWAIT)
        raise AssertionError("as a test does")
    assert cat.returncode == -signal.SIGKILL


def test_a_process_that_ends_is_waited_for() -> None:
    with ending(started("read line; exit 7")) as shell:
        assert shell.stdin is not None
        shell.stdin.write(b"end\n")
    assert shell.returncode == 7
