"""The registry: every session that is here or expected back, and the nicks that are theirs.

A session is found by its number, by the hash of a program's secret, or by that of a person's return
word. Its nick is its own from when it begins until it is removed; unless it is logged in to an
account, whose nick it has then, and which keeps it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from twisted.logger import Logger

from huddle.people.accounts import Accounts
from huddle.people.former_nicks import FormerNicks
from huddle.people.preferences import preferences_written
from huddle.people.sessions import Account, Session
from huddle.people.taken_nicks import NickRegistry
from huddle.protocol import names
from huddle.protocol.dialect import PERSON, PROGRAM
from huddle.protocol.errors import (
    NickKept,
    NickTaken,
    PasswordNeeded,
    ServerFull,
    SessionUnknown,
)
from huddle.protocol.events import is_inbox
from huddle.protocol.limits import Limits
from huddle.record import SessionRow

Owner = Session | Account


def sessions_of(owner: Owner) -> list[Session]:
    """The sessions of a person, here or held: one of a guest, several of an account."""
    return [owner] if isinstance(owner, Session) else list(owner.sessions.values())


class Registry:
    """Who is here. ``last_session`` is the highest number that was ever given."""

    _log = Logger()

    def __init__(self, last_session: int, accounts: Accounts, limits: Limits) -> None:
        self.nicks: NickRegistry[Owner] = NickRegistry()
        self.former = FormerNicks(limits)
        self.accounts = accounts
        self.members_only = False
        """Whether those alone come in who have an account; of several nodes, whether all say so."""
        self._limits = limits
        self.newest = last_session
        """The highest number that was ever given to a session."""
        self._sessions: dict[int, Session] = {}
        self.by_key: dict[bytes, Session] = {}
        """Sessions here or held, by their hashed secrets; the record may know others."""
        self.by_word: dict[bytes, Session] = {}
        """Sessions here or held, by the hashes of their return words."""
        self.words_at: Counter[bytes | None] = Counter()
        """How many sessions here got their return word at the address that has this hash."""
        self._at_address: Counter[str] = Counter()
        for account in list(accounts):
            try:
                self.nicks.claim(account.nick, account)
            except NickTaken:
                accounts.drop(account)
                self._log.warn("Two accounts have nicks that look alike; one cannot be entered")

    def reserve(self, nick: str) -> None:
        """Keep the nick free for its account, which others know. Raises `NickTaken`."""
        account = self.accounts.named(nick)
        if account is not None:
            account.is_open = True
        else:
            if not self.nicks.is_free(nick):
                raise NickTaken(nick, self.nicks.suggest(nick))
            self.nicks.claim(nick, self.accounts.expect(nick))

    def __contains__(self, session: object) -> bool:
        return isinstance(session, Session) and self._sessions.get(session.number) is session

    @property
    def sessions(self) -> Collection[Session]:
        """All sessions that are here or expected back, those included that are held."""
        return self._sessions.values()

    def by_number(self, number: int) -> Session | None:
        """The session, here or held, that has this number."""
        return self._sessions.get(number)

    def owning(self, inbox: str) -> Collection[Session]:
        """The sessions, here or held, that have this inbox: several of an account, or one."""
        account = self.accounts.by_inbox.get(inbox)
        if account is not None:
            return list(account.sessions.values())
        session = self._sessions.get(int(inbox[1:])) if inbox[1:].isdecimal() else None
        return [session] if session is not None and session.inbox == inbox else []

    def sessions_of(self, identity: str) -> Collection[Session]:
        """The sessions, here or held, of this identity (`huddle.people.identity`)."""
        kind, _, number = identity.partition(":")
        if kind == "account":
            account = self.accounts.numbered(int(number))
            return [] if account is None else list(account.sessions.values())
        session = self._sessions.get(int(number))
        return [] if session is None else [session]

    def meant(self, nick: str) -> Owner | None:
        """The person whose nick was typed so; None also where a nick is only kept free."""
        owner = self.nicks.owner(nick)
        return None if isinstance(owner, Account) and not owner.row.number else owner

    def session_number(self, nick: str) -> int:
        """The number of a session of the person of that nick; 0 where there is none."""
        owner = self.meant(nick)
        if isinstance(owner, Session):
            return owner.number
        return 0 if owner is None else next(iter(owner.sessions), 0)

    def guests_name(self, nick: str) -> str:
        """The nick that a guest may ask for by this.

        Raises `BadNick`, `PasswordNeeded` and `NickKept`.
        """
        name = names.nick(nick)
        owner = self.accounts.owning(name)
        if owner is not None:
            self.check_open(owner)
            raise PasswordNeeded(owner.nick)
        return name

    def check_open(self, account: Account) -> None:
        """Raises `NickKept` where the account is not registered, and no password is known."""
        if not account.is_open:
            raise NickKept(account.nick, self.nicks.suggest(account.nick))

    def begin(
        self,
        nick: str,
        rooms: Iterable[str],
        key: bytes | None = None,
        account: Account | None = None,
    ) -> Session:
        """A new session under a free nick, or under that of an account.

        Raises `BadNick`, `NickTaken`, `PasswordNeeded` and `ServerFull`.
        """
        name = self.guests_name(nick) if account is None else account.nick
        if len(self._sessions) >= self._limits.sessions:
            raise ServerFull
        self.newest += 1
        session = Session(self.newest, name, key)
        session.rooms = dict.fromkeys(rooms)
        return self._add(session, account)

    def revive(self, row: SessionRow, nick: str = "") -> Session:
        """A session that only the record still knows, under a new nick if one is given.

        One that was logged in under an older password is not opened any more, nor one whose nick
        was registered since. Raises `BadNick`, `NickTaken` and `PasswordNeeded`, and
        `SessionUnknown` when its account is gone.
        """
        session = self._sessions.get(row.number)
        if session is not None:
            return session
        account = self.accounts.numbered(row.account) if row.account else None
        if not row.account:
            name = self.guests_name(nick or row.nick)
        elif account is None:
            raise SessionUnknown
        elif account.row.version != row.version:
            raise PasswordNeeded(account.nick)
        else:
            name = account.nick
        return self._open(row, name, account)

    def mirror(self, row: SessionRow) -> Session:
        """A session that is here, as the log of several nodes has it.

        Raises `NickTaken` where this server has given its nick to another.
        """
        account = self.accounts.numbered(row.account) if row.account else None
        self.note_newest(row.number)
        return self._open(row, row.nick, account)

    def note_newest(self, number: int) -> None:
        """Note that this number was given to a session: the next one is higher."""
        self.newest = max(self.newest, number)

    def _open(self, row: SessionRow, name: str, account: Account | None) -> Session:
        session = Session(row.number, name, row.key, row.last_id)
        session.rooms = dict(row.rooms)
        session.traits = PERSON if row.key is None else PROGRAM
        session.ignores = tuple(_ignored(each) for each in row.ignores)
        session.preferences = preferences_written(row.wishes)
        self._add(session, account)
        if account is None:
            self.set_word(session, row.word, row.word_time, row.word_at)
        return session

    def _add(self, session: Session, account: Account | None) -> Session:
        if account is None:
            self.nicks.claim(session.nick, session)
        else:
            self._belong(session, account)
        self._sessions[session.number] = session
        if session.key is not None:
            self.by_key[session.key] = session
        return session

    def _belong(self, session: Session, account: Account) -> None:
        session.account, session.version = account, account.row.version
        account.sessions[session.number] = session

    def rename(self, session: Session, nick: str) -> None:
        """The session's nick is this one from now on; the old one stays claimed until released.

        The nick is as `names.nick` makes it. Raises `NickTaken`.
        """
        self.nicks.claim(nick, session)
        self._note_former(session)
        session.nick = nick

    def log_in(self, session: Session, account: Account) -> None:
        """The session is the account's from now on, under its nick.

        Its own nick stays claimed until it is released; its return word opens nothing any more, and
        its inbox is the account's.
        """
        self._note_former(session)
        session.rooms = {name: at for name, at in session.rooms.items() if not is_inbox(name)}
        session.nick = account.nick
        self.register(session, account)

    def _note_former(self, session: Session) -> None:
        self.former.note(session.nick, session.number, session.inbox, session.address)

    def hand_over(self, nick: str, owner: Owner, other: Owner) -> None:
        """A nick of the one is the other's from now on. Raises `NickTaken`: the one has another
        nick still, that looks like it."""
        self.nicks.release(nick, owner)
        try:
            self.nicks.claim(nick, other)
        except NickTaken:
            self.nicks.claim(nick, owner)
            raise

    def register(self, session: Session, account: Account) -> None:
        """The session is the account's from now on, which has its nick already."""
        self._belong(session, account)
        self.set_word(session, None, 0)

    def set_word(
        self, session: Session, word: bytes | None, time: int, at: bytes | None = None
    ) -> None:
        """The session's return word has this hash from now on, and no other.

        It was given at that ``time`` and at that address, as a hash.
        """
        if session.word is not None and self.by_word.pop(session.word, None) is not None:
            self.words_at[session.word_at] -= 1
            if not self.words_at[session.word_at]:
                del self.words_at[session.word_at]
        session.word, session.word_time, session.word_at = word, time, at
        if word is not None:
            self.by_word[word] = session
            self.words_at[at] += 1

    def note_origin(self, session: Session, host: str, address: str) -> None:
        """The session's connection comes from there, which counts as that address."""
        if session.address:
            self._forget_origin(session)
        session.host, session.address = host, address
        if address:
            self._at_address[address] += 1

    def _forget_origin(self, session: Session) -> None:
        self._at_address[session.address] -= 1
        if not self._at_address[session.address]:
            del self._at_address[session.address]

    def is_alone(self, session: Session) -> bool:
        """Whether no other session here or held came from its address, as far as is known."""
        return self._at_address[session.address] == 1

    def remove(self, session: Session) -> None:
        """The session is over here, and its nick is free; the record keeps what it knows of it."""
        if session.account is None:
            self.nicks.release(session.nick, session)
        else:
            session.account.sessions.pop(session.number, None)
        if self._sessions.pop(session.number, None) is not None and session.address:
            self._forget_origin(session)
        self.set_word(session, None, 0)
        if session.key is not None:
            self.by_key.pop(session.key, None)


def _ignored(kept: str) -> tuple[str, str]:
    """An ignored identity and its nick, as the row has them: ``session:17 bob``."""
    identity, _, nick = kept.partition(" ")
    return identity, nick
