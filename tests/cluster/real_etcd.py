"""A real etcd: three members on loopback, which can be killed and stopped, in a folder."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.cluster.switched_network import Machine
from tests.free_ports import free_port
from tests.needs import needs
from tests.patience import PATIENCE

QUICK_TIMING = ("--heartbeat-interval=50", "--election-timeout=500")
DEFAULT_TIMING = ("--heartbeat-interval=100", "--election-timeout=1000")
"""How soon a leader is missed, in milliseconds; the latter is etcd's own."""
SILENT = 1.0
"""Seconds after which another member is asked. A healthy one answers in some milliseconds."""


def dies_with_us() -> list[str]:
    """What stands before a command, so that its process is killed should this one be killed."""
    return [needs("setpriv"), "--pdeathsig=KILL"]


WAITS = tuple(f"--{what}-timeout={PATIENCE:.0f}s" for what in ("dial", "command"))
"""For Debian's own client, which waits two seconds for a connection by itself, and five for an
answer."""


def etcdctl(endpoints: Sequence[str], *arguments: str) -> str:
    """What Debian's own client says of the engine."""
    return subprocess.run(
        [needs("etcdctl"), f"--endpoints={','.join(endpoints)}", *WAITS, *arguments],
        check=True, capture_output=True, text=True, env={"ETCDCTL_API": "3"},
        timeout=2 * PATIENCE,
    ).stdout  # fmt: skip


class Member:
    """One process of the engine. ``client`` and ``peer`` are its ports."""

    def __init__(self, number: int, folder: Path, host: str, before: Sequence[str]) -> None:
        self.name = f"member{number}"
        self.host = host
        self.client, self.peer = free_port(), free_port()
        self.log = folder / f"{self.name}.log"
        self.data = folder / self.name
        self._before = tuple(before)
        self._arguments: tuple[str, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *arguments: str) -> None:
        """Start it, with these arguments or those of the last time."""
        self._arguments = arguments or self._arguments
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._before, *dies_with_us(), needs("etcd"), *self._arguments],
                stdout=log,
                stderr=log,
            )

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def asked(self, path: str, question: object) -> dict[str, Any] | None:
        """What it answers; None where it does not, as one that is stopped, starts or was killed:
        whoever has to know asks again, or another."""
        try:
            with closing(self.connection()) as connection:
                connection.request("POST", path, json.dumps(question))
                with connection.getresponse() as response:
                    answer: dict[str, Any] = json.loads(response.read())
                    return answer if response.status == http.HTTPStatus.OK else None
        except (OSError, http.client.HTTPException, ValueError):
            return None

    def connection(self) -> http.client.HTTPConnection:
        """A new connection to it, which gives up when nothing comes for so long."""
        return http.client.HTTPConnection(self.host, self.client, timeout=SILENT)

    def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None


class Etcd:
    """An engine of three members. ``scheme`` is https where ``options`` of TLS are among them."""

    def __init__(
        self, folder: Path, *options: str, scheme: str = "http", machines: Sequence[Machine] = ()
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.scheme = scheme
        places = [(each.address, each.command()) for each in machines]
        self.members = [
            Member(number, folder, *place)
            for number, place in enumerate(places or [("127.0.0.1", ())] * 3)
        ]
        self._options = options

    def start(self) -> None:
        """Start all of them, from nothing."""
        together = ",".join(f"{each.name}=http://{each.host}:{each.peer}" for each in self.members)
        for each in self.members:
            client = f"{self.scheme}://{each.host}:{each.client}"
            peer = f"http://{each.host}:{each.peer}"
            each.start(
                f"--name={each.name}",
                f"--data-dir={each.data}",
                f"--listen-client-urls={client}",
                f"--advertise-client-urls={client}",
                f"--listen-peer-urls={peer}",
                f"--initial-advertise-peer-urls={peer}",
                f"--initial-cluster={together}",
                f"--initial-cluster-token={self.members[0].data}",
                "--pre-vote",  # who was cut off does not end the leader's term by coming back
                "--logger=zap",
                "--log-outputs=stderr",
                *QUICK_TIMING,
                *self._options,
            )

    @property
    def endpoints(self) -> list[str]:
        """Where its members are asked, as host and port."""
        return [f"{each.host}:{each.client}" for each in self.members]

    def end(self) -> None:
        for each in self.members:
            each.kill()

    def keep_copy(self) -> None:
        """Keep a copy of what all have on their disks now, as of one moment."""
        self.end()
        for each in self.members:
            shutil.copytree(each.data, f"{each.data}.copy")
            each.start()

    def go_back(self) -> None:
        """Start all of them from the copy."""
        self.end()
        for each in self.members:
            shutil.rmtree(each.data)
            shutil.copytree(f"{each.data}.copy", each.data)
            each.start()

    def freeze(self, member: Member) -> None:
        """Stop a member where it stands: it holds its connections and answers nothing."""
        member.signal(signal.SIGSTOP)

    def thaw(self, member: Member) -> None:
        member.signal(signal.SIGCONT)
