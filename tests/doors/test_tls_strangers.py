"""Strangers by TLS who begin and do not end: they cost no more than those who only connect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from OpenSSL import SSL
from twisted.protocols.tls import TLSMemoryBIOProtocol

from huddle.doors.handshakes import IN_A_ROW, UNTAKEN
from huddle.doors.input.flow_control import JUNK_A_LINE
from huddle.doors.transports import READ_ENCRYPTED
from huddle.protocol.limits import Limits
from tests.doors.test_handshakes import UPGRADE, Client, by_line, by_proxy, by_web, clients
from tests.doors.web.browser import WebWorld

pytestmark = pytest.mark.filterwarnings(r"ignore:.*\bdeprecated\b:DeprecationWarning")

Door = Callable[[WebWorld], Any]
DOORS = pytest.mark.parametrize("door", [by_line, by_web, by_proxy])

HELLO = b"\x16\x03\x01"
"""How the first record of a handshake begins."""


def parted(client: Client) -> tuple[bytes, bytes]:
    """What stands before the client's hello, and the hello, neither of which was taken yet."""
    data = bytes(client.wire.incoming)
    return data[: data.index(HELLO)], data[data.index(HELLO) :]


def by_the_byte(record: bytes) -> bytes:
    """The same, each byte of its message in a record of its own."""
    return b"".join(record[:3] + b"\0\1" + bytes([byte]) for byte in record[5:])


def talks(client: Client, door: Door) -> bool:
    for _ in range(4):
        client.world.settle()
        client.goes_on()
    client.says(UPGRADE if door is by_web else b"ana\n")
    client.world.settle()
    client.goes_on()
    return b"Hello ana" in client.heard or b"101 Switching Protocols" in client.heard


@DOORS
def test_three_hundred_who_do_not_end_their_hello_have_an_end_and_keep_nobody_out(
    door: Door,
) -> None:
    world = WebWorld()
    many = []
    for number in range(300):
        [client] = clients(world, door, 1, "10.0.0.1")
        before, hello = parted(client)
        client.wire.incoming[:] = before + hello[: len(hello) * number // 300]
        many.append(client)
    world.settle()
    open_still = sum(not client.wire.closed for client in many)
    most = world.limits.web_waiting if door is by_web else 2 * world.limits.per_address
    assert open_still <= most
    [other] = clients(world, door, 1, "10.0.0.2")
    assert talks(other, door)
    world.passes(world.limits.name_seconds + world.limits.closing + 1)
    assert all(client.wire.closed for client in many)


@DOORS
def test_a_hello_of_one_byte_a_record_is_one_all_the_same(door: Door) -> None:
    world = WebWorld()
    [client] = clients(world, door, 1, "10.0.0.1")
    before, hello = parted(client)
    client.wire.incoming[:] = before + by_the_byte(hello)
    assert talks(client, door)


@DOORS
def test_nobody_shakes_hands_twice_on_one_connection(door: Door) -> None:
    """Each time would take a millisecond, and none is charged as a line is."""
    world = WebWorld()
    [client] = clients(world, door, 1, "10.0.0.1")
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_max_proto_version(SSL.TLS1_2_VERSION)
    before, _ = parted(client)
    client.wire.incoming[:] = before
    client.tls = SSL.Connection(context)
    client.tls.set_connect_state()
    client.goes_on()
    assert talks(client, door)
    tls: Any = client.transport.protocol
    assert isinstance(tls, TLSMemoryBIOProtocol)
    client.tls.renegotiate()
    for _ in range(4):
        try:
            client.goes_on()
        except SSL.Error:
            break
        world.settle()
    assert tls.getHandle().total_renegotiations() == 0


NEW_KEYS = b"K"
"""Stands for a record with new keys, which OpenSSL takes and has nothing of for the door."""


class NewKeys(list[int]):
    """How many bytes of `NEW_KEYS` there were in front of each that TLS was given."""

    are_answered = False


@pytest.fixture
def new_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[NewKeys]:
    """TLS takes `NEW_KEYS`, in silence or with an answer."""
    usual, taken = TLSMemoryBIOProtocol.dataReceived, NewKeys()

    def takes(self: Any, data: bytes) -> None:
        rest = data.lstrip(NEW_KEYS)
        taken.append(len(data) - len(rest))
        if taken.are_answered:
            self.transport.write(NEW_KEYS * taken[-1])
        if rest:
            usual(self, rest)

    monkeypatch.setattr(TLSMemoryBIOProtocol, "dataReceived", takes)
    yield taken


def pour(client: Client, times: int) -> None:
    """Send so often 16 KiB of new keys, and a letter behind them."""
    for _ in range(times):
        client.tls.send(b"x")
        record = client.tls.bio_read(1 << 15)
        client.wire.incoming += NEW_KEYS * (IN_A_ROW // 2 - len(record)) + record
    client.world.settle()


@DOORS
def test_who_sends_new_keys_and_nothing_else_is_let_go(door: Door, new_keys: NewKeys) -> None:
    world = WebWorld()
    [client] = clients(world, door, 1, "10.0.0.1")
    assert talks(client, door)
    client.wire.incoming += NEW_KEYS * 2 * IN_A_ROW
    world.settle()
    assert client.wire.closed and IN_A_ROW < sum(new_keys) <= IN_A_ROW + READ_ENCRYPTED
    assert not world.connections.here


def test_who_sends_new_keys_beside_what_they_say_is_slowed_down(new_keys: NewKeys) -> None:
    world = WebWorld()
    [client] = clients(world, by_line, 1, "10.0.0.1")
    assert talks(client, by_line)
    pour(client, 200)
    assert sum(new_keys) < 2 * JUNK_A_LINE * world.limits.flood_burst
    before = sum(new_keys)
    world.passes(10)
    assert before < sum(new_keys) < before + 2 * JUNK_A_LINE * 10 * world.limits.flood_rate
    assert not client.wire.closed


def test_who_takes_no_answers_to_new_keys_is_let_go(new_keys: NewKeys) -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    [client] = clients(world, by_line, 1, "10.0.0.1")
    assert talks(client, by_line)
    new_keys.are_answered = True
    client.wire.stop(0)
    pour(client, 200)
    assert client.wire.closed and UNTAKEN <= sum(new_keys) < 2 * UNTAKEN


def test_a_long_record_that_comes_in_pieces_is_heard_whole() -> None:
    world = WebWorld(limits=Limits(flood_rate=0))
    bob = world.person("bob")
    [client] = clients(world, by_line, 1, "10.0.0.1")
    assert talks(client, by_line)
    client.says(b"".join(b"%d %s\n" % (number, b"y" * 1000) for number in range(16)))
    bob.forgets()
    world.settle()
    assert [line.split()[1] for line in bob.reads()] == [str(number) for number in range(16)]
