"""A session: one person's presence, as the server knows them; it outlives their connections. And an
account: a person with a registered nick, who may have several sessions.

A session has a number (never given twice), a nick, the rooms it is in, and at most one connection,
whose outlet it holds. Without a connection it is *away*: it is still a member and keeps its nick
until the hold ends.

A program numbers what it says, with ids that only rise, and says again what was not acknowledged.
`Session.weigh` decides what an id means. ``last_id`` is the highest that is in the record,
``pending`` holds what has been accepted and not settled::

    id > highest seen       new: say it
    id in pending           said again before the commit: the one ack answers both
    id <= last_id           said again later: the record knows its seq, or that it has expired
    anything else           an id that was passed over: it can never be said any more
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from huddle.delivery.outlet import Outlet
from huddle.people.preferences import DEFAULTS, Preferences
from huddle.people.rates import Throttle
from huddle.protocol import names
from huddle.protocol.answers import Answer
from huddle.protocol.dialect import PERSON, Traits
from huddle.protocol.errors import Expired, IdReused
from huddle.protocol.events import INBOX, Block, Draft, Kind, Said, label
from huddle.record import AccountRow, account_identity, session_identity


class Weight(Enum):
    """What saying something under an id comes to: it is new, on its way already, or said long ago.

    What is pending is answered when it is settled; what is old is looked up in the record.
    """

    NEW = auto()
    PENDING = auto()
    OLD = auto()


class Attending(Protocol):
    """A visit that has a session: what is told to it and asked of it."""

    shown_in: bool
    """Whether it was given its welcome and what it had missed: from then on it follows its inbox,
    if there was none before."""

    def replaced(self) -> None:
        """The session is on another connection from now on, or was sent away."""

    def shows_anew(self) -> None:
        """Whom the session ignores has changed: show it everything from now on by that."""


@dataclass(slots=True, eq=False, repr=False)
class Session:
    """One presence. Sessions are compared by identity and live as long as their hold."""

    number: int
    nick: str
    key: bytes | None = None
    last_id: int = 0
    traits: Traits = PERSON
    """How it behaves by the dialect that it speaks, or spoke last."""
    leaving: bool = False
    """Whether it goes for good, as soon as what it said is out."""
    lags: bool = False
    """Whether the record knows that it is behind (`Presence.note_lag`)."""
    arrival: int = 0
    """The arrival that brought its connection (`Presence.next_arrival`); the latest has it."""
    turn: int = 0
    """The highest turn of its connections (`Hello.turn`): a lower one comes too late."""
    expected: int = 0
    """Connections on which it is being opened just now."""
    outlet: Outlet | None = None
    attendance: Attending | None = None
    """The visit on its connection."""
    elsewhere: bool = False
    """Whether another node of the house has it on a connection."""
    pending: dict[int, Draft] | None = None
    rooms: dict[str, int | None] = field(default_factory=dict)
    """The rooms it is in, each with the seq that surely reached it when it was lost."""
    word: bytes | None = None
    word_time: int = 0
    word_at: bytes | None = None
    """The keyed hash of the address where it was given its return word."""
    account: Account | None = None
    version: int = 0
    """Under which of the account's passwords it was logged in."""
    in_charge: bool = False
    """Whether its person has brought the operators' code, and has no account yet to keep it."""
    host: str = ""
    """Where its connection comes from, or came from last."""
    address: str = ""
    """What that counts as; empty where it was on no connection since the server's start."""
    ignores: tuple[tuple[str, str], ...] = ()
    """The people it does not want to hear: identities, each with the nick it had."""
    preferences: Preferences = DEFAULTS
    """How its person wants things shown; programs say that at each hello."""
    searches: Throttle | None = None
    sent_from: tuple[str, float] | None = None
    """The room that it was sent out of last, and when, in seconds of the house's clock."""
    uncharged: int = 0
    """Bytes that it has written and that are not counted yet (`huddle.rooms.disk_quotas`)."""
    untold: tuple[Answer, ...] = ()
    """What it is to be told when it comes back."""

    @property
    def identity(self) -> str:
        """Who this is, whatever the nick (`huddle.people.identity`)."""
        return session_identity(self.number) if self.account is None else self.account.identity

    @property
    def is_operator(self) -> bool:
        """Whether it may do what operators may."""
        return self.in_charge if self.account is None else self.account.is_operator

    @property
    def inbox(self) -> str:
        """The name of the room with its private messages."""
        return f"{INBOX}{self.number}" if self.account is None else self.account.row.inbox

    @property
    def seats(self) -> list[str]:
        """The names of the rooms it is in, without its inbox, the one entered first in front."""
        return [name for name in self.rooms if name[0] != INBOX]

    @property
    def away(self) -> bool:
        """Whether it has no connection at the moment, and is held."""
        return self.outlet is None and not self.elsewhere

    def is_on_another(self, outlet: Outlet | None) -> bool:
        """Whether a connection has it that is not this one: here, or on another node."""
        return self.elsewhere or self.outlet not in (None, outlet)

    def is_newer_than(self, turn: int) -> bool:
        """Whether a connection that was made later has it than the one that comes with ``turn``.

        Not to be asked of one that counts none (0): that comes in the order of the connections.
        """
        return self.outlet is not None and turn < self.turn

    def is_author(self, said: Said) -> bool:
        """Whether its person said that: by it, or as its account by whichever session."""
        return said.is_by(self.number, 0 if self.account is None else self.account.number)

    def draft(
        self,
        room: str,
        kind: Kind,
        text: str,
        id: int = 0,
        to: str = "",
        re: int = 0,
        edits: int = 0,
        block: Block | None = None,
        in_block: bool = False,
    ) -> Draft:
        """What it says there, under the nick that it has now; ``id`` 0 is none."""
        account = 0 if self.account is None else self.account.row.number
        return Draft(
            room, self.number, self.nick, kind, text, id, account, to, re, edits, block, in_block
        )

    def weigh(self, draft: Draft) -> Weight:
        """What saying this comes to; nothing is changed by asking.

        Raises `IdReused` when another text or place had the id, `Expired` when later ids have been
        used and this one was passed over.
        """
        if not draft.id:
            return Weight.NEW
        pending = self.pending.get(draft.id) if self.pending else None
        if pending is not None:
            if not same(pending, draft):
                raise IdReused
            return Weight.PENDING
        if draft.id <= self.last_id:
            return Weight.OLD
        if self.pending and draft.id < next(reversed(self.pending)):
            raise Expired
        return Weight.NEW

    def knows(self, id: int) -> bool:
        """Whether something was said under this id, or has been passed over."""
        return bool(id) and (id <= self.last_id or id in (self.pending or ()))

    def accept(self, draft: Draft) -> None:
        """The draft, which has an id, has been given to the sequencer: remember it until it is
        settled."""
        if self.pending is None:
            self.pending = {}
        self.pending[draft.id] = draft

    def settle(self, id: int, recorded: bool) -> None:
        """The sequencer is done with what was said under this id."""
        if self.pending is not None:
            self.pending.pop(id, None)
        if recorded and id > self.last_id:
            self.last_id = id


class Account:
    """One registered nick, and the sessions that are logged in to it, one for each device.

    Accounts are compared by identity and live as long as the server.
    """

    __slots__ = ("appointed", "is_open", "nick", "row", "sessions")

    def __init__(self, row: AccountRow) -> None:
        self.nick = row.nick
        self.row = row
        """What the record keeps of it, as it is at this moment."""
        self.appointed = False
        """Whether the house has made it an operator by its options; that is not kept."""
        self.is_open = True
        """Whether anybody can log in to it. Not before it is registered, where the house has
        appointed it and no password is known."""
        self.sessions: dict[int, Session] = {}
        """Those that are here or held, by number."""

    @property
    def number(self) -> int:
        return self.row.number

    @property
    def inbox(self) -> str:
        return self.row.inbox

    @property
    def identity(self) -> str:
        return account_identity(self.row.number)

    @property
    def is_operator(self) -> bool:
        """Whether it may do what operators may."""
        return self.row.operator or self.appointed


def same(one: Draft | Said, other: Draft) -> bool:
    """Whether the two say the same in the same place; an inbox may be an account's by now."""
    if (label(one.room), one.kind, one.text) != (label(other.room), other.kind, other.text):
        return False
    return one.to == other.to or not names.keys(one.to).isdisjoint(names.keys(other.to))


def same_person(one: Session, other: Session) -> bool:
    """Whether the two are one session, or two devices of one account."""
    return one is other or (one.account is not None and one.account is other.account)
