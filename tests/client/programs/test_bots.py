"""The bots of docs/bots.md do what the page says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.windows.neighbour import Neighbour
from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.preloaded import ROOT
from tests.real.server import Server, environment

PAGE = (ROOT / "docs" / "bots.md").read_text("utf-8")
BIN = Path(sys.executable).parent

Start = Callable[[str, str], None]


def example(language: str, mark: str) -> str:
    """The block of code on the page that holds a mark."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    [found] = [block for block in blocks if mark in block]
    return str(found)


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    """Starts an example; it ends with the test, and with all that it started."""
    started: list[subprocess.Popen[bytes]] = []

    def start(command: str, code: str) -> None:
        script = tmp_path / "bot"
        script.write_text(code.replace("55123", str(server.port)), "utf-8")
        path = f"{BIN}:{os.environ['PATH']}"
        process = subprocess.Popen(
            [command, script],
            env=environment(HOME=str(tmp_path), PATH=path),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def test_the_bot_in_shell(start: Start, bob: Neighbour) -> None:
    needs("jq")
    start("sh", example("sh", "jq"))
    bob.hears("echo joined")
    bob.says("!echo ¿y tú?", "nothing for it", "!echo <&\"' fin")
    assert bob.hears("<echo>") == "<echo> ¿y tú?"
    assert bob.hears("<echo>") == "<echo> <&\"' fin"


def test_the_bot_with_nothing_but_nc(start: Start, bob: Neighbour) -> None:
    needs("nc")
    start("sh", example("sh", "shuf"))
    bob.hears("die joined")
    bob.says("!die")
    assert re.fullmatch(r"<die> <bob> throws [1-6]", bob.hears("throws"))


def test_the_bot_in_python(start: Start, bob: Neighbour) -> None:
    start(sys.executable, example("python", "shouter"))
    bob.hears("shouter joined")
    bob.says("!shout hola")
    assert bob.hears("<shouter>") == "<shouter> HOLA"


def test_the_lines_of_shell_are_ten_at_most() -> None:
    for mark in ("jq", "shuf"):
        assert len(example("sh", mark).splitlines()) <= 11  # and the first, which names the shell
