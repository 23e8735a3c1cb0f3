"""The log of a cluster on a real etcd whose members are killed, stopped and cut off.

What is appended is ``life n``, one after the other, as a node does it. Whatever becomes of the
engine, all who follow see the same entries at the same positions; without the copies of what was
appended again they are all there, once, in order.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from twisted.internet.defer import Deferred, gatherResults

from huddle.cluster.log import Cause, Log
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import OnEtcd
from tests.cluster.reader import Reader
from tests.cluster.real_etcd import Etcd, Member
from tests.cluster.switched_network import switched_network
from tests.patience import lasts_in_reactor, until_in_reactor

ROUNDS = 5


class Life:
    """Appends its numbers one after the other until it is told to stop, and follows."""

    def __init__(self, name: str, log: Log) -> None:
        self.name = name
        self.log = log
        self.reader = Reader(log)
        self.appended = 0
        self._stopped = False
        self.course = Deferred.fromCoroutine(self._append())

    async def _append(self) -> None:
        while not self._stopped:
            await self.log.append(f"{self.name} {self.appended + 1}".encode())
            self.appended += 1

    async def stop(self) -> None:
        self._stopped = True
        await self.course

    def numbers(self, name: str) -> list[int]:
        """What came of a life, without the copies of what was appended again."""
        found = [int(entry.split()[1]) for entry in self.reader.entries if name == life_of(entry)]
        return list(dict.fromkeys(found))


def life_of(entry: bytes) -> str:
    return entry.split()[0].decode()


async def leader_of(house: OnEtcd, etcd: Etcd) -> Member:
    """The member that leads the engine, as soon as one does."""
    found: list[Member] = []

    async def look() -> None:
        for endpoint, member in zip(house.address.endpoints, etcd.members, strict=True):
            answer = await house.status(endpoint)
            if answer.get("leader") not in (None, "0") and (
                answer["leader"] == answer["header"]["member_id"]
            ):
                found.append(member)

    while not found:
        await look()
    return found[-1]


Trouble = Callable[[OnEtcd, Etcd], Awaitable[None]]


async def leader_is_killed(house: OnEtcd, etcd: Etcd) -> None:
    leader = await leader_of(house, etcd)
    leader.kill()
    await lasts_in_reactor(2)
    leader.start()
    await lasts_in_reactor(1)


async def leader_is_stopped(house: OnEtcd, etcd: Etcd) -> None:
    leader = await leader_of(house, etcd)
    etcd.freeze(leader)
    await lasts_in_reactor(4)
    etcd.thaw(leader)
    await lasts_in_reactor(1)


async def majority_is_killed(house: OnEtcd, etcd: Etcd) -> None:
    for member in etcd.members[:2]:
        member.kill()
    await lasts_in_reactor(3)
    for member in etcd.members[:2]:
        member.start()
    await lasts_in_reactor(2)


async def all_are_killed(house: OnEtcd, etcd: Etcd) -> None:
    etcd.end()
    await lasts_in_reactor(1)
    for member in etcd.members:
        member.start()
    await lasts_in_reactor(3)


@in_reactor
@pytest.mark.parametrize(
    "trouble", [leader_is_killed, leader_is_stopped, majority_is_killed, all_are_killed]
)
async def test_nothing_is_lost_and_all_see_one_order(etcd: Etcd, trouble: Trouble) -> None:
    async with OnEtcd(etcd, "storm") as house:
        lives = [Life(name, await house.view()) for name in ("a", "b", "c")]
        for _ in range(ROUNDS):
            before = [life.appended for life in lives]
            await trouble(house, etcd)
            await until_in_reactor(
                lambda before=before: all(  # type: ignore[misc]
                    life.appended > then + 10 for life, then in zip(lives, before, strict=True)
                )
            )
        await come_to_rest(lives)


async def come_to_rest(lives: list[Life]) -> None:
    """What every trouble must have left behind."""
    await gatherResults([Deferred.fromCoroutine(life.stop()) for life in lives])
    await lives[0].log.append(b"end 1")
    for life in lives:
        await until_in_reactor(lambda life=life: life.numbers("end") == [1])  # type: ignore[misc]
        assert not life.reader.gaps
    first = lives[0].reader.delivered
    assert len(first) > 100 and len({position for position, _ in first}) == len(first)
    for life in lives:
        assert life.reader.delivered[: len(first)] == first
        for name in (each.name for each in lives):
            numbers = life.numbers(name)
            assert numbers == list(range(1, len(numbers) + 1))
        assert life.numbers(life.name)[-1] == life.appended


@in_reactor
@pytest.mark.parametrize("who", ["leader", "follower"])
async def test_a_member_without_a_network_holds_nobody_up(tmp_path: Path, who: str) -> None:
    with switched_network(3) as network:
        etcd = Etcd(tmp_path / "engine", machines=network.machines)
        try:
            etcd.start()
            async with OnEtcd(etcd, "storm") as house:
                lives = [Life(name, await house.view()) for name in ("a", "b", "c")]
                for _ in range(ROUNDS):
                    leader = etcd.members.index(await leader_of(house, etcd))
                    machine = network.machines[leader if who == "leader" else leader - 1]
                    machine.pull()
                    before = [life.appended for life in lives]
                    await until_in_reactor(
                        lambda before=before: all(  # type: ignore[misc]
                            life.appended > then + 20
                            for life, then in zip(lives, before, strict=True)
                        )
                    )
                    await lasts_in_reactor(2)
                    machine.plug_in()
                    await lasts_in_reactor(1)
                await come_to_rest(lives)
        finally:
            etcd.end()


@in_reactor
async def test_a_slow_watch_meets_a_compaction_and_misses_nothing_unsaid(etcd: Etcd) -> None:
    """Old engines may leave something out then: either all comes, or a gap is told."""
    async with OnEtcd(etcd, "storm") as house:
        log, slow = await house.view(), await house.view()
        entry = bytes(100_000)
        reader = Reader(slow)
        await log.append(entry)
        await until_in_reactor(lambda: bool(reader.delivered))
        for _ in range(ROUNDS):
            reader.following.pause()
            positions = [await log.append(entry) for _ in range(200)]
            await log.truncate(positions[-1])
            reader.following.resume()
            await until_in_reactor(
                lambda last=positions[-1]: bool(reader.gaps) or reader.position == last  # type: ignore[misc]
            )
            if reader.gaps:
                break
        if reader.gaps:
            assert [gap.cause for gap in reader.gaps] in ([Cause.TRUNCATED], [Cause.LOST])
        else:
            assert len(reader.delivered) == 1 + 200 * ROUNDS


@in_reactor
async def test_an_engine_that_was_started_from_an_older_copy_is_found_out(etcd: Etcd) -> None:
    async with OnEtcd(etcd, "storm") as house:
        log = await house.view()
        reader = Reader(log)
        for number in range(20):
            await log.append(b"old %d" % number)
        await until_in_reactor(lambda: len(reader.delivered) == 20)
        etcd.keep_copy()
        for number in range(20):
            await log.append(b"lost %d" % number)
        await until_in_reactor(lambda: len(reader.delivered) == 40)
        last, entry = reader.delivered[-1]
        etcd.go_back()
        await until_in_reactor(lambda: bool(reader.gaps))
        assert [gap.cause for gap in reader.gaps] == [Cause.REWOUND]
        for number in range(40):
            await log.append(b"other %d" % number)
        for same in (lambda there: there == entry, None):
            again = Reader(log, last, same)
            await until_in_reactor(lambda again=again: bool(again.gaps or again.delivered))  # type: ignore[misc]
            assert [gap.cause for gap in again.gaps] == ([Cause.REWOUND] if same else [])
