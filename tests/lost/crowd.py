"""Many programs on real sockets, in one thread, each with its own luck with connections.

`Crowd.goes_on` is a loop like a reactor's. Between two looks at the sockets every member may do
something of its own accord: connect, talk, lose its connection, or not look for a while. All of it
is drawn from one seeded source of chance.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from random import Random

from tests.lost.program import Program
from tests.lost.wanderer import Wanderer
from tests.patience import PATIENCE

RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing then sends RST, and what is on its way is thrown away."""

AGAIN = 0.1
"""Seconds between two attempts to say what could not be recorded."""


class Member:
    """A program, or a person with `nc`, and the connection, if there is one now."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.port = 0
        self.socket: socket.socket | None = None
        self.outgoing = b""
        self.begun = b""
        self.back_at = 0.0
        self.again_at = 0.0
        self.looks_at = 0.0

    def connect(self, port: int) -> None:
        """Begin a connection; whether there is one is seen later."""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.port = port
        self.socket.connect_ex(("127.0.0.1", port))
        self.outgoing, self.begun = self.program.hello(), b""

    def cut(self) -> None:
        """Lose the connection, with all that is on its way in both directions."""
        if self.socket is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.socket.close()
        self.socket = None
        self.program.welcomed = False

    def talk(self, texts: Iterable[str]) -> None:
        """Say these; behind the older ones, where those have to be said (again) first."""
        data = self.program.say(texts)
        if self.program.welcomed and not self.program.refused:
            self.outgoing += data
            self.write()

    def write(self) -> None:
        """Send what can be sent."""
        if self.socket is None or not self.outgoing:
            return
        with suppress(BlockingIOError):
            sent = self.socket.send(self.outgoing)
            self.outgoing = self.outgoing[sent:]

    def read(self) -> None:
        """Take what has come."""
        assert self.socket is not None
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError
        *lines, self.begun = (self.begun + data).split(b"\n")
        for line in lines:
            was_welcomed = self.program.welcomed
            self.program.hear(line)
            if self.program.welcomed and not was_welcomed:
                self.outgoing += self.program.say_again()
        if self.program.turned_away:
            raise ConnectionRefusedError


class Crowd:
    """So many members, who connect to this port whenever they have no connection."""

    def __init__(self, port: int, size: int, chance: Random) -> None:
        self.port = port
        self.chance = chance
        self.members = [Member(Program(f"p{i:02}", f"secret {i} " + "x" * 32)) for i in range(size)]
        self.eagerness = 0.0
        """Times a second that each member says something."""
        self.padding = ""
        """What stands behind each text."""

    @property
    def programs(self) -> list[Program]:
        return [each for each in self._all if not isinstance(each, Wanderer)]

    @property
    def people(self) -> list[Wanderer]:
        """Those with `nc`."""
        return [each for each in self._all if isinstance(each, Wanderer)]

    @property
    def _all(self) -> list[Program]:
        return [each.program for each in self.members]

    def a_port(self) -> int:
        """Where the next connection is made to."""
        return self.port

    def goes_on(self, seconds: float) -> None:
        """Let so much time pass."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._turn(min(left, 0.002))

    def goes_on_until(self, condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
        """Let time pass until that is so; tells whether it ever was, in so many seconds."""
        deadline = time.monotonic() + patience
        while not condition():
            if time.monotonic() > deadline:
                return False
            self._turn(0.002)
        return True

    def comes_to_rest(self) -> bool:
        """Let time pass until everybody knows all, for as long as anybody is told anything; tells
        whether everybody does."""
        heard = -1
        while not self.goes_on_until(self.knows_all):
            before, heard = heard, sum(each.has_heard() for each in self._all)
            if heard == before:
                return False
        return True

    def is_in(self) -> bool:
        """Whether everybody has been welcomed on the connection they have."""
        return all(member.program.welcomed for member in self.members)

    def knows_all(self) -> bool:
        """Whether everybody is acknowledged and has been given the last of the others' words."""
        if any(program.unacknowledged for program in self.programs):
            return False
        last = {program.nick: max(program.acks.values(), default=0) for program in self.programs}
        for program in self.programs:
            others = (seq for nick, seq in last.items() if nick != program.nick)
            if (program.after or 0) < max(others):
                return False
        newest = self.newest()
        return newest is None or all(each.has_read(newest) for each in self.people)

    def newest(self) -> str | None:
        """The last text that was said by a program and acknowledged."""
        last = max(self.programs, key=lambda each: max(each.acks.values(), default=0))
        id = max(last.acks, key=last.acks.__getitem__, default=0)
        return last.said[id - 1] if id else None

    def leaves(self) -> None:
        """Let go of all connections."""
        for member in self.members:
            member.cut()

    def talks(self, member: Member) -> None:
        """Have a member say one to five lines in one write; they may break its connection."""
        program = member.program
        first = len(program.said) + 1
        texts = [
            f"{program.nick}-{first + i}{self.padding}" for i in range(self.chance.randint(1, 5))
        ]
        self.says(member, texts)

    def says(self, member: Member, texts: Iterable[str]) -> None:
        """Have a member say these; if its connection breaks on it, they are said on the next."""
        self._guarded(member, lambda: member.talk(texts))

    # -- one turn ------------------------------------------------------------------------------

    def _turn(self, patience: float) -> None:
        now = time.monotonic()
        for member in self.members:
            if member.socket is None and now >= member.back_at:
                member.connect(self.a_port())
            elif member.program.welcomed and member.program.refused and now >= member.again_at:
                member.again_at = now + AGAIN
                member.outgoing += member.program.say_again()
            elif member.program.welcomed and self.chance.random() < self.eagerness * patience:
                self.talks(member)
        with selectors.DefaultSelector() as selector:
            for member in self.members:
                if member.socket is not None and now >= member.looks_at:
                    wanted = selectors.EVENT_WRITE if member.outgoing else 0
                    selector.register(member.socket, wanted | selectors.EVENT_READ, member)
            ready = selector.select(patience)
        for key, events in ready:
            member = key.data
            if events & selectors.EVENT_WRITE:
                self._guarded(member, member.write)
            if events & selectors.EVENT_READ and member.socket is not None:
                self._guarded(member, member.read)

    def _guarded(self, member: Member, act: Callable[[], None]) -> None:
        """Do it; a connection that breaks on it is tried again a little later."""
        try:
            act()
        except BlockingIOError:
            pass
        except OSError:
            member.cut()
            member.back_at = time.monotonic() + self.chance.uniform(0.001, 0.02)
