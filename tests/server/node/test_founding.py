"""A house is founded once, whatever is killed meanwhile, and never over another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from huddle.cluster.apply import apply
from huddle.cluster.batches import BEGINS_ELSEWHERE, VERSION, BeginsElsewhere
from huddle.cluster.etcd.address import address_of
from huddle.cluster.etcd.log import Identity
from huddle.cluster.sealing import Sealing
from huddle.cluster.snapshot import dump
from huddle.cluster.state import first_state
from huddle.locale import translator
from huddle.record import RecordFailure, SessionRow, Step
from huddle.record.plain_file import write_whole
from huddle.record.sqlite.backup import back_up
from huddle.server.node.founding import Claimed, Founding, HouseStands, epoch_of
from huddle.server.node.founding_state import state_of
from huddle.server.node.joining import CannotJoin, Joining, word_key
from huddle.server.node.options import ClusterOptions
from huddle.server.node.state_file import StateFile
from tests.record.awaited_record import AwaitedRecord, numbered, sqlite_record

KEYS = [bytes(32)]
WORDS = "ab" * 32
MODULE = Founding.__module__


class Killed(BaseException):
    """The process is gone."""


class Engine:
    """What an engine has of the house."""

    def __init__(self, name: str = "engine", position: int = 7) -> None:
        self.name = name
        self.position = position
        self.house = ""
        self.first = b""

    async def standing(self) -> Identity | None:
        return Identity(self.name, self.house) if self.house else None

    async def found(self, fresh: str, first: bytes) -> tuple[Identity, int]:
        if not self.house:
            self.house, self.first = fresh, first
        return Identity(self.name, self.house), self.position


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[AwaitedRecord]:
    """The record of a server alone, with something in it."""
    awaited = sqlite_record(tmp_path)
    awaited.say("hola", "buenas")
    awaited.answer(awaited.record.save(SessionRow(1, "ana", b"k" * 32, rooms={"huddle": 1})))
    yield awaited
    awaited.close()


def founds(engine: Engine, awaited: AwaitedRecord, folder: Path) -> bool:
    """Found the house, as a node does that was started; tells whether there was anything to do."""
    history = str(folder / "huddle.db")
    found = StateFile(history).read()
    founding = Founding(history, None if found is None else found[0])

    async def found_it() -> bool:
        claimed = await founding.claim(engine, KEYS, awaited.record)  # type: ignore[arg-type]
        if claimed is not None:
            await founding.fill(claimed, awaited.record, WORDS)
        return claimed is not None

    return awaited.answer(Deferred.fromCoroutine(found_it()))


def test_the_house_begins_with_what_the_record_has(alone: AwaitedRecord, tmp_path: Path) -> None:
    engine = Engine()
    assert founds(engine, alone, tmp_path)
    found = StateFile(str(tmp_path / "huddle.db")).read()
    assert found is not None
    identity, state = found
    assert identity == Identity("engine", engine.house)
    assert epoch_of(engine.house) == alone.record.epoch, "programs go on where they were"
    assert (state.position, alone.record.position, state.words) == (7, 7, WORDS)
    assert state.rooms["huddle"].newest == 2 and state.sessions[1].here
    opened = Sealing(KEYS, engine.house, VERSION, bytes).open(engine.first)
    assert opened == BEGINS_ELSEWHERE
    assert not (tmp_path / "huddle.db.found").exists()
    assert not founds(engine, alone, tmp_path), "the option was left: the node just goes on"


def test_whoever_reads_the_log_from_there_has_not_what_stood_before() -> None:
    with pytest.raises(BeginsElsewhere):
        apply(first_state(), 7, BEGINS_ELSEWHERE)


def test_over_another_house_none_is_founded(alone: AwaitedRecord, tmp_path: Path) -> None:
    engine = Engine()
    engine.house = "another"
    with pytest.raises(HouseStands):
        founds(engine, alone, tmp_path)
    assert (engine.house, engine.first, alone.record.position) == ("another", b"", 0)
    assert not [*tmp_path.glob("*.found"), *tmp_path.glob("*.node")]


def test_of_two_that_found_at_once_the_first_has_it(alone: AwaitedRecord, tmp_path: Path) -> None:
    engine = Engine()
    other = tmp_path / "other"
    other.mkdir()
    second = sqlite_record(other)
    second.say("hello")
    assert founds(engine, second, other)
    with pytest.raises(HouseStands):
        founds(engine, alone, tmp_path)
    second.close()


STEPS: dict[str, tuple[Callable[..., Any], Callable[[Any], Any]]] = {
    "its id is on the disk": (write_whole, lambda kill: patch(f"{MODULE}.write_whole", kill)),
    "the engine has it": (Engine.found, lambda kill: patch.object(Engine, "found", kill)),
    "the state is made": (state_of, lambda kill: patch(f"{MODULE}.state_of", kill)),
    "the state is on the disk": (
        StateFile.write,
        lambda kill: patch.object(StateFile, "write", kill),
    ),
    "all is done": (Founding.forget, lambda kill: patch.object(Founding, "forget", kill)),
}


@pytest.mark.parametrize("landed", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("step", STEPS)
def test_who_is_killed_in_between_ends_it_by_starting_in_the_same_way(
    step: str, landed: bool, alone: AwaitedRecord, tmp_path: Path
) -> None:
    engine = Engine()
    whole, patched = STEPS[step]

    def kill(*given: Any, **more: Any) -> Any:
        if not landed:
            raise Killed
        return _then_killed(whole(*given, **more))

    with patched(kill), pytest.raises(Killed):
        founds(engine, alone, tmp_path)
    house = engine.house
    founds(engine, alone, tmp_path)
    assert engine.house == house or not house
    found = StateFile(str(tmp_path / "huddle.db")).read()
    assert found is not None and found[0] == Identity("engine", engine.house)
    assert found[1].position == alone.record.position == 7
    assert found[1].rooms["huddle"].newest == 2 and found[1].words == WORDS
    assert not (tmp_path / "huddle.db.found").exists()


@pytest.mark.parametrize("landed", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("step", STEPS)
def test_who_was_killed_in_between_begins_in_another_engine_where_that_one_is_lost(
    step: str, landed: bool, alone: AwaitedRecord, tmp_path: Path
) -> None:
    """Its positions are lower than the one that the record has by then."""
    lost, whole, patched = Engine(), *STEPS[step]

    def kill(*given: Any, **more: Any) -> Any:
        if not landed:
            raise Killed
        return _then_killed(whole(*given, **more))

    with patched(kill), pytest.raises(Killed):
        founds(lost, alone, tmp_path)
    alone.close()
    again = sqlite_record(tmp_path)
    engine = Engine("new", 3)
    assert founds(engine, again, tmp_path)
    found = StateFile(str(tmp_path / "huddle.db")).read()
    assert found is not None and found[0] == Identity("new", engine.house)
    assert found[1].position == again.record.position == 3
    assert found[1].rooms["huddle"].newest == 2 and found[1].words == WORDS
    again.close()
    again = sqlite_record(tmp_path)
    assert joins(again, tmp_path)._state.position == 3
    again.close()


def test_where_another_house_is_named_one_begins_anew_and_under_another_epoch(
    alone: AwaitedRecord, tmp_path: Path
) -> None:
    """The option was left. The one before goes on, and others may say something there."""
    before, named = Engine(), Engine(position=9)
    assert founds(before, alone, tmp_path) and founds(named, alone, tmp_path)
    assert epoch_of(before.house) == alone.record.epoch != epoch_of(named.house)
    assert not founds(named, alone, tmp_path)
    assert joins(alone, tmp_path)._state.position == 9


def test_what_was_begun_with_one_record_is_not_ended_with_a_copy_of_it(
    alone: AwaitedRecord, tmp_path: Path
) -> None:
    """Programs would go on in it, and have seen what it has not."""
    with patch.object(Engine, "found", side_effect=Killed), pytest.raises(Killed):
        founds(Engine(), alone, tmp_path)
    history, copy = str(tmp_path / "huddle.db"), str(tmp_path / "copy.db")
    back_up(history, copy, "that of the copy")
    alone.say("what the copy has not")
    alone.close()
    os.replace(copy, history)
    again, engine = sqlite_record(tmp_path), Engine()
    assert founds(engine, again, tmp_path)
    assert epoch_of(engine.house) == again.record.epoch == "that of the copy"
    again.close()


def _then_killed(done: Any) -> Any:
    if not hasattr(done, "__await__"):
        raise Killed

    async def wait() -> None:
        await done
        raise Killed

    return wait()


# -- as a node that is started -----------------------------------------------------------------


def joins(awaited: AwaitedRecord, folder: Path, found: bool = False) -> Joining:
    address = address_of("etcd://127.0.0.1:1/house")
    options = ClusterOptions(address, "a", "key", KEYS, found=found)
    history, en = str(folder / "huddle.db"), translator("en")
    return Joining(options, awaited.record, history, Clock(), en, lambda _: None)


def test_what_was_begun_and_not_ended_is_told(alone: AwaitedRecord, tmp_path: Path) -> None:
    (tmp_path / "huddle.db.found").write_text("e" * 32)
    with pytest.raises(CannotJoin, match="founding"):
        joins(alone, tmp_path)
    joins(alone, tmp_path, found=True)
    founds(Engine(), alone, tmp_path)
    joins(alone, tmp_path)


def test_a_record_that_fails_meanwhile_is_told_and_it_is_begun_still(
    alone: AwaitedRecord, tmp_path: Path
) -> None:
    async def claimed(self: Founding, *_: Any) -> Claimed:
        write_whole(self._begun, b"house")
        return Identity("engine", "house"), 7

    node = joins(alone, tmp_path, found=True)
    with (
        patch.object(Founding, "claim", claimed),
        patch(f"{MODULE}.state_of", side_effect=RecordFailure),
        pytest.raises(CannotJoin, match="record"),
    ):
        alone.answer(Deferred.fromCoroutine(node._found({"operators": ()})))
    with pytest.raises(CannotJoin, match="founding"):
        joins(alone, tmp_path)


def test_of_what_was_ended_nothing_is_left(alone: AwaitedRecord, tmp_path: Path) -> None:
    """It was killed behind the last thing that counts, and started without the option."""
    engine = Engine()
    founds(engine, alone, tmp_path)
    (tmp_path / "huddle.db.found").write_text(engine.house)
    joins(alone, tmp_path)
    assert not (tmp_path / "huddle.db.found").exists()


def test_what_was_begun_with_a_record_that_is_gone_is_in_nobodys_way(tmp_path: Path) -> None:
    begun = tmp_path / "huddle.db.found"
    begun.write_text("e" * 32)
    awaited = sqlite_record(tmp_path)
    joins(awaited, tmp_path)
    assert not begun.exists()
    awaited.close()


def test_with_nothing_no_house_is_founded(tmp_path: Path) -> None:
    awaited = sqlite_record(tmp_path)
    with pytest.raises(CannotJoin, match="nothing"):
        joins(awaited, tmp_path, found=True)
    awaited.close()


def test_the_key_of_return_words_is_that_of_the_server_or_of_the_house(
    alone: AwaitedRecord, tmp_path: Path
) -> None:
    (tmp_path / "huddle.db.key").write_bytes(b"w" * 32)
    assert joins(alone, tmp_path, found=True)._words() == (b"w" * 32).hex()
    state = first_state()
    file = StateFile(str(tmp_path / "huddle.db"))
    file.write(Identity("engine", "house"), dump(state))
    assert joins(alone, tmp_path, found=True)._words() == word_key(KEYS, "house").hex()
    state.words = WORDS
    file.write(Identity("engine", "house"), dump(state))
    assert joins(alone, tmp_path, found=True)._words() == WORDS


def test_a_node_whose_engine_is_lost_begins_with_what_its_record_has(tmp_path: Path) -> None:
    """Its record is ahead of the state beside it; positions of the new engine are lower."""
    state = first_state()
    state.position, state.words = 60, WORDS
    StateFile(str(tmp_path / "huddle.db")).write(Identity("lost", "house"), dump(state))
    awaited = sqlite_record(tmp_path)
    awaited.answer(awaited.record.step(Step(70, [numbered(1, "hola")], [0])))
    engine = Engine("new", 3)
    assert founds(engine, awaited, tmp_path)
    found = StateFile(str(tmp_path / "huddle.db")).read()
    assert (
        found is not None and found[0] == Identity("new", engine.house) and engine.house != "house"
    )
    assert found[1].position == awaited.record.position == 3
    assert found[1].rooms["huddle"].newest == 1 and not found[1].lives
    assert epoch_of(engine.house) == engine.house != awaited.record.epoch, "it may lack something"
    awaited.close()
    awaited = sqlite_record(tmp_path)
    assert joins(awaited, tmp_path)._state.position == 3
    awaited.close()
