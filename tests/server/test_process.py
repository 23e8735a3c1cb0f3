"""What a server sets for its whole process, and where twistd's pid file and its log are."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from twisted.scripts._twistd_unix import ServerOptions

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.locale.own_files import COMPANIONS
from huddle.protocol.limits import Limits
from huddle.server.process import (
    NotThere,
    choose_files,
    command_of,
    end_once,
    raise_file_limit,
    tune_memory,
)
from tests.record.awaited_record import sqlite_record


def test_the_process_may_open_as_many_files_as_it_is_ever_allowed() -> None:
    assert raise_file_limit() == raise_file_limit() > 0


@pytest.fixture
def settled() -> Iterator[None]:
    """The process is settled down as a server's is, for the time of a test. What was there stays
    out of the collector's sight, as `tests.conftest` has it."""
    thresholds, interval, enabled = gc.get_threshold(), sys.getswitchinterval(), gc.isenabled()
    gc.enable()
    gc.set_threshold(700, 10, 10)  # as Python begins
    tune_memory()
    yield
    if not enabled:
        gc.disable()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("piece", ["[],", "{},", "[[[]]],", '{"":[]},'])
def test_no_line_has_the_server_look_for_garbage(piece: str) -> None:
    reader, most = JsonDialect(Limits()).reader(), Limits().line
    line = f'{{"type":"ping","x":[{piece * (most // len(piece) - 20)}1]}}'.encode()
    looked: list[str] = []
    gc.callbacks.append(note := lambda phase, info: looked.append(phase))
    try:
        assert reader.read(line, True) is not None
    finally:
        gc.callbacks.remove(note)
    assert looked == []


def test_a_program_is_called_by_its_path_where_its_name_does_not_find_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    monkeypatch.setattr("sys.executable", str(programs / "python3"))
    monkeypatch.setenv("PATH", str(folder))
    assert command_of("huddle-client") == "huddle-client"  # it is nowhere
    (programs / "huddle-client").touch(0o755)
    assert command_of("huddle-client") == ".venv/bin/huddle-client"
    monkeypatch.setenv("PATH", str(programs))
    assert command_of("huddle-client") == "huddle-client"


@contextmanager
def living(name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that lives, and has that name in its command line."""
    with subprocess.Popen(
        ["sh", "-c", "echo; read line", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stdout.readline()
        yield process
        process.communicate()


def twistd(**given: Any) -> dict[str, Any]:
    return {
        "nodaemon": 1,
        "debug": False,
        "pidfile": "twistd.pid",
        "logfile": None,
        "syslog": 0,
        "rundir": ".",
        **given,
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("given", [{"nodaemon": 1}, {"nodaemon": 0, "debug": True}])
def test_in_the_foreground_there_is_no_pid_file(folder: Path, given: dict[str, Any]) -> None:
    (folder / "twistd.pid").write_text("1")
    options = twistd(**given)
    choose_files(options, ["-n", "huddle"], "huddle.db")
    assert options["pidfile"] == ""
    assert (folder / "twistd.pid").read_text() == "1"


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ({"nodaemon": 0}, ["huddle"]),
        ({}, ["-n", "--pidfile=twistd.pid", "huddle"]),
        ({}, ["-n", "--pidf", "twistd.pid", "huddle"]),
    ],
)
def test_one_that_is_asked_for_and_that_of_the_background_stay(
    folder: Path, given: dict[str, Any], typed: list[str]
) -> None:
    options = twistd(**given)
    choose_files(options, typed, "huddle.db")
    assert options["pidfile"] == "twistd.pid"


@pytest.mark.parametrize("left", ["{own}", "{own}\n", "{other}", "", "\0\0\0\0"])
def test_one_of_no_server_is_removed(folder: Path, left: str) -> None:
    """Its number is our own in a container, or another program's; a power cut leaves it empty."""
    with living("other") as other:
        pid = folder / "twistd.pid"
        pid.write_text(left.format(own=os.getpid(), other=other.pid))
        choose_files(twistd(nodaemon=0), ["huddle"], None)
    assert not pid.exists()


def test_that_of_another_twistd_stays(folder: Path) -> None:
    with living("twistd") as other:
        (folder / "twistd.pid").write_text(str(other.pid))
        choose_files(twistd(nodaemon=0), ["huddle"], None)
    assert (folder / "twistd.pid").exists()


def test_a_device_is_no_pid_file_and_is_left_there(folder: Path) -> None:
    """As ``--pidfile=/dev/null`` has it; twistd removes its pid file in the end."""
    (folder / "pid").symlink_to(os.devnull)
    options = twistd(nodaemon=0, pidfile="pid")
    choose_files(options, ["--pidfile=pid"], None)
    assert options["pidfile"] == ""
    assert (folder / "pid").is_symlink()


def test_what_is_no_pid_file_is_left_for_twistd_to_complain_of(folder: Path) -> None:
    (folder / "notes").write_text("buy milk")
    choose_files(twistd(pidfile="notes"), ["--pidfile=notes"], None)
    assert (folder / "notes").read_text() == "buy milk"


@pytest.mark.parametrize("ending", ["", *COMPANIONS])
def test_a_record_is_refused(folder: Path, ending: str) -> None:
    sqlite_record(folder).close()
    (folder / "inner").mkdir()
    (folder / f"link{ending}").symlink_to(f"huddle.db{ending}")
    names = ["huddle.db", "./huddle.db", "inner/../huddle.db", "link"]
    for option, name in product(["pidfile", "logfile"], names):
        given = twistd(**{option: f"{name}{ending}"})
        with pytest.raises(NotThere) as refused:
            choose_files(given, [f"--{option}={name}"], "huddle.db")
        assert (refused.value.option, refused.value.cause) == (option, None)


@pytest.mark.parametrize("option", ["pidfile", "logfile"])
@pytest.mark.parametrize(
    ("path", "cause"),
    [("nowhere/file", FileNotFoundError), ("/", IsADirectoryError), ("/proc/x", FileNotFoundError)],
)
def test_a_place_where_nothing_can_be_written_is_told(
    folder: Path, option: str, path: str, cause: type[OSError]
) -> None:
    with pytest.raises(NotThere) as refused:
        choose_files(twistd(**{option: path}), [f"--{option}={path}"], None)
    assert isinstance(refused.value.cause, cause)


@pytest.mark.parametrize("option", ["chroot", "rundir"])
@pytest.mark.parametrize(
    ("path", "cause"), [("nowhere", FileNotFoundError), ("file", NotADirectoryError)]
)
def test_a_folder_that_is_none_is_told_before_twistd_goes_into_it(
    folder: Path, option: str, path: str, cause: type[OSError]
) -> None:
    (folder / "file").touch()
    with pytest.raises(NotThere) as refused:
        choose_files(twistd(**{option: path}), [], None)
    assert (refused.value.option, refused.value.path) == (option, path)
    assert isinstance(refused.value.cause, cause)


def test_the_folder_is_looked_for_below_the_root_that_there_will_be(folder: Path) -> None:
    (folder / "root" / "run").mkdir(parents=True)
    assert choose_files(twistd(chroot="root", rundir="/run"), [], None) == ""
    with pytest.raises(NotThere):
        choose_files(twistd(chroot="root", rundir="/walk"), [], None)


@pytest.mark.parametrize(("option", "asked"), [("--uid", "getpwnam"), ("--gid", "getgrnam")])
def test_a_user_that_is_not_there_is_told_by_twistd_as_troubleshooting_says(
    option: str, asked: str
) -> None:
    """twistd looks it up before it loads any plugin: nothing of Huddle's can say it better."""
    with pytest.raises(KeyError, match=rf"{asked}\(\): name not found"):
        ServerOptions().parseOptions([option, "no-such-name", "huddle"])
    for guide in ("docs/troubleshooting.md", "docs/es/troubleshooting.md"):
        assert f"`{asked}()" in Path(guide).read_text("utf-8")


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_within_the_care_for_the_first_ends_nothing_twice(
    second: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python calls a handler between any two steps, also between two of a handler."""
    ended: list[int] = []
    handlers: dict[int, Any] = dict.fromkeys(
        (signal.SIGINT, signal.SIGTERM), lambda number, at: ended.append(number)
    )
    monkeypatch.setattr(signal, "getsignal", handlers.__getitem__)
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    end_once()
    caring = dict(handlers)

    def another_comes(number: int, handler: Any) -> None:
        caring[second](second, None)
        handlers[number] = handler

    monkeypatch.setattr(signal, "signal", another_comes)
    handlers[signal.SIGINT](signal.SIGINT, None)
    assert ended == [signal.SIGINT]
    assert set(handlers.values()) == {signal.SIG_IGN}
