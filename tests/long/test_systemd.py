"""The units under a real systemd, which is process 1 of a namespace and knows no others.

It has a /run, a /var/lib and a tree of control groups of its own, and is gone with the test. The
units are as they are installed, but for the paths of Python and of this checkout.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.free_ports import free_port
from tests.needs import found, leave_out, needs, needs_root
from tests.patience import PATIENCE, until
from tests.real.preloaded import ROOT
from tests.real.test_as_a_service import UNITS

SYSTEMD = "/lib/systemd/systemd"
TARGETS = ("default", "sysinit", "basic", "network", "sockets", "multi-user", "shutdown")
WATCHDOG = 5
"""Seconds without a sign of life after which it is killed: on a busy machine there may be none for
one."""

BOOT = """
set -e
mount -t tmpfs tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /opt/python /opt/packages /opt/huddle /run/systemd/system
mount --bind {python} /opt/python
mount --bind {packages} /opt/packages
mount --bind {root} /opt/huddle
umount -l /sys/fs/cgroup || true
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /etc/systemd/system
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=lxc SYSTEMD_UNIT_PATH={units} \
    {systemd} --system --unit=default.target --log-target=null --show-status=no
"""


class Machine:
    """A systemd, and how it is asked for something."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port("::1")
        units = folder / "units"
        units.mkdir()
        self._lay_out(units)
        boot = BOOT.format(
            python=shlex.quote(sys.base_prefix),
            packages=shlex.quote(str(Path(pytest.__file__).parent.parent)),
            root=shlex.quote(str(ROOT)),
            units=shlex.quote(str(units)),
            systemd=SYSTEMD,
        )
        spaces = ("--pid", "--fork", "--mount", "--mount-proc", "--uts", "--ipc", "--cgroup")
        self._process = subprocess.Popen(
            [needs("unshare"), *spaces, "--kill-child", "bash", "-c", boot],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _lay_out(self, units: Path) -> None:
        for target in TARGETS:
            wants = "Wants=huddle.socket" if target == "default" else ""
            (units / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n{wants}\n")
        service = (UNITS / "huddle.service").read_text()
        start = "ExecStart=/opt/huddle/bin/twistd -n huddle --config /etc/huddle/huddle.toml"
        assert start in service
        python = f"python{sys.version_info.major}.{sys.version_info.minor}"
        command = (
            f"ExecStart=/opt/python/bin/{python} -c"
            " 'from twisted.scripts.twistd import run; run()'"
            " -n huddle --port systemd:domain=INET6:index=0\n"
            "Environment=PYTHONPATH=/opt/packages:/opt/huddle PYTHONDONTWRITEBYTECODE=1"
        )
        service = service.replace(start, command).replace(
            "WatchdogSec=30", f"WatchdogSec={WATCHDOG}"
        )
        (units / "huddle.service").write_text(service)
        ports = (UNITS / "huddle.socket").read_text()
        assert "ListenStream=55123" in ports
        here = ports.replace("ListenStream=55123", f"ListenStream=[::1]:{self.port}")
        (units / "huddle.socket").write_text(here)

    def show(self, name: str) -> str:
        """One property of the service; empty as long as systemd does not answer."""
        shown = self._systemctl("show", "huddle.service", "--value", "-p", name)
        return shown.stdout.strip()

    def reload(self) -> None:
        done = self._systemctl("reload", "huddle.service")
        assert done.returncode == 0, done.stderr

    def _systemctl(self, *command: str) -> subprocess.CompletedProcess[str]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        child = children.read_text().strip()
        enter = [needs("nsenter"), "-t", child or str(self._process.pid), "-m", "-p"]
        return subprocess.run([*enter, "systemctl", *command], capture_output=True, text=True)

    def wait_for(self, name: str, value: str) -> None:
        """Wait until a property of the service is this, asking again and again: there is no bus in
        these namespaces on which systemd would tell of it."""

        def holds() -> bool:
            assert self._process.poll() is None, self._process.communicate()[1]
            return self.show(name) == value

        until(holds, lambda: f"{name} is {self.show(name)}, and not {value}")

    def main_process(self) -> int:
        """Its number out here."""
        inside = self.show("MainPID")
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = status.read_text().splitlines()
            except OSError:
                continue
            numbers = next(line for line in lines if line.startswith("NSpid:")).split()[1:]
            if len(numbers) > 1 and numbers[-1] == inside and _is_server(status.parent):
                return int(status.parent.name)
        raise AssertionError(f"there is no process {inside}")

    def talks(self, *lines: str) -> str:
        """What somebody hears who types these and leaves."""
        with socket.create_connection(("::1", self.port), PATIENCE) as person:
            person.sendall("".join(f"{line}\n" for line in (*lines, "/quit")).encode())
            return b"".join(iter(lambda: person.recv(4096), b"")).decode()

    def end(self) -> None:
        """With its process 1 all of it is gone."""
        self._process.kill()
        self._process.communicate()


def _is_server(process: Path) -> bool:
    return b"systemd:domain=INET6" in (process / "cmdline").read_bytes()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    needs_root("CAP_SYS_ADMIN", "CAP_NET_ADMIN")
    if not Path(SYSTEMD).exists() or not found("systemctl"):
        leave_out("systemd is not installed (apt install systemd)")
    for folder in [tmp_path, *tmp_path.parents][:3]:
        folder.chmod(0o755)
    machine = Machine(tmp_path)
    yield machine
    machine.end()


def test_the_service_starts_by_its_port_lives_reads_again_and_is_started_again(
    machine: Machine,
) -> None:
    machine.wait_for("ActiveState", "inactive")
    heard = machine.talks("ana", "/register a-long-secret")
    assert "Welcome to huddle." in heard and "The nick ana is registered" in heard
    machine.wait_for("ActiveState", "active")
    assert machine.show("StatusText") == f"listening on [::1]:{machine.port}"
    first = machine.show("MainPID")
    machine.reload()
    assert machine.show("MainPID") == first
    os.kill(machine.main_process(), signal.SIGSTOP)  # its reactor does not turn: the watchdog
    machine.wait_for("NRestarts", "1")
    machine.wait_for("ActiveState", "active")
    assert "Hello ana" in machine.talks("ana", "/login a-long-secret")
