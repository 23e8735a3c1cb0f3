"""A network of two machines: this one, and a network namespace with a cable between them.

The cable can be cut as real ones are: the peer's machine neither answers nor says goodbye, since
all that it sends is thrown away there. Needs root and `ip` (iproute2).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.needs import needs, needs_root


class Cable:
    """The cable, and the peer's machine at its end. ``here`` is this machine's address."""

    def __init__(self, number: int) -> None:
        # 198.18.0.0/15 is for tests of networks (RFC 2544): nobody's real network is hidden.
        net = f"198.18.{number % 256}"
        self.here = f"{net}.1"
        self.there = f"{net}.2"
        self.machine = f"huddle{number}"
        self._end = f"hud{number}a"
        self._other_end = f"hud{number}b"

    def lay(self) -> None:
        """Make the machine and lay the cable."""
        _ip("netns", "add", self.machine)
        _ip("link", "add", self._end, "type", "veth", "peer", "name", self._other_end)
        _ip("link", "set", self._other_end, "netns", self.machine)
        _ip("addr", "add", f"{self.here}/24", "dev", self._end)
        _ip("link", "set", self._end, "up")
        self._there("addr", "add", f"{self.there}/24", "dev", self._other_end)
        self._there("link", "set", self._other_end, "up")

    def cut(self) -> None:
        """From now on nothing that the peer's machine sends arrives."""
        self._there("route", "add", "blackhole", f"{self.here}/32")

    def take_up(self) -> None:
        """Unmake all of it."""
        _ip("link", "del", self._end)
        _ip("netns", "del", self.machine)

    def on_the_other_machine(self, *command: str) -> tuple[str, ...]:
        """What starts this command there."""
        return (needs("ip"), "netns", "exec", self.machine, *command)

    def _there(self, *arguments: str) -> None:
        _ip("-netns", self.machine, *arguments)


@contextmanager
def cable() -> Iterator[Cable]:
    """A cable, for a while."""
    needs_root("CAP_NET_ADMIN", "CAP_SYS_ADMIN")
    needs("ip")
    laid = Cable(os.getpid())
    try:
        laid.lay()
        yield laid
    finally:
        laid.take_up()


def _ip(*arguments: str) -> None:
    subprocess.run([needs("ip"), *arguments], check=True)
