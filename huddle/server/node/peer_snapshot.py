"""What a node is given by another to start from: the files of its record, put in their place.

Nothing of its own is touched until all has come. Then the record takes its place first, and the
state, which is older, last: who is killed in between starts with a record that is ahead, and asks
again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.task import deferLater
from typing_extensions import override

from huddle.record.files import beside
from huddle.record.plain_file import sync
from huddle.server.node.peer_channel import PeerChannel

AGAIN: Final = 3.0
"""Seconds after which those are asked again who would give it later."""
PATIENCE: Final = 180.0
"""Seconds for which peers are asked none of which answers: they may be on their way up."""
GREETING: Final = 10.0
"""Seconds within which who is asked has to prove that it is there: a process that stands still has
its connections taken by the system."""
SILENCE: Final = 20.0
"""Seconds for which a peer may say nothing: while it copies its record it says so more often, and
then each piece is a sign of life."""
MOST_WAITS: Final = 60
"""How often it may say so on end when the copy has not grown: what is copied goes to its disk at
the last, which takes five minutes at the most."""


class NotGiven(Exception):
    """No other node gives its state."""


class NotNow(NotGiven):
    """It gives its state to another node just now, or is not level itself."""


class Taking(PeerChannel):
    """Takes what a peer has, of position ``least`` or later, into files beside the record.

    ``taken`` fires when all is there; the connection is to be kept until this node is level.
    """

    def __init__(self, keys: Sequence[bytes], house: str, history: str, least: int) -> None:
        super().__init__(keys, house, True)
        self._least = least
        self._parts = [f"{path}-part" for path in places(history)]
        self._left: list[int] = []
        self._file: BinaryIO | None = None
        self._refused = False
        self._copied = self._waits = 0
        self.taken: Deferred[Taking] = Deferred()
        self.trouble: OSError | None = None
        """Why this machine's disk does not take it, where it does not."""

    @override
    def connectionMade(self) -> None:
        super().connectionMade()
        self.setTimeout(GREETING)

    @override
    def opened(self) -> None:
        self.setTimeout(SILENCE)
        self.send(json.dumps({"least": self._least}).encode())

    @override
    def frame(self, payload: bytes) -> None:
        if self._left:
            self._keep(payload)
            return
        head = json.loads(payload)
        self._refused = "refused" in head
        if self._refused or self.taken.called:
            self.abort()
        elif "copied" in head:
            self._wait(head["copied"])
        else:
            self._left = [head["record"], head["state"]]

    def _wait(self, copied: int) -> None:
        """The copy that is made for this one is so long by now."""
        self._waits = 0 if copied > self._copied else self._waits + 1
        self._copied = copied
        if self._waits > MOST_WAITS:
            self.abort()

    def _keep(self, payload: bytes) -> None:
        try:
            self._write(payload)
        except OSError as trouble:
            trouble.filename = trouble.filename or self._parts[-len(self._left)]
            self.trouble = trouble
            self.abort()

    def _write(self, payload: bytes) -> None:
        if self._file is None:
            self._file = _new(self._parts[-len(self._left)])
        self._file.write(payload)
        self._left[0] -= len(payload)
        if self._left[0] > 0:
            return
        _finish(self._file)
        self._file = None
        del self._left[0]
        if not self._left and not self.taken.called:
            self.setTimeout(None)
            self.taken.callback(self)

    @override
    def closed(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # what could not be written before
                self._file.close()
        if not self.taken.called:
            for part in self._parts:
                Path(part).unlink(missing_ok=True)
            self.taken.errback(self.trouble or (NotNow() if self._refused else NotGiven()))

    def put_in_place(self, history: str) -> None:
        """Have it be this node's record, which is closed. Raises `OSError`."""
        record, state = places(history)
        for old in (f"{record}-wal", f"{record}-shm"):
            Path(old).unlink(missing_ok=True)
        for part, place in zip(self._parts, (record, state), strict=True):
            os.replace(part, place)
        sync(os.path.dirname(record))


async def take_from(
    reactor: Any,
    peers: Mapping[str, tuple[str, int]],
    make: Callable[[], Taking],
    tell: Callable[[str], object],
) -> Taking:
    """Ask one after the other of ``peers``, which are at a host and a port, until one gives all;
    again and again where one will do so later, and for `PATIENCE` where none answers. ``tell`` is
    told whose it is.

    Raises `NotGiven` where none gives anything, and `OSError` where this machine's disk does not
    take it.
    """
    until = reactor.seconds() + PATIENCE
    while True:
        for name, (host, port) in sorted(peers.items()):
            endpoint = HostnameEndpoint(reactor, host, port, timeout=5)
            taking = make()
            try:
                await endpoint.connect(_quiet_factory(taking))
                taken = await taking.taken
            except Exception as why:  # it is away, or has another key, or has stopped meanwhile
                if why is taking.trouble:
                    raise
                if isinstance(why, NotNow):
                    until = reactor.seconds() + PATIENCE
            else:
                tell(name)
                return taken
        if not peers or reactor.seconds() >= until:
            raise NotGiven
        await deferLater(reactor, AGAIN)


def _quiet_factory(protocol: Taking) -> Factory[Taking]:
    """Gives a connection this protocol, and no line to the log."""
    factory = Factory.forProtocol(lambda: protocol)
    factory.noisy = False
    return factory


def places(history: str) -> tuple[str, str]:
    """The paths of a record and of the state beside it."""
    return beside(history, ""), beside(history, ".node")


def _new(path: str) -> BinaryIO:
    Path(path).unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _finish(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
