"""One node gives another its record and state, over a real connection, or says that it does not."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred, fail, maybeDeferred, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Factory
from twisted.internet.task import Clock, LoopingCall
from twisted.logger import LogLevel, capturedLogs
from typing_extensions import override

from huddle.protocol.errors import NotRecorded
from huddle.record.sqlite import SqliteRecord
from huddle.server.clustered.log_hold import LogHold
from huddle.server.node import peer_door, peer_snapshot
from huddle.server.node.peer_channel import PeerChannel
from huddle.server.node.peer_door import TELLING, PeerDoor
from huddle.server.node.peer_snapshot import SILENCE, NotGiven, NotNow, Taking, take_from
from tests.client.in_reactor import in_reactor
from tests.patience import lasts_in_reactor, until_in_reactor
from tests.server.node.test_peer_channel import Transport

KEY = b"k" * 32
STATE = os.urandom(700_000)


class Giver:
    """A node that holds its log back, or does not give anything now."""

    def __init__(self) -> None:
        self.held: list[int] = []
        self.asked: list[int] = []
        self.refuses = 0

    def hold_log(self, least: int) -> Deferred[int]:
        self.asked.append(least)
        if self.refuses:
            self.refuses -= 1
            return fail(NotRecorded())
        self.held.append(least)
        return succeed(least)

    def let_log_go(self, held: int) -> None:
        self.held.remove(held)


@asynccontextmanager
async def giving(folder: Path, keys: Sequence[bytes] = (KEY,)) -> AsyncIterator[Any]:
    """A peer whose record lies in the folder: the giver, and where it is found."""
    from twisted.internet import reactor as running

    reactor: Any = running
    folder.mkdir()
    record = SqliteRecord.open(str(folder / "h.db"), "epoch", reactor.callFromThread, print)
    (folder / "h.db.node").write_bytes(STATE)
    giver = Giver()
    door = PeerDoor(keys, "house", str(folder / "h.db"), cast(LogHold, giver))
    port = reactor.listenTCP(0, door, interface="127.0.0.1")
    try:
        yield door, ("127.0.0.1", port.getHost().port)
    finally:
        door.close()
        await until_in_reactor(lambda: not door.connections and not giver.held)
        await maybeDeferred(port.stopListening)
        await record.close()


async def take(peers: dict[str, tuple[str, int]], history: Path, told: list[str]) -> Taking:
    from twisted.internet import reactor

    def make() -> Taking:
        return Taking([KEY], "house", str(history), 7)

    return await take_from(reactor, peers, make, told.append)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who do not answer are asked once, unless a test says otherwise."""
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 0.0)


@in_reactor
async def test_what_comes_takes_the_place_of_what_is_there(tmp_path: Path) -> None:
    async with giving(tmp_path / "a") as (door, place):
        mine, told = tmp_path / "m.db", list[str]()
        mine.write_bytes(b"old")
        (tmp_path / "m.db-wal").write_bytes(b"old")
        taking = await take({"a": place}, mine, told)
        assert mine.read_bytes() == b"old"
        assert door.log_hold.held == [7] and told == ["a"]
        taking.put_in_place(str(mine))
        assert (tmp_path / "m.db.node").read_bytes() == STATE
        assert mine.read_bytes()[:6] == b"SQLite"
        assert mine.stat().st_mode & 0o777 == 0o600
        taking.abort()
        await until_in_reactor(lambda: not door.log_hold.held)
        assert sorted(path.name for path in tmp_path.glob("m.db*")) == ["m.db", "m.db.node"]
        await until_in_reactor(lambda: not (tmp_path / "a" / "h.db.peer").exists())


def test_who_is_killed_while_it_is_put_in_place_has_a_record_that_is_ahead_of_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the state it could not be used; ahead of it the node asks again."""
    mine = tmp_path / "m.db"
    for end in ("", ".node"):
        (tmp_path / f"m.db{end}").write_bytes(b"old")
        (tmp_path / f"m.db{end}-part").write_bytes(b"new")
    replaced: list[str] = []
    replace = os.replace

    def first_alone(part: str, place: str) -> None:
        if replaced:
            raise KeyboardInterrupt
        replaced.append(place)
        replace(part, place)

    monkeypatch.setattr(os, "replace", first_alone)
    with pytest.raises(KeyboardInterrupt):
        Taking([KEY], "house", str(mine), 7).put_in_place(str(mine))
    assert (mine.read_bytes(), (tmp_path / "m.db.node").read_bytes()) == (b"new", b"old")


@in_reactor
async def test_the_next_is_asked_where_one_is_away_or_has_another_key(tmp_path: Path) -> None:
    async with giving(tmp_path / "a", [b"o" * 32]) as (wrong, place), giving(tmp_path / "c") as c:
        told: list[str] = []
        peers = {"a": place, "b": ("127.0.0.1", 1), "c": c[1]}
        taking = await take(peers, tmp_path / "m.db", told)
        assert told == ["c"] and not wrong.log_hold.asked
        taking.abort()
        with pytest.raises(NotGiven):
            await take({"a": place, "b": ("127.0.0.1", 1)}, tmp_path / "m.db", told)


@in_reactor
async def test_one_that_gives_to_another_or_is_not_level_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_snapshot, "AGAIN", 0.01)
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)
    async with giving(tmp_path / "a") as (door, place):
        door.log_hold.refuses = 2
        first = await take({"a": place}, tmp_path / "m.db", [])
        second = Deferred.fromCoroutine(take({"a": place}, tmp_path / "n.db", []))
        await lasts_in_reactor(0.05)
        assert not second.called and len(door.log_hold.asked) == 3
        first.abort()
        (await second).abort()


@in_reactor
async def test_a_connection_that_breaks_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    async with giving(tmp_path / "a") as (door, place):
        peer: list[Taking] = []

        class Breaking(Taking):
            @override
            def _write(self, payload: bytes) -> None:
                super()._write(payload)
                self.abort()

        def make() -> Taking:
            peer.append(Breaking([KEY], "house", str(tmp_path / "m.db"), 7))
            return peer[-1]

        from twisted.internet import reactor

        with pytest.raises(NotGiven):
            await take_from(reactor, {"a": place}, make, lambda name: None)
        assert not list(tmp_path.glob("m.db*"))
        await until_in_reactor(lambda: not door.log_hold.held)


@in_reactor
async def test_who_goes_while_the_record_is_sent_is_given_no_more_and_nothing_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def back_up(history: str, copy: str, *_: object) -> None:
        Path(copy).write_bytes(bytes(20_000_000))

    monkeypatch.setattr(peer_door, "back_up", back_up)

    class Leaving(Taking):
        @override
        def _write(self, payload: bytes) -> None:
            self.abort()

    async with giving(tmp_path / "a") as (door, place):
        from twisted.internet import reactor

        def make() -> Taking:
            return Leaving([KEY], "house", str(tmp_path / "m.db"), 7)

        with capturedLogs() as logged:
            with pytest.raises(NotGiven):
                await take_from(reactor, {"a": place}, make, lambda name: None)
            await until_in_reactor(lambda: door.giving is None)
        assert [event for event in logged if event["log_level"] >= LogLevel.error] == []


@in_reactor
async def test_those_who_are_on_their_way_up_are_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_snapshot, "AGAIN", 0.01)
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)
    peers, told = {"a": ("127.0.0.1", 1)}, list[str]()
    taking = Deferred.fromCoroutine(take(peers, tmp_path / "m.db", told))
    await lasts_in_reactor(0.05)
    assert not taking.called
    async with giving(tmp_path / "a") as (_, peers["a"]):
        (await taking).abort()
    assert told == ["a"]


@in_reactor
async def test_where_no_one_gives_anything_nobody_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)
    with pytest.raises(NotGiven):
        await take({}, tmp_path / "m.db", [])


@in_reactor
async def test_a_full_disk_is_told_by_its_own_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(BytesIO):
        @override
        def write(self, data: Any) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(peer_snapshot, "_new", lambda path: Full())
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)
    async with giving(tmp_path / "a") as (door, place):
        with pytest.raises(OSError, match="No space left") as raised:
            await take({"a": place, "b": place}, tmp_path / "m.db", [])
        assert raised.value.filename == str(tmp_path / "m.db-part")
        await until_in_reactor(lambda: not door.log_hold.held)


@in_reactor
async def test_the_next_is_given_nothing_while_a_copy_is_made_for_one_that_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both copies would be one file, which is removed when the first is done."""

    copying: list[Deferred[None]] = []

    def in_thread(back_up: Callable[..., None], *given: object) -> Deferred[None]:
        copying.append(Deferred())
        return copying[-1].addCallback(lambda _: back_up(*given))

    monkeypatch.setattr(peer_door, "deferToThread", in_thread)
    monkeypatch.setattr(peer_snapshot, "AGAIN", 0.01)
    async with giving(tmp_path / "a") as (door, place):
        with pytest.raises(NotGiven):
            first = Deferred.fromCoroutine(take({"a": place}, tmp_path / "m.db", []))
            await until_in_reactor(lambda: bool(copying))
            door.close()
            await first
        monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)
        second = Deferred.fromCoroutine(take({"a": place}, tmp_path / "n.db", []))
        await lasts_in_reactor(0.05)
        assert len(copying) == 1
        copying[0].callback(None)
        await until_in_reactor(lambda: len(copying) == 2)
        copying[1].callback(None)
        (await second).abort()


@in_reactor
async def test_one_that_stands_still_is_not_waited_for_where_another_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its system takes the connection, and nobody says anything on it."""
    monkeypatch.setattr(peer_snapshot, "GREETING", 0.01)
    monkeypatch.setattr(peer_snapshot, "AGAIN", 0.01)
    monkeypatch.setattr(peer_snapshot, "PATIENCE", 60.0)  # a busy machine may greet too late once
    with socket.create_server(("127.0.0.1", 0)) as still:
        async with giving(tmp_path / "b") as (_, place):
            told: list[str] = []
            peers = {"a": ("127.0.0.1", still.getsockname()[1]), "b": place}
            taking = Deferred.fromCoroutine(take(peers, tmp_path / "m.db", told))
            await until_in_reactor(lambda: taking.called)
            (await taking).abort()
            assert told == ["b"]


class Timed(Taking):
    """One whose patience ends when the test says so, and that counts how often it is told to wait
    for the copy."""

    def __init__(self, history: Path) -> None:
        super().__init__([KEY], "house", str(history), 7)
        self.clock = Clock()
        self.waited = 0

    @override
    def callLater(self, period: float, func: Callable[[], object]) -> IDelayedCall:
        return self.clock.callLater(period, func)

    @override
    def _wait(self, copied: int) -> None:
        self.waited += 1
        super()._wait(copied)


@pytest.mark.parametrize("said", [b'{"refused": "busy"}', b'{"refused": "not-level"}', None])
def test_who_will_give_it_later_is_known_from_who_gives_nothing(
    tmp_path: Path, said: bytes | None
) -> None:
    """And is asked again, for however long that lasts."""
    timed, other = Timed(tmp_path / "m.db"), PeerChannel([KEY], "house", False)
    ends = [(end, Transport()) for end in (timed, other)]
    for end, wire in ends:
        wire.protocol = end
        end.makeConnection(wire)
    greeting = ends[0][1].value()
    timed.dataReceived(ends[1][1].value())
    ends[1][1].clear()
    other.dataReceived(greeting)
    if said is None:
        timed.abort()
    else:
        other.send(said)
        timed.dataReceived(ends[1][1].value())
    found: list[object] = []
    timed.taken.addErrback(lambda why: found.append(why.type))
    assert found == [NotGiven if said is None else NotNow]


@in_reactor
async def test_one_that_falls_silent_behind_its_greeting_is_left_for_another_that_gives(
    tmp_path: Path,
) -> None:
    from twisted.internet import reactor as running

    reactor: Any = running
    asked: list[bytes] = []

    class Mute(PeerChannel):
        @override
        def frame(self, payload: bytes) -> None:
            asked.append(payload)

    mute, taken = Mute([KEY], "house", False), list[Timed]()
    port = reactor.listenTCP(0, Factory.forProtocol(lambda: mute), interface="127.0.0.1")
    async with giving(tmp_path / "b") as (_, place):

        def make() -> Timed:
            taken.append(Timed(tmp_path / "m.db"))
            return taken[-1]

        told: list[str] = []
        peers = {"a": ("127.0.0.1", port.getHost().port), "b": place}
        taking = Deferred.fromCoroutine(take_from(reactor, peers, make, told.append))
        await until_in_reactor(lambda: bool(asked))
        taken[0].clock.advance(SILENCE - 1)
        assert len(taken) == 1
        taken[0].clock.advance(1)
        (await taking).abort()
        assert told == ["b"]
    await maybeDeferred(port.stopListening)


@in_reactor
async def test_one_that_makes_a_copy_is_waited_for_as_long_as_it_says_so_and_the_copy_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from twisted.internet import reactor

    copying: list[Deferred[None]] = []
    clock = Clock()

    def telling(call: Callable[[], object]) -> LoopingCall:
        made = LoopingCall(call)
        made.clock = clock
        return made

    def copies(*given: object) -> Deferred[None]:
        copying.append(Deferred())
        return copying[-1]

    monkeypatch.setattr(peer_door, "LoopingCall", telling)
    monkeypatch.setattr(peer_door, "deferToThread", copies)
    monkeypatch.setattr(peer_snapshot, "MOST_WAITS", 3)
    timed = Timed(tmp_path / "m.db")

    def has_waited(count: int) -> bool:
        return timed.waited == count

    async with giving(tmp_path / "a") as (door, place):
        taking = Deferred.fromCoroutine(
            take_from(reactor, {"a": place}, lambda: timed, lambda name: None)
        )
        await until_in_reactor(lambda: bool(copying))
        for count, pages in enumerate((1, 2, 2, 2, 2, 3, 3, 3, 3), 1):
            assert not taking.called
            door.giving._note_copied(pages, 9)
            clock.advance(TELLING)
            await until_in_reactor(partial(has_waited, count))
            timed.clock.advance(SILENCE - 1)
        assert not timed.taken.called
        clock.advance(TELLING)
        with pytest.raises(NotGiven):
            await taking
        copying[0].errback(NotRecorded())
