"""Pending: shares of what may wait in the inbox of a person who is away.

`Limits.pending` messages may wait, of which `Limits.pending_each` from one person, twice as many
from one address and three times as many from one IPv6 /48. Past `Limits.pending` a few more
from an address that has written little are taken (a quarter of `Limits.pending_each`), up to twice
as many in all: whoever has filled an inbox has not shut it for the others.

What is counted begins anew with the server, and when the person has read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from huddle.people.identity import site
from huddle.people.rates import Remembered
from huddle.people.sessions import Session
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import SITE, Limits


@dataclass(slots=True)
class _Waiting:
    """What was sent since the person had read up to ``read``, by each sender and from where."""

    read: int
    total: int = 0
    senders: Counter[str] = field(default_factory=Counter)


class Pending:
    """Of all inboxes; the ones that were written to longest ago are forgotten first."""

    def __init__(self, limits: Limits) -> None:
        self._each = limits.pending_each
        self.most = limits.pending
        """Of each inbox; of several nodes, as many as all of them have it."""
        self._inboxes: Remembered[str, _Waiting] = Remembered()

    def take(self, sender: Session, inbox: str, read: int, newest: int) -> None:
        """Count one more from there. Raises `TooMany` (``pending`` or ``pending_each``).

        ``read`` is the last seq that the person has read, ``newest`` the last that there is.
        """
        waiting = self._inboxes.renewed(inbox, lambda: _Waiting(read))
        if waiting.read != read:
            waiting = self._inboxes[inbox] = _Waiting(read)
        shares = self._shares(sender)
        each = max(self._each, self.most // 4)
        if any(waiting.senders[who] >= share * each for who, share in shares.items()):
            raise TooMany("pending_each", each)
        total, pending = max(waiting.total, newest - read), self.most
        little = waiting.senders[_address(sender)] < max(min(each, pending) // 4, 1)
        if total >= (2 * pending if little else pending):
            raise TooMany("pending", pending)
        waiting.total += 1
        waiting.senders.update(shares.keys())

    def _shares(self, sender: Session) -> dict[str, int]:
        """How many times `Limits.pending_each` each of those may have of which this is one."""
        shares = {sender.identity: 1, _address(sender): 2}
        if wide := site(sender.address):
            shares[wide] = SITE["pending_each"]
        return shares


def _address(sender: Session) -> str:
    return f"address:{sender.address}"
