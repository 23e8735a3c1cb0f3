"""A json client as docs/protocol.md wants it, sans I/O, and a note of all that it was told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ROOM = "huddle"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it was given to a client."""

    seq: int
    nick: str
    text: str


@dataclass
class Program:
    """One client: bytes in, bytes out. ``wrong`` is what a server must never do."""

    nick: str
    secret: str
    heard: list[Heard] = field(default_factory=list)
    acks: dict[int, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    """What it ever said; the id of each is its place in this list, from 1."""
    unacknowledged: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Codes of the errors it was told."""
    gone: list[tuple[int, int]] = field(default_factory=list)
    """The gaps it was told of."""
    turned_away: bool = False
    """Whether this connection's hello was refused."""
    after: int | None = None
    epoch: str | None = None
    welcomed: bool = False
    refused: bool = False
    """Whether something could not be recorded, and was not said again since."""
    pongs: int = 0

    def hello(self) -> bytes:
        """What it begins a connection with."""
        self.welcomed = self.turned_away = False
        known = self.epoch is not None
        hello: dict[str, object] = {"type": "hello", "v": 1, "nick": self.nick}
        hello |= {"session": self.secret, "resume": known, "replay": 0}
        if known:
            hello |= {"epoch": self.epoch, "after": {ROOM: self.after}}
        return _line(hello)

    def say(self, texts: Iterable[str]) -> bytes:
        """Say these."""
        data = b""
        for text in texts:
            self.said.append(text)
            self.unacknowledged[len(self.said)] = text
            data += self._say(len(self.said))
        return data

    def say_again(self) -> bytes:
        """Say everything again that was not acknowledged."""
        self.refused = False
        return b"".join(map(self._say, self.unacknowledged))

    def _say(self, id: int) -> bytes:
        text = self.unacknowledged[id]
        return _line({"type": "say", "id": id, "room": ROOM, "text": text})

    def has_heard(self) -> int:
        """How many messages it was given."""
        return len(self.heard)

    def ping(self) -> bytes:
        """Ask whether the server answers."""
        return _line({"type": "ping"})

    def hear(self, line: bytes) -> None:
        """Take one line of the server's."""
        if not line.startswith(b"{"):
            if self.welcomed:
                self.wrong.append(f"{line!r} is no object")
            return
        event = json.loads(line)
        match event["type"]:
            case "welcome":
                self._welcome(event)
            case "said":
                self.heard.append(Heard(event["seq"], event["nick"], event["text"]))
                self.after = event["seq"]
            case "gap":
                self.gone.append((event["from"], event["to"]))
                self.after = event["to"]
            case "ack":
                self._ack(event["id"], event["seq"])
            case "reset":
                self.wrong.append(f"a reset, after {self.after}")
            case "error":
                self.errors.append(event["code"])
                self.turned_away = not self.welcomed
                self.refused = self.refused or event["code"] == "not-recorded"
            case "pong":
                self.pongs += 1

    def _welcome(self, welcome: dict[str, Any]) -> None:
        self.welcomed = True
        if self.epoch is None:
            self.epoch = welcome["epoch"]
            self.after = welcome["rooms"][ROOM]["seq"]
        same = self.epoch == welcome["epoch"]
        if same and welcome["last_id"] < max(self.acks, default=0):
            self.wrong.append(f"last_id {welcome['last_id']} below what was acknowledged")

    def _ack(self, id: int, seq: int) -> None:
        self.unacknowledged.pop(id, None)
        if self.acks.setdefault(id, seq) != seq:
            self.wrong.append(f"{id} acknowledged as {self.acks[id]} and as {seq}")


def _line(message: dict[str, object]) -> bytes:
    return json.dumps(message).encode() + b"\n"
