"""A network of two machines, a server's and a peer's: network namespaces with a cable between them.

This machine is not at it: a browser that sees an address come or go lets go of all that it asks for
(``ERR_NETWORK_CHANGED``), and that of another test does. The cable can be cut as real ones are: the
peer's machine neither answers nor says goodbye, since all that it sends is thrown away there. Needs
root and `ip` (iproute2).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.needs import needs, needs_root


class Cable:
    """The cable, and the machines at its ends. ``here`` is the address of the server's."""

    def __init__(self, number: int) -> None:
        # 198.18.0.0/15 is for tests of networks (RFC 2544): nobody's real network is hidden.
        self.here, self.there = "198.18.0.1", "198.18.0.2"
        self._server, self._peer = f"huddle{number}", f"peer{number}"

    def lay(self) -> None:
        """Make the machines and lay the cable."""
        for machine in (self._server, self._peer):
            _ip("netns", "add", machine)
        other_end = ("peer", "name", "cable", "netns", self._peer)
        _ip("-netns", self._server, "link", "add", "cable", "type", "veth", *other_end)
        _ip("-netns", self._server, "link", "set", "lo", "up")
        for machine, address in ((self._server, self.here), (self._peer, self.there)):
            _ip("-netns", machine, "addr", "add", f"{address}/24", "dev", "cable")
            _ip("-netns", machine, "link", "set", "cable", "up")

    def cut(self) -> None:
        """From now on nothing that the peer's machine sends arrives."""
        _ip("-netns", self._peer, "route", "add", "blackhole", f"{self.here}/32")

    def take_up(self) -> None:
        """Unmake all of it."""
        for machine in (self._server, self._peer):
            _ip("netns", "del", machine)

    def on_the_servers_machine(self, *command: str) -> tuple[str, ...]:
        """What starts this command there."""
        return (needs("ip"), "netns", "exec", self._server, *command)

    def on_the_other_machine(self, *command: str) -> tuple[str, ...]:
        """What starts this command at the peer's."""
        return (needs("ip"), "netns", "exec", self._peer, *command)


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
