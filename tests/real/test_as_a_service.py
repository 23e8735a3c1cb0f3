"""A real server looked after by others: systemd, or a harness for it, a container, logrotate."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from tests.changes import wait_until
from tests.needs import needs, needs_root
from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.preloaded import ROOT, TWISTD
from tests.real.server import environment

UNITS = ROOT / "share" / "systemd"
LOGROTATE = ROOT / "share" / "logrotate.d" / "huddle"


# -- systemd, as far as the server sees it ---------------------------------------------------------


class Manager:
    """What has started a server hears of it."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        self._socket.settimeout(PATIENCE)

    def hears(self, *fields: str) -> str:
        """Wait until a message begins with these; signs of life may come before it."""
        while True:
            message = self._socket.recv(4096).decode()
            if message.splitlines()[: len(fields)] == list(fields):
                return message
            assert message == "WATCHDOG=1", message

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(tmp_path)
    yield manager
    manager.close()


def test_systemd_hears_that_it_is_ready_lives_reads_again_and_stops(
    start: Start, enter: Enter, manager: Manager
) -> None:
    server = start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC="200000")
    status = f"STATUS=listening on 127.0.0.1:{server.port}"
    assert manager.hears("READY=1").splitlines() == ["READY=1", status]
    enter(server, nick="ana")
    for _ in range(3):
        manager.hears("WATCHDOG=1")
    server.process.send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in manager.hears("RELOADING=1")
    manager.hears("READY=1")
    server.process.send_signal(signal.SIGTERM)
    manager.hears("STOPPING=1")


def test_a_server_that_stands_still_gives_no_sign_of_life(start: Start, manager: Manager) -> None:
    server = start(NOTIFY_SOCKET=manager.path, WATCHDOG_USEC="200000")
    manager.hears("READY=1")
    server.process.send_signal(signal.SIGSTOP)
    try:
        manager._socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            while True:
                manager.hears("WATCHDOG=1")
    finally:
        server.process.send_signal(signal.SIGCONT)


def test_it_takes_over_a_port_that_systemd_holds(tmp_path: Path) -> None:
    """As by huddle.socket: who connected before the server was there is let in."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listening:
        place = listening.getsockname()[:2]
        with socket.create_connection(place, PATIENCE) as ana:
            command = (
                f"exec 3<&{listening.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=h;"
                f" exec {TWISTD[0]} -n"
                " --pidfile= huddle --history none --port systemd:domain=INET6:index=0"
            )
            with subprocess.Popen(
                [needs("bash"), "-c", command],
                cwd=tmp_path,
                env=environment(),
                pass_fds=[listening.fileno()],
                stdout=subprocess.DEVNULL,
            ) as server:
                try:
                    assert b"Welcome to huddle." in ana.recv(100)
                finally:
                    server.terminate()


# -- the units -------------------------------------------------------------------------------------


def test_the_service_is_allowed_little(tmp_path: Path) -> None:
    command = [needs("systemd-analyze"), "security", "--offline=yes", "--no-pager"]
    run = subprocess.run(
        [*command, "--threshold=25", UNITS / "huddle.service"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:]
    [level] = re.findall(r"Overall exposure level for huddle\.service: ([0-9.]+)", run.stdout)
    assert float(level) <= 2.5


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text().replace("/opt/huddle/bin/twistd", TWISTD[0])
        (tmp_path / unit.name).write_text(text)
    units = sorted(map(str, tmp_path.iterdir()))
    run = subprocess.run(
        [needs("systemd-analyze"), "verify", "--man=no", *units], capture_output=True, text=True
    )
    told = [line for line in run.stderr.splitlines() if "huddle" in line]
    assert run.returncode == 0 and not told, run.stderr


# -- the first process of a container --------------------------------------------------------------


@contextmanager
def container(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A server that is process 1, as an entrypoint is."""
    alone = [needs("unshare"), "--pid", "--fork", "--mount-proc", "--kill-child"]
    command = [*alone, *TWISTD, "-n", "huddle", "--port", "0", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        too_long = Timer(PATIENCE, process.kill)
        too_long.start()
        try:
            yield process
        finally:
            too_long.cancel()
            process.kill()


def _wait_for(process: subprocess.Popen[str], text: str) -> str:
    """Read its log until a line has this in it; gives the line."""
    assert process.stdout is not None
    heard = []
    for line in process.stdout:
        heard.append(line)
        if text in line:
            return line
    raise AssertionError("".join(heard))


def _is_entered(process: subprocess.Popen[str]) -> None:
    """Until its reactor runs a signal is lost: process 1 has none but those that it handles."""
    port = int(_wait_for(process, "listening on ").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as ana:
        assert ana.recv(100)


def _inner(process: subprocess.Popen[str]) -> int:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    [child] = children.read_text().split()
    return int(child)


def test_as_process_1_it_starts_again_after_a_kill_and_ends_when_told(tmp_path: Path) -> None:
    """By SIGTERM, and by ^C in `tests/long/test_every_one.py`."""
    starts_again_and_ends(tmp_path, signal.SIGTERM)


def starts_again_and_ends(folder: Path, sign: signal.Signals) -> None:
    needs_root("CAP_SYS_ADMIN")
    for end in (signal.SIGKILL, sign):
        with container(folder) as process:
            _is_entered(process)
            os.kill(_inner(process), end)
            if end is not signal.SIGKILL:
                _wait_for(process, "Server Shut Down.")
            process.wait(PATIENCE)


# -- the log ---------------------------------------------------------------------------------------


def test_logrotate_moves_the_log_away_and_the_server_begins_another(tmp_path: Path) -> None:
    logrotate = needs("logrotate")  # before there is a server that would have to be ended
    log, pid = tmp_path / "huddle.log", tmp_path / "huddle.pid"
    rules = tmp_path / "rules"
    text = LOGROTATE.read_text().replace("/var/log/huddle/huddle.log", str(log))
    rules.write_text(text.replace("/run/huddle/huddle.pid", str(pid)))
    rules.chmod(0o644)
    command = [*TWISTD, f"--pidfile={pid}", f"--logfile={log}", "huddle", "--port", "0"]
    subprocess.run([*command, "--motd", "motd"], cwd=tmp_path, env=environment(), check=False)
    assert not log.exists()  # it did not start: there is no such file
    subprocess.run(command, cwd=tmp_path, env=environment(), check=True)
    try:
        _comes(log, "--interface 0.0.0.0")
        _comes(log, "/operator ")
        rotate = [logrotate, "--force", "--state", str(tmp_path / "state"), str(rules)]
        subprocess.run(rotate, check=True)
        _comes(tmp_path / "huddle.log.1", "--interface 0.0.0.0")
        _comes(log, "")
        os.kill(int(pid.read_text()), signal.SIGTERM)
        _comes(log, "Server Shut Down.")
    finally:
        _end(pid)
    assert "Server Shut Down." not in (tmp_path / "huddle.log.1").read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def _comes(path: Path, text: str) -> None:
    """Wait until this is in the file."""
    wait_until(
        path.parent,
        lambda: path.exists() and text in path.read_text(),
        lambda: f"{text!r} never came into {path}",
    )


def _end(pid: Path) -> None:
    """Wait until the server is gone, which removes its pid file."""
    wait_until(pid.parent, lambda: not pid.exists(), lambda: "it did not end")


# -- SIGHUP ----------------------------------------------------------------------------------------


def test_the_message_of_the_day_is_read_again(
    start: Start, enter: Enter, manager: Manager, tmp_path: Path
) -> None:
    motd = tmp_path / "motd"
    motd.write_text("Be kind.\n")
    server = start("--motd", str(motd), NOTIFY_SOCKET=manager.path)
    manager.hears("READY=1")
    assert "-- Be kind." in enter(server, nick="ana").heard
    motd.write_text("Be quick.\n")
    server.process.send_signal(signal.SIGHUP)
    manager.hears("RELOADING=1")
    manager.hears("READY=1")
    assert "-- Be quick." in enter(server, nick="bob").heard
    motd.unlink()
    server.process.send_signal(signal.SIGHUP)
    server.tells("the message of the day stays as it was: --motd")
    assert "-- Be quick." in enter(server, nick="carl").heard
