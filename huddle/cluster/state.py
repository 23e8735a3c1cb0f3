"""The state: the whole house as the log says it is, the same on every node.

It is changed by `huddle.cluster.apply` alone, which takes a session, an account, a room or an inbox
out of its mapping by the key before it changes one (`huddle.cluster.dumping` goes by that). What is
written here in short names stands for what `huddle.record` keeps in rows (`huddle.cluster.rows`
makes these of it); messages are not in it, but for the counters that number them. Everything is a
plain value, so that a snapshot of it is the same bytes on all nodes (`huddle.cluster.snapshot`).

A **person** is a session by its number or an account by its number below zero: an account's
sessions are one person. An **owner** of a name is a person, or `KEPT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from huddle.protocol.events import FIRST_ROOM, INBOX
from huddle.protocol.limits import Limits
from huddle.record import account_identity, session_identity

UNSURE_MS = 8000
"""How long before its last batch a node may have died with what its members had not read."""

KEPT = 0
"""The owner of a nick that is kept free for an operator of the house, who has no account yet."""

Name = tuple[str, ...]
"""As it is shown, and its keys (`huddle.cluster.forms.Name`)."""


@dataclass(frozen=True, slots=True)
class ArrivalCursors:
    """Where a session was that came to a node ``at`` that time, and may not have been shown yet
    what it missed: ``rooms`` are what it had, and ``since`` is as in `Session`, for other rooms.
    None of it changes (`huddle.cluster.dumping` goes by that)."""

    at: int
    since: int
    rooms: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Life:
    """One start of one node, as long as it is up.

    ``n`` is its last batch, ``at`` the position it had applied by then, ``kept`` that of a state
    that it has on its disk; ``beat`` is the time of its last batch, ``rules`` the highest that it
    can apply, ``since`` the time at which it came up (0: before that was noted), ``shared`` the
    options with which it was started (`State.shared`: what the house goes by). ``spent``: its
    operators' code is used up.
    """

    node: str
    n: int = 0
    at: int = 0
    kept: int = 0
    beat: int = 0
    rules: int = 1
    since: int = 0
    shared: Mapping[str, Any] = field(default_factory=dict)
    spent: bool = False
    steps: list[tuple[int, int]] = field(default_factory=list)
    """By rules 2, of some of its last batches: when the node wrote it, and the house's time at the
    one before, up to which it had told its members everything by then."""
    coming: dict[int, ArrivalCursors] = field(default_factory=dict)
    """By rules 2, its sessions that came just now, in order
    (`huddle.cluster.rules.reading.arrival_cursors`)."""

    def served_until(self) -> int:
        """A time of the house by which everything had surely reached those whom it held.

        An engine that stands still gives out what was written long before, so the time of what is
        said does not tell when the node's members had it; the node's own batches do."""
        if not self.steps:
            return self.beat - UNSURE_MS
        written, told = self.steps[0]
        is_sure = written <= self.steps[-1][0] - UNSURE_MS
        return told if is_sure else told - UNSURE_MS


@dataclass(slots=True)
class Session:
    """One presence; it stays when it has left, for its key, its word and its last id.

    ``life`` holds it, or held it last, by its connection of that ``turn``; ``away``: the connection
    is lost since, ``losses`` counts that and each coming back. ``since`` is set where the holder
    died with it: a time by which everything had reached it. ``blocks`` is the block that it said
    last, and the seq of its first line in each room. ``spare``: it has left, as one of too many
    from its address, and is forgotten before the others.
    """

    number: int
    nick: Name
    key: str = ""
    word: str = ""
    word_at: str = ""
    word_time: int = 0
    here: bool = True
    away: bool = False
    life: str = ""
    turn: int = 0
    losses: int = 0
    since: int = 0
    last_id: int = 0
    account: int = 0
    version: int = 0
    in_charge: bool = False
    host: str = ""
    address: str = ""
    site: str = ""
    seen: int = 0
    rooms: dict[str, int | None] = field(default_factory=dict)
    ignores: tuple[str, ...] = ()
    wishes: str = ""
    block: int = 0
    firsts: dict[str, int] = field(default_factory=dict)
    spare: bool = False

    @property
    def person(self) -> int:
        return -self.account or self.number

    @property
    def identity(self) -> str:
        """Who this is, as restrictions are kept under it."""
        if self.account:
            return account_identity(self.account)
        return session_identity(self.number)


@dataclass(slots=True)
class Account:
    """A registered nick, as in `huddle.record.AccountRow`; ``devices`` are its sessions here."""

    number: int
    nick: Name
    hash: str = ""
    operator: bool = False
    version: int = 1
    inbox: str = ""
    read: int = 0
    time: int = 0
    devices: dict[int, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restricted:
    """A ban, mute, voice or host that was set; ``version`` is the position of the entry. None of it
    changes (`huddle.cluster.dumping` goes by that)."""

    nick: str
    until: int
    reason: str
    by: str
    time: int
    first: str
    last: str
    version: int


@dataclass(slots=True)
class Room:
    """A room, and who is in it.

    ``seats`` are the sessions in it, ``people`` how many devices each person has there.
    ``versions`` are the positions of the entries that set each setting last. ``spoke`` is when each
    person spoke last, while it is slow; ``spoke_from``, by rules 2, at which address and /48 that
    was. ``restrictions`` are by kind and target; ``networks`` are those among them that are on a
    network, ``nicks``, by rules 3, those on a nick, with its keys.
    """

    name: Name
    newest: int = 0
    topic: str = ""
    topic_by: str = ""
    key: str = ""
    slow: int = 0
    quiet: bool = False
    versions: dict[str, int] = field(default_factory=dict)
    seats: dict[int, None] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    restrictions: dict[tuple[str, str], Restricted] = field(default_factory=dict)
    networks: dict[tuple[str, str], None] = field(default_factory=dict)
    spoke: dict[str, int] = field(default_factory=dict)
    spoke_from: dict[str, tuple[str, str]] = field(default_factory=dict)
    nicks: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Inbox:
    """The messages to and from one person: how many there are, and how many wait from where."""

    newest: int = 0
    read: int = 0
    total: int = 0
    senders: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """The house at a ``position`` of its log; ``time`` is that of the newest batch.

    ``chain`` is the hash of all effects so far (`huddle.cluster.apply`), ``due`` the last position
    at which nodes compare theirs and what it was, ``votes`` what each life said it was, ``agreed``
    the newest such position for which a majority has said the same, and what that was.
    """

    position: int = 0
    batches: int = 0
    time: int = 0
    rules: int = 1
    chain: str = ""
    due: tuple[int, str] = (0, "")
    agreed: tuple[int, str] = (0, "")
    words: str = ""
    """The key by which all nodes hash return words and the keys of rooms."""
    read_only: bool = False
    shared: Mapping[str, Any] = field(default_factory=dict)
    last_session: int = 0
    last_account: int = 0
    lives: dict[str, Life] = field(default_factory=dict)
    dead: dict[str, str] = field(default_factory=dict)
    """By the first rules, each life that is over, and its node."""
    gone: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By name, the nodes that are not up: the rules that each knew, the time when it went, and (not
    by the first rules) the position."""
    votes: dict[int, dict[str, str]] = field(default_factory=dict)
    sessions: dict[int, Session] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    kept: dict[str, Name] = field(default_factory=dict)
    """The nicks of the house's operators by their options, by the folded key."""

    # What follows is made of the above (`huddle.cluster.snapshot` does it anew).
    limits: Limits = field(init=False, default_factory=Limits)
    present: int = field(init=False, default=0)
    """How many sessions are here, those that are away among them."""
    names: dict[str, int] = field(init=False, default_factory=dict)
    """The owner of each key of a nick."""
    room_names: dict[str, str] = field(init=False, default_factory=dict)
    """The room that has each key of a room's name."""
    by_inbox: dict[str, int] = field(init=False, default_factory=dict)
    """The account that has each inbox, as it may be a guest's who is known no more."""
    alike: dict[tuple[str, str, str], dict[str, None]] = field(init=False, default_factory=dict)
    """By room, kind and key, the targets of restrictions on a nick that has that key, in the order
    in which they were set."""
    by_key: dict[str, int] = field(init=False, default_factory=dict)
    by_word: dict[str, int] = field(init=False, default_factory=dict)
    held_at: dict[str, list[tuple[int, int]]] = field(init=False, default_factory=dict)
    """The sessions that are held, by the address and the place that each was at: when each was seen
    last and its number, in order."""
    held_groups: list[tuple[int, str]] = field(init=False, default_factory=list)
    """How many those are, and where, in order; for each such place with more than one."""
    left_at: dict[tuple[str, int], int] = field(init=False, default_factory=dict)
    """How many left by such a place and day, and are known still; but for those that are spare."""
    spoke_at: dict[str, list[tuple[int, str, str]]] = field(init=False, default_factory=dict)
    """What is remembered in slow rooms of who spoke, by such a place, and of all: when, in which
    room, and who, in order."""
    spoke_groups: list[tuple[int, str]] = field(init=False, default_factory=list)
    """How many those are, and where, as in ``held_groups``."""

    def life_of(self, node: str) -> str:
        """The life in which that node is up now; empty when it is not."""
        return next((life for life, each in self.lives.items() if each.node == node), "")

    def lowest_life(self) -> str:
        """The living life that does for all what one has to do: that of the node first by name."""
        return min(self.lives, key=lambda life: self.lives[life].node, default="")

    def settled(self) -> int:
        """The position behind which no living node has to go back, were it killed now."""
        return min((life.kept for life in self.lives.values()), default=0)

    def room_named(self, name: Name) -> Room | None:
        """The room that has one of this name's keys."""
        shown = next((self.room_names[key] for key in name[1:] if key in self.room_names), None)
        return None if shown is None else self.rooms[shown]

    def inbox_of(self, person: int) -> str:
        """The name of a person's inbox."""
        return self.accounts[-person].inbox if person < 0 else f"{INBOX}{person}"

    def has_device(self, person: int) -> bool:
        """Whether the person has a connection on any node."""
        if person > 0:
            session = self.sessions[person]
            return session.here and not session.away
        return any(not self.sessions[each].away for each in self.accounts[-person].devices)

    def held(self, number: int, life: str) -> Session | None:
        """The session, if that life holds it on a connection."""
        session = self.sessions.get(number)
        if session is None or not session.here or session.away:
            return None
        return session if session.life == life else None

    def derive_limits(self) -> None:
        """Have the limits that the shared options say; what they do not name, or not as a number,
        is as usual."""
        usual = Limits()
        kinds = {each.name: type(getattr(usual, each.name)) for each in fields(Limits)}
        said = {name: value for name, value in self.shared.items() if name in kinds}
        self.limits = Limits(
            **{name: kinds[name](value) for name, value in said.items() if _is_bound(value)}
        )

    @property
    def keeps(self) -> tuple[int, int]:
        """For how many milliseconds messages are kept, and how many of a room; 0 is all."""
        keep_ms, messages = (self.shared.get(name) for name in ("keep_ms", "keep_messages"))
        return (
            keep_ms if type(keep_ms) is int and keep_ms > 0 else 0,
            messages if type(messages) is int and messages > 0 else 0,
        )

    @property
    def members_only(self) -> bool:
        return self.shared.get("members_only") is True


def _is_bound(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 2**53


def first_state() -> State:
    """The state before the first entry: a house with its first room, and no one in it."""
    state = State()
    name = (FIRST_ROOM, FIRST_ROOM)
    state.rooms[FIRST_ROOM] = Room(name)
    state.room_names = {FIRST_ROOM: FIRST_ROOM}
    return state
