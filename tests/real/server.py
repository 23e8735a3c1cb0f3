"""A real server: `twistd -n huddle` in a process of its own, on a port of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Condition, Thread

from tests.patience import PATIENCE
from tests.real.own_time import own_time, wait_for_end
from tests.real.preloaded import ROOT, TWISTD, Preloaded, run

STOPPING = 2.0
"""Seconds of its own time in which a server must have stopped."""

READY = "--interface 0.0.0.0"
PLACE = re.compile(r"(?:listening on|escuchando en) (\S+)$", re.MULTILINE)
KEPT = ("PATH", "HOME")


def environment(**more: str) -> dict[str, str]:
    """What a program is started with: English, unbuffered, and this checkout."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8", **more}


def twistd(*arguments: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run twistd until it ends by itself, or goes into the background."""
    is_as_usual = "-n" in arguments and "PYTHONPATH" not in more
    start = Preloaded if is_as_usual else subprocess.Popen
    command = [*TWISTD, *arguments]
    return run(command, start=start, cwd=folder, env=environment(**more), text=True)


class Server:
    """One running server. It has to be stopped; what it logs by then must hold no traceback."""

    def __init__(
        self,
        folder: Path,
        *options: str,
        port: str = "0",
        ahead: Sequence[str] = ("--pidfile=",),
        launcher: Sequence[str] = TWISTD,
        **more: str,
    ) -> None:
        """``ahead`` are options of twistd's own; ``launcher`` stands in its place."""
        popen = Preloaded[str] if launcher == TWISTD else subprocess.Popen[str]
        self.process = popen(
            [*launcher, "-n", *ahead, "huddle", "--port", port, *options],
            cwd=folder,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log: list[str] = []
        self._news = Condition()
        self._wait_until_ready()
        self._reading = Thread(target=self._read_log, daemon=True)
        self._reading.start()

    def _wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.log.append(line)
            if READY in line:
                return
        raise AssertionError(f"it did not start:\n{''.join(self.log)}")

    def _read_log(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as log:
            for line in log:
                with self._news:
                    self.log.append(line)
                    self._news.notify_all()

    def tells(self, text: str, patience: float = PATIENCE) -> None:
        """Wait until a line of the log has this in it."""
        with self._news:
            told = self._news.wait_for(lambda: text in "".join(self.log), patience)
        assert told, f"{text!r} was never told:\n{''.join(self.log)}"

    @property
    def places(self) -> Sequence[str]:
        """Where it listens, as it says itself."""
        return PLACE.findall("".join(self.log))

    def address(self, door: int = 0) -> Sequence[str]:
        """How a program is told to go to a door: host and port, or the path of a UNIX socket."""
        place = self.places[door]
        if place.startswith("unix:"):
            return [place.removeprefix("unix:")]
        host, _, port = place.rpartition(":")
        return [host, port]

    @property
    def port(self) -> int:
        """Of the first door."""
        return int(self.address()[1])

    @property
    def memory(self) -> int:
        """Bytes of memory it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [kib] = re.findall(r"VmRSS:\s+(\d+) kB", status)
        return int(kib) * 1024

    @property
    def busy(self) -> float:
        """Seconds for which it has used a processor."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def own_time(self) -> float:
        """The seconds that pass for it: not those in which others have the processor."""
        return own_time(self.process.pid)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> float:
        """End it in good order; returns the seconds that took, of its own time."""
        self.process.send_signal(by)
        try:
            took = wait_for_end(self.process, PATIENCE)
        finally:
            self.process.kill()
        status = self.process.returncode
        self._reading.join()
        log = "".join(self.log)
        assert "Traceback" not in log and "Unhandled" not in log, log
        assert status == -by, f"it ended with {status}:\n{log}"
        return took

    def end(self) -> None:
        """Stop it, if that has not been done."""
        if self.process.poll() is None:
            self.stop()
