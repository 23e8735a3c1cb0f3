"""One entry on its way into the log, over a wire in memory: what is known of it, and when."""

from __future__ import annotations

import pytest
from twisted.python.failure import Failure

from huddle.cluster.etcd.appending import Appending
from huddle.cluster.etcd.gateway import DEADLINE
from huddle.cluster.log import NotAppended, OutcomeUnknown
from tests.cluster.etcd.wire import Wire

A, B, C = "http://a:1", "http://b:2", "http://c:3"
TAKEN = {"header": {"revision": "7"}, "succeeded": True}
OTHER_HOUSE = {"header": {"revision": "7"}}


class Appended:
    """An entry that is appended over a wire; every pause has its whole length."""

    def __init__(self) -> None:
        self.wire = Wire(A, B, C)
        self.heard: list[Exception | None] = []
        self.appending = Appending(self.wire.gateway, b"{}", lambda most: most, self.heard.append)
        self.position = self.appending.position

    def is_late(self) -> str:
        """The endpoint has the request, and does not answer in time; which one that is."""
        endpoint = self.wire.asked().endpoint
        self.wire.reactor.advance(DEADLINE + 0.1)
        return endpoint

    def is_refused(self) -> None:
        self.wire.asked().refuses(8, "etcdserver: mvcc: database space exceeded")

    def cancelled(self) -> type[BaseException] | None:
        """What it fails with when it is given up now."""
        self.position.cancel()
        return self.failed()

    def failed(self) -> type[BaseException] | None:
        """What it has failed with."""
        failures: list[Failure] = []
        self.position.addErrback(failures.append)
        return failures[0].type


def test_it_fires_with_the_position() -> None:
    appended = Appended()
    asked = appended.wire.asked()
    assert asked.path == "/v3/kv/txn"
    asked.answers(TAKEN)
    assert appended.position.result == 7 and appended.heard == [None]


def test_it_goes_on_at_the_other_endpoints_until_it_is_known() -> None:
    appended = Appended()
    assert [appended.is_late() for _ in range(3)] == [A, B, C]
    assert not appended.position.called
    appended.wire.reactor.advance(0.6)
    appended.wire.asked().answers(TAKEN)
    assert appended.position.result == 7
    assert [trouble is None for trouble in appended.heard] == [False, False, False, True]


def test_it_breathes_once_every_endpoint_was_asked() -> None:
    appended = Appended()
    appended.wire.down = {A, B, C}
    for _ in range(3):
        appended.wire.connect()
    appended.wire.connect()
    assert len(appended.heard) == 3 and not appended.wire.reactor.tcpClients
    appended.wire.reactor.advance(0.6)
    assert len(appended.wire.reactor.tcpClients) == 1
    assert appended.cancelled() is OutcomeUnknown


def test_who_gives_up_what_is_on_its_way_cannot_know() -> None:
    appended = Appended()
    appended.wire.asked()
    assert appended.cancelled() is OutcomeUnknown


def test_what_was_refused_again_and_again_is_surely_not_there() -> None:
    appended = Appended()
    for _ in range(3):
        appended.is_refused()
    assert appended.cancelled() is NotAppended


def test_a_refusal_says_nothing_of_an_attempt_before_it() -> None:
    appended = Appended()
    appended.is_late()
    appended.is_refused()
    appended.is_refused()
    assert appended.cancelled() is OutcomeUnknown


@pytest.mark.parametrize(("before", "outcome"), [(0, NotAppended), (1, OutcomeUnknown)])
def test_the_log_of_another_house_ends_it(before: int, outcome: type[Exception]) -> None:
    appended = Appended()
    for _ in range(before):
        appended.is_late()
    appended.wire.asked().answers(OTHER_HOUSE)
    assert appended.failed() is outcome
