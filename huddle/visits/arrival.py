"""Arrival: how a session is opened for somebody at the door, new or back again.

A program makes its session's secret and repeats it; what it brings is a `Hello`. A person gives a
nick and is told a *return word* once; `/back WORD` opens the session it was given for. A word opens
only the nick it was given for: while that is held or still used by that session, or free. It
changes at each use and dies after `Limits.word_days`.

Secrets are kept as their SHA-256, since they have 128 bits of chance and more. Return words have
far fewer, so they are kept as an HMAC under a key that is not in the record, and wrong guesses are
limited (`huddle.people.authentication`).

Whose nick is registered brings its password. A session that was logged in is the account's without
one, by its program's secret, until the password is changed; a return word never opens it, and goes
when the session is logged in.

The record keeps a session before anybody hears of it. Until then nothing is told, so a session
whose keeping fails can be abandoned without a trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.people.return_words import Choose, make
from huddle.people.sessions import Account, Session
from huddle.protocol.errors import (
    AccountNick,
    HuddleError,
    MembersOnly,
    NotReadable,
    NotRecorded,
    NotRegistered,
    PasswordNeeded,
    SessionUnknown,
    WordUnknown,
)
from huddle.protocol.events import FIRST_ROOM, is_inbox
from huddle.protocol.requests import Back, Hello
from huddle.record import SessionRow
from huddle.record.trouble import failing_as
from huddle.visits import account_login, admission, renaming

NEVER = 0
"""The version of no password: the session of a guest who is just logging in."""

DAY_MS = 24 * 60 * 60 * 1000

UNSURE_MS = 8_000
"""Milliseconds before a crash in which messages may not have reached a person of whom no lag is
known: three looks at their connection (`liveness.Arrivals`)."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session that was opened: ``word`` is its new return word, ``back`` if it is not new.

    ``logged_in`` says that it was a guest's until now: its inbox is another than before.

    It is expected (`Presence.expect`) until whoever asked for it says `Presence.expect_no_longer`.
    """

    session: Session
    back: bool
    word: str | None = None
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection comes from: its ``host``, and the ``address`` that this counts as.

    ``secure`` says that nobody on the way can read it.
    """

    host: str
    address: str
    secure: bool = True


class Arrival:
    """Opens sessions. One for the whole house."""

    _log = Logger()

    def __init__(
        self,
        huddle: Huddle,
        authentication: Authentication,
        choose: Choose,
        members_only: bool = False,
    ) -> None:
        self._huddle = huddle
        self._authentication = authentication
        self._choose = choose
        self._members_only = members_only
        self._unsure: dict[str, int] = {}
        placing = Deferred.fromCoroutine(self._place_all())
        placing.addErrback(lambda failure: self._log.failure("Nobody knows who had what", failure))

    async def person(self, hello: Hello, origin: Origin, return_word: bool = True) -> Arrived:
        """A person under a new nick, or under that of their account; a guest may get a word.

        Raises `BadNick`, `NickTaken`, `PasswordNeeded` and what else `_proven` does, `MembersOnly`,
        `Banned`, `ServerFull` and `NotRecorded`.
        """
        account = await self._proven(hello, origin)
        held = None if account is None else _held_person(account)
        if held is not None and account is not None:
            return await self._person_again(held, account, origin)
        session = self._begin(hello.nick, origin, None, account, [FIRST_ROOM])
        word = self._new_word(session) if account is None and return_word else None
        await self._keep_new(session)
        return Arrived(session, back=False, word=word)

    async def _person_again(self, session: Session, account: Account, origin: Origin) -> Arrived:
        with self._huddle.presence.expected(session):
            session.version = account.version
            admission.check_house(self._huddle, session, origin.host)
            await self._place_cursors(session)
            await self._keep_known(session)
        return Arrived(session, back=True)

    async def program(self, hello: Hello, origin: Origin) -> Arrived:
        """A program's session, resumed where there is one.

        Raises `SessionUnknown` where one is to be resumed and there is none, `NotReadable`, and
        what `person` does.
        """
        account = await self._proven(hello, origin)
        key = hashed(hello.secret) if hello.secret else None
        session = None if key is None else await self._known_by(key, hello.nick, account)
        if session is not None:
            logged_in = await self._resume(session, hello.nick, account, origin)
            return Arrived(session, back=True, logged_in=logged_in)
        if hello.resume:
            raise SessionUnknown
        session = self._begin(hello.nick, origin, key, account, self._first_seats(hello))
        await self._keep_new(session)
        return Arrived(session, back=False)

    def _first_seats(self, hello: Hello) -> list[str]:
        """Where a new program is to be, kept before it is welcomed: a crash then holds it there.

        Locked rooms are asked for on coming in.
        """
        directory = self._huddle.directory
        named = directory.known(hello.after)
        return [name for name in named if directory.row(name).key is None] or [FIRST_ROOM]

    async def _proven(self, hello: Hello, origin: Origin) -> Account | None:
        """The account whose password was brought, if one was.

        Raises `NotRegistered`, `WrongPassword`, `TooManyTries`, `TooMany` and `NotRecorded`.
        """
        if hello.password is None:
            return None
        account = self._huddle.registry.accounts.named(hello.nick)
        if account is None:
            raise NotRegistered(hello.nick)
        await self._authentication.prove(account.nick, hello.password, origin.address)
        await account_login.number(self._huddle, account)
        return account

    def _begin(
        self,
        nick: str,
        origin: Origin,
        key: bytes | None,
        account: Account | None,
        rooms: Sequence[str],
    ) -> Session:
        registry = self._huddle.registry
        if account is None and self._members_only:
            registry.guests_name(nick)  # it may be that of an account, and wants its password
            raise MembersOnly
        session = registry.begin(nick, rooms, key, account)
        try:
            admission.check_house(self._huddle, session, origin.host)
        except HuddleError:
            registry.remove(session)
            raise
        return session

    async def _resume(
        self, session: Session, nick: str, account: Account | None, origin: Origin
    ) -> bool:
        """Tells whether it was a guest's session, and is the account's from now on."""
        with self._huddle.presence.expected(session):
            self._check_known(session, origin, account)
            self._check_account(session, nick, account)
            was_guests = session.account is None or session.version == NEVER
            if session.account is not None:
                if was_guests:
                    account_login.carry_marks(self._huddle, session, session.account)
                session.version = session.account.version
            elif account is not None:
                await account_login.log_in(self._huddle, session, account, origin.host)
            elif nick and self._huddle.nicks.owner(nick) is not session:
                renaming.rename(self._huddle, session, nick)
            await self._keep_known(session)
        return was_guests and session.account is not None

    def _check_known(self, session: Session, origin: Origin, proven: Account | None = None) -> None:
        if self._members_only and session.account is None and proven is None:
            raise MembersOnly
        admission.check_house(self._huddle, session, origin.host)

    def _check_account(self, session: Session, nick: str, proven: Account | None) -> None:
        """A session that is an account's stays so, and wants the password if it was changed."""
        account = session.account
        if account is None:
            return
        named = self._huddle.registry.accounts.named(nick) if nick else account
        if named is not account or proven not in (None, account):
            raise AccountNick
        if session.version != account.version and proven is None:
            raise PasswordNeeded(account.nick)

    async def back(self, request: Back, origin: Origin, who: Hashable) -> Arrived:
        """The session of a return word. Wrong guesses are counted by the address and ``who``.

        Raises `WordUnknown`, `TooManyTries`, `NotReadable`, `NotRecorded`, `Banned` and
        `MembersOnly`; then the word is as good as before.
        """
        self._authentication.check_guesses(origin.address, who)
        session = await self._known_by_word(self._authentication.hashed_word(request.word))
        if session is None or self._too_old(session.word_time):
            self._authentication.guessed_wrong(origin.address, who)
            raise WordUnknown
        with self._huddle.presence.expected(session):
            self._check_known(session, origin)
            return Arrived(session, back=True, word=await self._back_by_word(session))

    async def _back_by_word(self, session: Session) -> str:
        """The next word of the session, which is where it was."""
        old = session.word, session.word_time
        word = self._new_word(session)  # at once: nobody else comes by the old one meanwhile
        try:
            if session.away:
                await self._place_cursors(session)
            await self._keep_known(session)
            if self._huddle.nicks.owner(session.nick) is not session:  # it is registered meanwhile
                raise WordUnknown
        except (NotRecorded, WordUnknown):
            if session in self._huddle.registry and session.account is None:
                self._huddle.registry.set_word(session, *old)
                self._huddle.saving.keep_quietly(session)
            raise
        return word

    # -- finding -------------------------------------------------------------------------------

    async def _known_by(self, key: bytes, nick: str, proven: Account | None) -> Session | None:
        while True:
            session = self._huddle.registry.by_key(key)
            if session is None:
                row = await self._look_up(self._huddle.record.session_by_key(key))
                session = self._huddle.registry.by_key(key)  # which may have begun meanwhile
                if session is None:
                    return None if row is None else self._revived(row, nick, proven)
            if not session.leaving:
                return session
            await self._huddle.sequencer.when_idle()

    def _revived(self, row: SessionRow, nick: str, proven: Account | None) -> Session:
        if proven is None or row.account not in (0, proven.number):
            return self._huddle.registry.revive(row, nick)
        rooms = row.rooms
        if not row.account:
            rooms = {name: at for name, at in rooms.items() if not is_inbox(name)}
        known = replace(row, account=proven.number, version=proven.version, rooms=rooms)
        session = self._huddle.registry.revive(known, nick)
        if not row.account:
            session.version = NEVER
        return session

    async def _known_by_word(self, word: bytes) -> Session | None:
        while True:
            session = self._huddle.registry.by_word(word)
            if session is None:
                session = await self._revived_by_word(word)
            if session is None or not session.leaving:
                return session
            await self._huddle.sequencer.when_idle()

    async def _revived_by_word(self, word: bytes) -> Session | None:
        row = await self._look_up(self._huddle.record.session_by_word(word))
        if row is None or self._too_old(row.word_time):
            return None
        if row.account:
            return None
        try:
            session = self._huddle.registry.revive(row)
        except HuddleError:
            return None
        return session if session.word == word or session.leaving else None

    async def _look_up(self, row: Deferred[SessionRow | None]) -> SessionRow | None:
        with failing_as(NotReadable):
            return await row

    def _too_old(self, word_time: int) -> bool:
        return self._huddle.now_ms() - word_time > self._huddle.limits.word_days * DAY_MS

    # -- cursors -------------------------------------------------------------------------------
    # After a crash it is not known what had reached those who were level: the last seconds before
    # it are shown again. This is noted at once, and kept, since the next crash has other seconds.

    async def _place_all(self) -> None:
        for session in list(self._huddle.registry.sessions):
            if None in session.rooms.values():
                await self._place_cursors(session)
                self._huddle.saving.keep_quietly(session)

    async def _place_cursors(self, session: Session) -> None:
        """Where a person was; a program says so itself, but what waits in its inbox counts."""
        unsure = [name for name, cursor in session.rooms.items() if cursor is None]
        for name in unsure if session.key is None else filter(is_inbox, unsure):
            with failing_as(NotRecorded):
                first = await self._first_unsure(name)
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
        self._huddle.presence.expect(session)
        try:
            await self._huddle.saving.keep(session)
        except NotRecorded:
            self._huddle.registry.remove(session)
            raise
        self._check_there(session)

    async def _keep_known(self, session: Session) -> None:
        await self._huddle.saving.keep(session)
        self._check_there(session)

    def _check_there(self, session: Session) -> None:
        """Meanwhile it may have left by another connection, or somebody sent it out."""
        if session.leaving or session not in self._huddle.registry:
            raise NotRecorded

    def _new_word(self, session: Session) -> str:
        word = make(self._choose)
        self._huddle.registry.set_word(
            session, self._authentication.hashed_word(word), self._huddle.now_ms()
        )
        return word


def _held_person(account: Account) -> Session | None:
    """The session on which a person of the account came last, of those that are held for them."""
    held = (session for session in reversed(account.sessions.values()) if _is_persons(session))
    return max(held, key=lambda session: session.arrival, default=None)


def _is_persons(session: Session) -> bool:
    """Whether it is held for a person, and nobody is coming back to it just now."""
    if session.traits.own_secret or session.key is not None:
        return False
    return session.away and not session.leaving and not session.expected


def hashed(secret: str) -> bytes:
    """What is kept of a program's secret: its SHA-256, since it has 128 bits of chance or more."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
