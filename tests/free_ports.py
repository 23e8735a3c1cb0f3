"""Ports for those who cannot be given one that is bound: they bind it themselves, later or again.

They lie below those that the system gives to who connects: of these, one may be the near end
of another test's connection when it is bound, or bound again by a server that was killed.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress


def free_port(host: str = "127.0.0.1") -> int:
    """A port of this machine that nobody listens on now."""
    return free_ports(1, host)


def free_ports(many: int, host: str = "127.0.0.1") -> int:
    """The first of so many in a row that are all free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        first = 15_000 + secrets.randbelow(17_000)
        with ExitStack() as bound, suppress(OSError):
            for port in range(first, first + many):
                bound.enter_context(socket.socket(family)).bind((host, port))
            return first


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
