"""The man pages are those that scripts/manual_pages.py makes of the programs, shown well."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from huddle.locale import LANGUAGES
from scripts.manual_pages import PROGRAMS, ROOT, SOURCES, page, path_of, told
from tests.needs import needs
from tests.patience import PATIENCE

PAGES = [(program, language) for program in PROGRAMS for language in LANGUAGES]


def test_every_program_has_a_page_in_every_language() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {*project["scripts"], "twistd-huddle"} == PROGRAMS.keys()
    made = {path_of(*each) for each in PAGES}
    assert {path for path in (ROOT / "share" / "man").rglob("*.*")} == made


@pytest.mark.parametrize(("program", "language"), PAGES)
def test_a_page_is_up_to_date(program: str, language: str) -> None:
    there = path_of(program, language).read_text("utf-8")
    assert there == page(program, language), "run python -m scripts.manual_pages"


@pytest.mark.parametrize(("program", "language"), PAGES)
def test_a_page_is_shown_without_a_warning_and_tells_of_every_option(
    program: str, language: str
) -> None:
    shown = subprocess.run(
        [needs("groff"), "-k", "-ww", "-man", "-Tutf8", "-P-c", path_of(program, language)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert shown.stderr == ""
    text = re.sub(r".\x08", "", shown.stdout)
    options = re.findall(r"^ {7}(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)
    assert options == [option.names[-1] for option in told(program, language).options]


@pytest.mark.parametrize("program", PROGRAMS)
def test_both_languages_say_the_same(program: str) -> None:
    requests = [
        re.findall(r"^\.(?:SH|TP|nf|MORE .*)", text, re.MULTILINE)
        for text in ((SOURCES / f"{program}.{each}.man").read_text("utf-8") for each in LANGUAGES)
    ]
    assert requests[0] == requests[1]


@pytest.mark.parametrize(("program", "language"), PAGES)
def test_more_is_said_only_of_options_that_there_are(program: str, language: str) -> None:
    source = (SOURCES / f"{program}.{language}.man").read_text("utf-8")
    options = {option.names[-1] for option in told(program, language).options}
    assert {f"--{name}" for name in re.findall(r"^\.MORE (.*)$", source, re.MULTILINE)} <= options
