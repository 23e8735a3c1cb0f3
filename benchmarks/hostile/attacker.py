"""Whoever attacks, as a process of its own.

    python -m benchmarks.hostile.attacker NUMBER PORT TLS-PORT WEB-PORT

It prepares what the attack of that number needs, says ``ready``, and attacks once it hears a line
on its standard input; then it says ``done``.
"""

import os
import sys

from benchmarks.hostile.arena import Arena
from benchmarks.hostile.attacks import ATTACKS
from benchmarks.runs.processes import raise_open_files


def main() -> None:
    """Attack as the command line says."""
    number, port, tls_port, web_port = map(int, sys.argv[1:])
    attack = ATTACKS[number]
    raise_open_files()
    os.nice(10)
    arena = Arena(port, attack.seconds, tls_port, web_port)
    if attack.prepare is not None:
        attack.prepare(arena)
    print("ready", flush=True)
    sys.stdin.readline()
    attack.peers(arena)
    print("done", flush=True)
    sys.stdin.readline()  # the connections end when the measuring has


if __name__ == "__main__":
    main()
