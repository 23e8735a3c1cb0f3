"""The channel between two nodes: frames that only those make and read who have the cluster key.

Each side begins with 16 random bytes. Of these, of the key and of the house a key is made for this
connection alone, under which each frame is sealed together with its sender and its number. So the
first frame of each side proves to the other who it is, and what is recorded of one connection,
left out, sent twice or sent back does not open.
"""

from __future__ import annotations

import hmac
import os
import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import Int32StringReceiver
from twisted.protocols.policies import TimeoutMixin
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.batches import VERSION
from huddle.cluster.sealing import OVERHEAD, NoSuchKey, NotGenuine, Sealing

MOST_PAYLOAD: Final = 256 * 1024
"""Bytes of a snapshot that one frame holds at the most, before it is sealed."""
_NONCE: Final = 16
_HEAD: Final = 9


class PeerChannel(Int32StringReceiver, TimeoutMixin):
    """One end of it. ``asks``: this node made the connection.

    Subclasses have `opened`, `frame` and `closed`. What is not genuine ends the connection.
    """

    MAX_LENGTH = MOST_PAYLOAD + _HEAD + OVERHEAD

    def __init__(self, keys: Sequence[bytes], house: str, asks: bool) -> None:
        self._keys = keys
        self._house = house
        self._asks = asks
        self._own = os.urandom(_NONCE)
        self._sealing: Sealing | None = None
        self._sent = self._received = 0

    def opened(self) -> None:
        """Called when frames may be sent, from then on."""

    def frame(self, payload: bytes) -> None:
        """Called with each frame from the other side, which has shown that it has the key."""

    def closed(self) -> None:
        """Called once, when the connection has ended."""

    def send(self, payload: bytes) -> None:
        """Send a frame of at most `MOST_PAYLOAD` bytes."""
        assert self.transport is not None
        self.transport.write(self.framed(payload))

    def framed(self, payload: bytes) -> bytes:
        """A frame as it is sent, which has to be the next that is."""
        assert self._sealing is not None
        sealed = self._sealing.seal(_head(self._asks, self._sent) + payload)
        self._sent += 1
        return struct.pack(self.structFormat, len(sealed)) + sealed

    @override
    def connectionMade(self) -> None:
        self.sendString(self._own)

    @override
    def stringReceived(self, string: bytes) -> None:
        self.resetTimeout()
        if self._sealing is None:
            self._agree(string)
            return
        try:
            opened = self._sealing.open(string)
        except (NotGenuine, NoSuchKey):
            opened = b""
        if opened[:_HEAD] != _head(not self._asks, self._received):
            self.abort()
            return
        self._received += 1
        self.frame(opened[_HEAD:])

    def _agree(self, other: bytes) -> None:
        """Both have shown their random bytes: the key of this connection."""
        if len(other) != _NONCE:
            self.abort()
            return
        nonces = self._own + other if self._asks else other + self._own
        made_from = b"huddle peer" + self._house.encode() + nonces
        keys = [hmac.digest(key, made_from, sha256) for key in self._keys]
        self._sealing = Sealing(keys, self._house, VERSION, os.urandom)
        self.opened()

    def abort(self) -> None:
        """End the connection now, whatever is on its way."""
        if self.transport is not None:
            self.transport.abortConnection()  # type: ignore[attr-defined]

    @override
    def lengthLimitExceeded(self, length: int) -> None:
        self.abort()

    @override
    def timeoutConnection(self) -> None:
        self.abort()

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.setTimeout(None)
        self.closed()


def _head(asks: bool, number: int) -> bytes:
    return bytes([asks]) + number.to_bytes(_HEAD - 1)
