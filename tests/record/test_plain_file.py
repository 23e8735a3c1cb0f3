"""Small files beside the record: whatever stands there, nobody waits and nothing is half."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from huddle.record.plain_file import open_plain, write_whole


def test_a_pipe_in_a_files_place_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "state")
    with pytest.raises(OSError) as refused:
        open_plain(str(tmp_path / "state"))
    assert refused.value.errno == errno.EINVAL


def test_a_folder_and_a_device_without_an_end_are_refused_too(tmp_path: Path) -> None:
    for path, reason in ((str(tmp_path), errno.EISDIR), ("/dev/zero", errno.EINVAL)):
        with pytest.raises(OSError) as refused:
            open_plain(path)
        assert refused.value.errno == reason


def test_what_is_written_is_its_owners_alone_and_takes_the_place_of_a_link(tmp_path: Path) -> None:
    path, other = tmp_path / "state", tmp_path / "other"
    other.write_bytes(b"of somebody else")
    path.symlink_to(other)
    write_whole(str(path), b"ours")
    assert path.read_bytes() == b"ours" and not path.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600
    assert other.read_bytes() == b"of somebody else"


def test_where_it_fails_what_was_there_stays_and_nothing_lies_about(tmp_path: Path) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    path = tmp_path / "state"
    path.write_bytes(b"before")
    with pytest.raises(OSError):
        write_whole(str(path), b"after", full)
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["state"]


def test_what_a_killed_process_left_half_written_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "state-new").write_bytes(b"hal")
    write_whole(str(tmp_path / "state"), b"whole")
    assert os.listdir(tmp_path) == ["state"]
