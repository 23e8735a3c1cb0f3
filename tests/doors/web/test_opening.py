"""The door for browsers as `--web` opens it."""

from __future__ import annotations

import pytest
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.testing import StringTransport
from twisted.protocols.basic import FileSender

from huddle import tap
from huddle.doors.web.door import WebFactory
from huddle.server.options import Options
from huddle.server.service import Door, HuddleService
from huddle.tap import web_door
from tests.doors.test_toy_door import HERE, Machine, interval

__all__ = ["interval"]


def test_a_server_opens_it_beside_the_first_and_answers_at_it(interval: None) -> None:
    machine, options = Machine(), Options()
    typed = ["--history", "none", "--lang", "en", "--web", "8000", "--web-host", "chat.example.org"]
    options.parseOptions(typed)
    assert options.web == "tcp:8000:interface=127.0.0.1:backlog=1024"
    endpoint = TCP4ServerEndpoint(machine, 8000)
    door = web_door(endpoint, options)
    assert door.files(100_000) == options.limits.web_waiting == 256
    first = Door("people", TCP4ServerEndpoint(machine, 55123))
    service = HuddleService(options, [first, door], machine)  # type: ignore[arg-type]
    service.privilegedStartService()
    service.startService()
    factory = machine.tcpServers[1][1]
    assert isinstance(factory, WebFactory)
    for host, answer in (("chat.example.org", b"200 OK"), ("evil.example", b"403 Forbidden")):
        protocol, transport = factory.buildProtocol(HERE), StringTransport()
        protocol.makeConnection(transport)
        head = f"GET /commands/es.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        protocol.dataReceived(head.encode())
        while isinstance(transport.producer, FileSender):
            transport.producer.resumeProducing()
        assert transport.value().startswith(b"HTTP/1.1 " + answer)
    service.stopService()


@pytest.mark.parametrize(
    ("files", "waiting"), [(128, 24), (64, 8), (33, 1), (1024, 248), (4096, 256)]
)
def test_where_few_files_may_be_open_most_are_for_those_who_talk(
    files: int, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tap, "raise_file_limit", lambda: files)
    options = Options()
    options.parseOptions(["--history", "none", "--web", "8000"])
    door = web_door(TCP4ServerEndpoint(Machine(), 8000), options)
    assert door.files(files) == options.limits.web_waiting == waiting
