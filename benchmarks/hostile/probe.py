"""Everybody else, as a process of its own: fifty programs that ping in turn, five who talk.

    python -m benchmarks.hostile.probe PORT

It says ``ready`` when all are in, and then hears ``begin`` and ``end`` on its standard input. In
between, a ping goes out every 5 ms and a line is said every 50 ms, whatever has come back (open
loop: a server that stands still is noticed by all who wait). So the 99th part of eight seconds'
lines is not the longest of them alone. At the end it prints one object: the
latencies of pings and of talk in milliseconds, and the longest time in which nothing came back.
"""

import json
import os
import selectors
import socket
import sys
import time
from contextlib import suppress
from typing import Any

from benchmarks.hostile.arena import READ, line

PINGERS = 50
PING_EVERY = 0.005
TALK_EVERY = 0.05
SPEAKERS = 5
"""Each says less than the pace that one person may keep up (`Limits.flood_rate`)."""
GRACE = 30.0
"""Seconds after the end for which what is on its way is waited for."""


class Probe:
    """The others. All latencies are from when something was due until it came."""

    def __init__(self, port: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._buffers: dict[socket.socket, bytes] = {}
        self._due: dict[tuple[str, int], float] = {}
        self.pings: list[float] = []
        self.talk: list[float] = []
        self._heard = 0.0
        self.silence = 0.0
        self._number = 0
        self._pingers = [self._go_aside(self._enter(port, f"p{n}")) for n in range(PINGERS)]
        self._speakers = [self._enter(port, f"speaker{n}") for n in range(SPEAKERS)]
        self._listener = self._enter(port, "listener")
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    def _enter(self, port: int, nick: str) -> socket.socket:
        peer = socket.create_connection(("127.0.0.1", port), 30, source_address=("127.0.0.2", 0))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(line({"type": "hello", "v": 1, "nick": nick, "replay": 0}))
        while b'"type":"welcome"' not in peer.recv(READ):
            pass
        peer.setblocking(False)
        self._buffers[peer] = b""
        self._selector.register(peer, selectors.EVENT_READ)
        return peer

    def _go_aside(self, peer: socket.socket) -> socket.socket:
        """Into a room of their own: what an attack says to all is for those who talk to read."""
        peer.setblocking(True)
        peer.sendall(line({"type": "join", "id": 1, "room": "quiet", "replay": 0}))
        peer.sendall(line({"type": "leave", "id": 2, "room": "huddle"}))
        heard = b""
        while b'"id":2' not in heard:
            heard += peer.recv(READ)
        peer.setblocking(False)
        return peer

    def run(self) -> None:
        """Probe from ``begin`` to ``end``."""
        print("ready", flush=True)
        self._read_until_told()
        ping_at = talk_at = self._heard = time.monotonic()
        stop = float("inf")
        while (now := time.monotonic()) < stop and (self._due or stop == float("inf")):
            if stop == float("inf"):
                ping_at = self._send_due(ping_at, now, PING_EVERY, self._ping)
                talk_at = self._send_due(talk_at, now, TALK_EVERY, self._say)
            for key, _ in self._selector.select(max(0.0, min(ping_at, talk_at) - now)):
                if key.fileobj is sys.stdin:
                    self._selector.unregister(sys.stdin)
                    stop = time.monotonic() + GRACE
                else:
                    self._hear(key.fileobj)
        now = time.monotonic()
        for (kind, _), due in self._due.items():  # never came
            (self.pings if kind == "pong" else self.talk).append(now - due)

    def _read_until_told(self) -> None:
        """Be level with the room when it begins, whatever an attack says to prepare itself."""
        driver = sys.stdin
        while True:
            for key, _ in self._selector.select():
                if key.fd == driver.fileno():
                    driver.readline()
                    return
                self._hear(key.fileobj)

    def _send_due(self, at: float, now: float, every: float, send: Any) -> float:
        while at <= now:
            self._number += 1
            send(self._number, at)
            at += every
        return at

    def _ping(self, number: int, due: float) -> None:
        peer = self._pingers[number % PINGERS]
        self._put(peer, {"type": "ping", "id": number}, ("pong", number), due)

    def _say(self, number: int, due: float) -> None:
        say = {"type": "say", "id": number, "room": "huddle", "text": f"talk {number}"}
        speaker = self._speakers[number % SPEAKERS]
        self._put(speaker, say, ("said", number), due)

    def _put(
        self, peer: socket.socket, request: dict[str, object], key: tuple[str, int], due: float
    ) -> None:
        if not self._due:
            self._heard = due
        self._due[key] = due
        with suppress(BlockingIOError):  # else it never comes back, and is told as such
            peer.send(line(request))

    def _hear(self, peer: Any) -> None:
        now = time.monotonic()
        data = self._buffers[peer] + peer.recv(READ)
        *lines, self._buffers[peer] = data.split(b"\n")
        for each in lines:
            if b'"type":"pong"' in each:
                self._came(("pong", json.loads(each)["id"]), self.pings, now)
            elif peer is self._listener and b'"text":"talk ' in each:
                number = int(json.loads(each)["text"].split()[1])
                self._came(("said", number), self.talk, now)

    def _came(self, key: tuple[str, int], latencies: list[float], now: float) -> None:
        due = self._due.pop(key, None)
        if due is not None:
            latencies.append(now - due)
            self.silence = max(self.silence, now - max(self._heard, due))
            self._heard = now


def main() -> None:
    """Probe the server at the port that the command line names."""
    with suppress(PermissionError):  # what measures is not to wait for who attacks
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    probe = Probe(int(sys.argv[1]))
    probe.run()
    milliseconds = {
        "pings": [round(each * 1000, 2) for each in probe.pings],
        "talk": [round(each * 1000, 2) for each in probe.talk],
        "silence": round(probe.silence * 1000, 2),
    }
    print(json.dumps(milliseconds), flush=True)


if __name__ == "__main__":
    main()
