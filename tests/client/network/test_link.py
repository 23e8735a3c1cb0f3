"""A session and its connections, over a network in memory."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import (
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
    NoRouteError,
    TCPTimedOutError,
    TimeoutError,
)
from twisted.internet.protocol import Protocol
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.client.network.failover import LONGEST_PAUSE, Address
from huddle.client.network.link import CLOSING, Link
from huddle.client.network.trust import Distrusted, NoTls
from huddle.client.session import events
from huddle.client.session.events import Cause, Doubt, Event, Untrusted
from huddle.client.session.keepalive import PATIENCE, QUIET
from huddle.client.session.session import ClientSession
from huddle.client.session.state import State
from tests.client.dialogue import WELCOME, Diary, error, said


class Wire(StringTransport):
    """A connection to a server that the test plays."""

    def __init__(self, protocol: Protocol) -> None:
        super().__init__()
        self._protocol = protocol
        self.lost = False
        self.aborted = False
        self.no_delay = False
        protocol.makeConnection(self)

    def setTcpNoDelay(self, enabled: bool) -> None:  # noqa: N802 - ITCPTransport's name
        self.no_delay = enabled

    def hear(self, *messages: dict[str, Any]) -> None:
        """The server says this."""
        for message in messages:
            self._protocol.dataReceived(json.dumps(message).encode() + b"\n")

    def sent(self) -> list[str]:
        """The types of what has been sent since the last time."""
        lines = self.value().splitlines()
        self.clear()
        return [json.loads(line)["type"] for line in lines]

    def lose(self) -> None:
        """The connection is gone."""
        if not self.lost:
            self.lost = True
            self._protocol.connectionLost(Failure(ConnectionDone()))

    @override
    def abortConnection(self) -> None:
        self.aborted = True
        self.lose()


class Net:
    """A link, its reactor, and what it showed."""

    def __init__(self, *hosts: str, retry: bool = True, jitter: float = 0.0) -> None:
        self.reactor = MemoryReactorClock()
        self.shown: list[Event] = []
        self.session = ClientSession(
            State(),
            Diary(),
            "ana",
            clock=self.reactor.seconds,
            fresh_secret=lambda: "secret",
        )
        self.link = Link(
            self.session,
            [
                Address(TCP4ClientEndpoint(self.reactor, host, 55123), host if hosts else "")
                for host in hosts or ("server",)
            ],
            self.shown.append,
            clock=self.reactor,
            retry=retry,
            jitter=lambda: jitter,
        )
        self.link.start()

    def attempts(self) -> int:
        return len(self.reactor.tcpClients)

    def accept(self) -> Wire:
        """The server accepts the last attempt to connect."""
        factory = self.reactor.tcpClients[-1][2]
        return Wire(cast(Protocol, factory.buildProtocol(None)))

    def refuse(self, reason: Exception) -> None:
        """The last attempt to connect fails."""
        factory, connector = self.reactor.tcpClients[-1][2], self.reactor.connectors[-1]
        factory.clientConnectionFailed(connector, Failure(reason))

    def tried(self) -> str:
        """The host of the last attempt."""
        return str(self.reactor.tcpClients[-1][0])

    def pauses(self) -> list[float | None]:
        return [event.retry_in for event in self.shown if isinstance(event, events.Offline)]


def test_the_session_speaks_as_soon_as_there_is_a_connection() -> None:
    net = Net()
    wire = net.accept()
    assert wire.sent() == ["hello"]
    assert wire.no_delay
    wire.hear(WELCOME, said(11))
    assert [type(event) for event in net.shown] == [events.Welcomed, events.Said]


def test_what_the_user_says_is_sent_and_what_happens_is_shown() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    net.shown.clear()
    wire.clear()
    net.link.carry_out(net.session.say(["uno", "x" * 5000], "huddle"))
    assert wire.sent() == ["say"]
    assert [type(event) for event in net.shown] == [events.Refused]


def test_a_lost_connection_is_told_and_had_again() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    assert net.shown[-1] == events.Offline(Cause.CLOSED, 1.0)
    assert net.attempts() == 1
    net.reactor.advance(1)
    assert net.attempts() == 2
    assert net.accept().sent() == ["hello"]


def test_a_server_that_goes_without_a_word_may_have_waited_for_something_else() -> None:
    net = Net()
    net.accept().lose()
    assert net.shown == [events.Offline(Cause.MUTE, 1.0)]


def test_the_pauses_grow_until_the_server_lets_the_session_in() -> None:
    net = Net()
    for _ in range(7):
        net.refuse(ConnectionRefusedError())
        net.reactor.advance(LONGEST_PAUSE)
    net.accept().lose()  # a connection alone is no success
    assert net.pauses() == [1, 2, 4, 8, 16, 30, 30, 30]
    net.reactor.advance(LONGEST_PAUSE)
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    assert net.pauses()[-1] == 1


def test_those_who_lost_the_same_server_do_not_come_back_together() -> None:
    net = Net(jitter=1.0)
    net.refuse(ConnectionRefusedError())
    assert net.pauses() == [1.5]


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (ConnectionRefusedError(), Cause.REFUSED),
        (DNSLookupError(), Cause.UNKNOWN_HOST),
        (ValueError("invalid hostname"), Cause.UNKNOWN_HOST),
        (TimeoutError(), Cause.NO_ANSWER),
        (TCPTimedOutError(), Cause.NO_ANSWER),
        (NoRouteError(), Cause.UNREACHABLE),
        (NoTls(), Cause.NO_TLS),
        (ConnectionLost(), Cause.CLOSED),
        (ConnectError(), Cause.UNREACHABLE),
    ],
)
def test_why_there_is_no_connection_is_told(reason: Exception, cause: Cause) -> None:
    net = Net()
    net.refuse(reason)
    assert net.shown == [events.Offline(cause, 1.0)]


@pytest.mark.parametrize("event", [None, Untrusted("server:55123", "AB", Doubt.SELF_SIGNED)])
def test_a_server_that_is_not_trusted_is_not_tried_again(event: Untrusted | None) -> None:
    net = Net()
    net.refuse(Distrusted(event))
    told = [] if event is None else [event]
    net.reactor.advance(LONGEST_PAUSE)
    assert net.shown == [*told, events.Offline(Cause.UNTRUSTED, None)]
    assert net.attempts() == 1


def test_without_retrying_a_refused_connection_is_the_end() -> None:
    net = Net(retry=False)
    net.refuse(ConnectionRefusedError())
    net.reactor.advance(0)
    assert net.shown == [events.Offline(Cause.REFUSED, None)]
    net.reactor.advance(1000)
    assert net.attempts() == 1


def test_without_retrying_a_lost_connection_is_the_end() -> None:
    net = Net(retry=False)
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    net.reactor.advance(1000)
    assert net.shown[-1] == events.Offline(Cause.CLOSED, None)
    assert net.attempts() == 1


def test_a_link_that_hangs_is_cut_within_fifteen_seconds_and_had_again() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    wire.sent()
    net.reactor.advance(QUIET)
    assert wire.sent() == ["ping"]
    net.reactor.advance(PATIENCE)
    assert wire.aborted
    assert net.shown[-2:] == [events.Silent(), events.Offline(Cause.SILENT, 1.0)]
    net.reactor.advance(1)
    assert net.attempts() == 2


def test_the_next_loss_after_a_hanging_link_is_told_for_what_it_is() -> None:
    net = Net()
    net.accept().hear(WELCOME)
    net.reactor.pump([QUIET, PATIENCE, 1])
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    assert net.shown[-1] == events.Offline(Cause.CLOSED, 1.0)


def test_a_server_that_turns_the_session_away_is_tried_again_later() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(error("server-full"))
    assert wire.disconnecting
    wire.lose()
    assert net.pauses() == [1]


def test_while_the_screen_is_full_nothing_is_read_and_silence_means_nothing() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    net.link.pause()
    assert wire.producerState == "paused"
    net.reactor.pump([10] * 10)
    assert not wire.aborted
    net.link.resume()
    assert wire.producerState == "producing"
    net.reactor.pump([QUIET, PATIENCE])
    assert wire.aborted


def test_a_connection_that_is_made_while_the_screen_is_full_is_not_read() -> None:
    net = Net()
    net.link.pause()
    assert net.accept().producerState == "paused"


def test_resuming_what_was_not_paused_is_no_sign_of_life() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    net.reactor.advance(QUIET)
    net.link.resume()
    net.reactor.advance(PATIENCE)
    assert wire.aborted


def test_a_farewell_closes_the_connection_for_good() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME)
    net.link.carry_out(net.session.leave())
    assert wire.sent() == ["hello", "bye"]
    assert not wire.disconnecting
    wire.hear({"type": "bye"})
    assert wire.disconnecting
    wire.lose()
    net.reactor.advance(1000)
    assert net.attempts() == 1
    assert net.shown[-1] == events.Farewell(0)


def test_a_session_that_went_on_elsewhere_is_not_fetched_back() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(WELCOME, error("replaced"))
    wire.lose()
    net.reactor.advance(1000)
    assert net.attempts() == 1


def test_a_connection_that_does_not_close_in_order_is_cut() -> None:
    net = Net()
    wire = net.accept()
    stopped: list[object] = []
    net.link.stop().addCallback(stopped.append)
    net.reactor.advance(CLOSING)
    assert wire.aborted
    assert len(stopped) == 1


def test_a_connection_that_closes_in_order_leaves_nothing_behind() -> None:
    net = Net()
    wire = net.accept()
    stopped: list[object] = []
    net.link.stop().addCallback(stopped.append)
    wire.lose()
    assert len(stopped) == 1
    assert net.reactor.getDelayedCalls() == []
    assert not wire.aborted


def test_stopping_between_two_attempts_leaves_nothing_behind() -> None:
    net = Net()
    net.refuse(ConnectionRefusedError())
    net.link.stop()
    assert net.reactor.getDelayedCalls() == []
    net.reactor.advance(1000)
    assert net.attempts() == 1


# A house with several addresses


def test_the_first_address_is_tried_first_and_the_next_one_when_it_cannot_be_had() -> None:
    net = Net("a", "b", "c")
    assert net.tried() == "a"
    net.refuse(ConnectionRefusedError())
    net.reactor.advance(0)
    assert net.tried() == "b"
    assert net.shown == [events.Offline(Cause.REFUSED, 0.0, "a", "b")]
    net.accept().hear(WELCOME)
    assert net.session.online


def test_a_lost_node_is_left_for_the_next_and_the_session_goes_on_there() -> None:
    net = Net("a", "b")
    wire = net.accept()
    wire.hear(WELCOME, said(11))
    net.link.carry_out(net.session.say(["uno"], "huddle"))
    wire.lose()
    net.link.carry_out(net.session.say(["dos"], "huddle"))
    net.reactor.advance(0)
    assert net.tried() == "b"
    there = net.accept()
    hello = json.loads(there.value())
    there.clear()
    assert (hello["session"], hello["resume"]) == ("secret", True)
    assert hello["after"] == {"huddle": 11}
    there.hear(WELCOME | {"last_id": 1})
    says = [json.loads(line) for line in there.value().splitlines()]
    assert [(each["id"], each["text"]) for each in says] == [(1, "uno"), (2, "dos")]


def test_those_who_lost_a_node_come_to_the_next_over_a_second() -> None:
    net = Net("a", "b", jitter=0.25)
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    assert net.pauses() == [0.25]


def test_when_each_address_was_tried_in_vain_the_pauses_grow() -> None:
    net = Net("a", "b", "c")
    tried = []
    for _ in range(9):
        tried.append(net.tried())
        net.refuse(ConnectionRefusedError())
        net.reactor.advance(LONGEST_PAUSE)
    assert "".join(tried) == "abcabcabc"
    assert net.pauses() == [0, 0, 1, 0, 0, 2, 0, 0, 4]


def test_a_node_that_hangs_is_left_for_the_next() -> None:
    net = Net("a", "b")
    wire = net.accept()
    wire.hear(WELCOME)
    net.reactor.pump([QUIET, PATIENCE, 0])
    assert wire.aborted
    assert net.tried() == "b"


def test_a_node_that_turns_the_session_away_is_left_for_the_next() -> None:
    net = Net("a", "b")
    wire = net.accept()
    wire.hear(error("server-full"))
    wire.lose()
    net.reactor.advance(0)
    assert net.tried() == "b"


def test_a_node_without_the_session_has_the_person_asked_for_what_is_in_doubt() -> None:
    net = Net("a", "b")
    wire = net.accept()
    wire.hear(WELCOME)
    net.link.carry_out(net.session.say(["uno"], "huddle"))
    wire.lose()
    net.reactor.advance(0)
    there = net.accept()
    there.hear(error("session-unknown"), WELCOME)
    [doubt] = [event for event in net.shown if isinstance(event, events.InDoubt)]
    assert [line.text for line in doubt.lines] == ["uno"]


def test_without_retrying_each_address_is_tried_once() -> None:
    net = Net("a", "b", retry=False)
    net.refuse(ConnectionRefusedError())
    net.reactor.advance(0)
    assert net.tried() == "b"
    net.refuse(ConnectionRefusedError())
    assert net.shown[-1] == events.Offline(Cause.REFUSED, None, "b")
    net.reactor.advance(1000)
    assert net.attempts() == 2


def test_without_retrying_the_first_loss_is_the_end_whichever_addresses_are_left() -> None:
    net = Net("a", "b", retry=False)
    wire = net.accept()
    wire.hear(WELCOME)
    wire.lose()
    net.reactor.advance(1000)
    assert net.attempts() == 1


def test_who_is_not_trusted_is_not_left_for_another() -> None:
    net = Net("a", "b")
    net.refuse(Distrusted(None))
    net.reactor.advance(1000)
    assert net.attempts() == 1


def test_a_node_that_has_lost_the_others_is_passed_over_until_it_may_be_asked_again() -> None:
    net = Net("a", "b")
    wire = net.accept()
    wire.hear(WELCOME, error("alone", retry_after=10.0))
    assert wire.disconnecting
    wire.lose()
    tried = []
    for _ in range(12):
        net.reactor.advance(1)
        tried.append(net.tried())
        net.refuse(ConnectionRefusedError())
    assert "".join(tried[:9]) == "b" * 9
    assert "a" in tried


def test_the_only_address_is_left_alone_for_as_long_as_it_asks() -> None:
    net = Net()
    wire = net.accept()
    wire.hear(error("alone", retry_after=10.0))
    wire.lose()
    assert net.pauses() == [10.0]
