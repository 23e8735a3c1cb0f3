"""The file of the cluster's keys."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from huddle.cluster.key_file import KeyFileUnusable, kept_keys, key_file_trouble
from huddle.locale import LANGUAGES, translator
from tests.needs import needs

KEY = bytes(range(32))


def kept(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_the_keys_are_read_from_a_file_of_its_owners(tmp_path: Path) -> None:
    assert kept_keys(kept(tmp_path / "key", KEY.hex())) == [KEY]
    assert kept_keys(kept(tmp_path / "read-only", KEY.hex(), 0o400)) == [KEY]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyFileUnusable, match="open-to-others"):
        kept_keys(kept(tmp_path / "key", KEY.hex(), mode))


@pytest.mark.parametrize("text", ["", "secret", "ñ" * 5000])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyFileUnusable, match="no-keys"):
        kept_keys(kept(tmp_path / "key", text))


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable, match="missing"):
        kept_keys(str(tmp_path / "none"))
    with pytest.raises(KeyFileUnusable, match="unreadable"):
        kept_keys(str(tmp_path))


def test_what_is_said_of_a_missing_key_makes_one(tmp_path: Path) -> None:
    path = str(tmp_path / "key")
    told = key_file_trouble(KeyFileUnusable("missing", path), translator("en"))
    [command] = re.findall(r"make one: (\(.*\))$", told)
    needs("openssl")
    subprocess.run(["sh", "-c", command], check=True)
    assert len(kept_keys(path)) == 1


@pytest.mark.parametrize("code", ["missing", "open-to-others", "no-keys", "unreadable"])
def test_every_trouble_is_told_in_both_languages(code: str) -> None:
    error = KeyFileUnusable(code, "/etc/huddle/key", "x")
    told = {key_file_trouble(error, translator(language)) for language in LANGUAGES}
    assert len(told) == 2 and all("/etc/huddle/key" in line for line in told)
