"""One request to the engine, and what it means when it ends."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred

from huddle.cluster.etcd.gateway import DEADLINE, Refused, Unanswered
from tests.cluster.etcd.wire import Asked, Wire


def trouble(asking: Deferred[Any]) -> Exception:
    """What it failed with."""
    found: list[Any] = []
    asking.addErrback(found.append)
    assert found, "it goes on"
    error: Exception = found[0].value
    return error


A, B, C = "http://a:1", "http://b:2", "http://c:3"


def test_an_answer_is_what_was_asked_for() -> None:
    wire = Wire()
    asking = wire.ask("/v3/kv/range", b'{"key":"eA=="}')
    asked = wire.asked()
    assert (asked.path, asked.body) == ("/v3/kv/range", {"key": "eA=="})
    assert asked.headers["grpc-metadata-hasleader"] == "true"
    asked.answers({"count": "1"})
    assert asking.result == {"header": {}, "count": "1"}


def test_a_connection_is_used_again() -> None:
    wire = Wire()
    for number in range(3):
        asking = wire.ask()
        wire.asked().answers({"count": number})
        assert asking.result == {"header": {}, "count": number}
    assert not wire.reactor.tcpClients and len(wire._connections) == 1


@pytest.mark.parametrize("code", [3, 5, 7, 8, 9, 11, 12, 16])
def test_what_the_engine_refuses_was_surely_not_done(code: int) -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    wire.asked().refuses(code)
    found = trouble(asking)
    assert isinstance(found, Refused) and found.code == code
    assert wire.gateway.endpoint == A


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (2, "context deadline exceeded"),
        (4, "context deadline exceeded"),
        (14, "etcdserver: leader changed"),
        (14, "etcdserver: request timed out"),
        (14, "etcdserver: request timed out, possibly due to previous leader failure"),
        (1, "context canceled"),
        (13, "etcdserver: stopped"),
    ],
)
def test_what_broke_off_may_have_been_done(code: int, text: str) -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    wire.asked().refuses(code, text)
    assert isinstance(trouble(asking), Unanswered)
    assert wire.gateway.endpoint == B


def test_an_endpoint_without_a_leader_has_done_nothing_and_the_next_one_is_asked() -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    wire.asked().refuses(14, "etcdserver: no leader")
    assert isinstance(trouble(asking), Refused)
    wire.ask().addErrback(lambda _: None)
    assert wire.asked().endpoint == B


def test_where_nobody_listens_nothing_was_done() -> None:
    wire = Wire(A, B, C)
    wire.down = {A, B}
    for _ in range(2):
        asking = wire.ask()
        wire.connect()
        assert isinstance(trouble(asking), Refused)
    wire.ask().addErrback(lambda _: None)
    assert wire.asked().endpoint == C


def test_an_answer_that_is_late_is_none() -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    asked = wire.asked()
    wire.reactor.advance(DEADLINE - 0.1)
    assert not asking.called
    wire.reactor.advance(0.2)
    late = trouble(asking)
    assert isinstance(late, Unanswered) and str(late) == "timed out"
    assert not asked.transport.connected
    assert wire.gateway.endpoint == B


def test_half_an_answer_is_none() -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    asked = wire.asked()
    asked.says(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"count"')
    wire.reactor.advance(DEADLINE + 0.1)
    assert isinstance(trouble(asking), Unanswered)
    assert not asked.transport.connected


def test_a_connection_that_ends_is_no_answer() -> None:
    wire = Wire(A, B)
    asking = wire.ask()
    wire.asked().hangs_up()
    assert isinstance(trouble(asking), Unanswered)
    assert wire.gateway.endpoint == B


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"5", b"null", b"oops", b'{"error":5}', b"\xff", b"[" * 100_000]
)
def test_what_is_no_answer_of_etcds_is_none(body: bytes) -> None:
    wire = Wire()
    asking = wire.ask()
    wire.asked().says(b"HTTP/1.1 500 X\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert isinstance(trouble(asking), Unanswered)


@pytest.mark.parametrize("body", [b"{}", b'{"status":"ok"}', b"[]", b'"header"', b"null", b"7"])
def test_nor_is_what_something_else_says_that_is_in_its_place(body: bytes) -> None:
    """A balancer that knows of no machine, say, or another server at its port."""
    wire = Wire()
    asking = wire.ask()
    wire.asked().says(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    assert isinstance(trouble(asking), Unanswered)


def is_told_who(wire: Wire, token: str) -> Asked:
    """The engine is told who this is, and knows them by this token; what it is asked then."""
    asked = wire.asked()
    assert asked.path == "/v3/auth/authenticate"
    assert asked.body == {"name": "ana", "password": "secret"}
    asked.answers({"token": token})
    asked = wire.asked()
    assert (asked.path, asked.headers["authorization"]) == ("/v3/x", token)
    return asked


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (16, "etcdserver: invalid auth token"),
        (3, "etcdserver: revision of auth store is old"),
    ],
)
def test_who_this_is_is_told_once_and_again_when_the_engine_has_forgotten(
    code: int, text: str
) -> None:
    """As when it was started again: nobody need ask once more, or hears of it."""
    wire = Wire(user="ana", password="secret")
    first = wire.ask()
    is_told_who(wire, "t1").answers({})
    second = wire.ask()
    asked = wire.asked()
    assert (asked.path, asked.headers["authorization"]) == ("/v3/x", "t1")
    asked.refuses(code, text)
    is_told_who(wire, "t2").answers({"count": "1"})
    assert first.result == {"header": {}} and second.result == {"header": {}, "count": "1"}
    third = wire.ask()
    asked = wire.asked()
    assert asked.headers["authorization"] == "t2"
    asked.refuses(code, text)
    is_told_who(wire, "t3").refuses(code, text)
    assert isinstance(trouble(third), Refused)  # another time would be no better
    wire.ask()
    assert wire.asked().path == "/v3/auth/authenticate"


def test_who_was_told_late_that_they_are_forgotten_asks_as_the_others_do_by_then() -> None:
    wire = Wire(user="ana", password="secret")
    wire.ask()
    is_told_who(wire, "t1").answers({})
    asking = [wire.ask(), wire.ask()]
    one, other = wire.all_asked()
    one.refuses(16, "etcdserver: invalid auth token")
    is_told_who(wire, "t2").answers({})
    other.refuses(16, "etcdserver: invalid auth token")
    asked = wire.asked()
    assert (asked.path, asked.headers["authorization"]) == ("/v3/x", "t2")
    asked.answers({})
    assert [each.result for each in asking] == [{"header": {}}] * 2


def test_a_password_that_is_wrong_by_now_is_told_of_and_asked_for_once() -> None:
    wire = Wire(user="ana", password="secret")
    wire.ask()
    is_told_who(wire, "t1").answers({})
    asking = wire.ask()
    wire.asked().refuses(16, "etcdserver: invalid auth token")
    asked = wire.asked()
    assert asked.path == "/v3/auth/authenticate"
    asked.refuses(3, "etcdserver: authentication failed, invalid user ID or password")
    found = trouble(asking)
    assert isinstance(found, Refused) and "authentication failed" in found.text
    assert not wire.all_asked()


def test_an_engine_that_asks_nobody_who_they_are_is_used_without() -> None:
    wire = Wire(user="ana", password="secret")
    asking = wire.ask()
    wire.asked().refuses(9, "etcdserver: authentication is not enabled")
    wire.asked().answers({"count": "1"})
    assert asking.result == {"header": {}, "count": "1"}


def test_a_password_file_that_is_gone_is_told_of() -> None:
    wire = Wire(user="ana")

    def gone() -> str:
        raise FileNotFoundError(2, "No such file", "/etc/password")

    wire.gateway._password = gone
    assert isinstance(trouble(wire.ask()), Refused)
    assert not wire.reactor.tcpClients


def test_who_closes_it_waits_for_nothing() -> None:
    wire = Wire()
    asking = wire.ask()
    asked = wire.asked()
    wire.gateway.close()
    assert isinstance(trouble(asking), Unanswered) and not asked.transport.connected
