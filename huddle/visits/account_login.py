"""Ownership: how a session comes to be an account's.

The record keeps it first. Only then is anything changed here, if it still can be: whoever is
refused is who they were, and nothing here is ahead of what a crash would leave.

What a guest is in the rooms goes with them: that they made one, that they may speak there, or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from huddle.delivery.outlet import Outlet
from huddle.people.sessions import Account, Session
from huddle.protocol.errors import AlreadyRegistered, NotRecorded
from huddle.protocol.events import is_inbox
from huddle.record import Dropped, Mark, SessionRow, session_identity
from huddle.visits import admission, renaming

if TYPE_CHECKING:
    from huddle.huddle import Huddle


async def number(huddle: Huddle, account: Account) -> None:
    """Its owner is here for the first time: the record is to know it. Raises `NotRecorded`."""
    accounts = huddle.registry.accounts
    async with accounts.in_turn:
        if not account.number:
            row = accounts.next_row(account.nick, None, huddle.saving.stamp())
            await huddle.saving.save(row)
            accounts.enter(account, row)


async def log_in(huddle: Huddle, session: Session, account: Account, host: str) -> None:
    """The session of a guest, who has just proved to own it, is the account's.

    Raises `Banned`, where the account is kept out of a room that the session is in; `NotRecorded`,
    and `AlreadyRegistered` when it is another's by now, or leaving, or on another connection.
    """
    _check_guest(huddle, session, session.outlet)
    outlet = session.outlet
    admission.check_account(huddle, session, account, host)
    version = account.version
    await _keep(huddle, session, account)
    _check_guest(huddle, session, outlet)
    waiting, nick = huddle.inboxes.unread(session), session.nick
    renaming.log_in(huddle, session, account)
    carry_marks(huddle, session, account)
    session.version = version  # there may be another password meanwhile
    huddle.saving.keep_quietly(session)
    if waiting is not None:  # nobody opens that inbox any more
        huddle.inboxes.tell_senders(session, waiting, nick)


def carry_marks(huddle: Huddle, session: Session, account: Account) -> None:
    """What the session is marked with as a guest's, the account is from now on."""
    marks = _marks(huddle, session)
    moved = _moved(huddle, account, marks)
    for mark in moved:
        huddle.directory.restrictions.set(mark)
    for mark in marks:
        huddle.directory.restrictions.drop(mark)
    huddle.saving.save_quietly(*map(Dropped, marks), *moved)


async def register(huddle: Huddle, session: Session, nick: str, hash: str) -> None:
    """The session's nick is a new account's, and the session with it.

    Nobody else has the nick meanwhile, not even when the session leaves: then the account is there
    nevertheless. Raises `NotRecorded`, `NickTaken`, and `AlreadyRegistered` as `log_in` does, or
    when the nick is not the session's any more.
    """
    outlet = session.outlet
    await huddle.sequencer.when_idle()  # its former nicks are free
    _check_guest(huddle, session, outlet)
    if session.nick != nick:
        raise AlreadyRegistered
    accounts, registry = huddle.registry.accounts, huddle.registry
    row = accounts.next_row(nick, hash, huddle.saving.stamp(), session.inbox)
    account = Account(replace(row, read=_read(huddle, session)))
    registry.hand_over(nick, session, account)
    try:
        await _keep(huddle, session, account)
    except NotRecorded:
        registry.nicks.release(nick, account)
        if _is_guest(huddle, session) and session.nick == nick:
            registry.nicks.claim(nick, session)
        raise
    accounts.accept(account)
    if _is_guest(huddle, session) and session.nick == nick:
        renaming.register(huddle, session, account)
        carry_marks(huddle, session, account)
    if session in registry:
        huddle.saving.keep_quietly(session)  # it may have been kept as a guest's meanwhile


def _is_guest(huddle: Huddle, session: Session) -> bool:
    return session in huddle.registry and session.account is None


def _check_guest(huddle: Huddle, session: Session, outlet: Outlet | None) -> None:
    """Whether it is still who has asked, on that connection or on none."""
    elsewhere = session.outlet not in (None, outlet)
    if elsewhere or session.leaving or not _is_guest(huddle, session):
        if session in huddle.registry:
            huddle.saving.keep_quietly(session)
        raise AlreadyRegistered


def _read(huddle: Huddle, session: Session) -> int:
    """Up to where the private messages have been given to the session."""
    read = session.rooms.get(session.inbox, 0)
    return huddle.record.extent(session.inbox).newest if read is None else read


async def _keep(huddle: Huddle, session: Session, account: Account) -> None:
    """The record is to know all of it, or nothing."""
    row, marks = _row(huddle.saving.row(session), account), _marks(huddle, session)
    moved = _moved(huddle, account, marks)
    await huddle.saving.save(row, account.row, *map(Dropped, marks), *moved)


def _marks(huddle: Huddle, session: Session) -> list[Mark]:
    return huddle.directory.restrictions.on(session_identity(session.number))


def _moved(huddle: Huddle, account: Account, marks: Sequence[Mark]) -> list[Mark]:
    """These marks, on the account. Where it has one of the kind, the one that ends later stays."""
    theirs = {
        (mark.room, mark.kind): mark for mark in huddle.directory.restrictions.on(account.identity)
    }
    moved = [replace(mark, who=account.identity) for mark in marks]
    return [
        mark
        for mark in moved
        if (there := theirs.get((mark.room, mark.kind))) is None or _end(there) < _end(mark)
    ]


def _end(mark: Mark) -> float:
    return inf if mark.until is None else mark.until


def _row(row: SessionRow, account: Account) -> SessionRow:
    """What is to be known of a session when it is the account's."""
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
        version=account.version,
    )
