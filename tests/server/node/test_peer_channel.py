"""Two nodes with one key understand each other, and nobody else does, whatever was recorded."""

from __future__ import annotations

import hmac
import os
import struct
from hashlib import sha256

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection
from typing_extensions import override

from huddle.cluster.batches import VERSION
from huddle.cluster.sealing import Sealing
from huddle.server.node.peer_channel import PeerChannel

KEY, OTHER = b"k" * 32, b"o" * 32


class Transport(StringTransportWithDisconnection):
    @override
    def abortConnection(self) -> None:
        self.loseConnection()


class End(PeerChannel):
    """One end, and what it was sent."""

    def __init__(self, asks: bool, keys: tuple[bytes, ...] = (KEY,), house: str = "house") -> None:
        super().__init__(keys, house, asks)
        self.heard: list[bytes] = []
        self.is_open = self.is_over = False
        wire = Transport()
        wire.protocol = self
        self.wire = wire
        self.makeConnection(wire)

    @override
    def opened(self) -> None:
        self.is_open = True

    @override
    def frame(self, payload: bytes) -> None:
        self.heard.append(payload)

    @override
    def closed(self) -> None:
        self.is_over = True

    def takes(self) -> bytes:
        """What it has sent since."""
        sent: bytes = self.wire.value()
        self.wire.clear()
        return sent


def joined(asking: End, other: End) -> tuple[End, End]:
    """Both, once they have greeted each other."""
    first = asking.takes()
    asking.dataReceived(other.takes())
    other.dataReceived(first)
    assert asking.is_open and other.is_open
    return asking, other


def test_what_one_sends_the_other_has_in_order() -> None:
    a, b = joined(End(True), End(False))
    a.send(b"one")
    a.send(b"two")
    sent = a.takes()
    assert b"one" not in sent
    for byte in sent:
        b.dataReceived(bytes([byte]))
    b.send(b"three")
    a.dataReceived(b.takes())
    assert (a.heard, b.heard) == ([b"three"], [b"one", b"two"])


@pytest.mark.parametrize(
    "other", [End(False, (OTHER,)), End(False, house="other"), End(True)], ids="khd"
)
def test_another_key_another_house_and_ones_own_end_are_not_understood(other: End) -> None:
    a, b = joined(End(True), other)
    a.send(b"one")
    b.dataReceived(a.takes())
    assert b.is_over and not b.heard


def test_the_key_of_a_connection_is_made_as_nodes_of_other_versions_make_it() -> None:
    """Those that have the house in hand while they are replaced one after the other."""
    asks, gives = End(True), End(False)
    own, other = asks.wire.value()[4:], gives.wire.value()[4:]
    a, _ = joined(asks, gives)
    a.send(b"one")
    made = hmac.digest(KEY, b"huddle peer" + b"house" + own + other, sha256)
    sealing = Sealing([made], "house", VERSION, os.urandom)
    assert sealing.open(a.takes()[4:]) == b"\1" + bytes(8) + b"one"


def test_a_key_is_replaced_while_nodes_have_both() -> None:
    a, b = joined(End(True, (OTHER, KEY)), End(False, (KEY, OTHER)))
    a.send(b"one")
    b.dataReceived(a.takes())
    b.send(b"two")
    a.dataReceived(b.takes())
    assert (a.heard, b.heard) == ([b"two"], [b"one"])


def test_what_is_sent_twice_left_out_or_changed_ends_the_connection() -> None:
    def frames() -> tuple[End, list[bytes]]:
        a, b = joined(End(True), End(False))
        sent = []
        for payload in (b"one", b"two"):
            a.send(payload)
            sent.append(a.takes())
        return b, sent

    b, (one, two) = frames()
    b.dataReceived(one + one)
    assert b.is_over and b.heard == [b"one"]
    b, (one, two) = frames()
    b.dataReceived(two)
    assert b.is_over and not b.heard
    for place in range(4, len(one)):
        b, (one, two) = frames()
        b.dataReceived(one[:place] + bytes([one[place] ^ 1]) + one[place + 1 :])
        assert b.is_over and not b.heard


def test_what_is_sent_back_and_what_is_recorded_of_another_connection_does_not_open() -> None:
    a, _ = joined(End(True), End(False))
    a.send(b"one")
    sent = a.takes()
    a.dataReceived(sent)
    assert a.is_over and not a.heard
    _, later = joined(End(True), End(False))
    later.dataReceived(sent)
    assert later.is_over and not later.heard


@pytest.mark.parametrize("greeting", [b"", b"x" * 15, b"x" * 17])
def test_a_greeting_of_another_length_ends_it(greeting: bytes) -> None:
    b = End(False)
    b.dataReceived(struct.pack("!I", len(greeting)) + greeting)
    assert b.is_over and not b.is_open


def test_a_frame_that_is_too_long_is_not_waited_for() -> None:
    b = End(False)
    b.dataReceived(struct.pack("!I", b.MAX_LENGTH + 1))
    assert b.is_over


def test_who_says_that_more_comes_than_a_frame_has_is_not_waited_for() -> None:
    """Nor is it kept, as from a stranger who has no key."""
    end = End(False)
    end.dataReceived(struct.pack("!I", end.MAX_LENGTH + 1) + b"x")
    assert end.is_over


@pytest.mark.parametrize("is_silent", [False, True])
def test_each_frame_is_a_sign_of_life_and_one_that_is_over_is_timed_no_longer(
    monkeypatch: pytest.MonkeyPatch, is_silent: bool
) -> None:
    (a, b), clock = joined(End(True), End(False)), Clock()
    monkeypatch.setattr(b, "callLater", clock.callLater)
    b.setTimeout(10)
    for _ in range(3):
        clock.advance(9)
        a.send(b"hola")
        b.dataReceived(a.takes())
    assert not b.is_over
    if is_silent:
        clock.advance(11)
    else:
        b.wire.loseConnection()
    assert b.is_over and not clock.getDelayedCalls()
