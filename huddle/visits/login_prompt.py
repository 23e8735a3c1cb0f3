"""The login prompt: what a person's next line at the door is taken for, a nick or a password.

::

    NICK ──told of /login──> DOUBTFUL_NICK <──there is no such account── PASSWORD
     ^ └─────────────────────────────────────the nick is registered────────> │ ^ │
     └───────────────────────────asks for another nick───────────────────────┘ └─┘ it is wrong

A password that is taken for a nick would be shown to all. So it is one behind the question for it,
and where `/login` was told of, or tried, a line that may be one is asked about before it is a nick.
"""

from __future__ import annotations

from enum import Enum, auto

from huddle.delivery.outlet import Outlet
from huddle.protocol.answers import Greeting, NickDoubted, PasswordAsked, PasswordInClear
from huddle.protocol.commands import LOGIN_USAGE
from huddle.protocol.errors import (
    BadNick,
    BadUsage,
    HuddleError,
    NickTaken,
    NotRegistered,
    PasswordNeeded,
)
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Back, Hello, Login
from huddle.visits.view import View


class Expects(Enum):
    """What the next line is taken for, if it is no command."""

    NICK = auto()
    DOUBTFUL_NICK = auto()
    """A nick, unless it may be a password (`LoginPrompt.doubts`)."""
    PASSWORD = auto()
    """That of the account `LoginPrompt.account`; an empty line asks for another nick."""


class LoginPrompt:
    """What one connection was told at the door of nicks and passwords.

    ``secure`` says that nobody can read on the way what is typed; ``least`` is the length of the
    shortest password. A dialect in which nobody logs in at the door always `expects` a nick.
    """

    __slots__ = (
        "_asks_again",
        "_least",
        "_outlet",
        "_view",
        "_warns",
        "account",
        "expects",
        "suggested",
        "taken",
    )

    def __init__(self, view: View, outlet: Outlet, secure: bool, least: int) -> None:
        self.expects = Expects.NICK
        self.account: str | None = None
        """The registered nick that was refused last for want of a password, or by a wrong one."""
        self.taken: str | None = None
        """The nick that was asked for last at the door, and another has: a return word opens it."""
        self.suggested = ""
        """The nick that was suggested instead of it, if one was."""
        self._asks_again = False
        """Whether to ask again where the password is wrong: it was typed behind the question."""
        self._view = view
        self._outlet = outlet
        self._warns = not secure
        self._least = least

    def refused(self, error: HuddleError, request: Hello | Back | None) -> None:
        """Note which nick was refused: a password, or a return word, that comes alone is for it."""
        at_the_door = self._view.session is None
        if isinstance(error, PasswordNeeded):
            self.account = error.nick
            if at_the_door:
                self._expect(Expects.PASSWORD)
        elif at_the_door and isinstance(error, NickTaken):
            self.taken = error.nick
        elif at_the_door and isinstance(request, Hello) and request.password is not None:
            known = not isinstance(error, NotRegistered | BadNick)
            self.account = request.nick if known else None
            # One that was wrong is typed again, and must not be taken for a nick then.
            self._expect(Expects.PASSWORD if known else Expects.DOUBTFUL_NICK)

    def told_of_login(self, suggested: str = "") -> None:
        """From now on a line may be a password: `/login` was told of, or tried without a nick."""
        self.suggested = suggested or self.suggested
        if self.expects is Expects.NICK:
            self._expect(Expects.DOUBTFUL_NICK)

    def _expect(self, expects: Expects) -> None:
        if self._view.traits.login_at_door:
            self.expects = expects

    def ask_on(self, error: HuddleError) -> None:
        """Ask for what is expected, where a hello was refused by this error."""
        if self.expects is Expects.PASSWORD:
            if isinstance(error, PasswordNeeded) or self._asks_again:
                self.warn_of_clear()
                self._outlet.answer(PasswordAsked())
        elif isinstance(error, NotRegistered):
            self._outlet.answer(Greeting(again=True))

    def asks_password(self, error: HuddleError) -> bool:
        """Ask for a password where the error is that of ``/login`` alone; tells whether it did.

        They have asked for a nick that another has, and were told to type so. Without the question
        the next line, their password, would be shown to all as a nick.
        """
        if not isinstance(error, BadUsage) or error.field != LOGIN_USAGE:
            return False
        if self.taken is None:
            self.told_of_login()
            return False
        self.account, self._asks_again = self.taken, True
        self._expect(Expects.PASSWORD)
        self.ask_on(error)
        return self.expects is Expects.PASSWORD

    def ask_nick(self) -> None:
        """Ask for another nick: the next line is no password."""
        self.expects, self.account, self.suggested = Expects.NICK, None, ""
        self._outlet.answer(Greeting(again=True))

    def hello_of(self, login: Login) -> Hello | None:
        """The hello of a person who logs in before they are here; None if no nick is known."""
        nick = login.nick or self.account or self.taken
        if not nick:
            self.told_of_login()
            return None
        self._asks_again = login.nick is None
        self.warn_of_clear()
        return Hello(nick, password=login.password)

    def doubts(self, hello: Hello) -> bool:
        """Whether a doubtful nick may be a password; the person is told."""
        known = folded_key(self.suggested), folded_key(self.taken or "")
        short = len(hello.nick) < self._least
        if hello.password is not None or short or folded_key(hello.nick) in known:
            return False
        self._outlet.answer(NickDoubted())
        return True

    def warn_of_clear(self) -> None:
        """Tell a person, once, that others on the way could read a password of theirs."""
        if self._warns and self._view.traits.types:
            self._warns = False
            self._outlet.answer(PasswordInClear())
