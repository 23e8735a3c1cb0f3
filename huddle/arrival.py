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

import hashlib
import hmac
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.errors import (
    HuddleError,
    NickTaken,
    NotReadable,
    NotRecorded,
    SessionUnknown,
    TooManyTries,
    WordUnknown,
)
from huddle.huddle import FIRST_ROOM, Huddle
from huddle.record import Card, RecordFailure
from huddle.requests import Back, Hello
from huddle.sessions import Session
from huddle.words import Choose, Guesses, make, normal

DAY_MS = 24 * 60 * 60 * 1000

UNSURE_MS = 8_000
"""Milliseconds before a crash in which messages may not have reached a person of whom no lag is
known: three looks at their connection (`liveness.Arrivals`)."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session that was opened: ``word`` is its new return word, ``back`` if it is not new.

    It is expected (`Huddle.expect`) until whoever asked for it says `Huddle.expect_no_longer`.
    """

    session: Session
    back: bool
    word: str | None = None


class Arrival:
    """Opens sessions. One for the whole house."""

    _log = Logger()

    def __init__(
        self, huddle: Huddle, word_key: bytes, choose: Choose, seconds: Callable[[], float]
    ) -> None:
        self._huddle = huddle
        self._word_key = word_key
        self._choose = choose
        self._seconds = seconds
        self._guesses = Guesses()
        self._unsure: dict[str, int] = {}
        placing = Deferred.fromCoroutine(self._place_all())
        placing.addErrback(lambda failure: self._log.failure("Nobody knows who had what", failure))

    async def person(self, hello: Hello) -> Arrived:
        """A person under a new nick. Raises `BadNick`, `NickTaken` and `NotRecorded`."""
        session = self._huddle.registry.begin(hello.nick, [FIRST_ROOM])
        word = self._new_word(session)
        await self._keep_new(session)
        return Arrived(session, back=False, word=word)

    async def program(self, hello: Hello) -> Arrived:
        """A program's session, resumed where there is one.

        Raises `SessionUnknown` where one is to be resumed and there is none, `BadNick`,
        `NickTaken`, `NotReadable` and `NotRecorded`.
        """
        key = hashed(hello.secret) if hello.secret else None
        session = await self._known_by(key, hello.nick) if key is not None else None
        if session is not None:
            await self._resume(session, hello.nick)
            return Arrived(session, back=True)
        if hello.resume:
            raise SessionUnknown
        rooms = self._huddle.known(name for name in hello.after if not name.startswith("@"))
        session = self._huddle.registry.begin(hello.nick, rooms or [FIRST_ROOM], key)
        await self._keep_new(session)
        return Arrived(session, back=False)

    async def _resume(self, session: Session, nick: str) -> None:
        self._huddle.expect(session)
        try:
            if nick and self._huddle.nicks.owner(nick) is not session:
                self._huddle.rename(session, nick)
            await self._keep_known(session)
        except HuddleError:
            self._huddle.expect_no_longer(session)
            raise

    async def back(self, request: Back, address: str, who: Hashable) -> Arrived:
        """The session of a return word. Wrong guesses are counted by ``address`` and ``who``.

        Raises `WordUnknown`, `TooManyTries`, `NotReadable` and `NotRecorded`; then the word is as
        good as before.
        """
        now = self._seconds()
        wait = self._guesses.wait(address, now, who)
        if wait:
            raise TooManyTries(wait)
        session = await self._known_by_word(self._hash(request.word))
        if session is None or self._too_old(session.word_time):
            self._guesses.failed(address, now, who)
            raise WordUnknown
        old = session.word, session.word_time
        self._huddle.expect(session)
        word = self._new_word(session)  # at once: nobody else comes by the old one meanwhile
        try:
            if session.away:
                await self._place_cursors(session)
            await self._keep_known(session)
        except NotRecorded:
            if session in self._huddle.registry:
                self._huddle.registry.set_word(session, *old)
            self._huddle.expect_no_longer(session)
            raise
        return Arrived(session, back=True, word=word)

    # -- finding -------------------------------------------------------------------------------

    async def _known_by(self, key: bytes, nick: str) -> Session | None:
        while True:
            session = self._huddle.registry.by_key(key)
            if session is None:
                card = await self._look_up(self._huddle.record.card_by_key(key))
                session = self._huddle.registry.by_key(key)  # which may have begun meanwhile
                if session is None:
                    return self._huddle.registry.revive(card, nick) if card is not None else None
            if not session.leaving:
                return session
            await self._huddle.sequencer.when_idle()

    async def _known_by_word(self, word: bytes) -> Session | None:
        while True:
            session = self._huddle.registry.by_word(word)
            if session is None:
                session = await self._revived_by_word(word)
            if session is None or not session.leaving:
                return session
            await self._huddle.sequencer.when_idle()

    async def _revived_by_word(self, word: bytes) -> Session | None:
        card = await self._look_up(self._huddle.record.card_by_word(word))
        if card is None or self._too_old(card.word_time):
            return None
        try:
            session = self._huddle.registry.revive(card)
        except NickTaken:
            return None
        return session if session.word == word or session.leaving else None

    async def _look_up(self, card: Deferred[Card | None]) -> Card | None:
        try:
            return await card
        except RecordFailure as failure:
            raise NotReadable from failure

    def _too_old(self, word_time: int) -> bool:
        return self._huddle.now_ms() - word_time > self._huddle.limits.word_days * DAY_MS

    # -- cursors -------------------------------------------------------------------------------
    # After a crash it is not known what had reached those who were level: the last seconds before
    # it are shown again. This is noted at once, and kept, since the next crash has other seconds.

    async def _place_all(self) -> None:
        for session in list(self._huddle.registry.sessions):
            if session.word is not None and None in session.rooms.values():
                await self._place_cursors(session)
                self._huddle.keep_quietly(session)

    async def _place_cursors(self, session: Session) -> None:
        for name in [name for name, cursor in session.rooms.items() if cursor is None]:
            try:
                first = await self._first_unsure(name)
            except RecordFailure as failure:
                raise NotRecorded from failure
            if session.away and session.rooms.get(name, 0) is None:
                session.rooms[name] = first - 1

    async def _first_unsure(self, room: str) -> int:
        """The first seq that may not have reached those who were level when the record was closed.

        A message has the time at which its batch was begun. It was given out, at the latest, when
        the next one was begun: with a disk that stands still that may be much later. So the last
        batch that is old enough is not sure either.
        """
        if room not in self._unsure:  # the same for everybody who was there
            record = self._huddle.record
            first = await record.since(room, self._huddle.opened_after - UNSURE_MS)
            before = await record.read(room, first - 1, first - 1)
            self._unsure[room] = await record.since(room, before[0].time) if before else first
        return self._unsure[room]

    # -- keeping -------------------------------------------------------------------------------

    async def _keep_new(self, session: Session) -> None:
        self._huddle.expect(session)
        try:
            await self._huddle.keep(session)
        except RecordFailure as failure:
            self._huddle.registry.remove(session)
            raise NotRecorded from failure

    async def _keep_known(self, session: Session) -> None:
        try:
            await self._huddle.keep(session)
        except RecordFailure as failure:
            raise NotRecorded from failure
        if session not in self._huddle.registry:  # it has left by another connection meanwhile
            raise NotRecorded

    def _new_word(self, session: Session) -> str:
        word = make(self._choose)
        self._huddle.registry.set_word(session, self._hash(word), self._huddle.now_ms())
        return word

    def _hash(self, word: str) -> bytes:
        return hmac.digest(self._word_key, normal(word).encode(), "sha256")


def hashed(secret: str) -> bytes:
    """What is kept of a program's secret: its SHA-256, since it has 128 bits of chance or more."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
