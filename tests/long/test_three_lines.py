"""From a fresh copy to talk by three typed lines of the READMEs: start, enter, take charge."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.documents.blocks import Block, blocks_of
from tests.free_ports import free_port
from tests.needs import needs
from tests.patience import PATIENCE
from tests.real.preloaded import ROOT
from tests.real.programs import Program

INSTALLING = 600.0
"""Seconds after which pip is not waited for."""

IGNORED = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.db*")
READ_MES = {"README.md": ("en", "nick?"), "README.es.md": ("es", "apodo?")}


@pytest.mark.parametrize("readme", READ_MES)
def test_a_person_and_an_operator_talk(readme: str, tmp_path: Path) -> None:
    language, greeting = READ_MES[readme]
    clone = tmp_path / "huddle"
    shutil.copytree(ROOT, clone, ignore=IGNORED)
    start, _, entering, *_ = (each for each in blocks_of(ROOT / readme))
    port = str(free_port())
    began = time.monotonic()
    server = subprocess.Popen(
        [needs("bash"), "-c", start.text.replace("55123", port)],
        cwd=clone,
        env={**os.environ, "LANG": f"{language}.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout is not None
        taking_charge = next(shown for line in server.stdout if (shown := code_in(line, entering)))
        pupil, teacher = (Program(needs("nc"), "127.0.0.1", port) for _ in range(2))
        pupil.says("ana")
        teacher.says("teacher", taking_charge, "/quiet off", "hola")
        pupil.hears("<teacher> hola", PATIENCE)
        pupil.says("adiós")
        teacher.hears("<ana> adiós", PATIENCE)
        print(f"{readme}: {time.monotonic() - began:.0f} s")
        assert any(greeting in line for line in pupil.heard)
        pupil.end()
        teacher.end()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=INSTALLING)


def code_in(line: str, entering: Block) -> str | None:
    """The command that puts in charge, where a line of the server shows it."""
    [command] = re.findall(r"^(/(?:operator|responsable)) ", entering.text, re.MULTILINE)
    found = re.search(rf"{command} \S+", line)
    return found and found[0]
