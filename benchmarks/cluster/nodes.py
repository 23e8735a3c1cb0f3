"""What a message costs a house of several nodes: until all have it, and in processor time.

Three members of etcd and so many nodes on this machine, each with as many programs. One of them
speaks: at first a message after the other, each when all have read the one before, with a bare
append to the engine in turn; then many at a time, while the processor time of the nodes is counted.

All of it shares the cores of one machine, and their caches. What that takes is told by as many
servers that know nothing of each other, each with a speaker of its own (`apart`): where four of
them cost more than four times what one does, the log is not to blame that four nodes do.
"""

import http.client
import json
import resource
import selectors
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.runs.disk import folder
from benchmarks.runs.paired import median, tell
from benchmarks.runs.processes import own_seconds
from huddle.cluster.etcd.messages import coded
from tests.cluster.real_etcd import DEFAULT_TIMING, Etcd
from tests.lost.server import Server

WINDOW = 64
"""Messages that are on their way at a time, while processor time is counted."""
WARM = 6
"""Windows that are said before it is counted: the first hundreds of messages cost more."""
IDLE = 5.0
"""Seconds for which it is counted what a node takes while nothing is said."""
FEW = 10
"""Programs on each node, while it is measured how long one message takes."""
OPTIONS = ("--flood-rate", "0", "--per-address", "0")
TEXT = "x" * 64


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured of a house of so many ``nodes``, with ``members`` on each; seconds.

    ``processor`` are those of all nodes together for ``messages``, ``foreign`` those of one on
    which nobody is, without what it takes meanwhile where nothing is said. None: there is no such.
    """

    nodes: int
    members: int
    messages: int
    processor: float
    foreign: float | None

    @property
    def per_message(self) -> float:
        """Seconds of all nodes together for one message."""
        return self.processor / self.messages


class Programs:
    """Programs on real sockets, in one thread; they count the lines that they are given."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._sockets: list[socket.socket] = []
        self._speakers: list[socket.socket] = []
        self._said = 0
        self.lines = 0

    def connect(self, port: int, count: int, speaks: bool) -> None:
        """Have so many come in by that port, of whom the first ``speaks`` when it is told to."""
        for number in range(count):
            nick = f"p{len(self._sockets)}"
            hello = {"type": "hello", "v": 1, "nick": nick, "session": None, "replay": 0}
            joining = socket.create_connection(("127.0.0.1", port))
            joining.sendall(json.dumps(hello).encode() + b"\n")
            data = b""
            while b'"welcome"' not in data:
                data += joining.recv(1 << 16)
            joining.setblocking(False)
            self._selector.register(joining, selectors.EVENT_READ)
            self._sockets.append(joining)
            if speaks and not number:
                self._speakers.append(joining)

    def say(self, count: int) -> None:
        """Have each who speaks say so many."""
        lines = []
        for _ in range(count):
            self._said += 1
            lines.append(
                json.dumps({"type": "say", "id": self._said, "room": "huddle", "text": TEXT})
            )
        for speaker in self._speakers:
            speaker.sendall("".join(f"{line}\n" for line in lines).encode())

    def read_until(self, lines: int, patience: float = 60) -> None:
        """Read until so many lines have come in all. Raises `TimeoutError`."""
        deadline = time.monotonic() + patience
        while self.lines < lines:
            for key, _ in self._selector.select(0.1):
                assert isinstance(key.fileobj, socket.socket)
                self.lines += key.fileobj.recv(1 << 18).count(b"\n")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.lines} of {lines} lines have come")

    def rest(self, seconds: float) -> None:
        """Read what comes in so many seconds, and begin to count."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for key, _ in self._selector.select(0.1):
                assert isinstance(key.fileobj, socket.socket)
                key.fileobj.recv(1 << 18)
        self.lines = 0

    @property
    def each(self) -> int:
        """Lines that come by one message of each who speaks: all others there are given it, and its
        speaker the ack."""
        return len(self._sockets)

    def end(self) -> None:
        for each in self._sockets:
            each.close()


def raise_open_files() -> None:
    """Have as many open files as this process may have."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


@contextmanager
def house(nodes: int) -> Iterator[tuple[Etcd, list[Server]]]:
    """An engine and so many nodes, from nothing; ended afterwards."""
    with tempfile.TemporaryDirectory(dir=folder()) as name:
        place = Path(name)
        etcd, servers = Etcd(place / "engine", *DEFAULT_TIMING), list[Server]()
        key = place / "key"
        key.touch(0o600)
        key.write_text("ab" * 32)
        try:
            etcd.start()
            engine = f"etcd://{','.join(etcd.endpoints)}/benchmark"
            for number in range(nodes):
                own = place / f"n{number}"
                own.mkdir()
                cluster = ("--cluster", engine, "--node", f"n{number}", "--cluster-key", str(key))
                servers.append(Server(own, *OPTIONS, *cluster))
            for server in servers:
                server.start()
            yield etcd, servers
        finally:
            for server in servers:
                server.kill()
            etcd.end()


def latencies(nodes: int, times: int) -> tuple[list[float], list[float]]:
    """Seconds until all had one message, and of a bare append of as much in turn."""
    whole, bare = [], []
    with house(nodes) as (etcd, servers):
        programs = Programs()
        for server in servers:
            programs.connect(server.port, FEW, speaks=server is servers[0])
        programs.rest(2)
        member = etcd.members[0]
        connection = http.client.HTTPConnection(member.host, member.client)
        body = json.dumps({"key": coded(b"bare"), "value": coded(b"x" * 300)}).encode()
        for _ in range(times):
            start, wanted = time.perf_counter(), programs.lines + programs.each
            programs.say(1)
            programs.read_until(wanted)
            whole.append(time.perf_counter() - start)
            start = time.perf_counter()
            connection.request("POST", "/v3/kv/put", body)
            connection.getresponse().read()
            bare.append(time.perf_counter() - start)
        programs.end()
    return whole, bare


def costs(nodes: int, members: int, messages: int) -> Costs:
    """Processor time for so many messages, of nodes with so many members each, and of one more on
    which nobody is."""
    with house(nodes + 1) as (_, servers):
        programs = Programs()
        for server in servers[:-1]:
            programs.connect(server.port, members, speaks=server is servers[0])
        programs.rest(3)
        idle = own_seconds(servers[-1].pid)
        programs.rest(IDLE)
        idle = (own_seconds(servers[-1].pid) - idle) / IDLE
        spent, seconds = _spent(servers, programs, messages)
        programs.end()
    foreign = spent.pop() - idle * seconds
    tell(f"{nodes} nodes of {members}: {sum(spent):.2f} s, one without members {foreign:.2f}")
    return Costs(nodes, members, _whole(messages), sum(spent), foreign)


def apart(servers: int, members: int, messages: int) -> Costs:
    """The same of so many servers without a log, in each of which so many messages are said."""
    with ExitStack() as places:
        houses = [
            Server(Path(places.enter_context(tempfile.TemporaryDirectory(dir=folder()))), *OPTIONS)
            for _ in range(servers)
        ]
        programs = Programs()
        for each in houses:
            each.start()
            places.callback(each.kill)
        for each in houses:
            programs.connect(each.port, members, speaks=True)
        programs.rest(3)
        spent, _ = _spent(houses, programs, messages)
        programs.end()
    tell(f"{servers} servers of {members} on their own: {sum(spent):.2f} s")
    return Costs(servers, members, _whole(messages), sum(spent), None)


def _whole(messages: int) -> int:
    return messages // WINDOW * WINDOW


def _spent(
    servers: Sequence[Server], programs: Programs, messages: int
) -> tuple[list[float], float]:
    """Processor time of each server for so many messages, and the seconds in which they came."""
    for _ in range(WARM):
        _say(programs)
    before = [own_seconds(each.pid) for each in servers]
    began = time.monotonic()
    for _ in range(messages // WINDOW):
        _say(programs)
    after = [own_seconds(each.pid) for each in servers]
    return [now - was for was, now in zip(before, after, strict=True)], time.monotonic() - began


def _say(programs: Programs) -> None:
    """Have each who speaks say a window of messages, and all read them."""
    wanted = programs.lines + WINDOW * programs.each
    programs.say(WINDOW)
    programs.read_until(wanted)


def cost_rows(turns: Sequence[Sequence[Costs]]) -> list[Sequence[str]]:
    """The rows of a table, one for each house: the median of all turns, in each of which the houses
    were measured in the same order. The last columns are against the first house of the turn."""
    return [_cost_row(houses, [turn[0] for turn in turns]) for houses in zip(*turns, strict=True)]


def _cost_row(houses: Sequence[Costs], firsts: Sequence[Costs]) -> Sequence[str]:
    """The row of what was in each turn the same house, beside the first house of each turn."""
    pairs = zip(houses, firsts, strict=True)
    ratios = [each.per_message / first.per_message for each, first in pairs]
    foreign = [each.foreign / each.messages for each in houses if each.foreign is not None]
    return (
        f"{houses[0].nodes} × {houses[0].members:,}",
        f"{median([each.per_message for each in houses]) * 1e6:,.0f}",
        f"{median(foreign) * 1e6:,.0f}" if foreign else "",
        f"{median(ratios):.2f}",
        f"{min(ratios):.2f} … {max(ratios):.2f}",
    )
