"""The login prompt: what a person's next line at the door is taken for, a nick or a password.

::

    NICK ──told of /login──> DOUBTFUL_NICK <──there is no such account── PASSWORD
     ^ └─────────────────────────────────────the nick is registered────────> │ ^ │
     └───────────────────────────asks for another nick───────────────────────┘ └─┘ it is wrong

A password that is taken for a nick would be shown to all. So it is one behind the question for it,
and where `/login` was told of, or tried, a line that may be one is asked about before it is a nick.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from huddle.protocol.errors import (
    BadNick,
    HuddleError,
    NickTaken,
    NotRegistered,
    PasswordNeeded,
)
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Back, Hello


class Expects(Enum):
    """What the next line is taken for, if it is no command."""

    NICK = auto()
    DOUBTFUL_NICK = auto()
    """A nick, unless it may be a password (`LoginPrompt.doubts`)."""
    PASSWORD = auto()
    """That of the account `LoginPrompt.account`; an empty line asks for another nick."""


@dataclass(frozen=True, slots=True)
class LoginPrompt:
    """What a person was told at the door of nicks and passwords: a value, which is another when
    they are told something else. All share one who were told nothing."""

    expects: Expects = Expects.NICK
    account: str | None = None
    """The registered nick that was refused last for want of a password, or by a wrong one."""
    taken: str | None = None
    """The nick that was asked for last, and another has: a return word opens it."""
    suggested: str = ""
    """The nick that was suggested instead of it, if one was."""
    asks_again: bool = False
    """Whether to ask again where the password is wrong: it was typed behind the question."""

    def refused(self, error: HuddleError, request: Hello | Back | None) -> LoginPrompt:
        """A nick was refused by this error: a password, or a return word, that comes alone is for
        it."""
        if isinstance(error, PasswordNeeded):
            return replace(self, account=error.nick, expects=Expects.PASSWORD)
        if isinstance(error, NickTaken):
            return replace(self, taken=error.nick)
        if not isinstance(request, Hello) or request.password is None:
            return self
        if isinstance(error, NotRegistered | BadNick):
            return replace(self, account=None, expects=Expects.DOUBTFUL_NICK)
        # One that was wrong is typed again, and must not be taken for a nick then.
        return replace(self, account=request.nick, expects=Expects.PASSWORD)

    def told_of_login(self, suggested: str = "") -> LoginPrompt:
        """`/login` was told of, or tried without a nick: from now on a line may be a password."""
        expects = Expects.DOUBTFUL_NICK if self.expects is Expects.NICK else self.expects
        return replace(self, expects=expects, suggested=suggested or self.suggested)

    def asked_for_password(self) -> LoginPrompt:
        """The next line is the password of the nick that is `taken`."""
        return replace(self, account=self.taken, expects=Expects.PASSWORD, asks_again=True)

    def asked_for_nick(self) -> LoginPrompt:
        """The next line is another nick, and no password."""
        return replace(self, account=None, expects=Expects.NICK, suggested="")

    def doubts(self, nick: str, least: int) -> bool:
        """Whether a nick may be a password, of which the shortest has the length ``least``."""
        known = folded_key(self.suggested), folded_key(self.taken or "")
        return len(nick) >= least and folded_key(nick) not in known


AT_FIRST = LoginPrompt()
"""That of whoever has just connected."""
