"""Renaming: what people are called, and whose they are, as the others are told.

A new nick is claimed at once and holds from the next line on; the old one is free when all that was
said under it is out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from huddle.huddle import Huddle
from huddle.people.sessions import Account, Session
from huddle.protocol import names
from huddle.protocol.errors import (
    AccountNick,
    Muted,
    MutedNick,
    PasswordNeeded,
    QuietNick,
    RoomQuiet,
)
from huddle.protocol.events import Left, Notice, Renamed
from huddle.visits.admission import Admission


@dataclass(eq=False, repr=False)
class Renaming:
    """Gives sessions other nicks: as they ask, or that of the account they log in to."""

    _huddle: Huddle
    _admission: Admission

    async def rename(self, session: Session, nick: str, turn: int | None = None) -> None:
        """The session is called that from its next line on. ``turn`` as in `Claims.rename`.

        Raises `BadNick`, `NickTaken`, `PasswordNeeded`, `Banned`, `MutedNick`, `QuietNick`
        or `TooFast` where the session may not speak in a room that it is in and, for the session
        of an account, `AccountNick`.
        """
        new, old = names.nick(nick), session.nick
        if new == old:
            return
        if session.account is not None:
            raise AccountNick
        account = self._huddle.registry.accounts.owning(new)
        if account is not None:
            self._huddle.registry.check_open(account)
            raise PasswordNeeded(account.nick)
        self._admission.check_nick(session, new)
        if self._huddle.registry.nicks.is_free(new, session):  # else nothing is told
            self._check_heard(session)
        await self._huddle.claims.rename(session, new, turn)
        self._tell_new_name(session, old, new)
        self._huddle.saving.keep_quietly(session)

    def _check_heard(self, session: Session) -> None:
        """Raises as `Speaking.check` does, and counts as having spoken: a new nick is told to the
        rooms, and may be a sentence."""
        try:
            for room in self._huddle.membership.of(session):
                if room.restricted:
                    self._huddle.speaking.check(session, room)
        except Muted as refused:
            raise MutedNick(refused.room, refused.until, refused.reason) from None
        except RoomQuiet as refused:
            raise QuietNick(refused.room) from None

    def _tell_new_name(self, session: Session, old: str, new: str) -> None:
        """Tell the rooms of the new name. Where the account was before, the guest's nick is told to
        have left."""
        there = self._huddle.membership.of(session)
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
                self._huddle.registry.nicks.release(old, session)

        self._huddle.sequencer.happen(lambda: notices, free_the_old)

    def log_in(self, session: Session, account: Account) -> None:
        """The session, a guest's until now, is the account's; where its person was, it stays.

        Whether it may be is found out before (`huddle.visits.account_login`).
        """
        old = session.nick
        self._huddle.inboxes.close(session)
        with self._reseated(session):
            self._huddle.registry.log_in(session, account)
        self._tell_new_name(session, old, account.nick)

    def register(self, session: Session, account: Account) -> None:
        """The session is that of an account which has just been made of its nick."""
        with self._reseated(session):
            self._huddle.registry.register(session, account)

    @contextmanager
    def _reseated(self, session: Session) -> Iterator[None]:
        """Rooms count people, and the session is another person's afterwards.

        Those included that it has left a moment ago, where that was not told yet.
        """
        there = [room for room in self._huddle.directory.open if session in room]
        for room in there:
            room.remove(session)
        yield
        for room in there:
            room.add(session)
