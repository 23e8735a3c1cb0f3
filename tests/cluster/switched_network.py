"""Machines on one switch: network namespaces, whose cables can be pulled one by one.

Needs root and `ip` (iproute2). The switch has a namespace of its own, and this machine is at it::

    with switched_network(3) as network:
        network.machines[0].pull()     # it hears nobody any more, and nobody it
        network.machines[0].plug_in()
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.needs import needs, needs_root


class Machine:
    """A machine with an address, at the switch."""

    def __init__(self, switch: str, name: str, address: str) -> None:
        self.address = address
        self.name = name
        self._switch = switch
        self._end = f"{name}s"

    def lay(self) -> None:
        """Make the machine, and lay the cable from it to the switch."""
        ip("netns", "add", self.name)
        cable(self._switch, self._end, self.name, self.address)
        ip("-netns", self.name, "link", "set", "lo", "up")

    def pull(self) -> None:
        """Pull the cable out of the switch: what is sent is lost, and no one says goodbye."""
        ip("-netns", self._switch, "link", "set", self._end, "down")

    def plug_in(self) -> None:
        ip("-netns", self._switch, "link", "set", self._end, "up")

    def part(self, parted: bool) -> None:
        """Have it hear none of the others that are parted, and them not it; all others hear it."""
        isolated = "on" if parted else "off"
        there = ("link", "set", "dev", self._end, "type", "bridge_slave", "isolated", isolated)
        ip("-netns", self._switch, *there)

    def command(self) -> tuple[str, ...]:
        """What goes before a command to run it there."""
        return (needs("ip"), "netns", "exec", self.name)


class Network:
    """A switch with so many machines at it."""

    def __init__(self, count: int, number: int) -> None:
        # 198.18.0.0/15 is for tests of networks (RFC 2544): nobody's real network is hidden.
        net = f"198.19.{number % 256}"
        self._switch = f"hs{number}"
        self._own_end = f"hs{number}h"
        self._own_address = f"{net}.254"
        self.machines = [
            Machine(self._switch, f"hs{number}m{place}", f"{net}.{place + 1}")
            for place in range(count)
        ]

    def lay(self) -> None:
        ip("netns", "add", self._switch)
        ip("-netns", self._switch, "link", "add", "switch", "type", "bridge")
        ip("-netns", self._switch, "link", "set", "switch", "up")
        cable(self._switch, f"{self._own_end}s", "", self._own_address, self._own_end)
        for machine in self.machines:
            machine.lay()

    def take_up(self) -> None:
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", self._own_end)
        for name in (*(machine.name for machine in self.machines), self._switch):
            with suppress(subprocess.CalledProcessError):
                ip("netns", "del", name)


def cable(switch: str, end: str, machine: str, address: str, name: str = "eth0") -> None:
    """A cable between the switch and a machine; ``machine`` is empty for this one."""
    there = ("netns", machine or str(os.getpid()))
    ip("-netns", switch, "link", "add", end, "type", "veth", "peer", "name", name, *there)
    ip("-netns", switch, "link", "set", end, "master", "switch", "up")
    at = ("-netns", machine) if machine else ()
    ip(*at, "addr", "add", f"{address}/24", "dev", name)
    ip(*at, "link", "set", name, "up")


@contextmanager
def switched_network(count: int) -> Iterator[Network]:
    """So many machines at a switch, for a while."""
    needs_root("CAP_NET_ADMIN", "CAP_SYS_ADMIN")
    needs("ip")
    network = Network(count, os.getpid())
    try:
        network.lay()
        yield network
    finally:
        network.take_up()


def ip(*arguments: str) -> None:
    subprocess.run([needs("ip"), *arguments], check=True, capture_output=True)
