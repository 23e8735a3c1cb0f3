"""A program that is refused on its way in leaves its session as it was: nobody stays in the house
without a connection."""

from __future__ import annotations

import pytest

from huddle.cluster.entries import Entry, Login
from huddle.cluster.state import Session
from huddle.protocol.errors import NotRecorded
from huddle.protocol.limits import Limits
from huddle.visits.known_sessions import hashed
from tests.two_nodes import TwoNodes
from tests.world import Peer, Program

HOLD = 30
PASSWORD = "secreto-uno"


def scene() -> tuple[TwoNodes, Peer, Session]:
    """On the node ``a`` an operator, an account and a guest's program, whose hold has ended: the
    operator, and its session in the state of the other node."""
    two = TwoNodes(limits=Limits(hold=HOLD))
    root = two.a.person("root")
    root.says(f"/operator {two.a.gives_code()}")
    two.a.person("ana").says(f"/register {PASSWORD}")
    guest = two.a.program("zoe", secret="bot")
    root.says("/join ops")
    assert guest.asks("join", room="ops", id=1)["type"] == "reply"
    guest.cut()
    two.a.passes(HOLD + 5)
    sessions = two.nodes["b"].node.state.sessions.values()
    return two, root, next(each for each in sessions if each.nick[0] == "zoe")


def comes(two: TwoNodes, code: str) -> None:
    """It comes in by the other node with the account's password, and is refused."""
    program = Program(two.b, "ana", "bot")
    two.b.attach(program)
    program.enters(password=PASSWORD, resume=True)
    assert [each["code"] for each in program.reads() if each["type"] == "error"] == [code]
    program.ends()
    two.settle()


def test_one_whose_account_is_banned_from_a_room_that_it_had() -> None:
    two, root, session = scene()
    root.says("/ban ana ops")
    comes(two, "banned")
    assert (session.here, session.away) == (False, True)


def test_one_whose_node_cannot_record_it_just_then(monkeypatch: pytest.MonkeyPatch) -> None:
    two, _, session = scene()
    link = two.nodes["b"]._link
    ask = link.ask

    async def asks(entry: Entry) -> object:
        if isinstance(entry, Login):
            raise NotRecorded
        return await ask(entry)

    monkeypatch.setattr(link, "ask", asks)
    comes(two, "not-recorded")
    assert (session.here, session.away) == (False, True)


def test_one_whose_record_does_not_know_yet_that_it_is_the_account_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two, _, session = scene()
    stale = two.records["b"].session_by_key(hashed("bot"))
    first = Program(two.a, "ana", "bot")
    two.a.attach(first)
    first.enters(password=PASSWORD, resume=True)
    first.cut()
    two.a.passes(HOLD + 5)
    assert session.account and not session.here
    monkeypatch.setattr(two.records["b"], "session_by_key", lambda key: stale)
    again = Program(two.b, "ana", "bot")
    two.b.attach(again)
    again.enters(resume=True)
    assert not [each for each in again.reads() if each["type"] == "error"]
    assert (session.here, session.away) == (True, False)
