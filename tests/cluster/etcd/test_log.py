"""The log on a real etcd: what is particular to it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from twisted.internet.defer import Deferred

from huddle.cluster.etcd.errors import EngineUnusable
from huddle.cluster.etcd.gateway import FULL, Refused
from huddle.cluster.etcd.log import EtcdLog, Identity, is_unsure, news_of
from huddle.cluster.etcd.messages import coded
from huddle.cluster.log import Cause, Gap
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import OnEtcd
from tests.cluster.etcd.wire import Wire
from tests.cluster.reader import Reader
from tests.cluster.real_etcd import etcdctl


def asked(house: OnEtcd, *arguments: str) -> str:
    """What Debian's own client says of the engine."""
    return etcdctl(house.address.endpoints, *arguments)


def key(house: OnEtcd, name: str) -> str:
    return f"huddle/{house.address.house}/{name}"


@in_reactor
async def test_the_first_node_founds_the_house_and_the_others_find_it(house: OnEtcd) -> None:
    fresh = [uuid4().hex for _ in range(3)]
    identities = [await house.unopened().open(id) for id in fresh]
    assert len(set(identities)) == 1 and identities[0].house == fresh[0]
    assert asked(house, "get", "--print-value-only", key(house, "id")).strip() == fresh[0]


@in_reactor
async def test_nodes_that_start_at_once_found_one_house(house: OnEtcd) -> None:
    from twisted.internet.defer import Deferred, gatherResults

    opening = [Deferred.fromCoroutine(house.unopened().open(uuid4().hex)) for _ in range(4)]
    assert len(set(await gatherResults(opening))) == 1


@in_reactor
async def test_a_house_that_begins_with_a_record_has_its_first_entry_with_its_id(
    house: OnEtcd,
) -> None:
    """It may be asked again, as by a node that was killed and knows not what became of it."""
    assert await house.unopened().standing() is None
    found = [await house.unopened().found("a" * 32, b"first") for _ in range(2)]
    [identity, position] = found[0]
    assert found[1] == found[0] and await house.unopened().standing() == identity
    assert await house.unopened().found("b" * 32, b"other") == (identity, position)
    log = house.unopened()
    assert await log.open("c" * 32, identity) == identity
    reader = Reader(log)
    [last] = await house.append(log, b"second")
    await house.until(lambda: len(reader.entries) == 2)
    assert reader.delivered == [(position, b"first"), (last, b"second")]
    late = Reader(log, position)
    await house.until(lambda: bool(late.entries))
    assert late.delivered == [(last, b"second")]


@in_reactor
async def test_a_node_knows_its_log_again_and_refuses_another(house: OnEtcd) -> None:
    known = await house.unopened().open("a" * 32)
    assert await house.unopened().open("b" * 32, known) == known
    for other, code in [
        (Identity(known.engine, "c" * 32), "other-house"),
        (Identity("1", known.house), "other-engine"),
    ]:
        with pytest.raises(EngineUnusable) as found:
            await house.unopened().open("b" * 32, other)
        assert found.value.code == code


@in_reactor
async def test_an_engine_without_the_house_that_a_node_knows_gets_no_new_one(
    house: OnEtcd,
) -> None:
    known = await house.unopened().open("a" * 32)
    asked(house, "del", key(house, "id"))
    with pytest.raises(EngineUnusable) as found:
        await house.unopened().open("b" * 32, known)
    assert found.value.code == "no-house"
    assert asked(house, "get", key(house, "id")) == ""


@in_reactor
async def test_what_the_port_calls_a_position_is_the_keys_revision(house: OnEtcd) -> None:
    log = await house.view()
    positions = await house.append(log, b"a", b"b")
    told = asked(house, "get", "--write-out=fields", key(house, "log"))
    assert f'"ModRevision" : {positions[1]}\n' in told
    assert '"Version" : 2\n' in told and '"Value" : "b"\n' in told


@in_reactor
async def test_a_log_that_somebody_deleted_has_a_gap(house: OnEtcd) -> None:
    log = await house.view()
    reader = Reader(log)
    [position] = await house.append(log, b"a")
    await house.until(lambda: bool(reader.delivered))
    asked(house, "del", key(house, "log"))
    await house.until(lambda: bool(reader.gaps))
    assert reader.gaps == [Gap(Cause.LOST, position)]


@in_reactor
async def test_who_has_all_goes_on_though_what_others_wrote_since_is_compacted(
    house: OnEtcd,
) -> None:
    """A house that rested beside another one, or while somebody compacted the engine by hand."""
    log = await house.view()
    positions = await house.append(log, b"a", b"b")
    other = key(house, "another")
    for value in ("x", "y"):
        asked(house, "put", other, value)
    found = asked(house, "get", "--write-out=fields", other)
    revision = int(found.partition('"ModRevision" : ')[2].partition("\n")[0])
    await log.truncate(revision)
    readers = [Reader(log, position) for position in positions]
    await house.append(log, b"c")
    await house.until(lambda: bool(readers[0].gaps and readers[1].delivered))
    assert readers[0].gaps == [Gap(Cause.TRUNCATED, positions[0])]
    assert readers[1].entries == [b"c"] and not readers[1].gaps


@in_reactor
async def test_nothing_is_appended_to_another_house_of_the_name(house: OnEtcd) -> None:
    from huddle.cluster.log import NotAppended

    log = await house.view()
    await house.append(log, b"a")
    asked(house, "put", key(house, "id"), "another")
    with pytest.raises(NotAppended):
        await log.append(b"b")
    reader = Reader(log)
    await house.until(lambda: bool(reader.gaps))
    assert reader.gaps == [Gap(Cause.FOREIGN, 0)]
    assert asked(house, "get", "--print-value-only", key(house, "log")) == "a\n"


@in_reactor
async def test_each_node_says_where_it_is_found_and_the_log_goes_on(house: OnEtcd) -> None:
    log, other = await house.view(), await house.view()
    reader = Reader(log)
    await house.append(log, b"a")
    assert await other.places() == {}
    for node, place in (("b", b"old"), ("a", b"\0\xff"), ("b", b"new"), ("a.b-c_d", b"x")):
        await log.say_place(node, place)
    assert await other.places() == {"a": b"\0\xff", "b": b"new", "a.b-c_d": b"x"}
    await house.append(log, b"b")
    await house.until(lambda: len(reader.delivered) == 2)
    assert not reader.gaps


@in_reactor
async def test_an_endpoint_that_is_not_there_costs_nothing_but_a_try(house: OnEtcd) -> None:
    log = await house.view()
    log._gateway.endpoints = ("http://127.0.0.1:9", *log._gateway.endpoints)
    log._gateway.endpoint = "http://127.0.0.1:9"
    reader = Reader(log)
    await house.append(log, b"a")
    await house.until(lambda: bool(reader.delivered))
    assert reader.entries == [b"a"] and "silent" not in dict(house.news)


def test_versions_whose_watches_can_leave_something_out() -> None:
    assert [version for version in VERSIONS if is_unsure(version)] == VERSIONS[:4]


VERSIONS = ["3.4.23", "3.4.30", "3.5.0", "3.5.12", "3.4.31", "3.4.40", "3.5.13", "3.6.0", "4.0.0"]


def test_those_who_run_a_node_are_told_of_such_an_engine() -> None:
    wire, news = Wire("http://a:1", "http://b:2"), list[tuple[str, str]]()
    log = EtcdLog(wire.gateway, "school", lambda most: 0.0, lambda *told: news.append(told))
    Deferred.fromCoroutine(log.open("a" * 32))
    for version in (VERSIONS[0], "3.5.13"):
        wire.asked().answers({"version": version})
    assert news == [("old", VERSIONS[0])]


def test_what_is_given_up_at_the_end_says_nothing_of_the_engine() -> None:
    """Two machines of it were silent: that the third one was not waited for tells of nothing."""
    wire, news = Wire("http://a:1", "http://b:2", "http://c:3"), list[tuple[str, str]]()
    log = EtcdLog(wire.gateway, "school", lambda most: 0.0, lambda *told: news.append(told))
    opening = Deferred.fromCoroutine(log.open("a" * 32))
    engine = {"cluster_id": "7", "revision": "5"}
    for _ in range(3):
        wire.asked().answers({"version": "3.5.13"})
    wire.asked().answers({"header": engine, "kvs": [{"value": coded(b"a" * 32)}]})
    assert opening.result == Identity("7", "a" * 32)
    Reader(log)
    for _ in range(2):
        wire.reactor.advance(0)
        wire.asked().hangs_up()
    asked = wire.asked()
    log.close()
    assert not news and not asked.transport.connected
    assert not wire.reactor.getDelayedCalls()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("etcdserver: mvcc: database space exceeded", "full"),
        ("etcdserver: too many requests", "refuses"),
    ],
)
def test_only_a_full_engine_is_said_to_be_full(text: str, code: str) -> None:
    """It refuses both with one number; to compact it is no help against the second."""
    assert news_of(Refused(text, FULL)) == (code, text)
