"""The registry: every session that is here or expected back, and the nicks that are theirs.

A session is found by its number, by the hash of a program's secret, or by that of a person's return
word. Its nick is its own from when it begins until it is removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from huddle import names
from huddle.nicks import NickRegistry
from huddle.record import Card
from huddle.sessions import Session


class Registry:
    """Who is here. ``last_session`` is the highest number that was ever given."""

    def __init__(self, last_session: int) -> None:
        self.nicks: NickRegistry[Session] = NickRegistry()
        self._last_session = last_session
        self._sessions: dict[int, Session] = {}
        self._by_key: dict[bytes, Session] = {}
        self._by_word: dict[bytes, Session] = {}

    def __contains__(self, session: object) -> bool:
        return isinstance(session, Session) and self._sessions.get(session.number) is session

    @property
    def sessions(self) -> Collection[Session]:
        """Everybody who is here or expected back."""
        return self._sessions.values()

    def by_key(self, key: bytes) -> Session | None:
        """The session here that has this hashed secret."""
        return self._by_key.get(key)

    def by_word(self, word: bytes) -> Session | None:
        """The session here whose return word has this hash."""
        return self._by_word.get(word)

    def begin(self, nick: str, rooms: Iterable[str], key: bytes | None = None) -> Session:
        """A new session under a free nick. Raises `BadNick` and `NickTaken`."""
        self._last_session += 1
        session = Session(self._last_session, names.nick(nick), key)
        session.rooms = dict.fromkeys(rooms)
        return self._add(session)

    def revive(self, card: Card, nick: str = "") -> Session:
        """A session that only the record still knows, under a new nick if one is given.

        Raises `BadNick` and `NickTaken`.
        """
        session = self._sessions.get(card.number)
        if session is not None:
            return session
        name = names.nick(nick) if nick else card.nick
        session = Session(card.number, name, card.key, card.last_id)
        session.rooms = dict(card.rooms)
        self._add(session)
        self.set_word(session, card.word, card.word_time)
        return session

    def _add(self, session: Session) -> Session:
        self.nicks.claim(session.nick, session)
        self._sessions[session.number] = session
        if session.key is not None:
            self._by_key[session.key] = session
        return session

    def set_word(self, session: Session, word: bytes | None, time: int) -> None:
        """The session's return word has this hash from now on, and no other."""
        if session.word is not None:
            self._by_word.pop(session.word, None)
        session.word, session.word_time = word, time
        if word is not None:
            self._by_word[word] = session

    def remove(self, session: Session) -> None:
        """The session is over here, and its nick is free; the record keeps what it knows of it."""
        self.nicks.release(session.nick)
        self._sessions.pop(session.number, None)
        self.set_word(session, None, 0)
        if session.key is not None:
            self._by_key.pop(session.key, None)
