"""Lean server: what Twisted's own connection is to who asks, it is, too."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from twisted.internet.error import ConnectionLost
from twisted.internet.main import CONNECTION_DONE, CONNECTION_LOST
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Server
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.doors.lean_server import LeanServer

HERE = "127.0.0.1", "::1"


class Reader(Protocol):
    def __init__(self) -> None:
        self.heard: list[bytes] = []

    @override
    def dataReceived(self, data: bytes) -> None:
        self.heard.append(data)


class Watching:
    """A reactor that is asked to read, and no more."""

    def __init__(self) -> None:
        self.readers: list[object] = []

    def addReader(self, reader: object) -> None:  # noqa: N802
        self.readers.append(reader)

    def removeReader(self, reader: object) -> None:  # noqa: N802
        self.readers.remove(reader)

    def removeWriter(self, writer: object) -> None:  # noqa: N802
        """None is waited for."""


class Met:
    """Two who have connected by the loopback of this host, and Twisted's connection of either
    kind."""

    def __init__(self, host: str, stack: ExitStack) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = stack.enter_context(socket.socket(family))
        listening.bind((host, 0))
        listening.listen()
        self.peer = stack.enter_context(socket.socket(family))
        self.peer.connect(listening.getsockname())
        self.accepted, self.address = listening.accept()
        stack.enter_context(self.accepted)
        self.reactor = Watching()
        self.reader = Reader()
        self.port: Any = SimpleNamespace(_realPortNumber=listening.getsockname()[1])

    def server(self, kind: type[Server]) -> Any:
        return kind(self.accepted, self.reader, self.address, self.port, 7, self.reactor)  # type: ignore[arg-type]


@pytest.fixture(params=HERE)
def met(request: pytest.FixtureRequest) -> Iterator[Met]:
    with ExitStack() as stack:
        yield Met(request.param, stack)


def test_it_says_where_it_leads_as_twisteds_own_does(met: Met) -> None:
    lean, own = met.server(LeanServer), met.server(Server)
    for asked in ("getPeer", "getHost", "getHandle", "logPrefix", "fileno"):
        assert getattr(lean, asked)() == getattr(own, asked)(), asked
    assert lean.getPeer().port == met.peer.getsockname()[1]


def test_it_has_what_twisteds_own_has_but_for_the_texts(met: Met) -> None:
    lean, own = vars(met.server(LeanServer)), vars(met.server(Server))
    assert own.keys() - lean.keys() == {"repstr"}
    assert {name for name in lean if lean[name] != own[name]} == {"logstr"}
    assert lean["logstr"] is Reader.__name__  # and no text of its own


def test_it_reads_from_its_beginning_without_waiting(met: Met) -> None:
    lean = met.server(LeanServer)
    assert met.reactor.readers == [lean]
    assert lean.connected and not met.accepted.getblocking()
    assert lean.doRead() is None and met.reader.heard == []


def test_it_hands_on_what_came_till_the_peer_has_ended(met: Met) -> None:
    lean = met.server(LeanServer)
    met.peer.sendall(b"hello\n")
    assert lean.doRead() is None
    assert met.reader.heard == [b"hello\n"]
    met.peer.shutdown(socket.SHUT_WR)
    assert lean.doRead() is CONNECTION_DONE


def test_a_reset_is_told_from_an_end(met: Met) -> None:
    lean = met.server(LeanServer)
    met.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    met.peer.close()
    assert lean.doRead() is CONNECTION_LOST


def test_many_from_one_host_have_its_name_once(met: Met) -> None:
    met.address = ("".join(list(met.address[0])), *met.address[1:])
    one = met.server(LeanServer)
    met.address = ("".join(list(met.address[0])), *met.address[1:])
    other = met.server(LeanServer)
    assert one.hostname is other.hostname is one.client[0]


def test_in_the_log_it_is_called_by_its_protocol_number_and_host(met: Met) -> None:
    lean = met.server(LeanServer)
    assert repr(lean) == f"<Reader,7,{met.address[0]}>"


def test_it_is_called_so_when_it_is_lost_and_when_another_protocol_speaks(met: Met) -> None:
    lean, own = met.server(LeanServer), met.server(Server)
    for each in (lean, own):
        each.protocol = Protocol()
        each.connectionLost(Failure(ConnectionLost()))
    assert lean.logPrefix() == own.logPrefix() == f"Reader,7,{met.address[0]}"
    assert repr(lean) == f"<{lean.logPrefix()}>"
