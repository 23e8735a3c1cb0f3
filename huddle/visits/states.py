"""The states of a visit, and what leads from one to the next: the table.

::

    AT_THE_DOOR ──knocks──> ARRIVING ──comes in──> HERE ──leaves──> LEAVING ──lost──> GONE
         ^                     │                   ^  │
         └─────── refused ─────┘                   │  ├─asks──> WAITING
                                                   │  └─knocks──> CHANGING
                                                   └──────────────────┘

An event that the table does not have for a state means nothing there: nothing is to be done.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto


class State(Enum):
    """How far a connection has got."""

    __hash__ = object.__hash__  # that of an Enum is a call of Python's, five in each `Progress.on`
    AT_THE_DOOR = auto()
    """It has no session yet."""
    ARRIVING = auto()
    """The record is asked for its session, or keeps it."""
    HERE = auto()
    WAITING = auto()
    """It is here, and waits for the answer to what it asked for."""
    CHANGING = auto()
    """It is here, and is about to take back another session: one that it had before."""
    LEAVING = auto()
    """It goes as soon as all that it said is out."""
    GONE = auto()


class Event(Enum):
    """What may happen to a visit."""

    __hash__ = object.__hash__
    KNOCKS = auto()
    """It says who it is, by a hello or a return word."""
    REFUSED = auto()
    """It may not come in so."""
    COMES_IN = auto()
    FAILED = auto()
    """Its coming in went wrong, or it has come in on a later connection meanwhile."""
    ASKS = auto()
    """It asks for something that takes time."""
    ANSWERED = auto()
    DISMISSED = auto()
    """It has to go, since it has no nick."""
    LEAVES = auto()
    LOST = auto()
    """Its connection is gone; its nick may be held."""
    REPLACED = auto()
    """Its session is on another connection now, or was sent away."""


_BUSY = {State.ARRIVING, State.WAITING, State.CHANGING}
_UNNAMED = {State.AT_THE_DOOR, State.ARRIVING}
_OVER = {State.LEAVING, State.GONE}

TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.AT_THE_DOOR: {
        Event.KNOCKS: State.ARRIVING,
        Event.DISMISSED: State.GONE,
        Event.LOST: State.GONE,
    },
    # One that is lost or dismissed now gets its session all the same, and loses it at once.
    State.ARRIVING: {
        Event.COMES_IN: State.HERE,
        Event.REFUSED: State.AT_THE_DOOR,
        Event.FAILED: State.GONE,
    },
    State.HERE: {
        Event.KNOCKS: State.CHANGING,
        Event.ASKS: State.WAITING,
        Event.LEAVES: State.LEAVING,
        Event.LOST: State.GONE,
        Event.REPLACED: State.GONE,
    },
    State.WAITING: {
        Event.ANSWERED: State.HERE,
        Event.REPLACED: State.GONE,
    },
    State.CHANGING: {
        Event.COMES_IN: State.HERE,
        Event.REFUSED: State.HERE,
        Event.FAILED: State.GONE,
        Event.REPLACED: State.GONE,
    },
    State.LEAVING: {
        Event.LOST: State.GONE,
        Event.REPLACED: State.GONE,
    },
    State.GONE: {},
}
"""For each state what each event leads to."""


class Progress:
    """The state of one visit, and what follows from it. All that is read here changes in `on`."""

    __slots__ = ("busy", "named", "over", "owing", "state")

    def __init__(self) -> None:
        self.state = State.AT_THE_DOOR
        self.named = False
        """Whether it has got beyond the door."""
        self.busy = False
        """Whether the next line has to wait for something that an earlier one asked for."""
        self.owing = False
        """Whether an answer is still to come for which not its lines have to wait, but its end."""
        self.over = False
        """Whether nothing that still comes is heard."""

    def on(self, event: Event) -> bool:
        """Go on to the next state; tells whether the event means anything in this one."""
        after = TRANSITIONS[self.state].get(event)
        if after is None:
            return False
        self.state = after
        self.named, self.busy, self.over = after not in _UNNAMED, after in _BUSY, after in _OVER
        return True
