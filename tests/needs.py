"""What a test needs of the machine it runs on: programs, and rights.

It is asked for where it is used. What is not there leaves the test out, and the summary of the run
says so in one line for each cause; where ``CI`` is set in the environment everything has to be
there, and a test that is left out is one that has failed (`tests.left_out`). ::

    subprocess.run([needs("tmux"), "-V"])

From the shell it prints the Debian packages of the programs that are missing, for `.ci/run`::

    python3 -m tests.needs
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import NoReturn

# Nothing but the standard library is imported above: `.ci/run` asks before there is anything else.

PACKAGES = {
    "bash": "bash",
    "cc": "gcc",
    "chromium": "chromium",
    "etcd": "etcd-server",
    "etcdctl": "etcd-client",
    "haproxy": "haproxy",
    "groff": "groff-base",
    "hostname": "hostname",
    "ip": "iproute2",
    "jq": "jq",
    "logrotate": "logrotate",
    "mount": "mount",
    "nc": "netcat-openbsd",
    "nc.openbsd": "netcat-openbsd",  # the one that knows -N; others are called nc, too
    "ncat": "ncat",
    "node": "nodejs",
    "nsenter": "util-linux",
    "openssl": "openssl",
    "prlimit": "util-linux",
    "setpriv": "util-linux",
    "setsid": "util-linux",
    "ss": "iproute2",
    "strace": "strace",
    "stunnel": "stunnel4",
    "systemd-analyze": "systemd",
    "telnet": "telnet",
    "tmux": "tmux",
    "unshare": "util-linux",
}
"""The Debian package of each program that a test may need."""

CAPABILITIES = {"CAP_CHOWN": 0, "CAP_NET_ADMIN": 12, "CAP_SYS_ADMIN": 21}
"""The rights that a test may need, and their bits in /proc/self/status (capabilities(7))."""


def found(program: str) -> str | None:
    """The path of a program, if it is there; also of one that only root usually calls."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def needs(program: str) -> str:
    """The path of a program that this test cannot do without."""
    path = found(program)
    if path is None:
        name = program.partition(".")[0]
        leave_out(f"{name} is not installed (apt install {PACKAGES[program]})")
    return path


def needs_root(*capabilities: str) -> None:
    """This test cannot do without these rights, which root has where nobody took them away."""
    [held] = re.findall(r"^CapEff:\s+(\w+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    missing = [name for name in capabilities if not int(held, 16) >> CAPABILITIES[name] & 1]
    if missing:
        leave_out(f"only root may do what they do ({', '.join(missing)})")


def leave_out(cause: str) -> NoReturn:
    """End this test here: it cannot be made for this cause."""
    import pytest

    pytest.skip(cause)


def missing_packages() -> list[str]:
    """What to install so that no test is left out for want of a program."""
    return sorted({package for program, package in PACKAGES.items() if not found(program)})


if __name__ == "__main__":
    print(*missing_packages())
