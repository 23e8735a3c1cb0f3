"""Whatever happens to connections, processes, disks and the server: once, in order, none missing.

Three clients talk through a model of the server (`model_server`). Hypothesis delivers, loses and
kills at random; what each client was shown and what is in the record is compared at the end.
"""

from __future__ import annotations

from itertools import count, pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from twisted.internet.task import Clock
from typing_extensions import override

from huddle.client.session import events
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Line
from tests.client.dialogue import Diary
from tests.client.model_server import ROOM, ModelConnection, ModelServer

NICKS = ("ana", "bob", "eva")
each_client = st.sampled_from(NICKS)


class Client:
    """One user: a disk, now and then a process, now and then a connection."""

    def __init__(self, nick: str, server: ModelServer, clock: Clock) -> None:
        self.nick = nick
        self.diary = Diary()
        self.said: list[str] = []
        """The texts that the user said, in order."""
        self.dropped: set[str] = set()
        """Those that were settled under a record that is gone, or that the user gave up."""
        self.in_doubt: set[str] = set()
        """Those that were said again without knowing: they may be out of their order."""
        self.shown: list[events.Said] = []
        """The messages on the user's screen, of the present record, in the order they came."""
        self.doubts: tuple[Line, ...] = ()
        self._server = server
        self._clock = clock
        self._secrets = (f"{nick}-{n}" for n in count(1))
        self.start()

    def start(self) -> None:
        """The program is started, and finds what is on the disk."""
        self.connection: ModelConnection | None = None
        self.up = bytearray()
        self.newest = {ROOM: 0, "@": 0}
        self.on_its_way: list[events.Said] = []
        self.doubts = ()
        self.session = ClientSession(
            self.diary.state(),
            self.diary,
            self.nick,
            clock=self._clock.seconds,
            fresh_secret=lambda: next(self._secrets),
        )

    def connect(self) -> None:
        if self.connection is None:
            self.connection = self._server.connect()
            self.happen(self.session.connected())

    def cut(self) -> None:
        """The connection is gone, with all that was on its way."""
        if self.connection is not None:
            for secret, connection in list(self._server.online.items()):
                if connection is self.connection:
                    del self._server.online[secret]
            self.connection = None
            self.up.clear()
            self.happen(self.session.disconnected())

    def die(self, survivors: int) -> None:
        """The power is cut: of what was not durable, some patches are on the disk."""
        if self.connection is not None:
            for secret, connection in list(self._server.online.items()):
                if connection is self.connection:
                    del self._server.online[secret]
        self.diary.power_cut(survivors)
        self.start()

    def say(self, *texts: str) -> None:
        self.said += texts
        self.happen(self.session.say(texts, ROOM))

    def deliver_up(self, size: int) -> None:
        """Some bytes arrive at the server."""
        if self.connection is not None:
            data = bytes(self.up[:size])
            del self.up[:size]
            self.connection.receive(data)

    def deliver_down(self, size: int) -> None:
        """Some bytes arrive at the client."""
        if self.connection is not None:
            data = bytes(self.connection.out[:size])
            del self.connection.out[:size]
            self.happen(self.session.receive(data))

    def show(self) -> None:
        """What has come reaches the screen, which a program that dies does not take with it."""
        self.shown += self.on_its_way
        self.on_its_way.clear()
        self.happen(self.session.shown())

    def wake(self) -> None:
        if self.session.deadline is not None and self.session.deadline <= self._clock.seconds():
            self.happen(self.session.tick())

    def decide(self, say_again: bool) -> None:
        """The user answers about the lines in doubt."""
        texts = {line.text for line in self.doubts}
        self.doubts = ()
        if say_again:
            self.in_doubt |= texts
        else:
            self.dropped |= texts
        self.happen(self.session.decide_doubts(say_again=say_again))

    def happen(self, happened: list[events.Event]) -> None:
        self.up += self.session.data_to_send()
        for event in happened:
            self._see(event)

    def _see(self, event: events.Event) -> None:
        match event:
            case events.Said(room=room, seq=seq):
                assert seq > self.newest[room], "shown twice, or out of order, by one process"
                self.newest[room] = seq
                if room == ROOM:
                    self.on_its_way.append(event)
            case events.Reset(room=room):
                self.newest[room] = 0
            case events.InDoubt(lines=lines):
                self.doubts = lines
            case events.NickRefused(suggestion=suggestion):
                assert suggestion is not None
                self.happen(self.session.take_nick(suggestion))
            case events.Silent():
                self.cut()
            case events.Missing() | events.Unreadable() | events.Refused() | events.Expired():
                raise AssertionError(event)


class Talk(RuleBasedStateMachine):
    """Three clients and a server."""

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.server = ModelServer()
        self.clients = {nick: Client(nick, self.server, self.clock) for nick in NICKS}
        self.texts = (f"line {n}" for n in count(1))
        self.gone: set[str] = set()

    @rule(rounds=st.integers(1, 4))
    def go_well(self, rounds: int) -> None:
        """Everybody is connected, and for a while everything arrives."""
        for client in self.clients.values():
            client.connect()
        for _ in range(rounds):
            for client in self.clients.values():
                client.deliver_up(100_000)
                client.deliver_down(100_000)

    @rule(nick=each_client, lines=st.integers(1, 4))
    def say(self, nick: str, lines: int) -> None:
        self.clients[nick].say(*(next(self.texts) for _ in range(lines)))

    @rule(nick=each_client)
    def connect(self, nick: str) -> None:
        self.clients[nick].connect()

    @rule(nick=each_client, size=st.one_of(st.integers(1, 400), st.just(100_000)))
    def deliver_up(self, nick: str, size: int) -> None:
        self.clients[nick].deliver_up(size)

    @rule(nick=each_client, size=st.one_of(st.integers(1, 400), st.just(100_000)))
    def deliver_down(self, nick: str, size: int) -> None:
        self.clients[nick].deliver_down(size)

    @rule(nick=each_client)
    def show(self, nick: str) -> None:
        self.clients[nick].show()

    @rule(nick=each_client)
    def cut(self, nick: str) -> None:
        self.clients[nick].cut()

    @rule(nick=each_client, survivors=st.integers(0, 6))
    def die(self, nick: str, survivors: int) -> None:
        self.clients[nick].die(survivors)

    @rule(nick=each_client)
    def rename(self, nick: str) -> None:
        client = self.clients[nick]
        client.happen(client.session.take_nick(nick.upper()))

    @rule(seconds=st.floats(0.1, 20))
    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        for client in self.clients.values():
            client.wake()

    @rule()
    def restart_server(self) -> None:
        for client in self.clients.values():
            client.cut()

    @rule(failing=st.booleans())
    def break_the_record(self, failing: bool) -> None:
        self.server.failing = failing

    @rule()
    def acknowledge_late(self) -> None:
        self.server.late_acks = not self.server.late_acks
        self._send_late_acks()

    @rule(nick=each_client)
    def a_stranger_takes_the_nick(self, nick: str) -> None:
        if nick not in {presence.nick for presence in self.server.presences.values()}:
            self.server.strangers.add(nick)

    @rule(keep=st.integers(0, 5))
    def forget_old_messages(self, keep: int) -> None:
        self.server.forget_messages(keep)
        self.gone |= {told.text for told in self.server.record[: self.server.forgotten]}

    @rule()
    def replace_the_record(self) -> None:
        for client in self.clients.values():
            client.cut()
        recorded = {told.text for told in self.server.record}
        self.server.forget_everything()
        for client in self.clients.values():
            client.shown.clear()
            client.on_its_way.clear()
            client.newest = {ROOM: 0, "@": 0}
            client.dropped |= recorded  # it was in a record once; that is all we can ask
            client.in_doubt.clear()
        self.gone.clear()

    @precondition(lambda self: any(client.doubts for client in self.clients.values()))
    @rule(say_again=st.booleans())
    def decide(self, say_again: bool) -> None:
        for client in self.clients.values():
            if client.doubts:
                client.decide(say_again)

    @override
    def teardown(self) -> None:
        if hasattr(self, "clients"):
            self._settle()
            for client in self.clients.values():
                self._check_record(client)
            for client in self.clients.values():
                self._check_screen(client)

    def _settle(self) -> None:
        """All goes well from now on, until nothing happens any more."""
        self.server.failing = self.server.late_acks = False
        for client in self.clients.values():
            client.cut()
            client.connect()
        for _ in range(10):
            self._send_late_acks()
            self.clock.advance(1)
            for client in self.clients.values():
                client.wake()
                client.deliver_up(1_000_000)
                client.deliver_down(1_000_000)
                if client.doubts:
                    client.decide(say_again=True)
        for client in self.clients.values():
            client.show()
            assert client.session.settled

    def _send_late_acks(self) -> None:
        for client in self.clients.values():
            if client.connection is not None:
                client.connection.send_late_acks()

    def _check_record(self, client: Client) -> None:
        """What the user said is in the record once, in the order it was said."""
        recorded = [told.text for told in self.server.record if told.text in client.said]
        assert len(set(recorded)) == len(recorded), "said twice"
        assert set(client.said) - client.dropped <= set(recorded), "lost"
        certain = [text for text in recorded if text not in client.in_doubt]
        assert certain == sorted(certain, key=client.said.index), "out of order"

    def _check_screen(self, client: Client) -> None:
        """The others' messages are on the screen, in order; twice only if the program died."""
        theirs = [told.text for told in self.server.record if told.text not in client.said]
        seqs = {told.text: seq for seq, told in enumerate(self.server.record, 1)}
        shown = [event.text for event in client.shown if event.text not in client.said]
        first = {text: at for at, text in reversed(list(enumerate(shown)))}
        assert all(first[a] < first[b] for a, b in pairwise(sorted(first, key=seqs.__getitem__)))
        begun = min((seqs[text] for text in first), default=len(seqs) + 1)
        due = {text for text in theirs if seqs[text] >= begun} - self.gone
        assert due <= first.keys(), "missing on the screen"


SEARCH = settings(stateful_step_count=60, suppress_health_check=list(HealthCheck))


def test_a_talk_is_as_the_model_says() -> None:
    """In some examples; in many more, `tests/long/test_searches.py` tries."""
    run_state_machine_as_test(Talk, settings=settings(SEARCH, max_examples=25))
