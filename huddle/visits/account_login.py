"""Account login: how a session comes to be an account's.

The record keeps it first. Only then is anything changed here, if it still can be: a guest who is
refused is who they were, and nothing here is ahead of what a crash would leave.

What a guest is in the rooms goes with them: that they made one, that they may speak there, or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from huddle.delivery.outlet import Outlet
from huddle.huddle import Huddle
from huddle.people.saving import Saving
from huddle.people.sessions import Account, Session
from huddle.protocol.errors import AlreadyRegistered, HuddleError
from huddle.protocol.events import is_inbox
from huddle.record import Dropped, Mark, SessionRow, session_identity
from huddle.visits.admission import Admission
from huddle.visits.renaming import Renaming


@dataclass(eq=False, repr=False)
class AccountLogin:
    """Makes guests' sessions those of accounts; one for the whole house."""

    _huddle: Huddle
    _admission: Admission
    _renaming: Renaming

    async def number(self, account: Account) -> None:
        """Give the account a number where it has none: its owner is here for the first time.

        Returns when the record knows it. Raises `NotRecorded`.
        """
        if not account.number:
            in_turn = self._huddle.registry.accounts.in_turn
            await self._huddle.sequencer.refusals.run(in_turn, self._number, account)

    async def _number(self, account: Account) -> None:
        accounts = self._huddle.registry.accounts
        if account.number:
            return
        row = accounts.next_row(account.nick, None, self._huddle.saving.stamp())
        try:
            await self._huddle.saving.save(row)
        except AlreadyRegistered:
            if not account.number:  # it came on another node at the same time
                raise
        accounts.enter(account, row)

    async def log_in(self, session: Session, account: Account, host: str) -> None:
        """The session of a guest, who has just proved to own it, is the account's.

        Raises `Banned`, where the account is kept out of a room that the session is in;
        `NotRecorded`, and `AlreadyRegistered` when it is another's by now, or leaving, or on
        another connection.
        """
        outlet, elsewhere = session.outlet, session.elsewhere
        self._check_guest(session, outlet, elsewhere)
        self._admission.check_account(session, account, host)
        version = account.row.version
        rights = account.row.operator or session.in_charge  # what it had as a guest, it keeps
        with changing(self._huddle.saving, account, operator=rights):
            await self._keep(session, account)
        self._check_guest(session, outlet, elsewhere)
        waiting, nick = self._huddle.inboxes.unread(session), session.nick
        self._renaming.log_in(session, account)
        self.carry_marks(session, account)
        session.version = version  # there may be another password meanwhile
        self._huddle.saving.keep_quietly(session)
        if waiting is not None:  # that inbox is opened no more
            self._huddle.inboxes.tell_senders(session, waiting, nick)

    def carry_marks(self, session: Session, account: Account) -> None:
        """Move the marks (bans, mutes, voices) of a guest's session to the account it is of now."""
        restrictions, marks = self._huddle.directory.restrictions, self._marks(session)
        moved = self._moved(account, marks)
        for mark in moved:
            restrictions.set(mark)
        for mark in marks:
            restrictions.drop(mark)
        self._huddle.saving.save_quietly(*map(Dropped, marks), *moved)

    async def register(self, session: Session, nick: str, hash: str) -> None:
        """The session's nick is a new account's, and the session with it.

        No other has the nick meanwhile, not even when the session leaves: then the account is
        there nevertheless. Raises `NotRecorded`, `NickTaken`, and `AlreadyRegistered` as `log_in`
        does, or when the nick is not the session's any more.
        """
        outlet = session.outlet
        await self._huddle.sequencer.in_turn()  # its former nicks are free
        self._check_guest(session, outlet)
        if session.nick != nick:
            raise AlreadyRegistered
        registry, saving = self._huddle.registry, self._huddle.saving
        accounts = registry.accounts
        row = accounts.next_row(nick, hash, saving.stamp(), session.inbox)
        account = Account(replace(row, read=self._read(session), operator=session.in_charge))
        registry.hand_over(nick, session, account)
        try:
            await self._keep(session, account)
        except HuddleError:
            registry.nicks.release(nick, account)
            if self._is_guest(session) and session.nick == nick:
                registry.nicks.claim(nick, session)
            raise
        accounts.accept(account)
        if self._is_guest(session) and session.nick == nick:
            self._renaming.register(session, account)
            self.carry_marks(session, account)
        if session in registry:
            saving.keep_quietly(session)  # it may have been kept as a guest's meanwhile

    def _is_guest(self, session: Session) -> bool:
        return session in self._huddle.registry and session.account is None

    def _check_guest(
        self, session: Session, outlet: Outlet | None, elsewhere: bool = False
    ) -> None:
        """Whether it is still who has asked, on that connection or on none; or it comes from
        ``elsewhere``, another node, where it was already when it was asked."""
        is_lost = not elsewhere and session.is_on_another(outlet)
        if is_lost or session.leaving or not self._is_guest(session):
            if session in self._huddle.registry:
                self._huddle.saving.keep_quietly(session)
            raise AlreadyRegistered

    def _read(self, session: Session) -> int:
        """The seq up to which the session has been given its private messages."""
        read = session.rooms.get(session.inbox, 0)
        return self._huddle.record.extent(session.inbox).newest if read is None else read

    async def _keep(self, session: Session, account: Account) -> None:
        """Have the record know session and marks as the account's: all of it, or nothing."""
        row, marks = _row(self._huddle.saving.row(session), account), self._marks(session)
        moved = self._moved(account, marks)
        await self._huddle.saving.save(row, account.row, *map(Dropped, marks), *moved)

    def _marks(self, session: Session) -> list[Mark]:
        return self._huddle.directory.restrictions.on(session_identity(session.number))

    def _moved(self, account: Account, marks: Sequence[Mark]) -> list[Mark]:
        """The marks, put on the account: those alone of which it has none of the same kind that
        lasts as long."""
        there = self._huddle.directory.restrictions.on(account.identity)
        theirs = {(mark.room, mark.kind): mark for mark in there}
        moved = [replace(mark, who=account.identity) for mark in marks]
        return [
            mark
            for mark in moved
            if (known := theirs.get((mark.room, mark.kind))) is None or _end(known) < _end(mark)
        ]


@contextmanager
def changing(saving: Saving, account: Account, **fields: Any) -> Iterator[None]:
    """Have these fields of an account hold at once, while the record is asked to keep them.

    The caller asks it inside. Where that raises, the account is as it was, but for what is another
    by now: that was changed meanwhile, by another node perhaps.
    """
    before = {name: getattr(account.row, name) for name in fields}
    account.row = replace(account.row, **fields)
    try:
        yield
    except HuddleError:
        if before != fields:
            if all(getattr(account.row, name) == value for name, value in fields.items()):
                account.row = replace(account.row, **before)
            saving.save_quietly(account.row)  # what was kept of it meanwhile knew otherwise
        raise


def _end(mark: Mark) -> float:
    return inf if mark.until is None else mark.until


def _row(row: SessionRow, account: Account) -> SessionRow:
    """What the record is to know of a session that becomes the account's."""
    return replace(
        row,
        nick=account.nick,
        word=None,
        word_time=0,
        rooms={
            room: seq
            for room, seq in row.rooms.items()
            if room == account.inbox or not is_inbox(room)
        },
        account=account.number,
        version=account.row.version,
    )
