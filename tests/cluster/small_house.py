"""Nodes over the log in memory, with programs and people who talk through them and move about.

Everybody says lines that name their author and are never said twice, so that what became of each
can be looked up: `Town.check` asks for what the house promises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.apply import apply
from huddle.cluster.effects import (
    Again,
    Applied,
    LifeDown,
    Message,
    Opened,
    Outcome,
    Placed,
    Refused,
)
from huddle.cluster.entries import Begin, Entry, Leave, Lose, Rename, Say, Up
from huddle.cluster.log import Gap
from huddle.cluster.naming import keyed
from huddle.cluster.nodes.host import Host
from huddle.cluster.nodes.node import Node
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.cluster.snapshot import digest, dump, load
from huddle.cluster.state import State, first_state
from tests.cluster.memory_log import Faults, MemoryEngine, MemoryLog
from tests.cluster.written_log import HUDDLE, hashed


class Server(Host):
    """One node as a process: its state, its record of what was said, its connections."""

    def __init__(
        self,
        town: Town,
        name: str,
        state: State,
        shared: Mapping[str, object] | None = None,
        starts: bool = True,
    ) -> None:
        self.town = town
        self.name = name
        self.messages: dict[tuple[str, int], Message] = dict(town.records.get(name, {}))
        self.connections: dict[int, Member] = {}
        self.statuses: list[NodeStatus] = []
        self.causes: list[str] = []
        self.downs: list[LifeDown] = []
        self.gaps: list[Gap] = []
        self.slow: list[Deferred[None]] | None = None
        self.dead = False
        self.late: list[Callable[[], object]] | None = None
        """What was due while it stood still, where it does."""
        self.jumped = 0.0
        """Seconds by which the machine's clock was set on; that is found when it is looked at."""
        self.log: MemoryLog = town.engine.view()
        self.node = Node(
            name,
            state,
            self.log,
            self,
            Up(
                dict(town.shared if shared is None else shared),
                rules=town.rules.get(name, KNOWN_RULES),
            ),
            town.fresh_life,
            self,
            self._now_ms,
        )
        if starts:
            self.node.start()

    def seconds(self) -> float:
        return self.town.clock.seconds()

    def callLater(self, delay: float, call: Callable[[], object], /) -> IDelayedCall:  # noqa: N802
        return self.town.clock.callLater(delay, lambda: self._calls(call))

    def _calls(self, call: Callable[[], object]) -> None:
        if self.late is not None:
            self.late.append(call)
        elif not self.dead:
            call()

    def stands_still(self) -> None:
        """As SIGSTOP: nothing is done, and nothing is read."""
        self.late, self.log.cut_off = [], True

    def goes_on(self) -> None:
        """As SIGCONT: what was due is done, and then it reads what has come."""
        late, self.late = self.late or [], None
        for call in late:
            self._calls(call)
        self.log.cut_off = False

    def _now_ms(self) -> int:
        if self.jumped:
            self.node.note_skew(self.jumped)
        return round((self.town.clock.seconds() + self.jumped) * 1000)

    @property
    def state(self) -> State:
        return self.node.state

    @override
    def keep(self, applied: Applied) -> Deferred[None]:
        for each in applied.effects:
            if isinstance(each, Message) and not self.dead:
                self.messages[each.room, each.seq] = each
            elif isinstance(each, LifeDown):
                self.downs.append(each)
        if self.slow is None:
            return succeed(None)
        self.slow.append(Deferred())
        return self.slow[-1]

    @override
    def connected(self) -> Iterable[tuple[int, int]]:
        return [(session, member.turn) for session, member in self.connections.items()]

    @override
    def moved(self, session: int) -> None:
        member = self.connections.pop(session, None)
        if member is not None:
            member.server = None

    @override
    def taken_back(self, session: int) -> None:
        """Nothing is known here of who reads and who does not."""

    @override
    def stands(self, status: NodeStatus) -> None:
        self.statuses.append(status)

    @override
    def halted(self, cause: str) -> None:
        self.causes.append(cause)

    @override
    def fell_behind(self, gap: Gap) -> None:
        self.gaps.append(gap)

    def ask(self, entry: Entry) -> Deferred[Outcome]:
        """Propose it; a node that is dead answers nothing any more."""
        return self.node.propose(entry) if not self.dead else Deferred()

    def kill(self) -> None:
        """As kill -9: its timers and its network are gone, and all who were connected."""
        self.dead = True
        self.log.cut_off = True
        self.town.records[self.name] = self.messages
        for session in list(self.connections):
            self.moved(session)


class Member:
    """A program, which numbers what it says and says again what was not acknowledged; or a person
    with nc, who does neither."""

    def __init__(self, town: Town, number: int, *, program: bool = True) -> None:
        self.town = town
        self.program = program
        self.number = number
        self.nick = f"m{number}"
        self.key = hashed(f"secret {number}") if program else ""
        self.server: Server | None = None
        self.session = 0
        self.sessions: set[int] = set()
        self.nicks: set[str] = set()
        self.turn = 0
        self.id = 0
        self.said: dict[str, int] = {}
        """Every line that it has ever said, and its id."""
        self.waiting: dict[int, str] = {}
        self.whom: dict[str, int] = {}
        """The session of the person to whom a line is said, and to no other."""
        self.placed: dict[str, int] = {}
        self.refused: set[str] = set()

    def connect(self, server: Server) -> None:
        """Come in by that node, from wherever it is."""
        self.hang_up()
        self.server, self.turn, turn = server, self.turn + 1, self.turn + 1
        if not self.program:
            self.session = 0
        self.nicks.add(self.nick)
        begin = Begin(keyed(self.nick), (HUDDLE,), self.key, turn=turn if self.program else 0)
        asked = server.ask(begin)
        asked.addCallbacks(lambda out: self._opened(server, turn, out), lambda _: self._no(turn))

    def _no(self, turn: int) -> None:
        if self.turn == turn:
            self.server = None

    def _opened(self, server: Server, turn: int, outcome: Outcome) -> None:
        is_here = self.server is server and self.turn == turn
        if not isinstance(outcome, Opened):
            if is_here:
                self.server = None
                self.nick += "x"
            return
        if not is_here:
            server.ask(Lose(outcome.session)).addErrback(lambda _: None)
            return
        self.session = outcome.session
        self.sessions.add(self.session)
        server.connections[self.session] = self
        for id, text in sorted(self.waiting.items()):
            self._send(id, text)

    def hang_up(self) -> None:
        """Lose the connection."""
        server, self.server = self.server, None
        if server is not None and server.connections.get(self.session) is self:
            del server.connections[self.session]
            server.ask(Lose(self.session)).addErrback(lambda _: None)

    def leave(self) -> None:
        """Say goodbye; who comes back is known by the secret."""
        server, self.server = self.server, None
        if server is not None and server.connections.get(self.session) is self:
            del server.connections[self.session]
            server.ask(Leave(self.session)).addErrback(lambda _: None)

    @property
    def is_in(self) -> bool:
        return self.server is not None and self.server.connections.get(self.session) is self

    def say(self, to: Member | None = None) -> str:
        """Say something that was never said before, to all or to one."""
        self.id += 1
        text = f"{self.number}:{self.id}"
        self.said[text] = self.id
        if to is not None:
            self.whom[text] = to.session or to.number + 1
        if self.program:
            self.waiting[self.id] = text
        if self.is_in:
            self._send(self.id, text)
        return text

    def _send(self, id: int, text: str) -> None:
        server = self.server
        assert server is not None
        given = id if self.program else 0
        asked = server.ask(
            Say(self.session, given, text, "huddle", to="x", whom=self.whom.get(text, 0))
        )
        if self.town.hasty:
            self._acknowledged(id, text, Placed("huddle", 0))
        asked.addCallbacks(
            lambda outcome: self._acknowledged(id, text, outcome), lambda _: self.hang_up()
        )

    def _acknowledged(self, id: int, text: str, outcome: Outcome) -> None:
        if isinstance(outcome, Placed):
            self.placed[text] = outcome.seq
            self.waiting.pop(id, None)
        elif isinstance(outcome, Again):
            self.placed.setdefault(text, 0)
            self.waiting.pop(id, None)
        elif isinstance(outcome, Refused):
            self._refused(id, text, outcome)

    def _refused(self, id: int, text: str, refused: Refused) -> None:
        """A program says it again when it is back, unless that would be in vain."""
        if not self.program or refused.code in ("nobody-there", "too-many"):
            self.refused.add(text)
            self.waiting.pop(id, None)

    def rename(self) -> None:
        if self.is_in and self.server is not None:
            wanted = f"{self.nick}r"
            self.nicks.add(wanted)
            asked = self.server.ask(Rename(self.session, keyed(wanted)))
            asked.addCallbacks(lambda _: setattr(self, "nick", wanted), lambda _: None)


class Town:
    """Three nodes, an engine, and the members; ``hasty`` nodes acknowledge before the log does."""

    def __init__(
        self, seed: int = 1, nodes: str = "abc", members: int = 4, people: int = 2, **faults: float
    ) -> None:
        self.random = Random(seed)
        self.clock = Clock()
        self.clock.advance(1_790_000_000)
        self.engine = MemoryEngine(self.clock, self.random, Faults(**faults))
        self.hasty = False
        self.shared: dict[str, object] = {"hold": 120}
        self.rules: dict[str, int] = {}
        """Which rules a node knows, where it is of a later version than this."""
        self.records: dict[str, dict[tuple[str, int], Message]] = {}
        self.servers = {name: Server(self, name, first_state()) for name in nodes}
        numbers = range(members + people)
        self.members = [Member(self, each, program=each < members) for each in numbers]
        self.goes(0.5)

    def fresh_life(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def goes(self, seconds: float, step: float = 0.02) -> None:
        """Time goes."""
        self.clock.pump([step] * round(seconds / step))

    def restart(self, name: str) -> None:
        """Start a node that was killed: from what it had on its disk, and the log behind that."""
        before = self.servers[name]
        if before.dead:
            self.servers[name] = Server(self, name, load(dump(before.state)))

    def living(self) -> Iterator[Server]:
        return (each for each in self.servers.values() if not each.dead)

    # -- what the house promises ---------------------------------------------------------------

    def settle(self) -> None:
        """All trouble is over, and everybody comes back and says what they still have to."""
        faults = self.engine.faults
        self.engine.faults = Faults()
        for name, server in self.servers.items():
            server.log.cut_off = server.dead
            self.restart(name)
        self.goes(30, 0.1)
        for _ in range(6):
            for member in self.members:
                if not member.is_in and member.program:
                    member.connect(self.random.choice(list(self.servers.values())))
            self.goes(8, 0.1)
        self.engine.faults = faults

    def replayed(self, until: int | None = None) -> tuple[State, list[Message]]:
        """What a node makes of the log that has read all of it, or as far as that position."""
        state, messages = first_state(), []
        for entry in self.engine.entries:
            if until is not None and entry.position > until:
                break
            applied = apply(state, entry.position, entry.bytes)
            messages += [each for each in applied.effects if isinstance(each, Message)]
        return state, messages

    def check(self) -> None:
        """Ask for all of it."""
        assert not [cause for server in self.servers.values() for cause in server.causes]
        for server in self.servers.values():
            assert server.node.status is NodeStatus.LEVEL, (server.name, server.node.status)
            state, messages = self.replayed(server.state.position)
            assert digest(server.state) == digest(state), f"{server.name} is another house"
            assert list(server.messages.values()) == messages, f"{server.name} has another record"
        state, messages = self.replayed()
        for room in {each.room for each in messages}:
            seqs = [each.seq for each in messages if each.room == room]
            assert seqs == list(range(1, len(seqs) + 1)), "a hole"
        self._check_lines(messages)
        self._check_authors(messages)
        self._check_names(state)

    def _check_lines(self, messages: list[Message]) -> None:
        counts = Counter(each.text for each in messages if each.id or not is_copy(each))
        assert not [text for text, count in counts.items() if count > 1], "said twice"
        for member in self.members:
            assert not member.waiting, f"{member.nick} still waits"
            lost = [text for text in member.placed if text not in counts]
            assert not lost, f"acknowledged, and lost: {lost}"
            assert not member.refused & counts.keys(), "refused, and said"
        for member in self.members:
            if member.program:
                own = [each.id for each in messages if each.text in member.said and each.id]
                assert own == sorted(own), "in another order than it was said"

    def _check_authors(self, messages: list[Message]) -> None:
        """Each line is under a name of who said it; one to a person is with that person alone."""
        copies = {each.text: each.room for each in messages if is_copy(each)}
        for each in messages:
            author = self.members[int(each.text.partition(":")[0])]
            assert each.session in author.sessions, "under another's session"
            assert each.nick in author.nicks, "under another's name"
            whom = author.whom.get(each.text)
            if whom is None:
                assert each.room == "huddle", "what was for all is with one"
            elif whom != each.session:
                assert copies.get(each.text) == f"@{whom}", "one copy without the other"

    def _check_names(self, state: State) -> None:
        here = [each for each in state.sessions.values() if each.here]
        keys = Counter(key for each in here for key in each.nick[1:])
        assert not [key for key, count in keys.items() if count > 1], "two have one nick"


def is_copy(message: Message) -> bool:
    """Whether it is the recipient's copy of a private message."""
    return message.room[0] == "@" and message.room != f"@{message.session}"


def failed(town: Town) -> Failure | AssertionError | None:
    """What the house has not kept of what it promises."""
    try:
        town.settle()
        town.check()
    except AssertionError as wrong:
        return wrong
    return None
