"""Listening: a door at an endpoint, as a service."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IListeningPort, IStreamServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from zope.interface import implementer

from huddle.doors.listening import Listening

FACTORY = Factory.forProtocol(Protocol)


@implementer(IListeningPort)
class Port:
    def __init__(self, address: IAddress) -> None:
        self.address = address
        self.stopped = False

    def startListening(self) -> None:  # noqa: N802
        """It does already."""

    def stopListening(self) -> None:  # noqa: N802
        self.stopped = True

    def getHost(self) -> IAddress:  # noqa: N802
        return self.address


@implementer(IStreamServerEndpoint)
class Endpoint:
    def __init__(self, opening: Deferred[Any]) -> None:
        self.opening = opening

    def listen(self, factory: object) -> Deferred[Any]:
        return self.opening


def door(opening: Deferred[Any]) -> Listening:
    return Listening(Endpoint(opening), "tcp:0", FACTORY)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (IPv4Address("TCP", "127.0.0.1", 4711), "127.0.0.1:4711"),
        (IPv6Address("TCP", "::1", 4711), "[::1]:4711"),
        (UNIXAddress("/run/huddle"), "tcp:0"),
    ],
)
def test_it_says_where_it_listens(address: IAddress, place: str) -> None:
    listening = door(succeed(Port(address)))
    listening.privilegedStartService()
    assert listening.place == place


def test_what_the_endpoint_fails_with_is_raised() -> None:
    busy = CannotListenError("127.0.0.1", 80, OSError())
    with pytest.raises(CannotListenError):
        door(fail(busy)).privilegedStartService()


def test_it_stops_to_listen() -> None:
    port = Port(UNIXAddress("/run/huddle"))
    listening = door(succeed(port))
    listening.privilegedStartService()
    listening.startService()
    listening.stopService()
    assert port.stopped and not listening.running


def test_it_may_be_stopped_before_it_listens() -> None:
    door(Deferred()).stopService()
    opening: Deferred[object] = Deferred()
    listening = door(opening)
    listening.privilegedStartService()
    assert listening.place == "tcp:0"
    listening.stopService()
    assert opening.called
