"""A whole Huddle in memory, and the people and programs who talk in it. Tests read as dialogues::

    world = World()
    ana, bob = world.person("ana"), world.person("bob")
    ana.says("hola")
    bob.hears("<ana> hola")
    ana.hears()

Nothing sleeps and nothing is real but Huddle itself, from the door inwards, and Twisted's TCP
transport (`tests.in_memory_tcp`). A peer's verbs do all that follows from them before they return,
save `sends`, which only puts bytes on the wire: `World.settle` then does the rest.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.tcp import Server
from twisted.internet.unix import Server as UnixServer
from typing_extensions import override

from huddle.doors.connection import Connection
from huddle.doors.keepalive import BEAT
from huddle.doors.line import HuddleFactory, HuddleProtocol
from huddle.people.accounts import Accounts
from huddle.people.operator_code import InMemory
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.limits import Limits
from huddle.record import Record
from huddle.record.memory import MemoryRecord
from huddle.server.assembly import Settings, Surroundings, assemble
from huddle.server.clustered.clustered import Clustered
from huddle.server.invitation.board import Board, Place, line_ways, web_ways
from tests.in_memory_tcp import BufferedServer, MemoryReactor, MemorySocket
from tests.open_checker import OpenChecker, kept
from tests.rows import sentences
from tests.slow_record import SlowRecord

T = TypeVar("T")

DIRECT = "direct"
"""Peers on plain TCP: Huddle sends to the socket itself."""

BUFFERED = "buffered"
"""Peers on a transport that must be written to, as TLS."""

UNIX = "unix"
"""Peers at the other end of a UNIX socket, of which the kernel says whether all is read."""

TRANSPORTS = (DIRECT, BUFFERED)

BOARD = Board(
    [(Place("192.168.1.5", port), ways) for port, ways in ((55123, line_ways), (8000, web_ways))],
    neighbours=(),
)
"""How others come in, as it is told by `/invite`."""

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
"""What the clock on the wall shows at first; `World.wall` sets it."""

Json = dict[str, Any]


class World:
    """One running server, and everybody around it."""

    def __init__(
        self,
        record: Record | None = None,
        *,
        limits: Limits | None = None,
        transport: str = DIRECT,
        language: str = "en",
        motd: Sequence[str] = (),
        at: datetime = NOON,
        seed: int = 1,
        members_only: bool = False,
        operators: Sequence[str] = (),
        others: Mapping[str, str] | None = None,
        code: InMemory | None = None,
        reactor: MemoryReactor | None = None,
        clustered: Clustered | None = None,
    ) -> None:
        """``operators`` are appointed as by ``--op``; ``others`` are nicks and passwords that
        another checker knows (``--auth``); ``clustered`` is set for one node of several
        (`tests.two_nodes`), which share a reactor."""
        self._clustered = clustered
        self._members_only, self._operators = members_only, tuple(operators)
        self._others = dict(others or {})
        self.limits = limits or Limits()
        self.reactor = reactor or MemoryReactor()
        self.transport = transport
        self.wall(at)
        self._seed = seed
        self._chance = random.Random(seed)
        self._ports = count(40_000)
        self._motd = tuple(motd)
        self._language = language
        self.peers: list[Peer] = []
        later = self.reactor.callLater
        self.record: Record = record or MemoryRecord(self.limits, f"epoch-{seed}", later)
        self._code = code or InMemory()
        self.factory = self._open()
        self.huddle, self.connections = self.factory.huddle, self.factory.connections

    def _open(self) -> HuddleFactory:
        settings = Settings(
            self.limits, self._language, UTC, self._motd, self._members_only, self._operators
        )
        surroundings = Surroundings(
            self.record,
            self.reactor,
            self.now_ms,
            self._choose,
            b"key" * 11,
            self._code,
            self.reactor.seconds,
            invitation=BOARD.invitation,
        )
        factory = assemble(settings, surroundings, self._make_passwords, self._clustered)
        factory.greets_after = 0
        return factory

    def _make_passwords(self, accounts: Accounts) -> OpenChecker:
        self.passwords = OpenChecker(lambda nick: self._hash_of(accounts, nick), self._others)
        return self.passwords

    def _hash_of(self, accounts: Accounts, nick: str) -> str | None:
        account = accounts.named(nick)
        if account is not None and account.row.hash is not None:
            return account.row.hash
        return kept(self._others[nick]) if nick in self._others else None

    def _choose(self, options: Sequence[T], /) -> T:
        return self._chance.choice(options)

    # -- time ----------------------------------------------------------------------------------

    def wall(self, at: datetime) -> None:
        """Set the clock on the wall. What ticks meanwhile is another clock."""
        self._wall = round(at.timestamp() * 1000) - round(self.reactor.seconds() * 1000)

    def now_ms(self) -> int:
        """The time of day."""
        return self._wall + round(self.reactor.seconds() * 1000)

    def settle(self) -> None:
        """Do everything that is due, without letting time pass."""
        self.reactor.settle()

    def passes(self, seconds: float) -> None:
        """Let so much time pass on both clocks."""
        self.reactor.pass_by(seconds)

    def beats(self, seconds: float = 5.0) -> None:
        """Let time pass, and have the kernel asked about every connection, as the service does."""
        for _ in range(round(seconds / BEAT)):
            self.connections.beat()
            self.passes(BEAT)

    # -- the server's life ---------------------------------------------------------------------

    def crashes(self) -> World:
        """Nobody is told anything, everything is gone but the record; a new server opens it."""
        for peer in self.peers:
            peer.wire.break_off()
        return World(
            self.record,
            limits=self.limits,
            transport=self.transport,
            language=self._language,
            motd=self._motd,
            at=datetime.fromtimestamp(self.now_ms() / 1000, UTC),
            seed=self._seed + 1,
            members_only=self._members_only,
            operators=self._operators,
            others=self._others,
            code=self._code,
        )

    def gives_code(self) -> str:
        """The operators' code that the server shows on its screen."""
        return self.factory.house.code.give(self._choose)

    def closes(self) -> None:
        """The server stops in good order."""
        self.connections.close()
        self.settle()

    def takes_nothing(self) -> None:
        """From now on nothing can be recorded; what was is read. (The disk of a `SlowRecord`.)"""
        assert isinstance(self.record, SlowRecord)
        self.record.broken = True

    def takes_again(self) -> None:
        """From now on it can be again."""
        assert isinstance(self.record, SlowRecord)
        self.record.broken = False

    def lets_in_members_alone(self) -> None:
        """The option is another one: as after a restart, for who comes from now on."""
        self.huddle.registry.members_only = True

    # -- who comes -----------------------------------------------------------------------------

    def connect(self, address: str = "10.0.0.1", transport: str | None = None) -> Peer:
        """Somebody connects, and says nothing yet."""
        peer = Peer(self)
        self.attach(peer, address, transport)
        self.settle()
        return peer

    def person(self, nick: str, *, transport: str | None = None, address: str = "10.0.0.1") -> Peer:
        """A person is in the room under this nick; what they heard on the way in is put aside."""
        peer = self.connect(address, transport)
        peer.says(nick)
        peer.forgets()
        return peer

    def program(
        self,
        nick: str,
        *,
        transport: str | None = None,
        secret: str | None = None,
        **hello: object,
    ) -> Program:
        """A program is in the room under this nick; its `welcome` is put aside.

        More fields of its hello may be given. Its secret is made of its nick if there is none.
        """
        program = Program(self, nick, f"secret of {nick}" if secret is None else secret)
        self.attach(program, "10.0.0.2", transport)
        program.enters(**hello)
        assert program.welcome, f"{nick} was not let in: {program.heard}"
        program.forgets()
        return program

    def attach(
        self,
        peer: Peer,
        address: str = "10.0.0.2",
        transport: str | None = None,
        door: IProtocolFactory | None = None,
    ) -> None:
        """Give the peer a connection by a door, the first if none is named; nothing has happened
        on it yet."""
        place = IPv4Address("TCP", address, next(self._ports))
        protocol: Any = (door or self.factory).buildProtocol(place)
        peer.address, peer.transport = address, transport or self.transport
        peer.wire = MemorySocket()
        servers = {DIRECT: Server, BUFFERED: BufferedServer, UNIX: UnixServer}
        made = servers[peer.transport](
            peer.wire,  # type: ignore[arg-type]
            protocol,
            (address, next(self._ports)),
            None,  # type: ignore[arg-type]
            0,
            self.reactor,
        )
        self.peers.append(peer)
        protocol.makeConnection(made)
        peer.protocol, peer.connection = protocol, protocol.connection


class Peer:
    """Somebody at the other end of a connection, with `nc`. What it hears are lines of text."""

    address: str
    transport: str
    protocol: HuddleProtocol
    connection: Connection
    wire: MemorySocket

    def __init__(self, world: World) -> None:
        self.world = world
        self.heard: list[Any] = []
        """Everything that was ever read."""
        self.word = ""
        """The return word that was told last."""
        self._told = 0

    # -- speaking ------------------------------------------------------------------------------

    def sends(self, data: bytes) -> None:
        """Put these bytes on the wire, and no more."""
        self.wire.incoming += data

    def says(self, *lines: str) -> None:
        """Type these lines, all in one write."""
        self.sends("".join(f"{line}\n" for line in lines).encode())
        self.world.settle()

    def ends(self) -> None:
        """End the writing side, as `nc -N` does; it still listens."""
        self.wire.input_ended = True
        self.world.settle()

    def cut(self) -> None:
        """The connection is lost, its machine gone; what was on its way to it never arrives."""
        self.wire.break_off()
        self.world.settle()

    def resets(self) -> None:
        """Its program ends before it has read all: its kernel resets the connection."""
        self.wire.break_off(reset=True)
        self.world.settle()

    # -- listening -----------------------------------------------------------------------------

    def stops_reading(self, room: int = 0) -> None:
        """Take nothing from now on; the kernels in between hold ``room`` bytes more."""
        self.wire.stop(room)

    def takes(self, count: int) -> None:
        """Take so many bytes more, and then nothing again."""
        self.wire.take(count)
        self.world.settle()

    def reads_again(self) -> None:
        """Take everything again."""
        self.wire.go_on()
        self.world.settle()

    def reads(self) -> list[Any]:
        """The lines that came since the last time; one that has not ended yet comes later."""
        *lines, rest = bytes(self.wire.taken).split(b"\n")
        self.wire.taken[:] = rest
        self.heard.extend(self._put_together([self._read_line(line) for line in lines]))
        new, self._told = self.heard[self._told :], len(self.heard)
        return new

    def forgets(self) -> None:
        """Put aside what came so far."""
        self.reads()

    def _put_together(self, lines: list[Any]) -> list[Any]:
        """Sentences that go over several rows are read as one line."""
        return sentences(lines)

    def _read_line(self, line: bytes) -> Any:
        text = line.decode()
        if ": " in text and text.startswith(("-- your return word", "-- tu palabra de regreso")):
            self.word = text.rpartition(" ")[2]
        return text

    @property
    def closed(self) -> bool:
        """Whether the server has ended its side, and all before that was taken."""
        return self.wire.output_ended and not self.wire.held

    @property
    def gone(self) -> bool:
        """Whether the server has let go of the connection."""
        return self.wire.closed

    # -- assertions ----------------------------------------------------------------------------

    def hears(self, *expected: Any) -> None:
        """Assert that these lines came, in this order, and nothing else."""
        heard = self.reads()
        assert heard == list(expected), _difference(heard, expected)

    def hears_at_last(self, *expected: str) -> None:
        """Assert that these were the last lines that came."""
        heard = self.reads()
        assert heard[len(heard) - len(expected) :] == list(expected), _difference(heard, expected)


class Program(Peer):
    """A peer that speaks json: what it hears are objects, what it says has ids.

    It keeps what docs/protocol.md asks a client to keep, and so can come `again`.
    """

    def __init__(self, world: World, nick: str, secret: str) -> None:
        super().__init__(world)
        self.nick = nick
        self.secret = secret
        self.welcome: Json = {}
        self.after: dict[str, int] = {}
        self.unacknowledged: dict[int, Json] = {}
        self.acks: dict[int, int] = {}
        self.last_id = 0

    def hellos(self, **fields: object) -> None:
        """Put a hello on the wire, and no more."""
        self.sends_objects(
            {"type": "hello", "v": 1, "nick": self.nick, "session": self.secret, **fields}
        )

    def enters(self, **hello: object) -> None:
        """Say hello."""
        self.hellos(**hello)
        self.world.settle()
        self._look()

    def again(self, world: World | None = None, **hello: object) -> Program:
        """The same program on a new connection: it resumes, and says again what was not acked."""
        self._look()
        other = Program(world or self.world, self.nick, self.secret)
        other.heard, other._told = self.heard, self._told
        other.after, other.last_id = self.after, self.last_id
        other.unacknowledged, other.acks = self.unacknowledged, self.acks
        other.welcome = self.welcome
        other.world.attach(other, "10.0.0.2", self.transport)
        other.enters(
            **{"resume": True, "epoch": self.welcome["epoch"], "after": self.after, **hello}
        )
        other.sends_objects(*other.unacknowledged.values())
        other.world.settle()
        return other

    def sends_objects(self, *objects: Mapping[str, object]) -> None:
        """Put these on the wire, and no more."""
        self.sends(b"".join(json.dumps(each).encode() + b"\n" for each in objects))

    @override
    def says(self, *texts: str, **fields: object) -> None:
        """Say these texts, each under the next id, in one write."""
        self.sends_objects(*[self.drafts(text, **fields) for text in texts])
        self.world.settle()

    def drafts(self, text: str, **fields: object) -> Json:
        """What it would send to say this, under the next id; it counts as unacknowledged."""
        self.last_id += 1
        say: Json = {
            "type": "say",
            "id": self.last_id,
            "room": FIRST_ROOM,
            "text": text,
            **fields,
        }
        self.unacknowledged[say["id"]] = say
        return say

    def asks(self, type: str, **fields: object) -> Json:
        """Send a request and return what it hears next, which must be one object."""
        self.reads()
        self.sends_objects({"type": type, **fields})
        self.world.settle()
        heard = self.reads()
        assert len(heard) == 1, f"one answer was expected, and these came: {heard}"
        answer: Json = heard[0]
        return answer

    def said(self) -> list[str]:
        """All texts it was ever given as `said`, in order."""
        self._look()
        return [each["text"] for each in self.heard if each["type"] == "said"]

    @override
    def hears(self, *expected: Mapping[str, object]) -> None:
        """Assert that such objects came, in this order, and nothing else.

        Fields that are not named here may hold anything.
        """
        heard = self.reads()
        seen = [
            {name: got.get(name) for name in want}
            for got, want in zip(heard, expected, strict=False)
        ]
        matches = len(heard) == len(expected) and seen == [dict(each) for each in expected]
        assert matches, _difference(heard, expected)

    def _look(self) -> None:
        told = self._told
        self.reads()
        self._told = told

    @override
    def _put_together(self, lines: list[Any]) -> list[Any]:
        return lines

    @override
    def _read_line(self, line: bytes) -> Any:
        if not line.startswith(b"{"):
            return {"type": "greeting"}
        event: Json = json.loads(line)
        match event["type"]:
            case "welcome":
                self.welcome = event
            case "said":
                self.after[event["room"]] = event["seq"]
            case "deleted" if "time" in event:  # a tombstone in the place of a message
                self.after[event["room"]] = event["seq"]
            case "gap":
                self.after[event["room"]] = event["to"]
            case "ack":
                self.acks[event["id"]] = event["seq"]
                self.unacknowledged.pop(event["id"], None)
        return event


def _difference(heard: Sequence[object], expected: Sequence[object]) -> str:
    came = "".join(f"\n    {line}" for line in heard) or "\n    (nothing)"
    wanted = "".join(f"\n    {line}" for line in expected) or "\n    (nothing)"
    return f"came:{came}\n  expected:{wanted}"
