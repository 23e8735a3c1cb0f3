"""Ports for those who cannot be given one that is bound: they bind it themselves, later or again.

They lie below those that the system gives to who connects: of these, one may be the near end
of another test's connection when it is bound, or bound again by a server that was killed.

Each is given once: who was given it may bind it later, and again, however many tests run beside
this one. Two of the six of an engine were the same in one start of a thousand.
"""

from __future__ import annotations

import fcntl
import functools
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import gettempdir

LOWEST, HOW_MANY = 15_000, 17_000
"""Where they lie."""

_given: set[int] = set()
"""The ports that this process has given, of which a lock tells it nothing."""


def free_port(host: str = "127.0.0.1") -> int:
    """A port of this machine that nobody listens on now, and that nobody else is given."""
    return free_ports(1, host)


def free_ports(many: int, host: str = "127.0.0.1") -> int:
    """The first of so many in a row that are all free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        first = LOWEST + secrets.randbelow(HOW_MANY)
        if not all(map(_is_ours, range(first, first + many))):
            continue
        with ExitStack() as bound, suppress(OSError):
            for port in range(first, first + many):
                bound.enter_context(socket.socket(family)).bind((host, port))
            return first


def _is_ours(port: int) -> bool:
    """Whether a port is given now: it is this process's as long as it lives."""
    if port in _given:
        return False
    try:
        fcntl.lockf(_locks(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:  # it is another's
        return False
    _given.add(port)
    return True


@functools.cache
def _locks() -> int:
    """The file in which each port has a byte that who was given it locks (fcntl_locking(2))."""
    path = Path(gettempdir(), f"huddle-ports-{os.getuid()}")
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def free_network(ports: Sequence[int]) -> str:
    """The first three numbers of the addresses of a network of this machine, such as ``127.4.201``,
    where nobody listens on these ports: for who cannot choose those, but where they are."""
    while True:
        network = f"127.{1 + secrets.randbelow(254)}.{secrets.randbelow(256)}"
        with ExitStack() as bound, suppress(OSError):
            for host in range(1, 10):
                for port in ports:
                    bound.enter_context(socket.socket()).bind((f"{network}.{host}", port))
            return network
