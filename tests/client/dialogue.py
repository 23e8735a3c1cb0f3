"""A session and a scripted server, talking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from twisted.internet.task import Clock
from typing_extensions import override

from huddle.client.session.events import Event
from huddle.client.session.hello import SessionOptions
from huddle.client.session.session import ClientSession
from huddle.client.session.state import Memory, Patch, State

Message = dict[str, Any]

WELCOME: Message = {
    "type": "welcome",
    "v": 1,
    "nick": "ana",
    "epoch": "e1",
    "last_id": 0,
    "rooms": {"huddle": {"seq": 10, "count": 2, "here": ["bob"]}},
    "limits": {"text": 4096},
}


class Diary(Memory):
    """A memory that can be looked into, and that forgets like a disk when the power is cut."""

    def __init__(self) -> None:
        self.patches: list[Patch] = []
        self.durable = 0
        self.nick = ""
        self._kept: list[Patch] = []

    @override
    def keep(self, patch: Patch) -> None:
        self._kept.append(patch)

    @override
    def commit(self, durable: bool) -> None:
        self.patches += self._kept
        self._kept.clear()
        if durable:
            self.durable = len(self.patches)

    @override
    def rename(self, nick: str) -> None:
        self.nick = nick

    def state(self) -> State:
        """What another run of the program would find."""
        state = State()
        for patch in self.patches:
            state.apply(patch)
        return state

    def power_cut(self, survivors: int = 0) -> None:
        """Only some of what was not durable is there afterwards."""
        del self.patches[self.durable + survivors :]


def secrets() -> Iterator[str]:
    """Secrets that can be told apart."""
    return (f"secret-{n}" for n in count(1))


class Dialogue:
    """A session over a connection that the test plays the server of."""

    def __init__(
        self, diary: Diary | None = None, nick: str = "ana", language: str = "en", **options: Any
    ) -> None:
        self.diary = diary or Diary()
        self.clock = Clock()
        fresh = secrets()
        self.session = ClientSession(
            self.diary.state(),
            self.diary,
            nick,
            clock=self.clock.seconds,
            fresh_secret=lambda: next(fresh),
            language=language,
            options=SessionOptions(**options),
        )

    def connect(self) -> list[Message]:
        """The connection is there; what the session says to begin with."""
        self.session.connected()
        return self.sent()

    def enter(self, **welcome: Any) -> list[Event]:
        """The connection is there, and the server lets the session in."""
        self.connect()
        return self.hear(WELCOME | welcome)

    def hear(self, *messages: Message) -> list[Event]:
        """The server says this, in one piece."""
        return self.hear_bytes(b"".join(json.dumps(m).encode() + b"\n" for m in messages))

    def hear_bytes(self, data: bytes) -> list[Event]:
        return self.session.receive(data)

    def lose(self) -> list[Event]:
        """The connection is gone."""
        return self.session.disconnected()

    def wait(self, seconds: float) -> list[Event]:
        """Time passes, and the session is woken whenever it wants to be."""
        until = self.clock.seconds() + seconds
        events: list[Event] = []
        while (deadline := self.session.deadline) is not None and deadline <= until:
            self.clock.advance(max(0.0, deadline - self.clock.seconds()))
            events += self.session.tick()
        self.clock.advance(until - self.clock.seconds())
        return events

    def sent(self) -> list[Message]:
        """What the session has sent since the last time."""
        return [json.loads(line) for line in self.session.data_to_send().splitlines()]

    def said(self) -> list[tuple[int, str]]:
        """Ids and texts of the lines that it has sent since the last time."""
        return [(m["id"], m["text"]) for m in self.sent() if m["type"] in ("say", "msg")]


def said(seq: int, text: str = "hola", **fields: Any) -> Message:
    """A message of bob's."""
    message = {"type": "said", "room": "huddle", "seq": seq, "time": "2026-11-20T18:02:11.123Z"}
    return message | {"nick": "bob", "kind": "say", "text": text} | fields


def ack(id: int, seq: int, room: str = "huddle") -> Message:
    return {"type": "ack", "id": id, "room": room, "seq": seq}


def error(code: str, **fields: Any) -> Message:
    return {"type": "error", "code": code, "text": f"({code})"} | fields
