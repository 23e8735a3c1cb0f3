"""The record: where messages and sessions are kept, and the port that every backend fills.

A backend numbers what it is given. `Record.append` takes a whole batch, for all rooms together,
and either all of it is kept (for `sqlite`: on the disk) or none of it: the numbers of a failed
batch are used again, so that a room's seqs have no holes. The caller shows a message to no one
before the `Deferred` has fired.

What a backend owes, whatever it is made of:

- `append` calls are carried out one after the other, in the order of the calls.
- What is committed is told in that order (`on_committed`), each batch before its `Deferred` fires;
  so would be what other nodes commit to a record that is shared.
- The next ``seq`` of a room and the last ``id`` of a session survive the messages themselves.
- `RecordFailure` means that nothing of the batch is kept and the trouble is the record's own
  (disk full, locked, gone); any other exception means that something *in* the batch cannot be
  kept, and the caller tries its messages one by one.
- Reading never waits for writing, and gives only what has been appended before the call.

The backends are `sqlite` and `memory`, which is a `ring` for each room. What they share:
`retention` says what is too old, `search` what a search finds, `errors` what makes a record
unusable, `files` locks and watches the database and SQLite's log of it, `flap_damping` when it is
said to fail, `plain_file` reads and writes the small files beside it; `write_queue` wakes the
thread that writes; `keyed_hash` hashes what is not kept as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import Any, Protocol

from twisted.internet.defer import Deferred

from huddle.protocol.codec import dataclass
from huddle.protocol.errors import HuddleError
from huddle.protocol.events import INBOX, Draft, Kind, Said


def inbox_of(session: int) -> str:
    """The room of a session's private messages while it has no account."""
    return f"{INBOX}{session}"


def session_identity(number: int) -> str:
    """The identity of a session without an account, for marks and ignores."""
    return f"session:{number}"


def account_identity(number: int) -> str:
    """The identity of an account, for marks and ignores, on whichever device."""
    return f"account:{number}"


def tombstone(message: Said) -> Said:
    """What is left of a message when its text is deleted."""
    return replace(message, kind=Kind.DELETED, text="")


def within(messages: Sequence[Said], size: int) -> Sequence[Said]:
    """The first of these: none behind the one whose text takes them beyond ``size`` characters."""
    for count, message in enumerate(messages, 1):
        size -= len(message.text)
        if size < 0:
            return messages[:count]
    return messages


class RecordFailure(Exception):
    """The record cannot take anything at the moment; nothing of what was given is kept."""


class PartlyKept(RecordFailure):
    """Some of what was given is kept: a log of several nodes may take it in parts.

    ``outcomes`` has what became of each draft, in their order: `NotRecorded` for those that are not
    kept and never will be.
    """

    def __init__(self, outcomes: Sequence[Said | HuddleError]) -> None:
        super().__init__("nothing more can be proposed to the log")
        self.outcomes = outcomes


class SearchCut(Exception):
    """A search took too long and was ended. ``found`` are the newest that match, in order, as far
    as it had come; older ones may be there."""

    def __init__(self, found: Sequence[Said]) -> None:
        super().__init__()
        self.found = found


@dataclass(frozen=True, slots=True)
class Extent:
    """What the record holds of a room: seqs ``oldest`` to ``newest``.

    Nothing yet is (1, 0); everything gone after seq 7 is (8, 7). ``time`` is the newest's.
    """

    oldest: int = 1
    newest: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class SessionRow:
    """What the record knows of a session.

    ``key`` is the SHA-256 of a program's secret, ``word`` the keyed hash of a person's return
    word, ``word_time`` when it was given and ``word_at`` the keyed hash of the address where that
    was (None before this was kept); None where the session has none. ``here`` says that
    it has not left: after a restart its nick is held. ``seen`` is when that was last written.
    ``rooms`` maps each room it is in to the last seq that surely reached it; None for "all that
    was published, save perhaps the last seconds", which is what a crash leaves behind.
    ``account`` is the number of the account it is logged in to (0: none), under the password of
    that ``version``. ``ignores`` are those it does not want to hear (`huddle.people.identity`).
    ``wishes`` is how its person wants things shown (`huddle.people.preferences`; empty: as usual).
    ``last_id`` counts where there is no row yet; that of a row `Record.append` alone raises.
    """

    number: int
    nick: str
    key: bytes | None = None
    word: bytes | None = None
    word_time: int = 0
    here: bool = True
    seen: int = 0
    rooms: Mapping[str, int | None] = field(default_factory=dict)
    last_id: int = 0
    account: int = 0
    version: int = 0
    ignores: Sequence[str] = ()
    word_at: bytes | None = None
    wishes: str = ""


@dataclass(frozen=True, slots=True)
class RoomRow:
    """What a room keeps beside its messages, also while it has no members.

    ``key`` is the keyed hash of the word that opens it (None: open to all), ``slow`` the seconds
    between two texts of one member, ``quiet`` that only those with a voice speak.
    """

    name: str
    topic: str = ""
    topic_by: str = ""
    key: bytes | None = None
    slow: float = 0.0
    quiet: bool = False


class MarkKind(StrEnum):
    """What a mark does to a person in a room; the value is what the record holds."""

    BAN = "ban"
    MUTE = "mute"
    VOICE = "voice"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Mark:
    """A person's standing in a room. There is one of a kind for (``room``, ``who``).

    ``who`` is as `huddle.people.identity` writes it: ``session:17``, ``account:5``, ``nick:ana`` or
    ``address:10.0.0.0/8``; ``nick`` is what the person was called then. ``until`` is when it ends
    (None: never). ``by`` is who set it, ``time`` when.
    """

    room: str
    kind: MarkKind
    who: str
    nick: str = ""
    until: int | None = None
    reason: str = ""
    by: str = ""
    time: int = 0


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A registered nick. ``hash`` is that of its password; None where another checker has it.

    ``version`` counts the passwords: a session that was logged in under an older one has to bring
    the new one. ``inbox`` names the room of its private messages, ``read`` is the last seq there
    that surely reached one of its devices.
    """

    number: int
    nick: str
    hash: str | None = None
    operator: bool = False
    version: int = 1
    inbox: str = ""
    read: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act of moderation: when and where, what, who did it to which person, and what else is to
    be known."""

    time: int
    room: str
    act: str
    by: str
    target: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that is no longer to be kept, as it was: a mark goes by its key, a room's row by
    its name."""

    kept: Mark | RoomRow


Kept = SessionRow | RoomRow | Mark | AccountRow | AuditEntry | Dropped
"""A row of any kind that `Record.save` takes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One batch of a log that several nodes apply (`huddle.cluster`), which stands there at
    ``position``: what the record keeps of it, all at once or not at all.

    The ``messages`` have the numbers that they have on the other nodes: in each room one behind
    the other, from the one on that comes next. ``ids`` are those that they were said under, in the
    same order (`Draft.id`). ``erased`` are messages whose texts go, each by its room and seq; they
    may be among ``messages``.
    """

    position: int
    messages: Sequence[Said] = ()
    ids: Sequence[int] = ()
    kept: Sequence[Kept] = ()
    erased: Sequence[tuple[str, int]] = ()


Told = Callable[[Sequence[Draft], Sequence[Said]], None]
"""What hears of a committed batch: what `Record.append` was given (that very sequence; an empty one
where the batch is another node's), and the messages that it became."""


class Record(Protocol):
    """The port. Times in milliseconds since 1970; seqs and ids from 1."""

    @property
    def epoch(self) -> str:
        """Names this record; another one, or one that was started anew, has another epoch."""

    @property
    def last_session(self) -> int:
        """The highest session number ever saved, 0 for none."""

    @property
    def last_account(self) -> int:
        """The highest number of an account ever saved, 0 for none: none is given twice."""

    @property
    def last_time(self) -> int:
        """The time of the newest message of all, 0 for none."""

    @property
    def position(self) -> int:
        """The `Step` that was kept last, by its position in the log of the nodes; 0: none was."""

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        """Number and keep all of these, or none; fires with them in the same order.

        The first of a block to be kept has its seq put into `Draft.block` before that is told.
        Fails with `RecordFailure`, or with another exception when one of them cannot be kept.
        """

    def step(self, step: Step) -> Deferred[Sequence[Said]]:
        """Keep this whole batch of the nodes' log; fires with its messages, in their order, and
        behind them the tombstones of what it erases, as far as that is kept still.

        Its position has to be above the one before, or the step is kept twice. Nothing of it is
        told by `on_committed`. Fails with `RecordFailure`.
        """

    def follow(self, steps: Sequence[Step]) -> Deferred[Any]:
        """Keep these batches, one behind the other; fires when all of them are kept. Nothing but
        messages is in them. Fails with `RecordFailure`, and then has none of those that are not
        kept, nor of what is behind them.
        """

    def on_committed(self, told: Told) -> None:
        """Call ``told`` with each batch that is committed from now on, and nothing else any more.

        It must not raise: what is committed stays so, whatever becomes of it.
        """

    def extent(self, room: str) -> Extent:
        """What is held of the room, as far as appended calls have fired."""

    def read(
        self, room: str, first: int, last: int, size: int | None = None
    ) -> Deferred[Sequence[Said]]:
        """Those from ``first`` to ``last`` that are still there, in order.

        With ``size``, none behind the one with which their texts have more characters than that.
        Fails with `RecordFailure`. As all that is read at once is in memory, ask for blocks.
        """

    def belonging(
        self, room: str, seq: int, limit: int, after: int = 0
    ) -> Deferred[Sequence[Said]]:
        """The message with this seq, those of the block that it begins, and those that put one of
        these right (`Said.edits`): the first ``limit`` behind the seq ``after``, in order. Fails
        with `RecordFailure`.
        """

    def since(self, room: str, time: int) -> Deferred[int]:
        """The seq of the first message said at that time or later; newest + 1 if there is none.

        With retention, that of the first one that is still there. Fails with `RecordFailure`.
        """

    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        """The newest ``limit`` messages with all these words, in order; see `huddle.record.search`.

        With ``before``, only those with a lower seq. However much there is to search, no other call
        is held up: what takes too long fails with `SearchCut`, which has what was found until then.
        Fails with `RecordFailure`.
        """

    def find(self, session: int, id: int) -> Deferred[Said | None]:
        """The message that the session said under this id, if it is still there."""

    def save(self, *kept: Kept, by: int = 0) -> Deferred[None]:
        """Keep all of these, or none, each in the place of what was there before.

        ``by`` is the session that wants it so, for a record that asks if it may (0: the house).
        A session that has a row keeps its ``last_id``. Fails with `RecordFailure`.
        """

    def session_by_key(self, key: bytes) -> Deferred[SessionRow | None]:
        """The session with this hashed secret."""

    def session_by_word(self, word: bytes) -> Deferred[SessionRow | None]:
        """The session whose return word has this hash."""

    def sessions_here(self) -> Sequence[SessionRow]:
        """The sessions that had not left when the record was opened."""

    def sessions(self) -> Deferred[Sequence[SessionRow]]:
        """All sessions, also those that have left, by their numbers. Fails with `RecordFailure`."""

    def rooms(self) -> Collection[str]:
        """The names of the rooms, inboxes among them, in which anything was ever said."""

    def room_rows(self) -> Sequence[RoomRow]:
        """The rows of the rooms when the record was opened."""

    def marks(self) -> Sequence[Mark]:
        """The marks when the record was opened."""

    def accounts(self) -> Sequence[AccountRow]:
        """The accounts when the record was opened."""

    def erase(self, room: str, seq: int, by: int = 0) -> Deferred[Said | None]:
        """Leave a tombstone (`Kind.DELETED`, no text) in the place of a message; fires with it.

        ``by`` is the session that wants it so; a record of one machine alone does not need to know.

        The text is gone then, from the search too. None when there is no such message.
        Fails with `RecordFailure`.
        """

    def audit(self, limit: int) -> Deferred[Sequence[AuditEntry]]:
        """The last acts of moderation, in order. Fails with `RecordFailure`."""

    def forget_sessions(self, seen_before: int, most: int) -> Deferred[int]:
        """Delete the rows of sessions that have left and were last seen before that time, and the
        oldest of those that have left beyond ``most``; with each its inbox, unless an account has
        it. Fires with how many; fails with `RecordFailure`.
        """

    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        """Delete what is older than that or beyond that many in its room; fires with how many.

        Only ever the first messages of a room go, the counters stay, and what is deleted is not
        counted as missing by anyone but `extent`. ``keep_messages`` is at least 1. To be called
        at least hourly; fails with `huddle.record.retention.ClockJumped` when ``now`` is not to
        be believed, and with `RecordFailure`; some may have gone by then.
        """

    def close(self) -> Deferred[None]:
        """Finish what was given before, and let go of everything."""
