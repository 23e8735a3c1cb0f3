"""Who reads the log is told by any machine of the engine that answers, whatever the others do."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socket import create_server
from threading import Thread

import pytest
from typing_extensions import override

from tests.cluster import real_etcd
from tests.cluster.real_etcd import Etcd, Member
from tests.lost.log_reader import LogReader

ID = "5e" * 16


class Machine(HTTPServer):
    """What answers on a member's port, in a thread of its own until it is closed. The first
    ``troubles`` questions are refused, as they are while nobody leads the engine."""

    def __init__(self, member: Member, troubles: float) -> None:
        self.troubles = troubles
        super().__init__((member.host, member.client), Answer)
        self._thread = Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    @override
    def server_close(self) -> None:
        self.shutdown()
        self._thread.join()
        super().server_close()


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        machine = self.server
        assert isinstance(machine, Machine)
        self.rfile.read(int(self.headers["Content-Length"]))
        machine.troubles -= 1
        refused = machine.troubles >= 0
        kv = {"value": b64encode(ID.encode()).decode(), "mod_revision": "7"}
        answer: object = {"error": "etcdserver: no leader"} if refused else {"kvs": [kv]}
        self.send_response(503 if refused else 200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    @override
    def log_message(self, format: str, *args: object) -> None:
        """What it was asked is of no interest."""


Trouble = Callable[[Member, ExitStack], object]


def is_dead(member: Member, stack: ExitStack) -> None:
    """Nothing listens there."""


def stands_still(member: Member, stack: ExitStack) -> None:
    """As a process that is stopped: connections are made for it, and nobody answers."""
    stack.enter_context(create_server((member.host, member.client)))


def refuses(member: Member, stack: ExitStack) -> None:
    stack.callback(Machine(member, troubles=float("inf")).server_close)


def has_no_leader_at_first(member: Member, stack: ExitStack) -> None:
    stack.callback(Machine(member, troubles=2).server_close)


def is_well(member: Member, stack: ExitStack) -> None:
    stack.callback(Machine(member, troubles=0).server_close)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    monkeypatch.setattr(real_etcd, "SILENT", 0.1)
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize(
    "machines",
    [
        (stands_still, is_well),
        (is_dead, is_well),
        (refuses, is_well),
        (stands_still, has_no_leader_at_first),
    ],
)
def test_the_id_is_told_by_whichever_machine_answers(
    tmp_path: Path, stack: ExitStack, machines: tuple[Trouble, ...]
) -> None:
    etcd = Etcd(tmp_path)
    for member, state in zip(etcd.members, machines, strict=False):
        state(member, stack)
    assert LogReader(etcd, "house").house_id() == ID
