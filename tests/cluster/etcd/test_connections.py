"""Answers over a connection in memory: in whatever pieces they come, and whatever else comes."""

from __future__ import annotations

from socket import SHUT_WR, create_connection, create_server
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.tcp import Connection as TcpConnection
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.etcd.connections import (
    IDLE,
    MOST_HEAD,
    RESTS,
    Answered,
    Connection,
    Connections,
    NoAnswer,
)
from tests.cluster.etcd.wire import Transport
from tests.in_memory_tcp import MemoryReactor
from tests.patience import PATIENCE

WHOLE = b"HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 5\r\n\r\nhello"
PIECES = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n"
)
UNTIL_THE_END = b"HTTP/1.0 200 OK\r\n\r\nhello"


class Asking:
    """Something that is asked, and what came of it."""

    def __init__(self, asking: Deferred[Answered]) -> None:
        self.deferred = asking
        self._found: list[Answered | Failure] = []
        asking.addBoth(self._found.append)

    @property
    def is_over(self) -> bool:
        return bool(self._found)

    @property
    def answer(self) -> Answered:
        assert isinstance(self._found[0], Answered)
        return self._found[0]

    @property
    def trouble(self) -> type[BaseException] | None:
        assert isinstance(self._found[0], Failure)
        return self._found[0].type


class Engine:
    """The other end of connections to one endpoint."""

    def __init__(self) -> None:
        self.reactor = MemoryReactorClock()
        self.connections = Connections(
            lambda url: TCP4ClientEndpoint(self.reactor, "a", 1), self.reactor.seconds
        )
        self.transports: list[Transport] = []

    def asked(self, reader: Protocol | None = None) -> Asking:
        """Something is asked; by a new connection, where none rests."""
        asking = Asking(self.connections.ask("http://a:1", b"question", reader))
        for _, _, factory, *_ in self.reactor.tcpClients:
            protocol: Any = factory.buildProtocol(None)
            transport = Transport()
            transport.protocol = protocol
            protocol.makeConnection(transport)
            self.transports.append(transport)
        self.reactor.tcpClients.clear()
        return asking

    def says(self, data: bytes, place: int = -1) -> None:
        transport = self.transports[place]
        if transport.connected:
            transport.protocol.dataReceived(data)

    def hangs_up(self, reason: Exception | None = None) -> None:
        self.transports[-1].connected = False
        self.transports[-1].protocol.connectionLost(Failure(reason or ConnectionDone()))


class Read(Protocol):
    """What was read as it came, and how it ended."""

    def __init__(self) -> None:
        self.data = b""
        self.ended: list[Failure] = []

    @override
    def dataReceived(self, data: bytes) -> None:
        self.data += data

    @override
    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended.append(reason)


@pytest.mark.parametrize("answer", [WHOLE, PIECES, b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE])
@pytest.mark.parametrize("size", [1, 2, 7, 30, 1000])
def test_an_answer_may_come_in_any_pieces_and_the_connection_is_used_again(
    answer: bytes, size: int
) -> None:
    engine = Engine()
    for _ in range(2):
        asking = engine.asked()
        for begin in range(0, len(answer), size):
            assert not asking.is_over
            engine.says(answer[begin : begin + size])
        assert (asking.answer.status, asking.answer.content) == (200, b"hello")
    assert len(engine.transports) == 1
    assert engine.transports[0].value() == b"questionquestion"


class RealSockets:
    """A connection over two sockets of this machine, and the engine's end of it."""

    def __init__(self) -> None:
        self._listening = create_server(("127.0.0.1", 0))
        self.there = create_connection(self._listening.getsockname(), PATIENCE)
        self.here, _ = self._listening.accept()
        self.here.setblocking(False)
        self.connection = Connection(lambda _: None)
        self.transport = TcpConnection(self.here, self.connection, MemoryReactor())
        self.transport.connected = 1
        self.connection.makeConnection(self.transport)

    def close(self) -> None:
        for each in (self.here, self.there, self._listening):
            each.close()


def test_what_is_asked_goes_out_before_the_reactor_turns() -> None:
    """Every line that is said here waits for that."""
    sockets = RealSockets()
    sockets.connection.ask(b"hello", None)
    assert sockets.there.recv(64) == b"hello"
    sockets.close()


def test_what_the_socket_does_not_take_goes_out_in_front_of_what_is_asked_next() -> None:
    sockets = RealSockets()
    long = bytes(range(256)) * (1 << 16)
    sockets.connection.ask(long, None)
    sockets.connection.dataReceived(WHOLE)  # an answer that has not read all of it
    sockets.connection.ask(b"next", None)
    taken = b""
    while len(taken) < len(long) + 4:
        taken += sockets.there.recv(1 << 20)
        sockets.transport.doWrite()
    assert taken == long + b"next"
    sockets.close()


def test_a_socket_that_is_broken_is_found_out_by_its_transport() -> None:
    sockets = RealSockets()
    sockets.here.shutdown(SHUT_WR)
    asking = Asking(sockets.connection.ask(b"hello", None))
    assert not asking.is_over
    assert sockets.transport.doWrite() is not None
    sockets.close()


def test_headers_are_told_by_their_names_in_small_letters() -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(WHOLE)
    assert asking.answer.headers == {b"date": b"today", b"content-length": b"5"}


def test_an_answer_without_a_length_goes_until_the_connection_ends() -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(UNTIL_THE_END)
    assert not asking.is_over
    engine.hangs_up()
    assert asking.answer.content == b"hello"


@pytest.mark.parametrize("answer", [WHOLE, PIECES])
def test_an_answer_that_breaks_off_anywhere_is_none(answer: bytes) -> None:
    for end in range(len(answer)):
        engine = Engine()
        asking = engine.asked()
        engine.says(answer[:end])
        engine.hangs_up(ConnectionLost())
        assert asking.trouble is NoAnswer, end


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"x" * 70_000,
        PIECES.replace(b"2\r\nhe", b"2_0\r\nhe"),
        PIECES.replace(b"2\r\nhe\r\n", b"2\r\nheXX"),
        PIECES.replace(b"2\r\nhe", b"-2\r\nhe"),
        PIECES.partition(b"2\r\n")[0] + b"1" * 70_000,
        WHOLE.replace(b" 5", b" 99999999") + b"x" * 17 * 1024 * 1024,
    ],
)
def test_what_is_no_answer_ends_the_connection(said: bytes) -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(said)
    assert asking.trouble is NoAnswer
    assert not engine.transports[0].connected


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE.replace(b"Date: today", b"Connection: close"),
        WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        WHOLE + b"and more",
    ],
)
def test_a_connection_that_is_at_its_end_is_not_used_again(answer: bytes) -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(answer)
    assert asking.answer.content == b"hello"
    assert not engine.transports[0].connected
    engine.asked()
    assert len(engine.transports) == 2


def test_a_connection_that_its_reader_has_ended_is_not_used_again() -> None:
    """What a watch is told last may come together with the end of its answer."""
    engine = Engine()

    class Sated(Protocol):
        @override
        def dataReceived(self, data: bytes) -> None:
            assert self.transport is not None
            self.transport.loseConnection()

    engine.asked(Sated())
    engine.says(PIECES)
    engine.asked()
    assert len(engine.transports) == 2


def test_what_comes_behind_an_answer_is_bounded() -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(PIECES.removesuffix(b"Trailer: x\r\n\r\n"))
    for _ in range(MOST_HEAD // 1024 + 1):
        assert not asking.is_over
        engine.says(b"x" * 1024)
    assert asking.trouble is NoAnswer


def test_a_connection_that_ended_while_it_rested_is_not_used_again() -> None:
    for ends in (Engine.hangs_up, lambda engine: engine.says(b"unasked\r\n\r\n")):
        engine = Engine()
        engine.asked()
        engine.says(WHOLE)
        ends(engine)
        asking = engine.asked()
        assert len(engine.transports) == 2
        engine.says(WHOLE)
        assert asking.answer.content == b"hello"


def test_what_has_rested_for_long_is_not_used_again_though_nobody_has_ended_it() -> None:
    """A NAT that has forgotten it says nothing, and what is asked there would wait in vain."""
    engine = Engine()
    both = [engine.asked(), engine.asked()]
    for place in (0, 1):
        engine.says(WHOLE, place)
    assert all(each.is_over for each in both)
    used, rested = engine.transports[1], engine.transports[0]
    for _ in range(3):
        engine.reactor.advance(RESTS - 1)
        engine.asked()  # one is used all the time, as by the beats of a node
        used.protocol.dataReceived(WHOLE)
    assert (len(engine.transports), used.connected, rested.connected) == (2, True, False)
    engine.asked()
    engine.asked()
    assert len(engine.transports) == 3


def test_who_gives_up_waits_no_longer_and_the_connection_is_over() -> None:
    engine = Engine()
    asking = engine.asked()
    engine.says(WHOLE[:30])
    asking.deferred.cancel()
    assert asking.trouble is not NoAnswer
    assert not engine.transports[0].connected


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_reader_is_given_an_answer_as_it_comes(size: int) -> None:
    engine, read = Engine(), Read()
    asking = engine.asked(read)
    for begin in range(0, len(PIECES), size):
        engine.says(PIECES[begin : begin + size])
    assert asking.answer.status == 200
    assert read.data == b"hello" and len(read.ended) == 1
    engine.asked()
    assert len(engine.transports) == 1


def test_a_reader_is_told_when_no_more_can_come() -> None:
    engine, read = Engine(), Read()
    asking = engine.asked(read)
    engine.says(PIECES[:-20])
    assert asking.is_over and not read.ended
    engine.hangs_up()
    assert len(read.ended) == 1


def test_a_reader_that_has_enough_ends_the_connection() -> None:
    engine, read = Engine(), Read()
    engine.asked(read)
    engine.says(PIECES[:-30])
    assert read.transport is not None
    read.transport.loseConnection()
    assert len(read.ended) == 1 and not engine.transports[0].connected


def test_no_more_than_a_few_rest_and_all_of_those_are_closed() -> None:
    engine = Engine()
    asked = [engine.asked() for _ in range(IDLE + 3)]
    for place in range(len(asked)):
        engine.says(WHOLE, place)
    assert sum(each.connected for each in engine.transports) == IDLE
    busy = engine.asked()
    closing = Deferred.fromCoroutine(engine.connections.close())
    assert closing.called
    [open] = [each for each in engine.transports if each.connected]
    open.protocol.dataReceived(WHOLE)
    assert busy.answer.content == b"hello" and not open.connected


def test_who_closes_them_leaves_alone_what_was_lost_while_it_rested() -> None:
    """As with an engine over TLS that was started again: a node that ended then left its record
    open, since it had failed before it came to that."""
    engine = Engine()
    asked = [engine.asked(), engine.asked()]
    for place in range(len(asked)):
        engine.says(WHOLE, place)
    engine.transports[0].loseConnection()
    closing = Deferred.fromCoroutine(engine.connections.close())
    assert closing.result is None and not engine.transports[1].connected


def test_what_was_lost_while_it_rested_for_long_is_no_trouble_to_who_asks_next() -> None:
    engine = Engine()
    engine.asked()
    engine.says(WHOLE)
    engine.transports[0].loseConnection()
    engine.reactor.advance(RESTS)
    asking = engine.asked()
    engine.says(WHOLE, 1)
    assert asking.answer.content == b"hello"
