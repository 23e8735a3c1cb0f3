"""The peer door: a node gives others what they start from, where the log begins too late for them.

What it gives is what it would start from itself: a copy of its record, which goes on being written
meanwhile, and the state that lies beside it, which is older. As long as that is on its way, and
until who asked is level, the log is not let go of behind that state.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread
from twisted.logger import Logger
from twisted.protocols.basic import FileSender
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.protocol.errors import NotRecorded
from huddle.record.files import beside
from huddle.record.sqlite.backup import back_up
from huddle.server.clustered.log_hold import LogHold
from huddle.server.node.peer_channel import MOST_PAYLOAD, PeerChannel

MOST_CONNECTIONS: Final = 16
GREETING: Final = 10.0
"""Seconds within which who connects has to prove itself, and to ask."""
PATIENCE: Final = 900.0
"""Seconds for which the log is held back for one who asked."""
TELLING: Final = 5.0
"""Seconds from one word to who asked that the copy is being made to the next."""


@dataclass(eq=False, repr=False)
class PeerDoor(Factory):
    """Serves one other node at a time. ``history`` is the path of this node's record, and
    ``log_hold`` holds the log back."""

    noisy = False

    keys: Sequence[bytes]
    house: str
    history: str
    log_hold: LogHold
    giving: Giving | None = field(default=None, init=False)
    connections: set[Giving] = field(default_factory=set, init=False)

    @override
    def buildProtocol(self, addr: Any) -> PeerChannel | None:
        if len(self.connections) >= MOST_CONNECTIONS:
            return None
        giving = Giving(self)
        self.connections.add(giving)
        return giving

    def close(self) -> None:
        """End the connections of all who came by it."""
        for each in tuple(self.connections):
            each.abort()


class Giving(PeerChannel):
    """One other node, and what it is given."""

    _log = Logger()
    MAX_LENGTH = 1024

    def __init__(self, door: PeerDoor) -> None:
        super().__init__(door.keys, door.house, False)
        self._door = door
        self._files = ExitStack()
        self._course: Deferred[None] | None = None
        self._copied = 0
        """Pages of the record that are copied by now, as its thread says."""

    @override
    def connectionMade(self) -> None:
        super().connectionMade()
        self.setTimeout(GREETING)

    @override
    def frame(self, payload: bytes) -> None:
        if self._course is not None:
            self.abort()
            return
        self.setTimeout(PATIENCE)
        if self._door.giving is not None:
            self._say({"refused": "busy"})
            return
        least = json.loads(payload)["least"]
        self._door.giving = self
        self._course = Deferred.fromCoroutine(self._give(least))
        self._course.addErrback(self._cannot)

    async def _give(self, least: int) -> None:
        telling = LoopingCall(lambda: self._say({"copied": self._copied}))
        telling.start(TELLING, now=False)
        try:
            files = await self._copy(least)
        finally:
            telling.stop()
        record_size, state_size = (os.fstat(each.fileno()).st_size for each in files)
        self._say({"record": record_size, "state": state_size})
        for file in files:
            sender = FileSender()
            sender.CHUNK_SIZE = MOST_PAYLOAD
            sending = sender.beginFileTransfer(file, self.transport, self._piece)
            try:
                await sending
            except Exception:  # the connection is gone, and has not let go of this sender yet
                return
        # The other side ends the connection when it is level.

    async def _copy(self, least: int) -> list[BinaryIO]:
        """A copy of the record, and the state that is older."""
        held = await self._door.log_hold.hold_log(least)
        self._files.callback(self._door.log_hold.let_log_go, held)
        history = self._door.history
        state = self._opened(beside(history, ".node"))
        copy = beside(history, ".peer")
        self._files.callback(Path(copy).unlink, missing_ok=True)
        await deferToThread(back_up, history, copy, os.urandom(8).hex(), self._note_copied)
        return [self._opened(copy), state]

    def _note_copied(self, pages: int, of: int) -> None:
        self._copied = pages

    def _opened(self, path: str) -> BinaryIO:
        return self._files.enter_context(open(path, "rb"))

    def _piece(self, piece: bytes) -> bytes:
        self.resetTimeout()
        return self.framed(piece)

    def _say(self, message: dict[str, object]) -> None:
        self.send(json.dumps(message).encode())

    def _cannot(self, failure: Failure) -> None:
        if failure.check(NotRecorded):
            self._say({"refused": "not-level"})
            return
        self._log.failure("A node that asked for this one's state is not given it", failure)
        self.abort()

    @override
    def closed(self) -> None:
        self._door.connections.discard(self)
        if self._course is not None:
            self._course.addBoth(lambda _: self._over())

    def _over(self) -> None:
        """What was being copied is there, and not needed any more: another may have its turn."""
        self._files.close()
        self._door.giving = None  # it was this one: nobody else is given anything meanwhile
