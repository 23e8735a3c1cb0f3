"""What every log owes, asked of each."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred

from huddle.cluster.log import (
    Cause,
    EntryTooLarge,
    Gap,
    NotAppended,
    OutcomeUnknown,
)
from tests.client.in_reactor import in_reactor
from tests.cluster.engines import Engine
from tests.cluster.reader import Reader

NUMBERS = [b"%d" % number for number in range(200)]


@in_reactor
async def test_what_is_appended_comes_back_where_it_stands(engine: Engine) -> None:
    log = await engine.view()
    reader = Reader(log)
    positions = await engine.append(log, b"a", b"b", b"c")
    assert positions == sorted(set(positions)) and positions[0] > 0
    await engine.until(lambda: len(reader.once) == 3)
    assert reader.once == [b"a", b"b", b"c"]
    assert set(zip(positions, reader.once, strict=True)) <= set(reader.delivered)


@in_reactor
async def test_an_entry_is_any_bytes(engine: Engine) -> None:
    log = await engine.view()
    entries = [bytes(range(256)), b"\n", b"\0", b'{"result":{}}\n', "ñ".encode(), b"\xff\xfe"]
    await engine.append(log, *entries)
    reader = Reader(log)
    await engine.until(lambda: len(reader.once) == len(entries))
    assert reader.once == entries


@in_reactor
async def test_all_nodes_see_one_order(engine: Engine) -> None:
    logs = [await engine.view() for _ in range(3)]
    readers = [Reader(log) for log in logs]
    waiting = [logs[turn % 3].append(entry) for turn, entry in enumerate(NUMBERS)]
    await engine.until(lambda: all(len(reader.once) == 200 for reader in readers))
    await engine.until(lambda: all(each.called for each in waiting))
    least = min(len(reader.delivered) for reader in readers)
    first, second, third = (reader.delivered[:least] for reader in readers)
    assert sorted(readers[0].once) == sorted(NUMBERS)
    assert first == second == third


@in_reactor
async def test_who_comes_later_reads_it_all(engine: Engine) -> None:
    here, there = await engine.view(), await engine.view()
    await engine.append(here, *NUMBERS[:50])
    reader = Reader(there)
    await engine.append(here, *NUMBERS[50:60])
    await engine.until(lambda: len(reader.once) >= 60)
    assert reader.once == NUMBERS[:60]


@in_reactor
async def test_who_comes_back_reads_what_followed(engine: Engine) -> None:
    log = await engine.view()
    positions = await engine.append(log, b"a", b"b", b"c")
    reader = Reader(log, positions[0])
    await engine.append(log, b"d")
    await engine.until(lambda: len(reader.once) >= 3)
    assert reader.once == [b"b", b"c", b"d"]


@in_reactor
async def test_nothing_is_called_before_follow_has_returned(engine: Engine) -> None:
    log = await engine.view()
    await engine.append(log, b"a")
    reader, beyond = Reader(log), Reader(log, 1 << 40)
    assert not reader.delivered and not beyond.gaps
    await engine.until(lambda: bool(reader.delivered and beyond.gaps))


@in_reactor
async def test_who_has_stopped_is_told_nothing_more(engine: Engine) -> None:
    log = await engine.view()
    stopped, other = Reader(log), Reader(log)
    await engine.append(log, b"a")
    await engine.until(lambda: bool(stopped.delivered and other.delivered))
    stopped.following.stop()
    stopped.following.stop()
    await engine.append(log, b"b")
    await engine.until(lambda: len(other.once) == 2)
    assert stopped.once == [b"a"]
    other.following.stop()


@in_reactor
async def test_who_pauses_goes_on_where_it_was(engine: Engine) -> None:
    log = await engine.view()
    reader = Reader(log)
    await engine.append(log, b"a")
    await engine.until(lambda: bool(reader.delivered))
    reader.following.pause()
    await engine.append(log, *NUMBERS[:20])
    reader.following.resume()
    await engine.until(lambda: len(reader.once) == 21)
    assert reader.once == [b"a", *NUMBERS[:20]]


@in_reactor
async def test_the_largest_entry_passes_and_a_larger_one_is_not_sent(engine: Engine) -> None:
    log = await engine.view()
    reader = Reader(log)
    largest = (bytes(range(256)) * (engine.most // 256 + 1))[: engine.most]
    for wrong in (b"", largest + b"x"):
        with pytest.raises(EntryTooLarge):
            await engine.append(log, wrong)
    await engine.append(log, largest, b"then")
    await engine.until(lambda: len(reader.once) == 2)
    assert reader.once == [largest, b"then"]


@in_reactor
async def test_what_was_truncated_is_a_gap_for_those_who_lack_it(engine: Engine) -> None:
    log = await engine.view()
    positions = await engine.append(log, *NUMBERS[:10])
    done = log.truncate(positions[5])
    await engine.until(lambda: done.called)
    level = Reader(log, positions[5])
    behind = [Reader(log), Reader(log, positions[4])]
    await engine.until(lambda: all(reader.gaps for reader in behind))
    await engine.until(lambda: len(level.among(NUMBERS[6:10])) == 4)
    assert level.among(NUMBERS[6:10]) == NUMBERS[6:10]
    assert [reader.gaps for reader in behind] == [
        [Gap(Cause.TRUNCATED, 0)],
        [Gap(Cause.TRUNCATED, positions[4])],
    ]
    assert not any(reader.delivered for reader in behind)


@in_reactor
async def test_to_truncate_again_or_less_is_no_error(engine: Engine) -> None:
    log = await engine.view()
    positions = await engine.append(log, *NUMBERS[:4])
    for place in (2, 2, 1):
        done = log.truncate(positions[place])
        await engine.until(lambda done=done: done.called)  # type: ignore[misc]
    reader = Reader(log, positions[2])
    await engine.until(lambda: NUMBERS[3] in reader.entries)


@in_reactor
async def test_a_level_follower_goes_on_while_the_log_is_truncated(engine: Engine) -> None:
    log = await engine.view()
    reader = Reader(log)
    for entry in NUMBERS[:10]:
        [position] = await engine.append(log, entry)
        await engine.until(lambda entry=entry: entry in reader.entries)  # type: ignore[misc]
        log.truncate(position)
    assert reader.once == NUMBERS[:10] and not reader.gaps


@in_reactor
async def test_a_position_beyond_the_end_is_that_of_a_log_that_was_rewound(engine: Engine) -> None:
    log = await engine.view()
    [position] = await engine.append(log, b"a")
    reader = Reader(log, position + 1000)
    await engine.until(lambda: bool(reader.gaps))
    assert reader.gaps == [Gap(Cause.REWOUND, position + 1000)]


@in_reactor
async def test_another_entry_there_than_the_follower_had_is_a_rewound_log(engine: Engine) -> None:
    log = await engine.view()
    reader = Reader(log)
    await engine.append(log, b"a")
    await engine.until(lambda: bool(reader.delivered))
    position = reader.position
    same = Reader(log, position, lambda entry: entry == b"a")
    other = Reader(log, position, lambda entry: entry == b"x")
    await engine.append(log, b"b")
    await engine.until(lambda: bool(other.gaps and same.among([b"b"])))
    assert other.gaps == [Gap(Cause.REWOUND, position)] and not other.delivered
    assert same.among([b"b"]) == [b"b"]


@in_reactor
async def test_a_cancelled_append_says_whether_it_may_have_landed(engine: Engine) -> None:
    log = await engine.view()
    waiting: Deferred[object] = log.append(b"a").addErrback(lambda failure: failure.type)
    waiting.cancel()
    await engine.until(lambda: waiting.called)
    outcome = waiting.result
    assert outcome in (NotAppended, OutcomeUnknown)
    reader = Reader(log)
    await engine.append(log, b"b")
    await engine.until(lambda: b"b" in reader.entries)  # behind which the other may still land
    if outcome is NotAppended:
        assert reader.once == [b"b"]
