"""What one session remembers between connections, and between runs of the program.

A state changes only by patches: short lists that are applied here and kept by a `Memory`. So what
is in the file is what happened, in order, and reading it back is applying it again. ::

    ["session", secret]              a new session; what the old one sent is in doubt
    ["known"]                        the server has welcomed the session
    ["turn", n]                      connections so far: each hello tells which one it is
    ["nick", nick]                   the session's nick
    ["counter", n]                   the highest id given or known to be used
    ["wait", kind, place, text]      a line to be said; it has no id yet. More may stand behind the
                                     text, here and below: {"block": n, "re": seq, "edits": seq}
    ["send", id, count]              the first lines that wait have ids from this one on: they may
                                     be sent once this is on the disk
    ["sent", id, kind, place, text]  a line with its id (in a snapshot)
    ["settled", id]                  acknowledged, or refused for good
    ["doubt", kind, place, text]     a line in doubt (in a snapshot)
    ["again", count]                 the first lines in doubt are to be said in this session
    ["drop", count]                  or given up
    ["room", room], ["leave", room]  the rooms the session is in
    ["epoch", epoch]                 the server's record; another one knows none of our numbers
    ["forget", room]                 start anew in a room
    ["after", room, seq]             everything up to there has been shown
    ["own", room, first, last]       numbers of own lines above that
    ["holes"]                        the server leaves messages out, as the session wants it

A line gets its id only when it is sent. Until then only we know it, so it can be said in any
session; from then on it may have been said, and only the same id in the same session can find out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from huddle.client.session.cursor import Numbers

Patch = Sequence[object]


class Kind(Enum):
    """How a line is said: to a room, as an action there, to one person, or in all rooms."""

    SAY = "say"
    ME = "me"
    MSG = "msg"
    MSG_ME = "msg-me"
    ANNOUNCE = "announce"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the user's. ``place`` is a room, or the nick a private one is for.

    Lines with the same ``block`` are said together (0: it is alone); of those that have ids it is
    that of the first. ``re`` is the number of the
    message that it answers, ``edits`` that of the one that it puts right.
    """

    kind: Kind
    place: str
    text: str
    block: int = field(default=0, compare=False)
    re: int = 0
    edits: int = 0

    @property
    def private(self) -> bool:
        """Whether it is for one person, whose nick ``place`` is then, and no room's name."""
        return self.kind in (Kind.MSG, Kind.MSG_ME)

    @property
    def patch(self) -> tuple[object, ...]:
        """What stands of the line in a patch: its kind, place and text, and what more it has."""
        more = {name: getattr(self, name) for name in _MORE if getattr(self, name)}
        return self.kind.value, self.place, self.text, *([more] if more else [])


_MORE = ("block", "re", "edits")


class Memory:
    """Where the patches of a state are kept (`journal`); in this one, of a single run, nowhere."""

    def keep(self, patch: Patch) -> None:
        """Take a patch, to be written with the next commit."""

    def commit(self, durable: bool) -> None:
        """Write what was taken; if ``durable``, it survives a power cut when this returns."""

    def rename(self, nick: str) -> None:
        """From now on the session is found under this nick, if that is possible."""

    def close(self) -> None:
        """Let go of its files; another program may take the session from now on."""


@dataclass(slots=True)
class State:
    """All that a session remembers; changed by `apply` alone."""

    secret: str = ""
    known: bool = False
    turn: int = 0
    nick: str = ""
    counter: int = 0
    epoch: str | None = None
    waiting: deque[Line] = field(default_factory=deque)
    sent: dict[int, Line] = field(default_factory=dict)
    in_doubt: list[Line] = field(default_factory=list)
    rooms: dict[str, int | None] = field(default_factory=dict)
    """The rooms the session is in, with the seq up to which everything has been shown."""
    own: dict[str, Numbers] = field(default_factory=dict)
    holes: bool = False
    """Whether the server leaves messages out: of people whom the session ignores, for example."""

    def apply(self, patch: Patch) -> None:
        """Change as the patch says; raises ValueError when it is none."""
        match patch:
            case ["session", str(secret)]:
                self.secret, self.known = secret, False
                self.in_doubt += self.sent.values()
                self.sent.clear()
            case ["known"]:
                self.known = True
            case ["turn", int(turn)]:
                self.turn = turn
            case ["nick", str(nick)]:
                self.nick = nick
            case ["counter", int(counter)]:
                self.counter = counter
            case ["wait", *said]:
                self.waiting.append(self._line(said))
            case ["send", int(id), int(count)] if count <= len(self.waiting):
                self._send(id, count)
                self.counter = id + count - 1
            case ["sent", int(id), *said]:
                self.sent[id] = self._line(said)
            case ["settled", int(id)]:
                self.sent.pop(id, None)
            case ["doubt", *said]:
                self.in_doubt.append(self._line(said))
            case ["again", int(count)]:
                self.waiting.extendleft(reversed(self.in_doubt[:count]))
                del self.in_doubt[:count]
            case ["drop", int(count)]:
                del self.in_doubt[:count]
            case ["room", str(room)]:
                self.rooms.setdefault(room, None)
            case ["leave", str(room)]:
                self.rooms.pop(room, None)
                self.own.pop(room, None)
            case ["epoch", None | str() as epoch]:
                self.epoch = epoch
            case ["forget", str(room)]:
                self.rooms[room] = None
                self.own.pop(room, None)
            case ["after", str(room), int(seq)]:
                self.rooms[room] = seq
                self.own_in(room).forget_up_to(seq)
            case ["own", str(room), int(first), int(last)]:
                self.own_in(room).add(first, last)
            case ["holes"]:
                self.holes = True
            case _:
                raise ValueError("not a patch")

    def snapshot(self) -> Iterator[Patch]:
        """The patches that make an empty state into this one."""
        yield "session", self.secret
        if self.known:
            yield ("known",)
        if self.turn:
            yield "turn", self.turn
        yield "nick", self.nick
        yield "counter", self.counter
        yield "epoch", self.epoch
        if self.holes:
            yield ("holes",)
        for line in self.in_doubt:
            yield "doubt", *line.patch
        for id, line in self.sent.items():
            yield "sent", id, *line.patch
        for line in self.waiting:
            yield "wait", *line.patch
        for room, seq in self.rooms.items():
            yield ("room", room) if seq is None else ("after", room, seq)
        for room, numbers in self.own.items():
            for first, last in numbers:
                yield "own", room, first, last

    def _line(self, patch: Sequence[object]) -> Line:
        match patch:
            case [str(kind), str(place), str(text)]:
                return Line(Kind(kind), place, text)
            case [str(kind), str(place), str(text), dict(more)]:
                block, re, edits = (int(more.get(name, 0)) for name in _MORE)
                return Line(Kind(kind), place, text, block, re, edits)
        raise ValueError("not a line")

    def _send(self, id: int, count: int) -> None:
        begun: dict[int, int] = {}
        for number in range(id, id + count):
            line = self.waiting.popleft()
            if line.block:
                line = replace(line, block=begun.setdefault(line.block, number))
            self.sent[number] = line

    def fresh_block(self) -> int:
        """A number for lines that are to be said together; no others that are here have it."""
        lines = (*self.waiting, *self.in_doubt)
        return max([self.counter, *(line.block for line in lines)]) + 1

    def own_in(self, room: str) -> Numbers:
        """The numbers of the session's own lines in a room."""
        return self.own.setdefault(room, Numbers())
