"""The door for browsers as `--web` opens it."""

from __future__ import annotations

from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.testing import StringTransport

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
    assert door.files == options.limits.web_waiting
    first = Door("people", TCP4ServerEndpoint(machine, 55123))
    service = HuddleService(options, [first, door], machine)  # type: ignore[arg-type]
    service.privilegedStartService()
    service.startService()
    factory = machine.tcpServers[1][1]
    assert isinstance(factory, WebFactory)
    for host, answer in (("chat.example.org", b"200 OK"), ("evil.example", b"403 Forbidden")):
        protocol, transport = factory.buildProtocol(HERE), StringTransport()
        protocol.makeConnection(transport)
        head = f"GET /commands.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        protocol.dataReceived(head.encode())
        assert transport.value().startswith(b"HTTP/1.1 " + answer)
    service.stopService()
