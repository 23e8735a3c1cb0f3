"""A long record: what replay, catching up and search cost, beside the same statements bare.

The record is filled through Huddle's own code, and the server is then started on it. It is asked
over the wire, in the json dialect; SQLite is asked the same from here, on a connection of its own.
What the wire itself costs is shown by a ping, and coming in by a hello that wants no replay.
"""

import json
import queue
import secrets
import socket
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.peers.huddle import RECORD
from benchmarks.peers.peer import Peer
from benchmarks.runs.paired import tell
from benchmarks.runs.processes import PATIENCE
from benchmarks.runs.run import Server, serving
from huddle.protocol.events import Draft, Kind
from huddle.record.sqlite import SqliteRecord

ROOM = "huddle"
BATCH = 1000
RARE, COMMON = "okapi", "hola"
"""Words of one message in ten thousand, and of one in two."""
NOBODY_HERE = 1_000_000
"""Sessions from here on are those of the messages; nobody who asks has one: one's own are not shown
to a program that comes back."""

PLACES = f"""SELECT place, time, session, nick, kind, text FROM messages
    WHERE place BETWEEN (SELECT number << 39 FROM rooms WHERE name = '{ROOM}') + ?
    AND (SELECT number << 39 FROM rooms WHERE name = '{ROOM}') + ? ORDER BY place"""
MATCHES = """SELECT place, time, session, nick, kind, messages.text
    FROM words JOIN messages ON place = words.rowid
    WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Answered:
    """Medians, in µs, of one question asked over the wire and bare; None where there is none."""

    question: str
    rows: int
    wire_us: float
    bare_us: float | None


def measure_record(peer: Peer, messages: int, times: int = 200) -> list[Answered]:
    """Fill a record, start the server on it and ask, without a limit to what one may ask."""
    asked = replace(peer, command=lambda *where: [*peer.command(*where), "--searches", "0"])
    with serving(asked, prepare=lambda folder: fill(folder / RECORD, messages)) as server:
        return list(_answers(server, messages, times))


def fill(path: Path, messages: int) -> None:
    """Write so many messages into a new record, as fast as it takes them."""
    calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    record = SqliteRecord.open(
        str(path),
        secrets.token_hex(8),
        lambda call, *args: calls.put(lambda: call(*args)),
        print,
        sync="normal",
    )

    def await_all(waiting: list[Any]) -> None:
        while any(not each.called for each in waiting):
            calls.get()()

    start = time.monotonic()
    for first in range(1, messages + 1, BATCH):
        drafts = [_draft(number) for number in range(first, min(first + BATCH, messages + 1))]
        await_all([record.append(drafts, 1_700_000_000_000 + first)])
    await_all([record.search(ROOM, RARE, 1)])  # the full-text index is filled afterwards
    await_all([record.close()])
    tell(f"{messages:,} messages recorded in {time.monotonic() - start:.1f} s")


def _draft(number: int) -> Draft:
    words = [COMMON if number % 2 else "adiós", f"number {number}", "the quick brown fox jumps"]
    if number % 10_000 == 0:
        words.append(RARE)
    session = NOBODY_HERE + number % 50
    return Draft(ROOM, session, f"m{number % 50:06}", Kind.SAY, " ".join(words))


def _answers(server: Server, messages: int, times: int) -> Iterator[Answered]:
    newest = messages
    path = server.folder / RECORD
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as bare,
        _program(server) as in_,
    ):
        epoch = in_.welcome["epoch"]

        def places(count: int) -> float:
            return _median(
                times, lambda: bare.execute(PLACES, (newest - count + 1, newest)).fetchall()
            )

        def matches(word: str) -> float:
            return _median(times, lambda: bare.execute(MATCHES, (f'"{word}"', 50)).fetchall())

        yield Answered("ping", 0, _median(times, in_.ping), None)
        hello = _median(times, lambda: _come_in(server, 0, replay=0))
        yield Answered("hello, no replay", 0, hello, None)
        replay = _median(times, lambda: _come_in(server, 20, replay=20))
        yield Answered("hello, the last 20", 20, replay, places(20))
        after = {"epoch": epoch, "after": {ROOM: newest - 100}}
        missing = _median(times, lambda: _come_in(server, 100, **after))
        yield Answered("hello, 100 missing", 100, missing, places(100))
        middle = newest // 2
        aged = _median(times, lambda: in_.ask("history", limit=20, before=middle))
        yield Answered("history, 20 from the middle", 20, aged, places(20))
        for word, kind in ((RARE, "rare"), (COMMON, "common")):
            found = _median(times, lambda word=word: in_.ask("search", words=word, limit=50))  # type: ignore[misc]
            yield Answered(f"search, a {kind} word", 50, found, matches(word))


def _median(times: int, ask: Callable[[], object]) -> float:
    samples = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        samples.append(time.perf_counter() - start)
    return statistics.median(samples) * 1e6


class Program:
    """A program that speaks the json dialect and waits for each answer."""

    def __init__(self, port: int, **hello: object) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self._socket.makefile("rb")
        self._id = 0
        nick = f"p{secrets.token_hex(6)}"
        self.say({"type": "hello", "v": 1, "nick": nick, "session": None, **hello})
        self.welcome = self.hear("welcome")

    def say(self, fields: dict[str, object]) -> None:
        """Send one object as a line of JSON."""
        self._socket.sendall(json.dumps(fields).encode() + b"\n")

    def hear(self, kind: str) -> dict[str, Any]:
        """Skip to the next object of that type. Raises `ValueError` for an error."""
        for line in self._lines:
            if not line.startswith(b"{"):
                continue
            fields: dict[str, Any] = json.loads(line)
            if fields["type"] == kind:
                return fields
            if fields["type"] == "error":
                raise ValueError(fields)
        raise EOFError

    def count_said(self, count: int) -> None:
        """Read on until so many messages have come; their fields are not looked at."""
        while count:
            count -= self._lines.readline().startswith(b'{"type":"said"')

    def ping(self) -> None:
        """Ask whether it is there."""
        self.say({"type": "ping"})
        self.hear("pong")

    def ask(self, question: str, **fields: object) -> dict[str, Any]:
        """Ask and wait for the reply."""
        self._id += 1
        self.say({"type": question, "id": self._id, "room": ROOM, **fields})
        return self.hear("reply")

    def leave(self) -> None:
        """Say bye and hang up."""
        self.say({"type": "bye"})
        self._lines.close()
        self._socket.close()


@contextmanager
def _program(server: Server, **hello: object) -> Iterator[Program]:
    program = Program(server.port, **{"replay": 0, **hello})
    try:
        yield program
    finally:
        program.leave()


def _come_in(server: Server, replayed: int, **hello: object) -> None:
    with _program(server, **hello) as program:
        program.count_said(replayed)
