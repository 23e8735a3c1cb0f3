"""The files of the page: what is served, and how little it is."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from pathlib import Path

import pytest

from huddle.doors.web.files import PAGE, counted_of, page_files, said_in, sentences_of, short
from huddle.locale import LANGUAGES, translator
from huddle.protocol.commands import ALIASES, COMMANDS, command_named
from huddle.protocol.limits import KIB

FILES = page_files()
SCRIPTS = sorted(PAGE.rglob("*.mjs"))
ORDER = ("words", "session", "typing", "chat", "browser", "view", "view/dialogs", "")
"""The folders of the page, from the bottom up; page.mjs is above them all."""


def test_the_page_is_small_and_all_of_it_comes_from_here() -> None:
    for language in LANGUAGES:  # without the words of the other one
        asked = [path for path in FILES if not path.endswith(".json") or f"/{language}." in path]
        assert sum(len(FILES[path].body) for path in asked) <= 134 * KIB
        assert sum(len(FILES[path].packed) for path in asked) <= 54 * KIB  # what is sent
    for path, file in FILES.items():
        assert gzip.decompress(file.packed) == file.body
        elsewhere = re.findall(rb"(?:https?:)?//[a-z][\w.]+\.[a-z]+", file.body)
        assert set(elsewhere) <= {b"http://www.w3.org"}, path


def imports_of(script: Path) -> set[str]:
    """The scripts that one imports, by their paths in the page."""
    here = script.relative_to(PAGE).parent.as_posix()
    names = re.findall(r'from "(\.[^"]+)"', script.read_text())
    return {posixpath.normpath(posixpath.join(here, name)) for name in names}


def test_what_a_script_asks_for_is_there_and_no_script_is_too_much() -> None:
    asked = {"page.mjs"}
    for script in SCRIPTS:
        asked |= imports_of(script)
    assert asked == {script.relative_to(PAGE).as_posix() for script in SCRIPTS}
    for name in re.findall(rb'(?:href|src)="([^"]+)"', FILES["/"].body):
        assert f"/{name.decode()}" in FILES


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_is_short_imports_only_from_below_and_the_lower_ones_know_no_browser(
    script: Path,
) -> None:
    text, folder = script.read_text(), folder_of(script.relative_to(PAGE).as_posix())
    assert text.count("\n") <= 300
    for name in imports_of(script):
        assert ORDER.index(folder_of(name)) <= ORDER.index(folder), name
    if ORDER.index(folder) < ORDER.index("browser"):
        code = re.sub(r"(?m)^ *(//|/\*\*| \*).*$", "", text)
        assert not re.search(r"\b(document|window|location|localStorage|setTimeout)\b[.(]", code)


def folder_of(name: str) -> str:
    return posixpath.dirname(name)


def test_scripts_go_without_their_comments() -> None:
    for path, file in FILES.items():
        if path.endswith(".mjs"):
            lines = file.body.decode().splitlines()
            assert not [
                line
                for line in lines
                if line[:1].isspace() or line[:2] in ("//", "/*") or "; // " in line
            ]
            assert all(line.count("`") % 2 == 0 for line in lines), path  # texts stay whole


TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')


def test_the_texts_of_the_scripts_stay_as_they_were() -> None:
    seen = 0
    for script in SCRIPTS:
        source = re.sub(r"(?m)^ *(?://|/\*| \*).*\n|(?<=[;,{)]) +// .*$", "", script.read_text())
        served = FILES[f"/{script.relative_to(PAGE).as_posix()}"].body.decode()
        texts = [text for text in TEXT.findall(source) if text[0] == '"' or "${" not in text]
        assert not [text for text in texts if text not in served], script
        seen += len(texts)
    assert seen > 500


def test_no_text_becomes_html_and_nothing_asks_for_a_secure_context() -> None:
    scripts = b"".join(file.body for path, file in FILES.items() if path.endswith(".mjs"))
    for word in (b"innerHTML", b"insertAdjacentHTML", b"document.write", b"eval(", b"DOMParser"):
        assert word not in scripts
    for word in (b"crypto.subtle", b"navigator.locks", b"serviceWorker", b"navigator.clipboard"):
        assert word not in scripts


def test_all_that_the_page_says_is_said_in_each_language() -> None:
    for language in LANGUAGES[1:]:
        said = said_in(translator(language))
        assert len(said) > 100
        same = [sentence for sentence, forms in said.items() if sentence in forms]
        assert set(same) <= {"No", "Error"}
        sent = json.loads(FILES[f"/sentences/{language}.json"].body)
        assert sent == {short(sentence): forms for sentence, forms in said.items()}
        assert len(sent) == len(said)  # no two sentences have the same sum


def test_the_commands_are_the_rows_that_all_have() -> None:
    english, spanish = (json.loads(FILES[f"/commands/{each}.json"].body) for each in ("en", "es"))
    for rows in (english, spanish):
        assert [row[0][:2] for row in rows] == [list(command.names) for command in COMMANDS]
        for row, command in zip(rows, COMMANDS, strict=True):
            assert {command_named(name) for name in row[0]} == {command}
        assert {name for row in rows for name in row[0][2:]} == set(ALIASES)
    assert all(row[2] != twin[2] for row, twin in zip(english, spanish, strict=True))


def test_a_command_that_takes_nothing_brings_the_type_of_its_request() -> None:
    rows = {row[0][0]: row for row in json.loads(FILES["/commands/en.json"].body)}
    assert rows["bans"][3:] == ["bans"]
    assert rows["invite"][3:] == ["invite"]
    assert not rows["ban"][3:]
    for command in COMMANDS:
        assert bool(rows[command.english][3:]) == (command.read is None)


def test_the_page_reads_what_has_to_stand_behind_a_command() -> None:
    script = (PAGE / "typing" / "commands.mjs").read_text("utf-8")
    read = set(
        re.findall(r"""^  "?([\w-]+)"?: """, script.partition("const READ")[2], re.MULTILINE)
    )
    read.add("back")  # it has a secret, and no return word to type
    assert not {command.english for command in COMMANDS if command.read is not None} - read
    assert not read - {command.english for command in COMMANDS}


def test_the_page_knows_which_commands_have_a_secret() -> None:
    script = (PAGE / "typing" / "commands.mjs").read_text("utf-8")
    [names] = re.findall(r"^const SECRET = new Set\((\[.*\])\);$", script, re.MULTILINE)
    assert set(json.loads(names)) == {
        command.english for command in COMMANDS if command.secret is not None
    }


def test_sentences_are_found_in_a_script_wherever_they_stand() -> None:
    script = """a(_("one"), _(
      "two {b}", { b })); ngettext("{count} c", "{count} ds", n); not_("this"); _(name)"""
    assert list(sentences_of(script)) == ["one", "two {b}"]
    assert list(counted_of(script)) == [("{count} c", "{count} ds")]


def test_no_text_in_a_script_is_any_shorter() -> None:
    for path in PAGE.rglob("*.mjs"):
        served = FILES[f"/{path.relative_to(PAGE).as_posix()}"].body.decode()
        for line in path.read_text("utf-8").splitlines():
            if not re.search(r"^ *(/?\*|//)|// ", line):
                for text in re.findall(r'"(?:[^"\\]|\\.)*"', line):
                    assert text in served, text


def test_texts_are_as_large_as_whoever_reads_has_chosen() -> None:
    sizes = re.findall(rb"font(?:-size)?:[^;}]*", FILES["/page.css"].body)
    assert len(sizes) > 10
    assert not [size for size in sizes if re.search(rb"\d(px|pt)", size)]
