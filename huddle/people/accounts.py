"""Accounts: nicks that belong to one person for good, by a password.

An account owns its nick in the registry of nicks from the first start on, whether a session is here
under it or not; so no other has it, nor one that looks like it, by any way in. It may be here on
several devices at once: each is a session of its own, all under the account's nick.

An account whose number is 0 is not in the record: another checker (``--auth``) knows it, or the
house has made it an operator before it was registered. Its nick is kept free for it all the same.
It gets its number when its owner first comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from twisted.internet.defer import DeferredLock

from huddle.people.sessions import Account
from huddle.protocol import names
from huddle.protocol.errors import BadNick
from huddle.protocol.events import INBOX
from huddle.record import AccountRow


class Accounts:
    """All accounts, by number and by the nick in whatever case."""

    def __init__(self, rows: Iterable[AccountRow], last: int = 0) -> None:
        """``last`` is the highest number that was ever given: none is given twice."""
        self.in_turn = DeferredLock()
        """For `huddle.delivery.sequencer.refusals.Refusals.run`, by which one account at a time is
        given a number or another password. No coroutine is to hold this lock itself: one that is
        closed, as where tests throw a whole house away, would give it on to one closed before."""
        self._by_number: dict[int, Account] = {}
        self._by_nick: dict[str, Account] = {}
        self.by_inbox: dict[str, Account] = {}
        """Those that have a number, by their inboxes."""
        self._last = last
        for row in rows:
            self.accept(Account(row))

    def __len__(self) -> int:
        return len(self._by_number)

    def __iter__(self) -> Iterator[Account]:
        return iter(dict.fromkeys((*self._by_number.values(), *self._by_nick.values())))

    def named(self, nick: str) -> Account | None:
        """The account whose nick is typed like this, capitals apart."""
        try:
            return self.owning(names.nick(nick))
        except BadNick:
            return None

    def owning(self, nick: str) -> Account | None:
        """The account that has this nick, as `names.nick` made it, in whatever case."""
        return self._by_nick.get(names.folded_key(nick)) if self._by_nick else None

    def numbered(self, number: int) -> Account | None:
        """The account with this number; None where there is none any more."""
        return self._by_number.get(number)

    def expect(self, nick: str) -> Account:
        """The account of this nick; where there is none yet, its nick is kept free for one."""
        account = self.named(nick)
        if account is None:
            account = Account(AccountRow(0, nick))
            self.accept(account)
        return account

    def next_row(self, nick: str, hash: str | None, time: int, inbox: str = "") -> AccountRow:
        """What the record is to keep of one account more, under the next number."""
        self._last += 1
        inbox = inbox or f"{INBOX}a{self._last}"
        return AccountRow(self._last, nick, hash, inbox=inbox, time=time)

    def enter(self, account: Account, row: AccountRow) -> None:
        """The record keeps this of an account that had no number yet: it is found by it now.

        Of several nodes the log gives the number, and is heard first: then it has one.
        """
        if self._by_number.get(account.number) is account:
            return
        account.row = replace(
            account.row, number=row.number, hash=row.hash, inbox=row.inbox, time=row.time
        )
        account.is_open = True
        self.accept(account)

    def accept(self, account: Account) -> None:
        """Have the account be found from now on; by its nick only if no other account has that."""
        self._by_nick.setdefault(names.folded_key(account.nick), account)
        if account.number:
            self._by_number[account.number] = account
            self.by_inbox[account.inbox] = account
            self._last = max(self._last, account.number)

    def drop(self, account: Account) -> None:
        """Have the account be found no more: another has its nick, or one that looks like it."""
        key = names.folded_key(account.nick)
        if self._by_nick.get(key) is account:
            del self._by_nick[key]
        self._by_number.pop(account.number, None)
        self.by_inbox.pop(account.inbox, None)
