"""What is written to by a shell is known as a record's, by whatever name it was opened."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huddle.cluster.etcd.log import Identity
from huddle.locale.own_files import COMPANIONS, leads_to_a_record
from huddle.people.operator_code import OperatorCode
from huddle.server.invitation.code_file import CodeFile
from huddle.server.key_file import kept_key
from huddle.server.node.state_file import StateFile
from tests.record.awaited_record import draft, sqlite_record

DATABASE = "huddle.db"
JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\0\0\0\1"


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A record that a server uses, with all that may lie beside it."""
    folder = tmp_path_factory.mktemp("used")
    record = str(folder / DATABASE)
    awaited = sqlite_record(folder)
    awaited.append(draft("hola"))
    key = kept_key(f"{record}.key")
    OperatorCode(CodeFile(record), key, lambda: 1_700_000_000_000).give(lambda words: words[0])
    shutil.copy(f"{record}.code", f"{record}.code-new")
    StateFile(record).write(Identity("4711", "ab" * 16))
    shutil.copy(f"{record}.node", f"{record}.node-new")
    Path(f"{record}-journal").write_bytes(JOURNAL)
    os.chmod(f"{record}-journal", 0o600)
    yield folder
    awaited.close()


def _linked(name: Path, elsewhere: Path) -> Path:
    (elsewhere / "link").symlink_to(name)
    (elsewhere / "second").symlink_to("link")
    return elsewhere / "second"


def _hard_linked_there(name: Path, elsewhere: Path) -> Path:
    other = name.with_name(f"another-{name.name}-{elsewhere.name}")
    os.link(name, other)
    return other


def _hard_linked_elsewhere(name: Path, elsewhere: Path) -> Path:
    os.link(name, elsewhere / "notes")
    return elsewhere / "notes"


SPELLINGS: dict[str, Callable[[Path, Path], Path]] = {
    "plain": lambda name, _: name,
    "up": lambda name, _: name.parent / ".." / name.parent.name / name.name,
    "link to link": _linked,
    "hard link": _hard_linked_there,
    "hard link elsewhere": _hard_linked_elsewhere,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("ending", ["", *COMPANIONS])
def test_a_record_is_known_by_any_name(
    used: Path, tmp_path: Path, ending: str, spelling: str
) -> None:
    name = used / f"{DATABASE}{ending}"
    with open(SPELLINGS[spelling](name, tmp_path), "ab") as output:
        known = leads_to_a_record(output.fileno())
    for other in used.glob("another-*"):
        other.unlink()
    assert known


def test_what_is_no_record_is_free(tmp_path: Path) -> None:
    texts = {"notes": b"buy milk\n", "key": b"x" * 32, "empty": b"", "number": b"17\n"}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
        if name != "number":
            os.link(tmp_path / name, tmp_path / f"{name}-wal")
        with open(tmp_path / name, "ab") as output:
            assert not leads_to_a_record(output.fileno())
    with open(os.devnull, "ab") as output:
        assert not leads_to_a_record(output.fileno())
    assert not leads_to_a_record(output_that_is_closed())


def output_that_is_closed() -> int:
    number = os.open(os.devnull, os.O_WRONLY)
    os.close(number)
    return number
