"""What came and went is given back soon, and not all at once when Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from huddle.doors.connection import Connection
from huddle.doors.connections import GONE
from huddle.doors.web.door import WebProtocol
from huddle.protocol.limits import Limits
from tests.doors.web.browser import WebWorld

FILE = "GET / HTTP/1.1\nHost: chat.lan\n\n"
MANY = 3 * GONE


@pytest.fixture
def without_python() -> Iterator[None]:
    """Python looks for no garbage by itself."""
    gc.collect()
    was = gc.isenabled()
    gc.disable()
    yield
    if was:
        gc.enable()


def there_are(kind: type) -> int:
    return sum(type(each) is kind for each in gc.get_objects())


def stranger(world: WebWorld, number: int) -> None:
    world.connect(f"10.0.{number // 50}.1").cut()


def person(world: WebWorld, number: int) -> None:
    ana = world.person(f"ana{number}", address=f"10.0.{number // 50}.1")
    ana.says("hola", "/salir")
    ana.cut()


def browser(world: WebWorld, number: int) -> None:
    page = world.browser(f"eva{number}", address=f"10.0.{number // 50}.1")
    page.sends_frame(Opcode.CLOSE, b"\x03\xe8")
    world.settle()
    page.cut()


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize("come_and_go", [stranger, person, browser])
def test_connections_that_have_ended_are_given_back(
    come_and_go: Callable[[WebWorld, int], None],
) -> None:
    world = WebWorld(limits=Limits(held_each=10))
    connections, readers = there_are(Connection), there_are(ServerProtocol)
    for number in range(MANY):
        come_and_go(world, number)
        world.peers.clear()
    assert there_are(Connection) <= connections + MANY // 2
    assert there_are(ServerProtocol) <= readers + MANY // 2


REQUESTS = {
    "a file": FILE,
    "another name": FILE.replace("chat.lan", "evil.example"),
    "no such file": FILE.replace("/ ", "/nothing "),
    "no request": "hola\n\n",
    "a line too long": FILE.replace("/ ", f"/{'x' * 9000} "),
    "a header too long": FILE.replace("\n\n", f"\nX: {'x' * 9000}\n\n"),
    "too many headers": FILE.replace("\n\n", "\nX: y" * 200 + "\n\n"),
    "a header that is none": FILE.replace("\n\n", "\nX y\n\n"),
    "a handshake without a key": FILE.replace("/ ", "/talk ").replace(
        "\n\n", "\nUpgrade: websocket\nConnection: Upgrade\n\n"
    ),
}


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_leaves_nothing_behind(request_: str) -> None:
    world = WebWorld()
    protocols, readers = there_are(WebProtocol), there_are(ServerProtocol)
    for _ in range(20):
        asker = world.asker()
        asker.asks_for(request_)
        asker.cut()
        world.peers.clear()
    del asker
    assert there_are(ServerProtocol) == readers
    assert there_are(WebProtocol) <= protocols + 1
