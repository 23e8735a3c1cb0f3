"""What only one can have is had when the outcome has come: at once, or later, in another order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.people.sessions import Session
from huddle.protocol.errors import NickTaken
from huddle.rooms.claims import Claims
from huddle.rooms.room import Room
from tests.world import World

T = TypeVar("T")


class LateClaims(Claims):
    """As in a cluster: what is asked for waits in a log, until that `decides`."""

    waiting: ClassVar[list[Callable[[], object]]] = []

    async def _later(self, claim: Callable[..., Coroutine[Any, Any, T]], *what: object) -> T:
        decided: Deferred[None] = Deferred()
        self.waiting.append(lambda: decided.callback(None))
        await decided
        return await claim(*what)

    @override
    async def begin(self, *what: Any) -> Session:
        return await self._later(super().begin, *what)

    @override
    async def rename(self, *what: Any) -> None:
        await self._later(super().rename, *what)

    @override
    async def take_seat(self, *what: Any) -> Room:
        return await self._later(super().take_seat, *what)

    @override
    async def change_seat(self, *what: Any) -> Room:
        return await self._later(super().change_seat, *what)

    @override
    async def leave_seat(self, *what: Any) -> None:
        await self._later(super().leave_seat, *what)

    @override
    async def attach(self, *what: Any) -> Session:
        return await self._later(super().attach, *what)


class Cluster(World):
    """A world whose claims are decided elsewhere."""

    def decides(self, which: int = 0) -> None:
        """One claim that waits is decided: the first, or another one."""
        LateClaims.waiting.pop(which)()
        self.settle()

    def decides_all(self) -> None:
        while LateClaims.waiting:
            self.decides()


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    monkeypatch.setattr("huddle.server.assembly.Claims", LateClaims)
    monkeypatch.setattr(LateClaims, "waiting", [])
    return Cluster()


def asked(claim: Awaitable[T]) -> Deferred[T]:
    async def outcome() -> T:
        return await claim

    return Deferred.fromCoroutine(outcome())


def test_alone_a_server_decides_at_once() -> None:
    claims = World().huddle.claims
    got: list[object] = []
    asked(claims.begin("ana", [], None, None)).addCallback(got.append)
    asked(claims.begin("ANA", [], None, None)).addErrback(got.append)
    session, failure = got
    assert isinstance(session, Session)
    assert session.nick == "ana"
    assert isinstance(failure, Failure)
    assert failure.check(NickTaken)
    asked(claims.abandon(session))
    asked(claims.begin("ANA", [], None, None)).addCallback(got.append)
    assert len(got) == 3


def test_nobody_is_here_before_it_is_decided(cluster: Cluster) -> None:
    ana = cluster.connect()
    ana.says("ana")
    assert len(ana.reads()) == 1  # the greeting
    cluster.decides_all()
    assert ana.reads()[0].startswith("-- Hello ana.")


def test_of_two_who_want_a_nick_the_first_in_the_log_has_it(cluster: Cluster) -> None:
    ana, bob, eva = cluster.connect(), cluster.connect(), cluster.connect()
    for peer, nick in ((ana, "ana"), (bob, "bob"), (eva, "eva")):
        peer.says(nick)
        cluster.decides_all()
    for peer in (ana, bob, eva):
        peer.forgets()
    ana.says("/nick zoe", "hola")
    bob.says("/nick Zoe")
    eva.hears()
    cluster.decides(1)
    bob.hears("-- you are Zoe")
    cluster.decides()
    ana.hears("-- bob is now Zoe", "-- The nick zoe is taken. zoe2 is free.")
    eva.hears("-- bob is now Zoe", "<ana> hola")


def test_a_seat_is_told_of_when_it_is_taken(cluster: Cluster) -> None:
    ana, bob = cluster.connect(), cluster.connect()
    for peer, nick in ((ana, "ana"), (bob, "bob")):
        peer.says(nick)
        cluster.decides_all()
        peer.forgets()
    ana.forgets()
    bob.says("/join ops")
    ana.hears()
    bob.hears()
    cluster.decides_all()
    ana.hears("-- bob left")
    assert bob.reads()


def test_a_session_goes_on_where_it_is_decided_to(cluster: Cluster) -> None:
    ana = cluster.connect()
    ana.says("ana")
    cluster.decides_all()
    ana.forgets()
    again = cluster.connect()
    again.says(f"/back {ana.word}")
    assert not ana.closed
    cluster.decides_all()
    assert ana.closed
    assert not again.closed
