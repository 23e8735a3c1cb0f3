"""The record: where messages and sessions are kept, and the port that every backend fills.

A backend numbers what it is given. `Record.append` takes a whole batch, for all rooms together,
and either all of it is kept (for `sqlite`: on the disk) or none of it: the numbers of a failed
batch are used again, so that a room's seqs have no holes. Whoever calls it shows a message to
nobody before the `Deferred` has fired.

What a backend owes, whatever it is made of:

- `append` calls are carried out one after the other, in the order of the calls.
- The next ``seq`` of a room and the last ``id`` of a session survive the messages themselves.
- `RecordFailure` means that nothing of the batch is kept and the trouble is the record's own
  (disk full, locked, gone); any other exception means that something *in* the batch cannot be
  kept, and whoever called tries its messages one by one.
- Reading never waits for writing, and gives only what has been appended before the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.events import Draft, Said


class RecordFailure(Exception):
    """The record cannot take anything at the moment; nothing of what was given is kept."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What the record holds of a room: seqs ``oldest`` to ``newest``.

    Nothing yet is (1, 0); everything gone after seq 7 is (8, 7). ``time`` is the newest's.
    """

    oldest: int = 1
    newest: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """What the record knows of a session.

    ``key`` is the SHA-256 of a program's secret, ``word`` the keyed hash of a person's return
    word and ``word_time`` when it was given; None where the session has none. ``here`` says that
    it has not left: after a restart its nick is held. ``seen`` is when that was last written.
    ``rooms`` maps each room it is in to the last seq that surely reached it; None for "all that
    was published, save perhaps the last seconds", which is what a crash leaves behind.
    ``last_id`` is read only: `Record.append` alone raises it.
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


class Record(Protocol):
    """The port. Times in milliseconds since 1970; seqs and ids from 1."""

    @property
    def epoch(self) -> str:
        """Names this record; another one, or one that was started anew, has another epoch."""

    @property
    def last_session(self) -> int:
        """The highest session number ever saved, 0 for none."""

    @property
    def last_time(self) -> int:
        """The time of the newest message of all, 0 for none."""

    def append(self, drafts: Sequence[Draft], time: int) -> Deferred[Sequence[Said]]:
        """Number and keep all of these, or none; fires with them in the same order.

        Fails with `RecordFailure`, or with another exception when one of them cannot be kept.
        """

    def extent(self, room: str) -> Extent:
        """What is held of the room, as far as appended calls have fired."""

    def read(self, room: str, first: int, last: int) -> Deferred[Sequence[Said]]:
        """Those from ``first`` to ``last`` that are still there, in order.

        Fails with `RecordFailure`. As all that is read at once is in memory, ask for blocks.
        """

    def since(self, room: str, time: int) -> Deferred[int]:
        """The seq of the first message said at that time or later; newest + 1 if there is none.

        With retention, that of the first one that is still there. Fails with `RecordFailure`.
        """

    def search(
        self, room: str, query: str, limit: int, before: int | None = None
    ) -> Deferred[Sequence[Said]]:
        """The newest ``limit`` messages with all these words, in order; see `huddle.record.search`.

        With ``before``, only those with a lower seq. Fails with `RecordFailure`.
        """

    def find(self, session: int, id: int) -> Deferred[Said | None]:
        """The message that the session said under this id, if it is still there."""

    def save(self, card: Card) -> Deferred[None]:
        """Keep what is known of a session (its ``last_id`` apart). Fails with `RecordFailure`."""

    def card_by_key(self, key: bytes) -> Deferred[Card | None]:
        """The session with this hashed secret."""

    def card_by_word(self, word: bytes) -> Deferred[Card | None]:
        """The session whose return word has this hash."""

    def cards_here(self) -> Sequence[Card]:
        """The sessions that had not left when the record was opened."""

    def forget(self, keep_ms: int | None, keep_messages: int | None, now: int) -> Deferred[int]:
        """Delete what is older than that or beyond that many in its room; fires with how many.

        Only ever the first messages of a room go, the counters stay, and what is deleted is not
        counted as missing by anyone but `extent`. ``keep_messages`` is at least 1. To be called
        at least hourly; fails with `huddle.record.retention.ClockJumped` when ``now`` is not to
        be believed, and with `RecordFailure`; some may have gone by then.
        """

    def close(self) -> Deferred[None]:
        """Finish what was given before, and let go of everything."""
