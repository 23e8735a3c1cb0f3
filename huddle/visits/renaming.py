"""Naming: what people are called, and whose they are, as the others are told.

A new nick is claimed at once and holds from the next line on; the old one is free when all that was
said under it is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from huddle.people.sessions import Account, Session
from huddle.protocol import names
from huddle.protocol.errors import AccountNick, PasswordNeeded
from huddle.protocol.events import Left, Notice, Renamed
from huddle.visits import admission

if TYPE_CHECKING:
    from huddle.huddle import Huddle


def rename(huddle: Huddle, session: Session, nick: str) -> None:
    """The session is called that from its next line on.

    Raises `BadNick`, `NickTaken`, `PasswordNeeded`, `Banned` and, for the session of an
    account, `AccountNick`.
    """
    new, old = names.nick(nick), session.nick
    if new == old:
        return
    if session.account is not None:
        raise AccountNick
    account = huddle.registry.accounts.named(new)
    if account is not None:
        raise PasswordNeeded(account.nick)
    admission.check_nick(huddle, session, new)
    huddle.nicks.claim(new, session)
    session.nick = new
    _tell_new_name(huddle, session, old, new)
    huddle.saving.keep_quietly(session)


def _tell_new_name(huddle: Huddle, session: Session, old: str, new: str) -> None:
    """Where the person of the new name was before, somebody of the old one has left."""
    there = huddle.membership.of(session)
    for room in there:
        room.changes += 1
    notices: list[Notice] = [
        Renamed(room.label, old, new, session.number)
        if room.devices(session) == 1
        else Left(room.label, (old,), session.number)
        for room in there
    ]

    def free_the_old() -> None:
        if session.nick != old:
            huddle.nicks.release(old, session)

    huddle.sequencer.happen(lambda: notices, free_the_old)


def log_in(huddle: Huddle, session: Session, account: Account) -> None:
    """The session, a guest's until now, is the account's; where its person was, it stays.

    Whether it may be is found out before (`huddle.visits.account_login`).
    """
    old = session.nick
    huddle.inboxes.close(session)
    with _reseated(huddle, session):
        huddle.registry.log_in(session, account)
    _tell_new_name(huddle, session, old, account.nick)


def register(huddle: Huddle, session: Session, account: Account) -> None:
    """The session is that of an account which has just been made of its nick."""
    with _reseated(huddle, session):
        huddle.registry.register(session, account)


@contextmanager
def _reseated(huddle: Huddle, session: Session) -> Iterator[None]:
    """Rooms count people, and the session is another person's afterwards.

    Those included that it has left a moment ago, where that was not told yet.
    """
    there = [room for room in huddle.rooms if session in room]
    for room in there:
        room.remove(session)
    yield
    for room in there:
        room.add(session)
