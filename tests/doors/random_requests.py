"""Requests of both dialects by chance, half of which make sense, for a house that bears them all.

Every command and every type of request is in it; what stands in them is now what belongs there, now
something else that does, now what a hostile program would send.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping

from huddle.dialects.ndjson.requests import REQUESTS
from huddle.protocol.commands import COMMANDS

NICKS = (
    *("ana", "bob", "carl", "dan", "eva", "fay", "gus", "hal", "ida", "jon"),
    *("BOB", "bоb", "AIex", "Alex", "10.0.0.1", "huddle", "b\u200bob", "ñandú", "名前", "O'Neill"),
    *(
        "-bob",
        "bob\x1b[2J",
        "bob\u202e",
        "x" * 24,
        "x" * 25,
        "e\u0301" * 12,
        "\0",
        "<bob>",
        "@",
        "",
    ),
)
ROOMS = (
    *("huddle", "ops", "games", "OPS", "Games", "sala"),
    *("@", "@1", "@a1", "#ops", "ops\x00", "х", "x" * 32, "x" * 33, "-", ""),
)
WORDS = (
    *("hola", "qué", "tal", "x", "/quit", "--", "* ana", "<bob>", "salir", "-", "on", "off", "no"),
    *("10m", "2h", "0s", "-1", "30d", "1e99s", "5s", "14:30", "yesterday", "2026-11-19", "99:99"),
    *("\x07", "\u202e", "\u2028", "\ud800", "\N{PILE OF POO}", "ß" * 200, "a" * 5000, "\0", "\t"),
)
ADDRESSES = (
    *("192.0.2.7", "192.0.2.0/24", "::ffff:192.0.2.7", "2001:db8::1", "2001:db8::/32", "fe80::1%0"),
    *("10.0.0.0/8", "0.0.0.0/0", "::/0", "300.1.1.1", "1.2.3.4/33", "/", "::/129"),
)
NUMBERS = (0, 2**53 - 1, 2**53, -1, 1.5, 1e308, 10**30)
KINDS = ("announce", "deleted", "", None)
JUNK: tuple[object, ...] = (None, True, -1, 1.5, "", "x", [], {}, [[]], {"a": {}}, 2**64)
KEYS = ("sesame", "key", "", "x" * 64, "x" * 65, "ｓesame")
HOSTILE = (
    b"{",
    b"{}",
    b"[]",
    b'{"type":',
    b'{"type":"say","id":NaN,"text":"x"}',
    b'{"type":"say","id":1e400,"text":"x"}',
    b'{"type":"say","id":1,"text":"\\ud800"}',
    b"[" * 5000,
    b'{"type":"say"' + b" " * 70_000,
    b"\xff\xfe{}",
    b"{\x00}",
    b"\xff\xf6\xff\xfa\x18",
    b"caf\xe9",
    b"\r\r\r",
    b"\x16\x03",
    b"",
)


def password_of(nick: str) -> str:
    """The password that everybody of that nick uses, when they use the right one."""
    return f"secret-of-{nick}"


class RandomRequests:
    """Makes requests by chance; the same chance makes the same ones."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._fields: Mapping[str, Callable[[], object]] = {
            **dict.fromkeys(("nick", "to"), self.nick),
            **dict.fromkeys(("password", "old", "new"), self.password),
            **dict.fromkeys(("text", "words", "reason"), self.text),
            **dict.fromkeys(("on", "resume", "bot"), lambda: chance.random() < 0.5),
            **dict.fromkeys(("limit", "before", "replay", "after", "seconds"), self.number),
            "room": self.room,
            "who": lambda: self.nick() if chance.random() < 0.5 else chance.choice(ADDRESSES),
            "seq": self.number,
            "key": lambda: chance.choice((*KEYS, None)),
            "since": lambda: "2026-11-19T12:00:00Z" if self._right() else "now",
            "kind": lambda: chance.choice(("say", "me")) if self._right() else chance.choice(KINDS),
        }

    def nick(self) -> str:
        return self._chance.choice(NICKS[:10] if self._chance.random() < 0.8 else NICKS)

    def room(self) -> str | None:
        which = self._chance.random()
        if which < 0.1:
            return f"room{self._chance.randrange(200)}"
        if which < 0.6:
            return self._chance.choice((None, None, "huddle"))
        return self._chance.choice((*(ROOMS[:6] * 3), *ROOMS, None))

    def password(self) -> str:
        if self._chance.random() < 0.1:
            return self._chance.choice(("", "short", "x" * 129, "a wrong one", "\0" * 9))
        return password_of(self.nick())

    def text(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=self._chance.randrange(1, 4)))

    def number(self) -> object:
        return self._chance.randrange(1, 200) if self._right() else self._chance.choice(NUMBERS)

    def _right(self) -> bool:
        return self._chance.random() < 0.97

    # -- people --------------------------------------------------------------------------------

    def typed(self) -> bytes:
        """A line that somebody types."""
        chance = self._chance
        if chance.random() < 0.03:
            return chance.choice(HOSTILE).replace(b"\n", b"")
        line = self.text() if chance.random() < 0.3 else self._command()
        return line.encode("utf-8", "surrogatepass").replace(b"\n", b" ")

    def _command(self) -> str:
        command = self._chance.choice(COMMANDS)
        name = self._chance.choice(command.names)
        if name in ("quit", "salir") and self._chance.random() < 0.8:
            return "/who"
        takes = command.usages[0].split()[1:]
        words = [self._word(what) for what in takes if self._chance.random() < 0.9]
        return " ".join((f"/{name}", *words))

    def _word(self, what: str) -> str:
        chance = self._chance
        if chance.random() < 0.05:
            return chance.choice(WORDS)
        if "PASSWORD" in what or what in ("OLD", "NEW"):
            return self.password()
        if "KEY" in what or what.startswith("WORD|"):
            return chance.choice(KEYS)
        if "ADDRESS" in what:
            return self.nick() if chance.random() < 0.5 else chance.choice(ADDRESSES)
        if "NICK" in what:
            return self.nick()
        if what == "NAME":
            return self.room() or "ops"
        if "on|off" in what:
            return chance.choice(("on", "off", "sí", "no", "maybe"))
        if what in ("[N]", "[N|NICK]"):
            return str(chance.randrange(300))
        return self.text()

    # -- programs ------------------------------------------------------------------------------

    def asked(self, id: int) -> bytes:
        """A line that a program sends."""
        chance = self._chance
        if chance.random() < 0.03:
            return chance.choice(HOSTILE)
        type = "say" if chance.random() < 0.2 else chance.choice(list(REQUESTS))
        if type in ("bye", "hello") and chance.random() < 0.8:
            type = "who"
        fields: dict[str, object] = {"type": type, "id": id}
        for name, make in self._fields.items():
            if chance.random() < 0.9:
                fields[name] = make()
        if chance.random() < 0.5 and "nick" in fields:
            fields["password"] = password_of(str(fields["nick"]))
        if chance.random() < 0.1:
            fields[chance.choice(list(fields))] = chance.choice(JUNK)
        if chance.random() < 0.05:
            fields["id"] = self.number()
        return json.dumps(fields).encode()

    def hello(self, nick: str, secret: str, **more: object) -> bytes:
        """How a program comes in, again or for the first time."""
        chance = self._chance
        fields: dict[str, object] = {"type": "hello", "v": 1, "nick": nick, "session": secret}
        if chance.random() < 0.3:
            fields["resume"] = True
        if chance.random() < 0.5:
            rooms = [str(self.room()) for _ in range(3)]
            fields["after"] = {room: chance.randrange(300) for room in rooms}
        if chance.random() < 0.5:
            fields["password"] = password_of(nick)
        return json.dumps({**fields, **more}).encode()
