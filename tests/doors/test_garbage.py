"""What came and went is given back soon, and not all at once when Python looks for garbage."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from huddle.doors.connection import Connection
from huddle.doors.connections import GONE
from huddle.doors.web.door import WebProtocol
from huddle.protocol.limits import Limits
from tests.doors.test_handshakes import HEADER, UPGRADE, Client, by_line, by_proxy, by_web
from tests.doors.web.browser import WebWorld, hello, masked, opening
from tests.world import TRANSPORTS

FILE = "GET / HTTP/1.1\nHost: chat.lan\n\n"
MANY = 30


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


OF_CONNECTIONS = (
    "huddle.doors.",
    "huddle.visits.",
    "huddle.people.",
    "huddle.delivery.outlet",
    "twisted.",
    "websockets.server",
)


def of_connections() -> Counter[str]:
    """What there is of what is made for connections and for who comes by them, by its type."""
    kinds = (f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())
    return Counter(kind for kind in kinds if kind.startswith(OF_CONNECTIONS))


def stranger(world: WebWorld, number: int) -> None:
    world.connect(f"10.0.{number // 50}.1").cut()


def stranger_who_types(world: WebWorld, number: int) -> None:
    typing = world.connect(f"10.0.{number // 50}.1")
    typing.sends(b"an")
    world.settle()
    typing.cut()


def person(world: WebWorld, number: int) -> None:
    ana = world.person(f"ana{number}", address=f"10.0.{number // 50}.1")
    ana.says("hola", "/salir")
    ana.cut()


def person_who_is_lost(world: WebWorld, number: int) -> None:
    ana = world.person(
        f"ana{number}", address=f"10.0.{number // 50}.1", transport=TRANSPORTS[number % 2]
    )
    ana.says("hola", "/search hola", "/who")
    ana.resets()
    world.passes(1)  # for as long as the search would have waited for what was said before it


def person_who_says_too_much(world: WebWorld, number: int) -> None:
    ana = world.person(f"ana{number}", address=f"10.0.{number // 50}.1")
    ana.says(*["hola"] * 70)
    ana.cut()
    world.passes(20)


def person_who_takes_nothing(world: WebWorld, number: int) -> None:
    ana = world.person(f"ana{number}", address=f"10.0.{number // 50}.1")
    ana.stops_reading(10)
    ana.says("/help", "hola", "/quit")
    world.passes(20)


def program(world: WebWorld, number: int) -> None:
    bot = world.program(f"bot{number}")
    bot.says("hola")
    bot.ends()


def browser(world: WebWorld, number: int, frame: bytes = masked(Opcode.CLOSE, b"\x03\xe8")) -> None:
    page = world.asker(f"10.0.{number // 50}.1")
    page.sends(opening(hello(f"eva{number}")) + frame)
    world.settle()
    assert page.protocol.connection is not None
    page.cut()


def browser_that_pings(world: WebWorld, number: int) -> None:
    browser(world, number, masked(Opcode.PING))


def browser_that_is_none(world: WebWorld, number: int) -> None:
    browser(world, number, BREACHES[number % len(BREACHES)])


def by_tls(world: WebWorld, number: int) -> None:
    door = (by_web, by_line, by_proxy)[number % 3]
    before = HEADER % b"10.0.0.7" if door is by_proxy else b""
    client = Client(world, door(world), f"10.0.{number // 50}.1", before)
    for _ in range(4):
        world.settle()
        client.goes_on()
    client.says(UPGRADE + masked(Opcode.PING) if door is by_web else b"ana\nhola\n")
    world.settle()
    client.goes_on()
    assert client.heard
    client.wire.break_off()
    world.settle()


BREACHES = (
    b"\x81\x02hi",
    b"\x81\xff" + (1 << 30).to_bytes(8, "big"),
    masked(Opcode.TEXT, b"\xff"),
    masked(Opcode.CONT),
    masked(Opcode.CLOSE, b"\x03\xe8\xff"),
)


@pytest.mark.usefixtures("without_python")
@pytest.mark.parametrize(
    "come_and_go",
    [
        stranger,
        stranger_who_types,
        person,
        person_who_is_lost,
        person_who_says_too_much,
        person_who_takes_nothing,
        program,
        browser,
        browser_that_pings,
        browser_that_is_none,
    ],
)
def test_connections_that_have_ended_are_given_back_without_a_look_for_them(
    come_and_go: Callable[[WebWorld, int], None],
) -> None:
    """Python finds a circle only when it looks, and one that it saw in use before much later:
    of those who came and went sixty at once, each left 1.2 KiB behind."""
    world = WebWorld(limits=Limits(hold=0))
    for number in range(3):
        come_and_go(world, number)
    world.peers.clear()
    before = of_connections()
    for number in range(3, 3 + MANY):
        come_and_go(world, number)
    world.peers.clear()
    more = of_connections()
    more.subtract(before)
    assert {kind: count for kind, count in more.items() if count > 2} == {}


@pytest.mark.usefixtures("without_python")
def test_what_twisted_leaves_of_those_by_tls_is_looked_for_in_small_doses() -> None:
    world = WebWorld(limits=Limits(hold=0))
    there = there_are(Connection)
    for number in range(3 * GONE):
        by_tls(world, number)
    assert there_are(Connection) <= there + 2 * GONE


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
