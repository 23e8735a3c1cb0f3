"""The key of the return words, in its file."""

from __future__ import annotations

import stat
from pathlib import Path

from huddle.server.key_file import KEY_BYTES, kept_key


def test_a_key_stays_the_same_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = kept_key(str(path))
    assert len(key) == KEY_BYTES
    assert kept_key(str(path)) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_key(str(tmp_path / "other")) != key


def test_a_key_that_was_not_written_to_its_end_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"x" * (KEY_BYTES - 1))
    assert kept_key(str(path)) == path.read_bytes() != b"x" * (KEY_BYTES - 1)


def test_the_key_of_the_return_words_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db.key"
    key = kept_key(str(path))
    assert len(key) == 32
    assert kept_key(str(path)) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "huddle.db.key"
    path.write_bytes(b"too short")
    key = kept_key(str(path))
    assert len(key) == 32
    assert path.read_bytes() == key
