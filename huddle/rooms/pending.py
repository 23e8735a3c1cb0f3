"""Pending: shares of what may wait in the inbox of a person who is away.

`Limits.pending` messages may wait, of which `Limits.pending_each` from one person, twice as many
from one address and three times as many from one IPv6 /48. Past `Limits.pending` a few more
from an address that has written little are taken (a quarter of `Limits.pending_each`), up to twice
as many in all: whoever has filled an inbox has not shut it for the others.

What is counted begins anew with the server, and when the person has read. It is known of the
`INBOXES` inboxes that were written to last. An address that was the first to write to an eighth of
these counts as one that has written much, to whomever it writes: it could otherwise have what it
sent to one inbox forgotten by writing to many others, and fill that one again.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from huddle.people.identity import site
from huddle.people.sessions import Session
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits

INBOXES = 4096
"""Of which it is known what waits there."""

_MUCH = 1 / 8
"""The part of them to which one address is the first to write, before it has written much; three
times as many an IPv6 /48."""


@dataclass(slots=True)
class _Waiting:
    """What was sent since the person had read up to ``read``, by each sender and from where; and
    from where the first of it came since the inbox is known of."""

    read: int
    first: tuple[str, str]
    total: int = 0
    senders: Counter[str] = field(default_factory=Counter)


class Pending:
    """Of all inboxes; the ones that were written to longest ago are forgotten first."""

    def __init__(self, limits: Limits) -> None:
        self._each = limits.pending_each
        self.most = limits.pending
        """Of each inbox; of several nodes, as many as all of them have it."""
        self._inboxes: OrderedDict[str, _Waiting] = OrderedDict()
        self._firsts: Counter[str] = Counter()
        """To how many of them each address, and each /48, was the first to write."""

    def take(self, sender: Session, inbox: str, read: int, newest: int) -> None:
        """Count one more from there. Raises `TooMany` (``pending`` or ``pending_each``).

        ``read`` is the last seq that the person has read, ``newest`` the last that there is.
        """
        waiting = self._known(sender, inbox, read)
        if waiting.read != read:
            waiting = self._inboxes[inbox] = _Waiting(read, waiting.first)
        shares = self._shares(sender)
        each = max(self._each, self.most // 4)
        if any(waiting.senders[who] >= share * each for who, share in shares.items()):
            raise TooMany("pending_each", each)
        total, pending = max(waiting.total, newest - read), self.most
        few = max(min(each, pending) // 4, 1)
        little = waiting.senders[_address(sender)] < few and not self._has_written_much(sender)
        if total >= (2 * pending if little else pending):
            raise TooMany("pending", pending)
        waiting.total += 1
        waiting.senders.update(shares.keys())

    def _known(self, sender: Session, inbox: str, read: int) -> _Waiting:
        """What is known of the inbox, which is the one last written to from now on."""
        waiting = self._inboxes.get(inbox)
        if waiting is None:
            if len(self._inboxes) >= INBOXES:
                self._forget_oldest()
            first = _address(sender), site(sender.address)
            waiting = self._inboxes[inbox] = _Waiting(read, first)
            self._firsts.update(first)
        self._inboxes.move_to_end(inbox)
        return waiting

    def _forget_oldest(self) -> None:
        _, forgotten = self._inboxes.popitem(last=False)
        for place in forgotten.first:
            self._firsts[place] -= 1
            if not self._firsts[place]:
                del self._firsts[place]

    def _has_written_much(self, sender: Session) -> bool:
        much, wide = INBOXES * _MUCH, site(sender.address)
        if self._firsts[_address(sender)] > much:
            return True
        return bool(wide) and self._firsts[wide] > SITE["pending_each"] * much

    def _shares(self, sender: Session) -> dict[str, int]:
        """How many times `Limits.pending_each` each of those may have of which this is one."""
        shares = {sender.identity: 1, _address(sender): 2}
        if wide := site(sender.address):
            shares[wide] = SITE["pending_each"]
        return shares


def _address(sender: Session) -> str:
    return f"address:{sender.address}"
