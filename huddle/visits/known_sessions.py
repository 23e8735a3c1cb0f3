"""Known sessions: those that are here, and those that only the record still knows.

A program's session is found by its secret, which is kept as its SHA-256, since it has 128 bits of
chance and more. A person's is found by their return word; that has far fewer, so it is kept as an
HMAC under a key that is not in the record, and wrong guesses are limited
(`huddle.people.authentication`).

A session that is just leaving is waited for: what it said comes first, and then it is known to the
record alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from twisted.internet.defer import Deferred

from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.people.return_words import Choose, make
from huddle.people.sessions import Account, Session
from huddle.protocol import names
from huddle.protocol.errors import (
    Alone,
    Banned,
    HuddleError,
    MembersOnly,
    NotReadable,
    NotRecorded,
)
from huddle.protocol.events import is_inbox
from huddle.protocol.requests import Hello
from huddle.record import SessionRow
from huddle.record.errors import failing_as

NEVER = 0
"""The version of no password: the session of a guest who is just logging in."""

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class TriedWord:
    """A return word that is tried, by its ``hash``, for those who have one of these nicks.

    ``at`` is the hash of the address where it is tried; None: it opens nothing by that.
    """

    hash: bytes
    nicks: Sequence[str]
    at: bytes | None

    def is_for(self, nick: str, at: bytes | None) -> bool:
        """Whether a word that was typed may open the session of ``nick`` that got its word from the
        address ``at``: it was typed there too, or with that nick."""
        if self.at is not None and self.at == at:
            return True
        return any(not names.keys(each).isdisjoint(names.keys(nick)) for each in self.nicks)


@dataclass(eq=False, repr=False)
class KnownSessions:
    """Finds sessions by their secrets, and gives return words.

    ``now_ms`` is the time of day in milliseconds, ``choose`` is chance that cannot be foreseen.
    """

    _huddle: Huddle
    _authentication: Authentication
    _choose: Choose
    _now_ms: Callable[[], int]

    def give_word(self, session: Session, address: str) -> str:
        """Make the session, which is at that address, another return word.

        The former opens nothing from now on.
        """
        word = make(self._choose)
        hash = self._authentication.hashed_made(word)
        at = self._authentication.hashed_address(address)
        self._huddle.registry.set_word(session, hash, self._now_ms(), at)
        return word

    async def by_key(self, key: bytes, hello: Hello, proven: Account | None) -> Session | None:
        """The session of a program with this hashed secret; None: there is none.

        ``proven`` is the account whose password it brought, whose session it is then. Raises
        `NotReadable` and as `Claims.revive` does.
        """
        while True:
            session = self._huddle.registry.by_key.get(key)
            if session is None:
                row = await self._look_up(self._huddle.record.session_by_key(key))
                session = self._huddle.registry.by_key.get(key)  # which may have begun meanwhile
                if session is None:
                    return None if row is None else await self._revived(row, hello, proven)
            if not session.leaving:
                return session
            await self._huddle.presence.when_gone(session)

    async def _revived(self, row: SessionRow, hello: Hello, proven: Account | None) -> Session:
        nick, turn = hello.nick, hello.turn
        if proven is None or row.account not in (0, proven.number):
            return await self._huddle.claims.revive(row, nick, turn)
        rooms = row.rooms
        if not row.account:
            rooms = {name: at for name, at in rooms.items() if not is_inbox(name)}
        known = replace(row, account=proven.number, version=proven.row.version, rooms=rooms)
        session = await self._huddle.claims.revive(known, nick, turn)
        if not row.account:
            session.version = NEVER
        return session

    async def by_word(self, tried: TriedWord) -> Session | None:
        """The session of a person which that word opens, if it is not too old.

        Raises `NotReadable`, and `NotRecorded` or `Alone` where nothing is taken at the moment;
        a log of several nodes `Banned` and `MembersOnly`.
        """
        while True:
            session = self._huddle.registry.by_word.get(tried.hash)
            if session is None:
                session = await self._revived_by_word(tried)
            if session is None or not self._opens(tried, session):
                return None
            if not session.leaving:
                return session
            await self._huddle.presence.when_gone(session)

    def _opens(self, tried: TriedWord, known: Session | SessionRow) -> bool:
        age = self._now_ms() - known.word_time
        return tried.is_for(known.nick, known.word_at) and (
            age <= self._huddle.limits.word_days * DAY_MS
        )

    async def _revived_by_word(self, tried: TriedWord) -> Session | None:
        word = tried.hash
        row = await self._look_up(self._huddle.record.session_by_word(word))
        if row is None or row.account or not self._opens(tried, row):
            return None
        try:
            session = await self._huddle.claims.revive(row)
        except (NotRecorded, Alone, Banned, MembersOnly):
            raise
        except HuddleError:
            return None
        return session if session.word == word or session.leaving else None

    async def _look_up(self, row: Deferred[SessionRow | None]) -> SessionRow | None:
        with failing_as(NotReadable):
            return await row


def hashed(secret: str) -> bytes:
    """What is kept of a program's secret: its SHA-256, since it has 128 bits of chance or more."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
