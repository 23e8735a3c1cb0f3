"""Arrival: how a session is opened for somebody at the door, new or back again.

A program makes its session's secret and repeats it; what it brings is a `Hello`. A person gives a
nick and is told a *return word* once; `/back WORD` opens the session it was given for. A word opens
only the nick it was given for: while that is held or still used by that session, or free. It
changes at each use and dies after `Limits.word_days`.

Secrets are kept as their SHA-256, since they have 128 bits of chance and more. Return words have
far fewer, so they are kept as an HMAC under a key that is not in the record, and wrong guesses are
limited (`huddle.words`).

The record keeps a session before anybody hears of it. Until then nothing is told, so a session
whose keeping fails can be abandoned without a trace.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from huddle.errors import NickTaken, NotRecorded, SessionUnknown, TooManyTries, WordUnknown
from huddle.huddle import Huddle, hashed
from huddle.record import RecordFailure
from huddle.requests import Back, Hello
from huddle.sessions import Session
from huddle.words import Choose, Guesses, make, normal

DAY_MS = 24 * 60 * 60 * 1000

UNSURE_MS = 8_000
"""Milliseconds before a crash in which messages may not have reached a person of whom no lag is
known: three looks at their connection (`liveness.Arrivals`)."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session that was opened: ``word`` is its new return word, ``back`` if it is not new."""

    session: Session
    back: bool
    word: str | None = None


class Arrival:
    """Opens sessions. One for the whole house."""

    def __init__(
        self, huddle: Huddle, word_key: bytes, choose: Choose, seconds: Callable[[], float]
    ) -> None:
        self._huddle = huddle
        self._word_key = word_key
        self._choose = choose
        self._seconds = seconds
        self._guesses = Guesses()

    async def person(self, hello: Hello) -> Arrived:
        """A person under a new nick. Raises `BadNick`, `NickTaken` and `NotRecorded`."""
        session = self._huddle.begin(hello.nick)
        word = self._new_word(session)
        await self._keep_new(session)
        return Arrived(session, back=False, word=word)

    async def program(self, hello: Hello) -> Arrived:
        """A program's session, resumed where there is one.

        Raises `SessionUnknown` where one is to be resumed and there is none, `BadNick`,
        `NickTaken` and `NotRecorded`.
        """
        key = hashed(hello.secret) if hello.secret else None
        session = await self._known_by(key) if key is not None else None
        if session is not None:
            if hello.nick and self._huddle.nicks.owner(hello.nick) is not session:
                self._huddle.rename(session, hello.nick)
            await self._keep_known(session)
            return Arrived(session, back=True)
        if hello.resume:
            raise SessionUnknown
        session = self._huddle.begin(hello.nick, key)
        await self._keep_new(session)
        return Arrived(session, back=False)

    async def back(self, request: Back, address: str, who: Hashable) -> Arrived:
        """The session of a return word. Raises `WordUnknown`, `TooManyTries`, `NotRecorded`.

        Wrong guesses are counted by ``address`` and by ``who`` makes them.
        """
        now = self._seconds()
        wait = self._guesses.wait(address, now, who)
        if wait:
            raise TooManyTries(wait)
        session = await self._known_by_word(self._hash(request.word))
        if session is None:
            self._guesses.failed(address, now, who)
            raise WordUnknown
        word = self._new_word(session)
        await self._keep_known(session)
        await self._place_cursors(session)
        return Arrived(session, back=True, word=word)

    # -- finding -------------------------------------------------------------------------------

    async def _known_by(self, key: bytes) -> Session | None:
        while (session := self._huddle.by_key(key)) is not None and session.leaving:
            await self._huddle.sequencer.when_idle()
        if session is not None:
            return session
        card = await self._huddle.record.card_by_key(key)
        return self._huddle.revive(card) if card is not None else None

    async def _known_by_word(self, word: bytes) -> Session | None:
        while (session := self._huddle.by_word(word)) is not None and session.leaving:
            await self._huddle.sequencer.when_idle()
        if session is None:
            card = await self._huddle.record.card_by_word(word)
            if card is None or self._too_old(card.word_time):
                return None
            try:
                return self._huddle.revive(card)
            except NickTaken:
                return None
        return None if self._too_old(session.word_time) else session

    def _too_old(self, word_time: int) -> bool:
        return self._huddle.now_ms() - word_time > self._huddle.limits.word_days * DAY_MS

    async def _place_cursors(self, session: Session) -> None:
        """After a crash it is not known what had arrived: show the last seconds again."""
        record = self._huddle.record
        for name, cursor in session.rooms.items():
            if cursor is None and session.away:
                since = record.extent(name).time - UNSURE_MS
                session.rooms[name] = await record.since(name, since) - 1

    # -- keeping -------------------------------------------------------------------------------

    async def _keep_new(self, session: Session) -> None:
        try:
            await self._huddle.keep(session)
        except RecordFailure as failure:
            self._huddle.abandon(session)
            raise NotRecorded from failure

    async def _keep_known(self, session: Session) -> None:
        try:
            await self._huddle.keep(session)
        except RecordFailure as failure:
            raise NotRecorded from failure

    def _new_word(self, session: Session) -> str:
        word = make(self._choose)
        self._huddle.set_word(session, self._hash(word), self._huddle.now_ms())
        return word

    def _hash(self, word: str) -> bytes:
        return hmac.digest(self._word_key, normal(word).encode(), "sha256")
