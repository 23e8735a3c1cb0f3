"""Connections without a network: Twisted's own TCP transport over a kernel made of two buffers.

Nothing of Twisted is imitated but the reactor's loop: the transport is its own
`twisted.internet.tcp.Server`, so producers, half-close and aborts are the real ones, and
`huddle.doors.transports` sends to it directly, as it does in a real server. A `BufferedServer` is
no `Server` by its type, so it is written to as TLS is.
"""

from __future__ import annotations

import errno
import socket
import struct
from itertools import count
from typing import Any

from twisted.internet.base import DelayedCall
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IReactorFDSet, IReadDescriptor, IWriteDescriptor
from twisted.internet.task import Clock
from twisted.internet.tcp import Server
from twisted.python.failure import Failure
from typing_extensions import override
from zope.interface import implementer

ENDLESS = 10_000
"""Turns of the reactor after which a test is told that things never settle."""

TCP_ESTABLISHED, TCP_CLOSE = 1, 7
"""States of a connection, of those in linux/tcp_states.h."""

_DONE = Failure(ConnectionDone())
_LOST = Failure(ConnectionAborted())  # as of a peer that was found dead
_RESET = Failure(ConnectionLost())


class BufferedServer(Server):
    """A transport that takes everything it is given, as that of TLS does."""


class MemorySocket:
    """What the kernel has of one connection, as the server's side of it sees it.

    The peer takes everything at once until `stop` is called; then the kernel has room for some
    bytes more, and after that a send finds it full.
    """

    _numbers = count(1000)

    def __init__(self) -> None:
        self.incoming = bytearray()
        """What the peer has sent and the server has not read."""
        self.taken = bytearray()
        """What the peer has taken."""
        self.held = bytearray()
        """What the kernel holds, since the peer does not take it."""
        self.input_ended = False
        self.lingers = False
        """Whether the peer keeps its side open when the server has ended its own; `nc` does not."""
        self.broken = self.reset = False
        self.unnoticed = False
        """Whether the reactor is late, and has not found yet that something came."""
        self._told_of_reset = False
        self.output_ended = False
        self.closed = False
        self._room: int | None = None
        self._appetite = 0
        self._given = self._lost = 0
        self._number = next(self._numbers)

    # -- the peer's side -----------------------------------------------------------------------

    def stop(self, room: int) -> None:
        """The peer takes nothing from now on; the kernel takes ``room`` bytes more."""
        self._room, self._appetite = len(self.held) + room, 0

    def take(self, count: int) -> None:
        """A peer that has stopped takes so many bytes, at once or as soon as they come."""
        now = min(count, len(self.held))
        self.taken += self.held[:now]
        del self.held[:now]
        self._appetite += count - now

    def go_on(self) -> None:
        """The peer takes everything again."""
        self.taken += self.held
        self.held.clear()
        self._room = None

    def break_off(self, *, reset: bool = False) -> None:
        """The connection is lost, and with it all that is on its way.

        ``reset`` is by the peer's own kernel, which had something that its program never read. It
        is told once, to the first that reads or sends. What is asked of it until that is noticed
        (`getsockopt`) tells what the peer had, and no more.
        """
        self.broken, self.reset = True, reset
        self.incoming.clear()
        self._lost += len(self.held)
        self.held.clear()

    # -- what the reactor asks -----------------------------------------------------------------

    @property
    def readable(self) -> bool:
        return not self.unnoticed and self._something_came

    @property
    def _something_came(self) -> bool:
        return bool(self.incoming) or self._at_end or self.broken

    @property
    def _at_end(self) -> bool:
        """Whether the peer has ended its side, by itself or since it has seen the server's end."""
        return (
            self.input_ended
            or self.reset
            or (self.output_ended and not self.held and not self.lingers)
        )

    @property
    def writable(self) -> bool:
        return self.broken or self._free() > 0

    def _free(self) -> int:
        if self._room is None:
            return 1 << 40
        return self._appetite + self._room - len(self.held)

    # -- socket.socket -------------------------------------------------------------------------

    def fileno(self) -> int:
        return self._number

    def setblocking(self, flag: bool) -> None:
        assert not flag

    def recv(self, size: int) -> bytes:
        self._tell_of_reset()
        if self.broken and not self.reset:
            raise TimeoutError(errno.ETIMEDOUT, "its machine is gone")
        if not self.incoming and not self._at_end:
            raise BlockingIOError(errno.EAGAIN, "nothing has come")
        data = bytes(self.incoming[:size])
        del self.incoming[:size]
        return data

    def recvmsg(self, size: int, *more: int) -> tuple[bytes, list[Any], int, None]:
        """As of a UNIX socket, by which no files are handed over."""
        return self.recv(size), [], 0, None

    def _tell_of_reset(self) -> None:
        if self.reset and not self._told_of_reset:
            self._told_of_reset = True
            raise ConnectionResetError(errno.ECONNRESET, "reset")

    def send(self, data: bytes) -> int:
        if data:
            self._tell_of_reset()
        if self.closed or self.broken or self.output_ended:
            raise BrokenPipeError(errno.EPIPE, "nobody is there")
        size = min(self._free(), len(data))
        if data and not size:
            raise BlockingIOError(errno.EAGAIN, "full")
        eaten = size if self._room is None else min(size, self._appetite)
        self._appetite -= 0 if self._room is None else eaten
        self._given += size
        self.taken += data[:eaten]
        self.held += data[eaten:size]
        return size

    def shutdown(self, how: int) -> None:
        if self.broken:
            raise OSError(errno.ENOTCONN, "not connected")
        self.output_ended = True

    def close(self) -> None:
        self.closed = True
        self.output_ended = True

    def setsockopt(self, level: int, option: int, value: object) -> None:
        """Any option will do."""

    def getsockopt(self, level: int, option: int, size: int = 0) -> bytes:
        """A ``struct tcp_info`` (see `huddle.doors.tcp_info`): what is held, or was when the
        connection broke, waits to be sent.

        A kernel that takes nothing more has something to send. Of a UNIX socket: what is held, as
        far as `huddle.doors.keepalive` asks; of one that broke, nothing is.
        """
        if level == socket.SOL_SOCKET:
            return struct.pack("=8xI", len(self.held))
        waiting = len(self.held) + self._lost
        sent = self._given - waiting
        not_sent = waiting or int(not self.writable)
        info = bytearray(max(size, 216))
        info[0] = TCP_CLOSE if self.reset else TCP_ESTABLISHED
        struct.pack_into("=Q", info, 120, sent)
        struct.pack_into("=I", info, 144, not_sent)
        struct.pack_into("=QQ", info, 200, sent, 0)
        return bytes(info)


def _time_of(call: DelayedCall) -> float:
    """As its `getTime` has it, which takes twice as long; it is asked all the time. (Where a call
    is looked at in each turn it is written out, which takes half of that.)"""
    return call.time + call.delayed_time


@implementer(IReactorFDSet)
class MemoryReactor(Clock):
    """A `Clock` that also looks after `MemorySocket`s, one turn at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._readers: dict[Any, None] = {}
        self._writers: dict[Any, None] = {}

    @override
    def _sortCalls(self) -> None:
        self.calls.sort(key=_time_of)

    def turn(self) -> bool:
        """Do what a reactor does in one turn; tells whether there was anything to do."""
        now = self.rightNow
        due = [call for call in self.calls if call.time + call.delayed_time <= now]
        for call in due:
            if call.active():
                self.calls.remove(call)
                call.called = 1
                call.func(*call.args, **call.kw)
        readable = [reader for reader in self._readers if reader.socket.readable]
        for reader in readable:
            if reader in self._readers:
                self._done(reader, reader.doRead(), while_reading=True)
        writable = [writer for writer in self._writers if writer.socket.writable]
        for writer in writable:
            if writer in self._writers:
                self._done(writer, writer.doWrite(), while_reading=False)
        return bool(due or readable or writable)

    def settle(self) -> None:
        """Turn until nothing is due."""
        for _ in range(ENDLESS):
            if not self.turn():
                return
        raise AssertionError(f"it never settles; due: {self.calls}")

    def pass_by(self, seconds: float) -> None:
        """Let so much time pass, with everything done when it is due."""
        until = self.seconds() + seconds
        self.settle()
        while self.calls and self.calls[0].getTime() <= until:
            self.rightNow = max(self.calls[0].getTime(), self.rightNow)
            self.settle()
        self.rightNow = until

    def _done(self, selectable: Any, why: object, while_reading: bool) -> None:
        """As `PosixReactorBase._disconnectSelectable` does."""
        if why is None:
            return
        self.removeReader(selectable)
        if while_reading and isinstance(why, ConnectionDone):
            selectable.readConnectionLost(_DONE)
        else:
            self.removeWriter(selectable)
            lost = _RESET if selectable.getHandle().reset else _LOST
            selectable.connectionLost(_DONE if isinstance(why, ConnectionDone) else lost)

    # -- IReactorFDSet -------------------------------------------------------------------------

    def addReader(self, reader: IReadDescriptor) -> None:  # noqa: N802
        self._readers[reader] = None

    def addWriter(self, writer: IWriteDescriptor) -> None:  # noqa: N802
        self._writers[writer] = None

    def removeReader(self, reader: IReadDescriptor) -> None:  # noqa: N802
        self._readers.pop(reader, None)

    def removeWriter(self, writer: IWriteDescriptor) -> None:  # noqa: N802
        self._writers.pop(writer, None)

    def removeAll(self) -> list[Any]:  # noqa: N802
        everyone = [*self._readers, *self._writers]
        self._readers.clear()
        self._writers.clear()
        return everyone

    def getReaders(self) -> list[Any]:  # noqa: N802
        return list(self._readers)

    def getWriters(self) -> list[Any]:  # noqa: N802
        return list(self._writers)
