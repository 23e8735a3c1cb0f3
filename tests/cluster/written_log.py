"""A log that is written by hand, entry by entry, and the house that it makes.

::

    house = House()
    a, b = house.node("a"), house.node("b")
    ana = a.begins("ana")
    late = b.writes(Say(ana, 7, "hola", "huddle"))   # on its way
    a.does(Leave(ana))                               # stands in the log, and is applied
    house.lands(late)
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, cast

from huddle.cluster.apply import apply
from huddle.cluster.batches import Batch, encode
from huddle.cluster.effects import Applied, Effect, Opened, Outcome, Refused
from huddle.cluster.entries import Beat, Begin, Entry, Up
from huddle.cluster.naming import keyed
from huddle.cluster.state import State, first_state

HUDDLE = keyed("huddle")
NOON = 1_790_000_000_000


def hashed(word: str) -> str:
    return sha256(word.encode()).hexdigest()


class House:
    """The state, and the log that has made it: each batch at its position."""

    def __init__(self, **shared: Any) -> None:
        self.shared = shared
        self.state: State = first_state()
        self.log: list[tuple[int, bytes]] = []
        self.now = NOON
        self.lives = 0
        self.nodes: list[Node] = []

    def node(self, name: str, rules: int = 1) -> Node:
        """A node that is up, in a new life."""
        node = Node(self, name)
        self.nodes.append(node)
        node.does(Up(self.shared, self.state.life_of(name), rules))
        return node

    def lands(self, batch: bytes) -> Applied:
        """The batch stands in the log now, and is applied."""
        position = self.log[-1][0] + 2 if self.log else 3
        self.log.append((position, batch))
        return apply(self.state, position, batch)

    def passes(self, seconds: int) -> None:
        """All who are up beat, once a second."""
        for _ in range(seconds):
            self.now += 1000
            for node in self.nodes:
                if node.life in self.state.lives:
                    node.does(Beat())

    def replayed(self) -> State:
        """A fresh state, after the same log."""
        state = first_state()
        for position, batch in self.log:
            apply(state, position, batch)
        return state


class Node:
    """One life of a node, which numbers its batches."""

    def __init__(self, house: House, name: str) -> None:
        house.lives += 1
        self.house = house
        self.name = name
        self.life = f"{house.lives:032x}"
        self.n = 0

    def writes(self, *entries: Entry, time: int | None = None) -> bytes:
        """The next batch of this life, which is on its way."""
        self.n += 1
        now = self.house.now if time is None else time
        at = self.house.state.position
        return encode(Batch(self.life, self.name, self.n, at, now, entries))

    def does(self, *entries: Entry, time: int | None = None) -> Applied:
        """The next batch of this life, which lands at once."""
        return self.house.lands(self.writes(*entries, time=time))

    def asks(self, entry: Entry) -> Outcome:
        """What one entry comes to."""
        return self.does(entry).outcomes[0]

    def begins(self, nick: str, rooms: Sequence[str] = ("huddle",), **more: Any) -> int:
        """The number of a new session."""
        begun = self.asks(Begin(keyed(nick), tuple(map(keyed, rooms)), **more))
        return cast(Opened, begun).session


def people_in(state: State, room: str) -> list[str]:
    """The nicks of the people in a room, each once."""
    return [
        state.accounts[-person].nick[0] if person < 0 else state.sessions[person].nick[0]
        for person in state.rooms[room].people
    ]


def code(outcome: Outcome) -> str:
    """That of what must have been refused."""
    assert isinstance(outcome, Refused), outcome
    return outcome.code


def told(applied: Applied, kind: type[Effect]) -> list[Any]:
    """The effects of one kind, in order."""
    return [each for each in applied.effects if type(each) is kind]
