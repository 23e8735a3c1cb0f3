"""Huddle is installed from a stick, and used, on a machine whose network is cut off.

What is typed are the commands of the stick's own README, as they stand there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import needs, needs_root
from tests.patience import PATIENCE
from tests.real.preloaded import ROOT

READ_ME = ("README.txt", "LEEME.txt")
PYTHON = Path(sys.base_prefix) / "bin"
AROUND = r"""
set -eu
ip link set lo up
ip link add lan type veth peer name cable
ip addr add 192.168.1.5/24 dev lan
ip link set lan up
ip link set cable up
! ip route get 198.18.0.1 2>/dev/null # there is no way out
{before}
{server} >log 2>&1 &
until nc -z 192.168.1.5 55123; do kill -0 $!; sleep 0.2; done
printf 'ana\nhola\n/salir\n' | {nc}
printf '¿hay alguien?\n' | HUDDLE_NICK=bob {client}
kill $!
wait
~/huddle-server/bin/huddle-archive export huddle.db
"""


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick") / "huddle"
    subprocess.run([sys.executable, "-m", "huddle.tools.bundle", folder], cwd=ROOT, check=True)
    return folder


def commands(text: str) -> list[str]:
    return re.findall(r"^    (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", READ_ME)
def test_a_class_without_the_internet(name: str, stick: Path, tmp_path: Path) -> None:
    needs_root("CAP_NET_ADMIN", "CAP_SYS_ADMIN")
    needs("ip"), needs("nc")
    *before, server, address, nc, client = commands((stick / name).read_text("utf-8"))
    script = AROUND.format(
        before="\n".join([*before, address]), server=server, nc=nc, client=client
    )
    done = subprocess.run(
        [needs("unshare"), "--net", "bash", "-c", script],
        cwd=stick,
        env={
            "HOME": str(tmp_path),
            "PATH": f"{PYTHON}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            "PIP_CONFIG_FILE": "/dev/null",  # what a school's machine has: none
        },
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    said = re.findall(r"<.*", done.stdout)
    assert said[-2:] == ["<ana> hola", "<bob> ¿hay alguien?"]
    assert "192.168.1.5" in done.stdout.splitlines()[0]
    for left in ("huddle.db", "huddle.db.key", "huddle.db-lock", "log"):
        (stick / left).unlink()
