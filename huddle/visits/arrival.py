"""Arrival: how a session is opened for a person or a program at the door, new or back again.

A program makes its session's secret and repeats it; what it brings is a `Hello`. A person gives a
nick and is told a *return word* once; `/back NICK WORD` opens the session it was given for, and so
does `/back WORD` from the address where that session was last. A word opens only the nick it was
given for: while that is held or still used by that session, or free. It changes at each use and
dies after `Limits.word_days`.

Whose nick is registered brings its password. A session that was logged in is the account's without
one, by its program's secret, until the password is changed; a return word never opens it, and goes
when the session is logged in.

The record keeps a session before anybody hears of it. Until then nothing is told, so a session
whose keeping fails can be abandoned without a trace.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Sequence
from dataclasses import replace

from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.people.registry import sessions_of
from huddle.people.return_word_guesses import Guess
from huddle.people.return_words import parted
from huddle.people.sessions import Account, Session
from huddle.protocol.codec import dataclass
from huddle.protocol.errors import (
    AccountNick,
    Alone,
    Banned,
    HuddleError,
    MembersOnly,
    NickHeld,
    NickTaken,
    NotReadable,
    NotRecorded,
    NotRegistered,
    PasswordNeeded,
    Replaced,
    SessionUnknown,
    WordUnknown,
)
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Back, Hello
from huddle.visits.account_login import AccountLogin
from huddle.visits.admission import Admission
from huddle.visits.crash_cursors import CrashCursors
from huddle.visits.known_sessions import NEVER, KnownSessions, TriedWord, hashed
from huddle.visits.renaming import Renaming


@dataclass(frozen=True, slots=True)
class Arrived:
    """A session that was opened: ``word`` is its new return word, ``back`` if it is not new.

    ``logged_in`` says that it was a guest's until now: its inbox is another than before.

    It is expected (`Presence.expect`) until its visit says `Presence.expect_no_longer`.
    """

    session: Session
    back: bool
    word: str | None = None
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection comes from: its ``host``, and the ``address`` that this counts as.

    ``secure`` says that it cannot be read on the way: it is TLS, or does not leave this machine.
    """

    host: str
    address: str
    secure: bool = True


@dataclasses.dataclass(eq=False, repr=False)
class Arrival:
    """Opens sessions for those who come in; one `Arrival` serves the whole house.

    A session is had when the claim and the record have answered; until then its nick is kept.
    """

    _huddle: Huddle
    _authentication: Authentication
    _admission: Admission
    _renaming: Renaming
    _login: AccountLogin
    _known: KnownSessions
    _cursors: CrashCursors

    async def person(self, hello: Hello, origin: Origin, return_word: bool = True) -> Arrived:
        """A person under a new nick, or under that of their account; a guest may get a word.

        Raises `BadNick`, `NickTaken`, `PasswordNeeded` and what else `_proven` does, `MembersOnly`,
        `Banned`, `ServerFull` and `NotRecorded`.
        """
        account, password = None, hello.password
        if password is not None:
            account = await self._proven(hello, password, origin)
        held = None if account is None else _held_person(account)
        if held is not None and account is not None:
            return await self._person_again(held, account, origin)
        session = await self._begin(hello.nick, origin, None, account, [FIRST_ROOM])
        word = None
        if account is None and return_word:
            word = self._known.give_word(session, origin.address)
        await self._keep_new(session)
        return Arrived(session, back=False, word=word)

    async def _person_again(self, session: Session, account: Account, origin: Origin) -> Arrived:
        with self._huddle.presence.expected(session):
            session.version = account.row.version
            self._admission.check_house(session, origin.host)
            await self._cursors.place(session)
            await self._huddle.saving.keep(session)
            self._check_there(session)
        return Arrived(session, back=True)

    async def program(self, hello: Hello, origin: Origin) -> Arrived:
        """A program's session, resumed where there is one.

        Raises `SessionUnknown` where one is to be resumed and there is none, `Replaced` where a
        connection that was made later has it, `NotReadable`, and what `person` does.
        """
        account, password = None, hello.password
        if password is not None:
            account = await self._proven(hello, password, origin)
        key = hashed(hello.secret) if hello.secret else None
        while key is not None:
            session = await self._known.by_key(key, hello, account)
            if session is None:
                break
            if hello.turn and session.is_newer_than(hello.turn):
                raise Replaced
            try:
                logged_in = await self._resume(session, hello.nick, account, origin, hello.turn)
                return Arrived(session, back=True, logged_in=logged_in)
            except _SaidGoodbye:
                pass
        if hello.resume:
            raise SessionUnknown
        seats = self._first_seats(hello)
        session = await self._begin(hello.nick, origin, key, account, seats, hello.turn)
        await self._keep_new(session)
        return Arrived(session, back=False)

    def _first_seats(self, hello: Hello) -> list[str]:
        """The rooms in which a new program is to have seats.

        The record has them before the program is welcomed, so that a crash holds it there. Rooms
        with a key are not among them: they are asked for on coming in.
        """
        directory = self._huddle.directory
        named = directory.known(hello.after)
        return [name for name in named if directory.row(name).key is None] or [FIRST_ROOM]

    async def _proven(self, hello: Hello, password: str, origin: Origin) -> Account:
        """The account whose password was brought.

        Raises `NotRegistered`, `NickKept`, `WrongPassword`, `TooManyTries`, `TooMany` and
        `NotRecorded`.
        """
        account = self._huddle.registry.accounts.named(hello.nick)
        if account is None:
            raise NotRegistered(hello.nick)
        self._huddle.registry.check_open(account)
        await self._authentication.prove(account.nick, password, origin.address)
        await self._login.number(account)
        return account

    async def _begin(
        self,
        nick: str,
        origin: Origin,
        key: bytes | None,
        account: Account | None,
        rooms: Sequence[str],
        turn: int = 0,
    ) -> Session:
        claims, registry = self._huddle.claims, self._huddle.registry
        if account is None and registry.members_only:
            registry.guests_name(nick)  # it may be that of an account, and wants its password
            raise MembersOnly
        await self._huddle.presence.make_room()
        session = await claims.begin(nick, rooms, key, account, turn)
        try:
            self._admission.check_house(session, origin.host)
        except Exception:
            await claims.abandon(session)
            raise
        return session

    def held(self, error: NickTaken | PasswordNeeded) -> NickHeld | None:
        """The error that says that a nick is kept for its owner, who is away.

        None where the owner is here, or nobody has the nick.
        """
        owner = self._huddle.registry.meant(error.nick)
        if owner is None:
            return None
        sessions = sessions_of(owner)
        if not sessions or not all(_is_held(session) for session in sessions):
            return None
        suggest = error.suggest if isinstance(error, NickTaken) else ""
        opens = isinstance(owner, Account) or owner.word is not None
        return NickHeld(error.nick, suggest, opens)

    async def _resume(
        self,
        session: Session,
        nick: str,
        account: Account | None,
        origin: Origin,
        turn: int,
    ) -> bool:
        """Go on with a session; tells whether it was a guest's and is the account's from now on."""
        with self._huddle.presence.expected(session):
            if None in session.rooms.values() and (session.away or session.elsewhere):
                await self._cursors.place(session)
            self._check_known(session, origin, account)
            self._check_account(session, nick, account)
            was_guests = session.account is None or session.version == NEVER
            if session.account is not None:
                if was_guests:
                    self._login.carry_marks(session, session.account)
                session.version = session.account.row.version
            elif account is not None:
                await self._login.log_in(session, account, origin.host)
            elif nick and self._huddle.registry.nicks.owner(nick) is not session:
                await self._renaming.rename(session, nick, turn)
            await self._keep_known(session)
        return was_guests and session.account is not None

    def _check_known(self, session: Session, origin: Origin, proven: Account | None = None) -> None:
        if self._huddle.registry.members_only and session.account is None and proven is None:
            raise MembersOnly
        self._admission.check_house(session, origin.host)

    def _check_account(self, session: Session, nick: str, proven: Account | None) -> None:
        """Check that a session of an account is asked for by its owner.

        It stays the account's, and wants the password where that was changed since.
        """
        account = session.account
        if account is None:
            return
        named = self._huddle.registry.accounts.named(nick) if nick else account
        if named is not account or proven not in (None, account):
            raise AccountNick
        if session.version != account.row.version and proven is None:
            raise PasswordNeeded(account.nick)

    async def back(
        self, request: Back, origin: Origin, who: Hashable, wanted: str | None = None
    ) -> Arrived:
        """The session of a return word, for the nick before it, or that was ``wanted`` before it.

        Wrong guesses are counted (`huddle.people.return_word_guesses`), also by ``who`` makes them.
        Raises `WordUnknown`, `TooManyTries`, `BadUsage`, `NotReadable`, `NotRecorded`, `Alone`,
        `Banned` and `MembersOnly`; then the word is as good as before.
        """
        nick, typed = parted(request.word)
        at = self._authentication.hashed_address(origin.address)
        tried = TriedWord(
            self._authentication.hashed_word(typed),
            tuple(filter(None, (nick or wanted,))),
            None if nick else at,
        )
        settle = self._authentication.return_word_guesses.begin(
            self._guess(tried, at, origin.address, who)
        )
        harmless = False
        try:
            session = await self._known.by_word(tried)
            harmless = session is not None
        except (NotReadable, NotRecorded, Alone, Banned, MembersOnly):
            harmless = True
            raise
        finally:
            settle(harmless)
        while session is not None:
            try:
                with self._huddle.presence.expected(session):
                    self._check_known(session, origin)
                    word = await self._back_by_word(session, origin)
                    return Arrived(session, back=True, word=word)
            except _SaidGoodbye as gone:
                tried = replace(tried, hash=gone.word or tried.hash)
                session = await self._known.by_word(tried)
        raise WordUnknown

    def _guess(self, tried: TriedWord, at: bytes, address: str, who: Hashable) -> Guess:
        nick = tried.nicks[0] if tried.nicks else ""
        here = 0 if tried.at is None else self._huddle.registry.words_at[at]
        owner = self._huddle.registry.meant(nick) if nick else None
        return Guess(
            address,
            who,
            folded_key(nick),
            max(here + bool(nick), 1),
            alone=here > 0 or not nick,
            there=owner.number if isinstance(owner, Session) else 0,
            at_home=isinstance(owner, Session) and owner.word_at == at,
        )

    async def _back_by_word(self, session: Session, origin: Origin) -> str:
        """The next word of the session, which is where it was."""
        registry = self._huddle.registry
        old = session.word, session.word_time, session.word_at
        # At once: no other comes by the old one meanwhile.
        word = self._known.give_word(session, origin.address)
        given = session.word
        try:
            if session.away or session.elsewhere:
                await self._cursors.place(session)
            await self._keep_known(session)
            is_registered = registry.nicks.owner(session.nick) is not session
            if is_registered or session.word != given:  # on another node, meanwhile
                raise WordUnknown
        except Exception as failure:
            if session in registry and session.account is None and session.word == given:
                registry.set_word(session, *old)
                self._huddle.saving.keep_quietly(session)
            elif isinstance(failure, _SaidGoodbye):
                failure.word = given
            raise
        return word

    async def _keep_new(self, session: Session) -> None:
        self._huddle.presence.expect(session)
        try:
            await self._huddle.saving.keep(session)
        except HuddleError:  # of several nodes another may have it by now
            session.expected -= 1
            await self._huddle.claims.abandon(session)
            raise
        self._check_there(session)

    async def _keep_known(self, session: Session) -> None:
        await self._huddle.saving.keep(session)
        if session.leaving:
            raise _SaidGoodbye
        self._check_there(session)

    def _check_there(self, session: Session) -> None:
        """Raises `NotRecorded` when the session has left by another connection, or was sent out."""
        if session.leaving or session not in self._huddle.registry:
            raise NotRecorded


class _SaidGoodbye(Exception):
    """The session that was to be opened has said good-bye meanwhile, on its older connection, or
    was sent out: it is opened behind that, if it still may be, by the hashed ``word`` with which it
    has left, where that is another."""

    word: bytes | None = None


def _held_person(account: Account) -> Session | None:
    """The session on which a person of the account came last, of those that are held for them."""
    held = (session for session in reversed(account.sessions.values()) if _is_persons(session))
    return max(held, key=lambda session: session.arrival, default=None)


def _is_held(session: Session) -> bool:
    """Whether the session has lost its connection, and its owner is not just coming in."""
    return session.away and not session.leaving and not session.expected


def _is_persons(session: Session) -> bool:
    """Whether the session is held for a person, who is not just coming back to it."""
    return not session.traits.own_secret and session.key is None and _is_held(session)
