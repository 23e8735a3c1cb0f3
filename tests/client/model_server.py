"""The json dialect's server as simple as can be: lists in memory, one room and the inboxes.

It keeps the promises of the protocol and no others. What a real server may do is left open where it
matters to a client: acknowledgements can come late, after messages with higher numbers; recording
can fail; connections end in the middle of a line; the whole record can be replaced by another.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
ROOM = "huddle"
NOON = "2026-11-20T12:00:00.000Z"


@dataclass
class Told:
    """A message in the record."""

    secret: str
    nick: str
    kind: str
    text: str


@dataclass
class Presence:
    """A session."""

    nick: str
    had: dict[int, tuple[str, str, str, int]] = field(default_factory=dict)
    refused_from: int | None = None
    inbox: list[Told] = field(default_factory=list)
    last_id: int = 0


class ModelServer:
    """What all connections share."""

    def __init__(self) -> None:
        self.record: list[Told] = []
        self.forgotten = 0
        self.epoch = 1
        self.presences: dict[str, Presence] = {}
        self.online: dict[str, ModelConnection] = {}
        self.strangers: set[str] = set()
        self.failing = False
        self.late_acks = False

    def connect(self) -> ModelConnection:
        return ModelConnection(self)

    def forget_everything(self) -> None:
        """Another record, and no session."""
        self.record = []
        self.forgotten = 0
        self.epoch += 1
        self.presences = {}
        self.online = {}

    def forget_messages(self, keep: int) -> None:
        """Only the last ``keep`` messages are still there."""
        self.forgotten = max(self.forgotten, len(self.record) - keep)

    def nick_is_taken(self, nick: str, secret: str) -> bool:
        others = (p.nick for s, p in self.presences.items() if s != secret)
        return nick in self.strangers or nick in others


class ModelConnection:
    """One connection; ``out`` is what it has sent and the network has not delivered."""

    def __init__(self, server: ModelServer) -> None:
        self.out = bytearray(b"Welcome to huddle. What is your nick?\n")
        self.left = False
        self._server = server
        self._rest = b""
        self._secret: str | None = None
        self._acks: list[Message] = []

    def receive(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            getattr(self, f"_{message['type']}")(message)

    def send(self, **message: object) -> None:
        self.out += json.dumps(message).encode() + b"\n"

    def send_late_acks(self) -> None:
        for ack in self._acks:
            self.send(**ack)
        self._acks = []

    @property
    def _presence(self) -> Presence:
        assert self._secret is not None
        return self._server.presences[self._secret]

    def _hello(self, hello: Message) -> None:
        server, secret = self._server, hello["session"]
        if hello["resume"] and secret not in server.presences:
            self.send(type="error", code="session-unknown", text="?")
            return
        if server.nick_is_taken(hello["nick"], secret):
            suggestion = hello["nick"] + "_"
            self.send(type="error", code="nick-taken", text="?", suggest=suggestion)
            return
        presence = server.presences.setdefault(secret, Presence(hello["nick"]))
        presence.nick = hello["nick"]
        self._secret = secret
        server.online[secret] = self
        self.send(
            type="welcome",
            v=1,
            nick=presence.nick,
            epoch=str(server.epoch),
            last_id=presence.last_id,
            rooms={ROOM: {"seq": len(server.record), "count": 1, "here": []}},
        )
        for room in {ROOM: None, **hello["after"]}:
            self._catch_up(room, hello)

    def _catch_up(self, room: str, hello: Message) -> None:
        record = self._record(room)
        after = hello["after"].get(room)
        if after is not None and (
            hello.get("epoch") != str(self._server.epoch) or after > len(record)
        ):
            self.send(type="reset", room=room, epoch=str(self._server.epoch))
            after = None
        if after is None:
            after = max(0, len(record) - hello["replay"])
            own = True  # nothing is known of them there
        else:
            own = False
        gone = self._server.forgotten if room == ROOM else 0
        if after < gone and not own:
            self.send(type="gap", room=room, **{"from": after + 1, "to": gone})
        for seq in range(max(after, gone) + 1, len(record) + 1):
            if own or record[seq - 1].secret != self._secret:
                self._send_said(room, seq)

    def _record(self, room: str) -> list[Told]:
        return self._server.record if room == ROOM else self._presence.inbox

    def _send_said(self, room: str, seq: int) -> None:
        told = self._record(room)[seq - 1]
        self.send(
            type="said",
            room=room,
            seq=seq,
            time=NOON,
            nick=told.nick,
            kind=told.kind,
            text=told.text,
        )

    def _say(self, say: Message) -> None:
        self._take(say, say["room"], say.get("kind", "say"))

    def _msg(self, msg: Message) -> None:
        self._take(msg, msg["to"], "msg")

    def _take(self, message: Message, place: str, kind: str) -> None:
        """Record what is said, unless it is already there."""
        presence, id, text = self._presence, message["id"], message["text"]
        if id in presence.had:
            *had, seq = presence.had[id]
            if had != [place, kind, text]:
                self.send(type="error", code="id-reused", id=id, text="?")
                return
        else:
            blocked = presence.refused_from is not None and id > presence.refused_from
            if self._server.failing or blocked:
                if not blocked:
                    presence.refused_from = id
                self.send(type="error", code="not-recorded", id=id, text="?")
                return
            assert id > presence.last_id, "an id that was passed over"
            presence.refused_from = None
            seq = self._put_down(place, kind, text)
            presence.had[id] = (place, kind, text, seq)
            presence.last_id = id
        ack = {"type": "ack", "id": id, "room": "@" if kind == "msg" else place, "seq": seq}
        if self._server.late_acks:
            self._acks.append(ack)
        else:
            self.send(**ack)

    def _put_down(self, place: str, kind: str, text: str) -> int:
        assert self._secret is not None
        told = Told(self._secret, self._presence.nick, kind, text)
        if kind != "msg":
            self._server.record.append(told)
            self._publish(ROOM, len(self._server.record), self._server.presences)
            return len(self._server.record)
        self._presence.inbox.append(told)
        for secret, presence in self._server.presences.items():
            if presence.nick == place and secret != self._secret:
                presence.inbox.append(told)
                self._publish("@", len(presence.inbox), [secret])
        return len(self._presence.inbox)

    def _publish(self, room: str, seq: int, secrets: Any) -> None:
        for secret in secrets:
            connection = self._server.online.get(secret)
            if connection is not None and secret != self._secret:
                connection._send_said(room, seq)

    def _ping(self, ping: Message) -> None:
        self.send(type="pong", id=ping["id"])

    def _who(self, request: Message) -> None:
        nicks = sorted(self._server.presences[secret].nick for secret in self._server.online)
        self.send(type="reply", id=request["id"], room=ROOM, count=len(nicks), here=nicks, away=[])

    def _bye(self, bye: Message) -> None:
        self.send_late_acks()
        self.send(type="bye")
        self._presence.nick = ""
        del self._server.online[self._secret or ""]
        self.left = True

    def _nick(self, request: Message) -> None:
        if self._server.nick_is_taken(request["nick"], self._secret or ""):
            self.send(type="error", code="nick-taken", id=request["id"], text="?")
        else:
            self._presence.nick = request["nick"]
            self.send(type="reply", id=request["id"], nick=request["nick"])
