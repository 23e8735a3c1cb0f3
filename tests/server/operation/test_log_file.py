"""A log that is moved away is begun anew, for its owner alone, and nothing of it is lost."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest
from twisted.python.reflect import namedAny

from huddle.server.operation.log_file import OBSERVER, MovedLog, ServerLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "huddle.log"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_goes_on_under_its_name_when_it_was_moved(path: Path) -> None:
    log = MovedLog(str(path))
    log.write("one\n")
    moved = path.rename(path.with_suffix(".1"))
    log.write("two\n")
    log.reopen()
    log.write("three\n")
    log.close()
    assert moved.read_text() == "one\ntwo\n"
    assert path.read_text() == "three\n"
    assert mode(path) == mode(moved) == 0o600


def test_one_that_was_made_for_it_keeps_its_mode(path: Path) -> None:
    log = MovedLog(str(path))
    path.rename(path.with_suffix(".1"))
    path.touch()
    path.chmod(0o640)
    log.reopen()
    log.write("one\n")
    log.close()
    assert mode(path) == 0o640 and path.read_text() == "one\n"


def test_one_that_was_not_moved_is_gone_on_with(path: Path) -> None:
    path.write_text("zero\n")
    path.chmod(0o644)
    log = MovedLog(str(path))
    log.write("one\n")
    log.reopen()
    log.write("two\n")
    log.close()
    assert path.read_text() == "zero\none\ntwo\n" and mode(path) == 0o644


def test_where_it_cannot_be_begun_anew_it_goes_on_as_before(path: Path) -> None:
    log = MovedLog(str(path))
    moved = path.rename(path.with_suffix(".1"))
    os.mkdir(path)
    with pytest.raises(OSError):
        log.reopen()
    log.write("one\n")
    log.close()
    assert moved.read_text() == "one\n"


def test_at_a_million_bytes_it_is_turned_over_by_itself(path: Path) -> None:
    log = MovedLog(str(path))
    log.write("x" * 1_000_000)
    assert not path.with_suffix(".log.1").exists()
    log.write("one\n")
    log.close()
    first = path.with_suffix(".log.1")
    assert first.stat().st_size == 1_000_000 and path.read_text() == "one\n"
    assert mode(path) == mode(first) == 0o600


def test_a_device_is_never_turned_over(path: Path) -> None:
    """``--logfile=/dev/null`` must not rename what all others need."""
    path.symlink_to(os.devnull)
    log = MovedLog(str(path))
    for _ in range(3):
        log.write("x" * 999_999)
    log.rotate()
    log.close()
    assert os.listdir(path.parent) == [path.name]


def test_at_sigusr1_it_is_turned_over_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from twisted.internet import reactor

    before = signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    monkeypatch.setattr(ServerLog, "path", str(path))
    monkeypatch.setattr(ServerLog, "_file", None)
    try:
        ServerLog.observer()
        log = ServerLog._file
        assert log is not None
        log.write("one\n")
        signal.raise_signal(signal.SIGUSR1)
        reactor.runUntilCurrent()  # type: ignore[attr-defined]
        log.write("two\n")
        log.close()
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert path.with_suffix(".log.1").read_text() == "one\n" and path.read_text() == "two\n"


def test_before_anything_is_logged_there_is_nothing_to_begin_anew() -> None:
    ServerLog.reopen()


def test_twistd_finds_it_by_its_name() -> None:
    assert namedAny(OBSERVER) == ServerLog.observer
