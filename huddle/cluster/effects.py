"""What applying a batch comes to: an outcome of each entry, and effects, in order.

An **outcome** is for whoever appended the entry: the node whose batch it is resolves by it what its
members wait for. An **effect** is for everybody: what a node records and what it tells its own
members. Both are tuples of plain values, of which the chain is made (`huddle.cluster.apply`), so
that nodes which differ find it out. Who has read how far is in none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# -- outcomes ----------------------------------------------------------------------------------


class Placed(NamedTuple):
    """It was said, and has this seq in that room: for a private message, in its author's inbox."""

    room: str
    seq: int


class Again(NamedTuple):
    """It was said before, under this id: the record knows its seq, or that it is kept no more."""

    session: int
    id: int


class Opened(NamedTuple):
    """The session that began or was attached; ``known``: it was there before."""

    session: int
    known: bool


class Done(NamedTuple):
    """What the entry asked for has happened. ``number`` is the version, or the number of an
    account, that it has given, if any."""

    number: int = 0


class Refused(NamedTuple):
    """Nothing of the entry happened. ``code`` is that of the error of `huddle.protocol.errors`
    which the person is told, ``details`` what that error is made of."""

    code: str
    details: tuple[object, ...] = ()


VOID = Refused("void")
"""The entry came too late to mean anything: no person is told of it."""

Outcome = Placed | Again | Opened | Done | Refused

# -- effects -----------------------------------------------------------------------------------


class Message(NamedTuple):
    """A message for the record, and for all who read the room: `Said` with the ``id``."""

    room: str
    seq: int
    time: int
    session: int
    nick: str
    kind: str
    text: str
    account: int
    to: str
    block: int
    re: int
    edits: int
    id: int


class Joined(NamedTuple):
    """A person came into the room, on the first of their devices; ``people`` are there now."""

    room: str
    nick: str
    session: int
    people: int


class Left(NamedTuple):
    """A person left the room with their last device, or was sent out of it."""

    room: str
    nick: str
    session: int
    people: int
    by: str = ""
    reason: str = ""


class Renamed(NamedTuple):
    """A member of the room is called otherwise from here on."""

    room: str
    nick: str
    new: str
    session: int


class Changed(NamedTuple):
    """A room's setting is another: what `huddle.protocol.events.Changed` is."""

    room: str
    nick: str
    setting: str
    value: str | bool | int
    session: int


class Erased(NamedTuple):
    """The record is to leave tombstones in the place of these messages."""

    room: str
    seqs: tuple[int, ...]
    nick: str
    of: str
    session: int


class Attached(NamedTuple):
    """The session is on a connection of this life; that of the life before is over."""

    session: int
    life: str
    before: str


class Held(NamedTuple):
    """The session has no connection; if its losses are still as many when the hold ends, it
    expires."""

    session: int
    losses: int


class Gone(NamedTuple):
    """The session is over, and its nick is free."""

    session: int


class Removed(NamedTuple):
    """The session was sent out of a room; ``banned`` is until when (0: for ever), None if it was
    not banned."""

    session: int
    room: str
    by: str
    reason: str
    banned: int | None


class Marked(NamedTuple):
    """A restriction holds from now on, or (``version`` 0) does no more."""

    room: str
    kind: str
    who: str
    version: int


class Audited(NamedTuple):
    """An act of moderation, for the record."""

    time: int
    room: str
    act: str
    by: str
    target: str
    detail: str


class AccountOf(NamedTuple):
    """The session is the account's from now on; its inbox is the account's too."""

    session: int
    account: int


class LifeUp(NamedTuple):
    """A node is there: batches of this life count from now on."""

    node: str
    life: str


class Cause(StrEnum):
    """Why a life is over, or never began."""

    LEFT = "left"
    SILENT = "silent"
    FENCED = "fenced"
    GAP = "gap"
    OUTVOTED = "outvoted"
    OVERTAKEN = "overtaken"
    RULES = "rules"


class LifeDown(NamedTuple):
    """The life is over: its later batches count for nothing. ``by`` is the life that has fenced it.

    The node in question begins another where it was `SILENT`, has a `GAP`, or was `OVERTAKEN` by a
    start of the same node before it was up; otherwise it halts.
    """

    life: str
    node: str
    cause: str
    by: str = ""


class Split(NamedTuple):
    """Nodes differ and no strict majority agrees: the house is read-only from this position on."""

    at: int


class Retained(NamedTuple):
    """The record is to delete messages from earlier than ``before`` (Unix ms), and those that are
    beyond so many ``messages`` in their room; 0 keeps all."""

    before: int
    messages: int


class Forgotten(NamedTuple):
    """The record is to delete the rows and inboxes of these sessions."""

    sessions: tuple[int, ...]


_OfRooms = Message | Joined | Left | Renamed | Changed | Erased | Marked
_OfSessions = Attached | Held | Gone | Removed | AccountOf
_OfNodes = LifeUp | LifeDown | Split
Effect = _OfRooms | _OfSessions | _OfNodes | Audited | Retained | Forgotten


class Passed(StrEnum):
    """Why a batch was passed over: nothing of it happened."""

    UNREADABLE = "unreadable"
    RETRY = "retry"
    NOT_UP = "not-up"
    GAP = "gap"
    REFUSED = "refused"


Row = tuple[str, ...] | tuple[str, int]
"""Names a row of the record that is another now: ``("session", 17)``, ``("account", 5)``,
``("room", "ops")`` or ``("mark", "ops", "ban", "session:17")``."""


@dataclass(slots=True)
class Applied:
    """What one batch came to. ``outcomes`` are those of its entries, in their order; there are none
    where it was ``passed`` over. ``rows`` are to be kept anew, as they are in the state now."""

    position: int
    life: str = ""
    node: str = ""
    n: int = 0
    passed: Passed | None = None
    outcomes: Sequence[Outcome] = ()
    effects: list[Effect] = field(default_factory=list)
    rows: dict[Row, None] = field(default_factory=dict)
