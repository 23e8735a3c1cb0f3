"""How a session says who it is, and what becomes of it when that is not believed.

A session that the server knows needs no password: its secret will do. A password is brought at
first, and when the server asks for it. One that was typed is brought once and then forgotten; one
that the program was started with is kept for as long as it runs, in memory and nowhere else.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, auto

from huddle.client.session.cursors import Cursors
from huddle.client.session.state import State
from huddle.protocol import requests
from huddle.protocol.codec import dataclass

NICK_CODES = frozenset({"nick-taken", "bad-nick", "members-only", "not-registered", "account-nick"})
"""Errors after which another hello, with another nick, is in place."""

PASSWORD_CODES = frozenset({"password-needed", "wrong-password", "too-many-tries"})
"""Errors after which another hello, with the password, is in place."""

OVER_CODES = frozenset({"replaced", "kicked", "banned"})
"""Errors after which another hello would do no good."""


class Next(Enum):
    """What is to be done after a hello was refused."""

    NEW_SESSION = auto()
    AGAIN = auto()
    ASK_NICK = auto()
    ASK_PASSWORD = auto()
    END = auto()
    LATER = auto()


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a program wants of its session, and brings to it.

    ``replay`` is how many messages are wanted of a room that is new to the session. ``password`` is
    that of the nick, for as long as the program runs; it is kept nowhere else. It is brought at
    first, and later when the server asks for it: the session itself needs none to be resumed.
    """

    replay: int = 20
    bot: bool = False
    password: str | None = field(default=None, repr=False)
    quiet_joins: bool | None = None


class Hello:
    """The hellos of one session, of which each connection begins with one."""

    def __init__(self, state: State, cursors: Cursors, options: SessionOptions) -> None:
        self._state = state
        self._cursors = cursors
        self._options = options
        self._typed: str | None = None
        self._prove = True

    def message(self, nick: str, language: str) -> requests.Hello:
        """The hello to be sent on the next connection, for ``nick`` in ``language``."""
        return requests.Hello(
            nick,
            self._state.secret,
            self._state.known,
            self._cursors.after(),
            language,
            self._options.replay,
            self._options.bot,
            self._password,
            self._state.epoch,
            self._options.quiet_joins,
            self._state.turn,
        )

    def bring(self, password: str) -> None:
        """The next hello brings this password, which was typed; it is used once."""
        self._typed = password

    def believed(self) -> None:
        """Note that the server has let the session in, and so believes its secret."""
        self._prove, self._typed = False, None

    def refused(self, code: str) -> Next:
        """The last hello was refused with this code; returns what is to be done next."""
        brought, self._typed = self.brings_password, None
        if code == "session-unknown" and self._state.known:
            self._prove = True
            return Next.NEW_SESSION
        if code == "password-needed" and self._options.password is not None and not brought:
            self._prove = True
            return Next.AGAIN
        if code in NICK_CODES:
            return Next.ASK_NICK
        if code in PASSWORD_CODES:
            return Next.ASK_PASSWORD
        return Next.END if code in OVER_CODES else Next.LATER

    @property
    def brings_password(self) -> bool:
        """Whether the hello brings a password that has to be checked."""
        return self._password is not None

    @property
    def _password(self) -> str | None:
        usual = self._options.password if self._prove else None
        return usual if self._typed is None else self._typed
