"""Each share of an address is that of an IPv6 /64, and some of it an IPv6 /48's, by every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count

import pytest
from twisted.internet.defer import Deferred, succeed
from twisted.internet.tcp import Server

from huddle.delivery.fair_queue import FairQueue
from huddle.doors.connection import Connection
from huddle.doors.proxy.proxied import ProxiedFactory
from huddle.doors.proxy.trusted import Trusted
from huddle.protocol.limits import SITE, Limits
from huddle.server.passwords import Hashing
from tests.doors.proxy.test_proxied import PROXY
from tests.doors.web.browser import Browser, WebWorld
from tests.in_memory_tcp import MemorySocket
from tests.moderated_world import does, done
from tests.world import BUFFERED, DIRECT, Program

COMERS = 10
PLACES: dict[str, Sequence[str]] = {
    "one IPv4 address": ["192.0.2.1"] * COMERS,
    "as IPv6 shows it": [("192.0.2.1", "::ffff:192.0.2.1")[n % 2] for n in range(COMERS)],
    "one /64": [f"2001:db8:1:1::{n:x}" for n in range(COMERS)],
    "one /48": [f"2001:db8:1:{n:x}::1" for n in range(COMERS)],
    "several /48": [f"2001:db8:{n:x}::1" for n in range(COMERS)],
}
"""Where those come from, one after the other, who take of a share."""

_ports = count(50_000)


def by_line(world: WebWorld, nick: str, address: str, transport: str = DIRECT) -> Program:
    program = Program(world, nick, f"secret of {nick}")
    world.attach(program, address, transport)
    program.enters()
    return program


def by_a_transport_like_that_of_tls(world: WebWorld, nick: str, address: str) -> Program:
    return by_line(world, nick, address, BUFFERED)


def by_web(world: WebWorld, nick: str, address: str) -> Program:
    browser = Browser(world, nick, f"secret of {nick}")
    world.attach(browser, address, door=world.web)
    browser.opens()
    world.settle()
    browser._look()
    if not browser.wire.closed and browser.response is not None:
        browser.enters()
    return browser


def by_proxy(world: WebWorld, nick: str, address: str) -> Program:
    program = Program(world, nick, f"secret of {nick}")
    door = ProxiedFactory(world.factory, Trusted([PROXY.host]), False, world.reactor)
    protocol = door.buildProtocol(PROXY)
    program.wire = MemorySocket()
    place = (PROXY.host, next(_ports))
    transport = Server(program.wire, protocol, place, None, 0, world.reactor)  # type: ignore[arg-type]
    protocol.makeConnection(transport)
    kind, other = ("TCP6", "::1") if ":" in address else ("TCP4", "10.0.0.1")
    program.sends(f"PROXY {kind} {address} {other} 40000 55123\r\n".encode())
    program.enters()
    return program


DOORS = (by_line, by_a_transport_like_that_of_tls, by_web, by_proxy)
Taken = Callable[[WebWorld, Sequence[Program]], int]


def let_in(world: WebWorld, programs: Sequence[Program]) -> int:
    return sum(bool(each.welcome) for each in programs)


def held(world: WebWorld, programs: Sequence[Program]) -> int:
    for each in programs:
        each.wire.break_off()
        world.settle()
    return len(world.huddle.registry.sessions)


def rooms(world: WebWorld, programs: Sequence[Program]) -> int:
    told = [does(each, "join", room=each.nick) for each in programs]
    return sum(answer["type"] == "reply" for answer in told)


def private(world: WebWorld, programs: Sequence[Program]) -> int:
    world.program("bob").cut()
    told = [does(each, "msg", to="bob", text="hola") for each in programs]
    return sum(answer["type"] == "ack" for answer in told)


def written(world: WebWorld, programs: Sequence[Program]) -> int:
    told = [does(each, "say", room="huddle", text="x" * 3900) for each in programs]
    return sum(answer["type"] == "ack" for answer in told)


def registered(world: WebWorld, programs: Sequence[Program]) -> int:
    told = [does(each, "register", password="a-long-password") for each in programs]
    return sum(answer["type"] == "reply" for answer in told)


def given_up(world: WebWorld, programs: Sequence[Program]) -> int:
    for each in programs:
        done(each, "nick", nick=f"other-{each.nick}")
    return len(world.huddle.registry.former)


def spoke(world: WebWorld, programs: Sequence[Program]) -> int:
    host = world.program("host")
    done(host, "join", room="ops")
    done(host, "slow", room="ops", seconds=60)
    for each in programs:
        done(each, "join", room="ops")
        each.says("hola", room="ops")
    return len(world.huddle.directory._spoken) // 2  # each is known in two ways


SHARES: Mapping[str, tuple[Limits, Taken, int, int]] = {
    "per_address": (Limits(per_address=2), let_in, 2, 8),
    "attempts_burst": (Limits(attempts_burst=2, attempts_rate=0.001), let_in, 2, 8),
    "held_each": (Limits(held_each=2), held, 2, 6),
    "former_each": (Limits(former_each=2), given_up, 2, 6),
    "spoke_each": (Limits(spoke_each=4), spoke, 2, 6),
    "rooms_made": (Limits(rooms_made=2), rooms, 2, 6),
    "pending_each": (Limits(pending=8, pending_each=2), private, 4, 6),
    "written": (Limits(written=8000), written, 2, 8),
    "registrations": (Limits(registrations=2), registered, 2, 6),
}
"""How often it is given to an address, and to a /48."""

AT_A_DOOR = {"per_address", "attempts_burst", "held_each"}
"""Taken by what a door makes of a connection; of the others a door knows nothing."""

ELSEWHERE = {"attempts_rate", "unheard_each", "left_each", "marks_made"}
"""With tests of their own, as they are no number of times."""


@pytest.mark.parametrize("places", PLACES)
@pytest.mark.parametrize(
    ("share", "door"),
    [(share, door) for share in SHARES for door in DOORS if door is by_line or share in AT_A_DOOR],
)
def test_a_share_is_given_so_often_and_no_more(
    share: str, door: Callable[[WebWorld, str, str], Program], places: str
) -> None:
    limits, taken, of_an_address, of_a_48 = SHARES[share]
    world = WebWorld(limits=limits)
    programs = [door(world, f"n{n}", address) for n, address in enumerate(PLACES[places])]
    expected = {"one /48": of_a_48, "several /48": COMERS}.get(places, of_an_address)
    assert taken(world, programs) == expected


TURNS: Mapping[str, Callable[[WebWorld], FairQueue]] = {
    "searches": lambda world: world.huddle.searching,
    "readings of the past": lambda world: world.huddle.reading,
    "passwords": lambda world: Hashing(world.reactor, 64)._queue,  # type: ignore[arg-type]
}


@pytest.mark.parametrize("turns", TURNS)
def test_a_48_has_one_turn_among_those_who_wait_for_what_is_slow(turns: str) -> None:
    world, done_by, first = WebWorld(), list[str](), Deferred[None]()
    queue = TURNS[turns](world)

    def job(address: str) -> Deferred[None]:
        done_by.append(address)
        return succeed(None)

    queue.ask("198.51.100.7", lambda: first)
    for address in (*(f"2001:db8:1:{n:x}::/64" for n in range(1, 6)), "192.0.2.1"):
        queue.ask(address, partial(job, address))
    first.callback(None)
    world.settle()
    assert len(done_by) == 6
    assert done_by[:3] == ["2001:db8:1:1::/64", "192.0.2.1", "2001:db8:1:2::/64"]


@pytest.mark.parametrize("door", DOORS)
def test_all_that_goes_by_a_connections_address_goes_by_its_64_and_turns_by_its_48(
    door: Callable[[WebWorld, str, str], Program],
) -> None:
    """What is remembered of who was at its address; and whose turn it is to catch up."""
    world = WebWorld()
    for number, place in enumerate(("2001:db8:1:1::2", "2001:db8:1:1::3")):
        door(world, f"n{number}", place)
    sessions = list(world.huddle.registry.sessions)
    assert len(sessions) == 2
    for session in sessions:
        assert session.address == "2001:db8:1:1::/64"
        assert session.outlet is not None
        assert session.outlet._address == "2001:db8:1::/48"
    for connection in world.factory.connections.here:
        assert isinstance(connection, Connection)
        assert connection.address == connection.input.address == "2001:db8:1:1::/64"


def test_there_is_a_row_for_each_share_of_a_48() -> None:
    assert set(SITE) == set(SHARES) | ELSEWHERE
