"""One who wants what an attacker uses up, as a process of its own.

    python -m benchmarks.hostile.victim WHAT PORT

It measures how long that takes at rest, says ``ready``, hears ``begin`` and ``end`` on its standard
input, and goes on meanwhile. At the end it prints one object: the usual time (the median) and the
worst under attack, in milliseconds.
"""

import json
import select
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median

from benchmarks.hostile.arena import READ, Arena, await_answer, line

ADDRESS = "127.0.0.8"
AT_REST = 3
"""Times that it is measured before the attack."""

PASSWORD = "a-victims-password"


def logs_in(arena: Arena) -> Iterator[float]:
    """From connecting to being welcome, by a password. As often as an address may come."""
    owner = arena.program(ADDRESS, nick="victim")
    owner.sendall(line({"type": "register", "id": 1, "password": PASSWORD}))
    await_answer(owner, b'"id":1')
    owner.sendall(line({"type": "bye"}))
    while True:
        began = time.monotonic()
        peer = arena.stranger(ADDRESS)
        peer.sendall(line({"type": "hello", "v": 1, "nick": "victim", "password": PASSWORD}))
        await_answer(peer, b'"type":"welcome"')
        yield time.monotonic() - began
        peer.sendall(line({"type": "bye"}))
        peer.close()
        time.sleep(2)  # oftener is too often


def searches_and_says(arena: Arena) -> Iterator[float]:
    """From saying something right behind a search of one's own to another's screen."""
    speaker, listener = arena.person(ADDRESS), arena.person(ADDRESS)
    for number in count():
        text = f"behind the search {number}"
        while select.select([speaker], [], [], 0)[0]:
            speaker.recv(READ)
        began = time.monotonic()
        speaker.sendall(f"/search a b c d e\n{text}\n".encode())
        await_answer(listener, text.encode())
        yield time.monotonic() - began
        time.sleep(2.2)  # a search more often than that is refused


VICTIMS: dict[str, Callable[[Arena], Iterator[float]]] = {
    "logs in": logs_in,
    "searches and speaks": searches_and_says,
}


def main() -> None:
    """Be the victim that the command line names."""
    trials = VICTIMS[sys.argv[1]](Arena(int(sys.argv[2]), 0, prefix="v"))
    usual = median([next(trials) for _ in range(AT_REST)])
    print("ready", flush=True)
    sys.stdin.readline()
    worst = next(trials)
    while not select.select([sys.stdin], [], [], 0)[0]:
        worst = max(worst, next(trials))
    print(json.dumps({"usual": usual * 1000, "worst": worst * 1000}), flush=True)


if __name__ == "__main__":
    main()
