"""The man page and the completions know the options that there are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from huddle.client.setup.configuration import NAMES, VARIABLES
from huddle.client.setup.options import COMMAND_LINE
from tests.needs import needs
from tests.patience import PATIENCE

SHARE = Path(__file__).parent.parent.parent / "share"
MAN = SHARE / "man" / "man1" / "huddle-client.1"
COMPLETIONS = (
    SHARE / "bash-completion" / "completions" / "huddle-client",
    SHARE / "zsh" / "site-functions" / "_huddle-client",
    SHARE / "fish" / "vendor_completions.d" / "huddle-client.fish",
)


def test_the_man_page_tells_of_every_option_variable_and_setting() -> None:
    text = MAN.read_text("utf-8").replace("\\-", "-")
    told = set(re.findall(r"\\fB--([a-z-]+)\\fR", text, re.MULTILINE))
    assert told == set(COMMAND_LINE.names)
    assert all(variable in text for variable in VARIABLES)
    [settings] = re.findall(r"^\.BR host.*$", text, re.MULTILINE)
    assert set(re.findall(r"[a-z]+", settings)) == set(NAMES)


@pytest.mark.parametrize("file", COMPLETIONS, ids=lambda file: file.parts[-3])
def test_a_completion_offers_every_option(file: Path) -> None:
    text = file.read_text("utf-8")
    offered = set(re.findall(r"--([a-z]+(?:-[a-z]+)*)", text)) | set(
        re.findall(r" -l ([a-z-]+)", text)
    )
    assert set(COMMAND_LINE.names) == offered


def test_bash_completes() -> None:
    script = f"""
        source {COMPLETIONS[0]}
        COMP_WORDS=(huddle-client --notify m) COMP_CWORD=2
        _huddle_client
        echo "${{COMPREPLY[@]}}"
        COMP_WORDS=(huddle-client --no) COMP_CWORD=1
        _huddle_client
        echo "${{COMPREPLY[@]}}"
    """
    ran = subprocess.run(
        [needs("bash"), "-c", script], capture_output=True, text=True, timeout=PATIENCE
    )
    assert ran.stdout.splitlines() == ["mention", "--notify --no-retry"]
    assert ran.stderr == ""
