"""Message entries: what is said here, as entries of the log, and what they came to.

A private message is two drafts to the core, one for each inbox, and one entry: both copies stand in
the log together. Lines that are said together share a `Block` here, and a number there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from huddle.cluster.entries import Announce, Say
from huddle.cluster.state import State
from huddle.protocol.events import Block, Draft, Kind, Said, is_inbox


class MessageEntries:
    """Makes entries of drafts, for one node."""

    def __init__(self) -> None:
        self._blocks: dict[int, tuple[Block, int]] = {}
        """The block that each session said last, and its number."""
        self._numbers = count(1)
        """One after the other: a session that comes back begins another block, though what it said
        before it went is forgotten."""

    def of(self, state: State, drafts: Sequence[Draft]) -> list[tuple[Say | Announce, list[Draft]]]:
        """The entries that these are, each with its draft and the copy behind it, if it has one."""
        entries: list[tuple[Say | Announce, list[Draft]]] = []
        for draft in drafts:
            if draft.kind is Kind.ANNOUNCE:
                announce = Announce(draft.session, draft.text, draft.id)
                if entries and _is_one(entries[-1][0], draft):
                    entries[-1][1].append(draft)  # it goes to all rooms by one entry
                else:
                    entries.append((announce, [draft]))
            elif entries and is_copy(entries[-1][1][0], draft):
                first = entries[-1][1]
                first.append(draft)
                entries[-1] = (
                    self._entry(state, first[0], person_of(state, draft.room), draft),
                    first,
                )
            else:
                whom = person_of(state, draft.room) if is_inbox(draft.room) else 0
                entries.append((self._entry(state, draft, whom), [draft]))
        return entries

    def _entry(self, state: State, draft: Draft, whom: int, copy: Draft | None = None) -> Say:
        return Say(
            draft.session,
            draft.id,
            draft.text,
            "" if whom else draft.room,
            draft.kind.value,
            draft.to,
            whom,
            self._number_of(state, draft),
            draft.in_block,
            draft.re,
            draft.edits,
            copy.re if copy else 0,
            copy.edits if copy else 0,
        )

    def _number_of(self, state: State, draft: Draft) -> int:
        if draft.block is None:
            return 0
        block, number = self._blocks.get(draft.session, (None, 0))
        if block is not draft.block:
            number = next(self._numbers)
            session = state.sessions.get(draft.session)
            if session is not None and session.here:  # else it is refused, and forgotten already
                self._blocks[draft.session] = draft.block, number
        return number

    def forget(self, session: int) -> None:
        """The session is over here: what it said together is said."""
        self._blocks.pop(session, None)


def _is_one(entry: Say | Announce, draft: Draft) -> bool:
    """Whether what is announced there is said in one more room by this."""
    if not isinstance(entry, Announce) or draft.id:
        return False
    return (entry.session, entry.text) == (draft.session, draft.text)


def is_copy(first: Draft, draft: Draft) -> bool:
    """Whether a draft is the recipient's copy of the private message in front of it."""
    if not (is_inbox(first.room) and is_inbox(draft.room) and first.room != draft.room):
        return False
    return not (draft.id or draft.to) and bool(first.to) and first.session == draft.session


def person_of(state: State, inbox: str) -> int:
    """The person whose inbox this is: a session, or an account below zero (`State`)."""
    number, account = inbox[1:], state.by_inbox.get(inbox)
    if account is not None:
        return -account
    return int(number) if number.isdecimal() else 0


def placed(draft: Draft, seq: int, time: int) -> Said:
    """The message that the draft has become."""
    return Said(
        draft.room, seq, time, draft.session, draft.nick, draft.kind, draft.text, draft.account
    )
