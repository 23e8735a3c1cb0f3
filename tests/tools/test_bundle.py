"""The folder for a network without the Internet: what is asked of pip, and what is refused.

That it is made, and that Huddle is installed from it without a network, takes long, and is in
`tests.long.test_bundle`.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from huddle.locale import LANGUAGES, translator
from huddle.locale.command_line import Misuse
from huddle.locale.own_files import COMPANIONS
from huddle.tools import bundle

ENGLISH = translator("en")


def machines(*typed: str) -> list[list[str]]:
    given = bundle.COMMAND_LINE.read(["folder", *typed], ENGLISH)
    return list(bundle._machines(given, ENGLISH))


def test_without_a_word_it_is_for_this_machine() -> None:
    assert machines() == [[]]


def test_what_to_do_with_it_is_told_in_each_language() -> None:
    assert bundle.READ_ME.keys() == set(LANGUAGES)
    for language in LANGUAGES:
        text = Path(bundle.__file__).with_name(f"bundle.{language}.txt")
        assert bundle.CLIENT in text.read_text("utf-8")


def test_each_platform_is_asked_for_with_each_python() -> None:
    asked = machines("--platform", "linux-aarch64", "--platform", "macosx_11_0_arm64",
                     "--python", "3.11", "--python", "3.13")  # fmt: skip
    assert [(each[0], each[-1]) for each in asked] == [
        ("--platform=manylinux_2_17_aarch64", "--python-version=3.11"),
        ("--platform=manylinux_2_17_aarch64", "--python-version=3.13"),
        ("--platform=macosx_11_0_arm64", "--python-version=3.11"),
        ("--platform=macosx_11_0_arm64", "--python-version=3.13"),
    ]


def test_a_linux_takes_what_was_made_for_older_c_libraries_before_newer_ones() -> None:
    [asked] = machines("--platform", "linux-x86_64")
    versions = [int(match[1]) for each in asked if (match := re.search(r"_2_(\d+)_", each))]
    assert versions == sorted(versions) and versions[-1] == 36


def test_a_platform_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Misuse, match="linux-x86_64, linux-aarch64"):
        machines("--platform", "linux-sparc")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_folder_with_something_in_it_is_left_alone(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("the only copy")
    assert bundle.main([str(tmp_path), "--lang", language]) == 1
    told = {"en": "is not empty", "es": "no está vacía"}[language]
    assert capsys.readouterr().err == f"huddle.tools.bundle: {tmp_path} {told}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_where_there_is_no_source_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bundle.main([str(tmp_path / "new"), "--source", str(tmp_path)]) == 1
    assert "no source of Huddle" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_what_pip_complains_of_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad-1-py3-none-any.whl").write_bytes(b"no wheel")
    wheel = str(tmp_path / "bad-1-py3-none-any.whl")
    assert bundle.main([str(tmp_path / "new"), "--source", wheel]) == 1
    assert capsys.readouterr().err.startswith("huddle.tools.bundle: pip: ")


@pytest.mark.parametrize("companion", COMPANIONS)
def test_no_folder_takes_a_name_that_a_record_needs(companion: str, tmp_path: Path) -> None:
    record = tmp_path / "huddle.db"
    with sqlite3.connect(record) as database:
        database.execute("CREATE TABLE said (text)")
    assert bundle.main([f"{record}{companion}"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["huddle.db"]
