"""The file from which a node starts again: whole, and never ahead of the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from huddle.cluster.etcd.log import Identity
from huddle.cluster.snapshot import digest, dump
from huddle.cluster.state import State, first_state
from huddle.server.node import state_file
from huddle.server.node.state_file import BadStateFile, StateFile

HERE = Identity("4711", "ab" * 16)


def some_state() -> State:
    state = first_state()
    state.position, state.time = 17, 1_790_000_000_000
    state.rooms["huddle"].newest = 4
    return state


def test_there_is_none_before_the_first_start(tmp_path: Path) -> None:
    assert StateFile(str(tmp_path / "huddle.db")).read() is None


def test_a_node_that_has_joined_starts_from_nothing_in_the_house_it_knows(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    file.write(HERE)
    found = file.read()
    assert found is not None
    assert found[0] == HERE
    assert digest(found[1]) == digest(first_state())


def test_what_was_written_last_is_found_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    file.write(HERE)
    file.write(HERE, dump(some_state()))
    found = file.read()
    assert found is not None
    assert digest(found[1]) == digest(some_state())
    assert Path(file.path).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["huddle.db.node"]


def test_the_record_is_on_the_disk_before_the_state_that_it_must_not_be_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(state_file, "sync", done.append)
    monkeypatch.setattr(state_file, "write_whole", lambda path, _: done.append(path))
    StateFile(str(tmp_path / "huddle.db")).write(HERE, dump(some_state()))
    assert done == [str(tmp_path / "huddle.db-wal"), str(tmp_path / "huddle.db.node")]


def test_what_is_not_whole_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    file.write(HERE, dump(some_state()))
    whole = Path(file.path).read_bytes()
    for end in [*range(1, len(whole), 97), len(whole) - 1]:
        Path(file.path).write_bytes(whole[:end])
        with pytest.raises(BadStateFile):
            file.read()


def test_a_byte_that_has_turned_is_noticed(tmp_path: Path) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    file.write(HERE, dump(some_state()))
    whole = Path(file.path).read_bytes()
    at = whole.index(b"\n") + 40
    Path(file.path).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(BadStateFile):
        file.read()


@pytest.mark.parametrize("head", [b"{}", b"5", b"[" * 100_000])
def test_another_file_in_its_place_is_refused(head: bytes, tmp_path: Path) -> None:
    file = StateFile(str(tmp_path / "huddle.db"))
    Path(file.path).write_bytes(head + b"\n")
    with pytest.raises(BadStateFile):
        file.read()
