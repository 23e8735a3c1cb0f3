"""The file of the operators' code: whole, its owner's alone, beside the record itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from huddle.locale.own_files import belongs_to
from huddle.server.invitation.code_file import CodeFile
from tests.needs import needs_root
from tests.no_files import NO_FILES


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "huddle.db"
    path.write_bytes(b"")
    return path


def test_what_is_written_is_read_and_then_nothing_is(record: Path) -> None:
    kept = CodeFile(str(record))
    assert kept.read() is None
    kept.write(b"1 a")
    kept.write(b"2 b")
    assert kept.read() == b"2 b"
    kept.write(None)
    kept.write(None)
    assert kept.read() is None
    assert os.listdir(record.parent) == ["huddle.db"]


def test_it_is_for_its_owner_alone_whatever_stood_there_before(record: Path) -> None:
    path = Path(f"{record}.code")
    path.write_bytes(b"x")
    path.chmod(0o666)
    CodeFile(str(record)).write(b"1 a")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_written_through_a_link(record: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"precious")
    Path(f"{record}.code-new").symlink_to(target)
    CodeFile(str(record)).write(b"1 a")
    assert target.read_bytes() == b"precious"


def test_it_lies_beside_the_file_that_a_link_leads_to(record: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "link.db").symlink_to(record)
    CodeFile(str(folder / "link.db")).write(b"1 a")
    assert CodeFile(str(record)).read() == b"1 a"


def test_no_program_writes_an_output_over_it(record: Path) -> None:
    assert belongs_to(CodeFile(str(record)).path, str(record))


def test_a_code_that_cannot_be_kept_is_an_error_and_one_that_cannot_be_read_is_none(
    record: Path,
) -> None:
    os.mkdir(f"{record}.code")
    assert CodeFile(str(record)).read() is None
    with pytest.raises(OSError):
        CodeFile(str(record)).write(b"1 a")


@pytest.mark.parametrize("put", NO_FILES)
def test_what_is_no_file_is_no_code(record: Path, put: Callable[[Path], None]) -> None:
    put(Path(f"{record}.code"))
    assert CodeFile(str(record)).read() is None  # and does not wait for what comes through a pipe


def test_root_gives_it_to_the_owner_of_the_record(record: Path) -> None:
    needs_root("CAP_CHOWN")
    os.chown(record, 65534, 65534)
    kept = CodeFile(str(record))
    kept.write(b"1 a")
    assert os.stat(kept.path).st_uid == 65534
