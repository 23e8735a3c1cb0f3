"""The power is lost while a house is founded, at whatever moment: a second start ends it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from huddle.cluster.etcd.log import Identity
from huddle.record import SessionRow
from huddle.server.node.joining import CannotJoin
from huddle.server.node.state_file import StateFile
from tests.record.awaited_record import sqlite_record
from tests.server.node.test_founding import WORDS, Engine, founds, joins


class Disk:
    """What a disk has of a folder where the power is lost: under the names that were there when the
    folder was synced last, what each file had when that was. What is not synced is gone."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._engine = engine
        self._folder = folder
        self._names = {path.name: path.stat().st_ino for path in folder.iterdir()}
        self._contents = {path.stat().st_ino: path.read_bytes() for path in folder.iterdir()}
        self._sync = os.fsync
        self.images = [self._image()]
        """What it had, and what the engine, after each time that something was synced."""

    def sync(self, descriptor: int) -> None:
        self._sync(descriptor)
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            self._names = {path.name: path.stat().st_ino for path in self._folder.iterdir()}
        else:
            self._contents[found.st_ino] = Path(f"/proc/self/fd/{descriptor}").read_bytes()
        self.images.append(self._image())

    def _image(self) -> tuple[dict[str, bytes], Engine]:
        there = Engine()
        there.house, there.first = self._engine.house, self._engine.first
        return {name: self._contents.get(at, b"") for name, at in self._names.items()}, there


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """One on which a house was founded with the record of a server alone."""
    folder, engine = tmp_path / "first", Engine()
    folder.mkdir()
    alone = sqlite_record(folder)
    alone.say("hola", "buenas")
    alone.answer(alone.record.save(SessionRow(1, "ana", b"k" * 32, rooms={"huddle": 1})))
    disk = Disk(folder, engine)
    with patch("os.fsync", disk.sync):
        founds(engine, alone, folder)
    yield disk
    alone.close()


def test_where_the_power_is_lost_a_second_start_ends_what_was_begun(
    disk: Disk, tmp_path: Path
) -> None:
    """The house is the one that the engine has, and the record lacks nothing of it."""
    said = []
    for count, (image, engine) in enumerate(disk.images):
        folder, house = tmp_path / str(count), engine.house
        folder.mkdir()
        for name, content in image.items():
            (folder / name).write_bytes(content)
        again = sqlite_record(folder)
        try:
            joins(again, folder)
            said.append("")
        except CannotJoin as told:
            said.append(told.cause)
        founds(engine, again, folder)
        assert engine.house == house or not house
        found = StateFile(str(folder / "huddle.db")).read()
        assert found is not None and found[0] == Identity("engine", engine.house)
        assert found[1].position == again.record.position == 7
        assert found[1].rooms["huddle"].newest == 2 and found[1].words == WORDS
        assert joins(again, folder)._state.position == 7
        assert not (folder / "huddle.db.found").exists()
        again.close()
    assert list(dict.fromkeys(said)) == ["own-house", "founding", ""]
