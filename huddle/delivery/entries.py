"""Entries: what a batch is made of, and what becomes of each.

Most are drafts. A saying is a draft with what belongs to it; a happening is nothing for the record,
and has its place among them all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from huddle.protocol.codec import dataclass
from huddle.protocol.errors import HuddleError, NotRecorded
from huddle.protocol.events import Draft, Notice, RoomEvent, Said
from huddle.protocol.text import memory_of

Outcome = Said | HuddleError


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said with ``copies``, which are recorded with it or not at all: a private message
    is in two inboxes. ``told``, if any, hears what became of it."""

    draft: Draft
    copies: Sequence[Draft]
    told: Callable[[Outcome], None] | None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in its place: what to tell, and what to do once that is out."""

    notices: Callable[[], Sequence[Notice]]
    settle: Callable[[], None]


def nothing() -> None:
    """What there is to do behind most of what happens."""


Entry = Draft | Saying | Happening
"""What a batch is made of; most of it are drafts, which need nothing around them."""

Deliver = Callable[[dict[str, list[RoomEvent]], bool], None]
"""Given what a batch brings to each room, and whether drafts alone are settled behind it."""
Settle = Callable[[Sequence[Draft], Sequence[Outcome]], None]

ENTRY_OVERHEAD = 512
"""Bytes of memory that an entry takes beside its text (measured with ``sys.getsizeof``)."""

NO_TEXT = memory_of("")
"""Bytes that a text takes beside its letters: those of ASCII have one each, an emoji makes all of
them take four."""


def drafts_of(entry: Entry) -> list[Draft]:
    """What an entry has the record keep: its draft, and the copies behind it."""
    if isinstance(entry, Draft):
        return [entry]
    return [entry.draft, *entry.copies] if isinstance(entry, Saying) else []


def said_by(session: int, entries: Sequence[Entry]) -> bool:
    """Whether one of these was said by this session; 0: whether there is any."""
    if not session:
        return bool(entries)
    return any(draft.session == session for entry in entries for draft in drafts_of(entry))


def size_of(entry: Entry) -> int:
    """Bytes that a saying or a draft counts as while it waits; what happens counts as none."""
    return sum(ENTRY_OVERHEAD + memory_of(draft.text) - NO_TEXT for draft in drafts_of(entry))


def not_recorded(one: Draft | Saying) -> list[Outcome]:
    """The outcomes of something said that failed: one for each of its drafts."""
    return [NotRecorded() for _ in drafts_of(one)]


def by_room(batch: Sequence[Entry], outcomes: Sequence[Outcome]) -> dict[str, list[RoomEvent]]:
    """What a batch brings to each room, in its order; without a batch, all of the outcomes."""
    if len(batch) == len(outcomes) == 1 and isinstance(said := outcomes[0], Said):
        return {said.room: [said]}  # the most frequent, and soon told
    by_room: dict[str, list[RoomEvent]] = {}
    outcome = iter(outcomes)
    for entry in batch:
        if isinstance(entry, Happening):
            for notice in entry.notices():
                by_room.setdefault(notice.room, []).append(notice)
        else:
            copies = 0 if isinstance(entry, Draft) else len(entry.copies)
            for said in islice(outcome, 1 + copies):
                if isinstance(said, Said):
                    by_room.setdefault(said.room, []).append(said)
    for said in outcome:
        if isinstance(said, Said):
            by_room.setdefault(said.room, []).append(said)
    return by_room
