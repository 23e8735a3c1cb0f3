"""Strangers by TLS who begin and do not end: they cost no more than those who only connect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from OpenSSL import SSL
from twisted.protocols.tls import TLSMemoryBIOProtocol

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
