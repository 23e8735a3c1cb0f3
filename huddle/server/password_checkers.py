"""Passwords by twisted.cred: whose password is it, Huddle's own or another checker's (``--auth``)?

A nick whose password Huddle keeps is Huddle's alone: another checker that knows it too has no say,
or a password that was changed here would still open the door there. For all other nicks every
checker of ``--auth`` that may know them is asked, in their order. A person refused by all waits as
long as for a wrong password, and so it is with a nick that no account has.

A password is nowhere shown on this way, not by `repr` and not in what is logged of a checker that
failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hmac import compare_digest

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import LoginFailed
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.logger import Logger
from zope.interface import implementer

from huddle.locale import Wording
from huddle.protocol.errors import TooMany
from huddle.protocol.limits import Limits
from huddle.protocol.names import folded_key
from huddle.server.checker_nicks import (
    CheckerNicks,
    Name,
    check_readable,
    nick_in,
    nicks_known_to,
    text_of,
)
from huddle.server.passwords import Hashing, is_outdated, prepared
from huddle.server.start_errors import reason_of

HashOf = Callable[[str], str | None]
"""What is kept of the password of a nick, if anything is."""

LONGEST = Limits().password_most
"""Characters of a password; a longer one is none, and is not even hashed."""

SHOWN = 10
"""Names left out that are named in the log."""


@implementer(IUsernamePassword)
class Credentials:
    """A name, in the form in which the checker has it, and a password, `prepared`."""

    def __init__(self, username: Name, password: bytes) -> None:
        self.username = username
        self.password = password

    def checkPassword(self, password: Name) -> bool:
        """Whether this is the password that was typed; the time it takes says nothing of either."""
        return compare_digest(self.password, prepared(text_of(password)).encode())


class CredPasswords:
    """The `Passwords` of a house with accounts, its own and those of ``checkers``.

    ``renew`` is called with a nick and another hash of the same password, where the one that is
    kept was made in an older way.
    """

    _log = Logger()

    def __init__(
        self,
        hashing: Hashing,
        hash_of: HashOf,
        checkers: Iterable[ICredentialsChecker],
        wording: Wording,
        renew: Callable[[str, str], object],
    ) -> None:
        self._hashing = hashing
        self._hash_of = hash_of
        self._wording = wording
        self._renew = renew
        self._known = [self._told(nicks_known_to(checker)) for checker in checkers]

    @property
    def nicks(self) -> list[str]:
        """Those that the others know, as far as that can be told beforehand."""
        return [nick for each in self._known for nick in each.nicks]

    def may_know(self, nick: str) -> bool:
        """Whether one of the others knows the nick, or may, where it cannot list what it knows."""
        return any(each.name_of(nick) is not None for each in self._known)

    def read_again(self) -> None:
        """Ask the others again which nicks they know; where that fails, it stays as it was."""
        self._known = [self._anew(each) for each in self._known]

    def hashed(self, password: str, address: str) -> Deferred[str]:
        """What is to be kept of a password."""
        return self._hashing.hashed(password, address)

    def prove(self, nick: str, password: str, address: str) -> Deferred[bool]:
        """Whether this is the password of that nick, says Huddle or another checker."""
        if not 0 < len(password) <= LONGEST:
            return succeed(False)
        return Deferred.fromCoroutine(self._prove(nick, prepared(password), address))

    async def _prove(self, nick: str, password: str, address: str) -> bool:
        for each in self._known if self._hash_of(nick) is None else ():
            name = each.name_of(nick)
            if name is None:
                continue
            asked = Credentials(name, password.encode())
            try:
                check_readable(each.checker)
                avatar_id = await maybeDeferred(each.checker.requestAvatarId, asked)
            except LoginFailed:
                continue
            except Exception as error:
                self._tell(each.checker, error)
            else:
                return _is_called(nick, avatar_id)
        return await self._is_own(nick, password, address)  # if only to take its time

    async def _is_own(self, nick: str, password: str, address: str) -> bool:
        kept = self._hash_of(nick)
        if kept is None:
            return await self._hashing.refused(password, address)
        if not await self._hashing.verified(kept, password, address):
            return False
        if kept != self._hash_of(nick):  # changed meanwhile
            return await self._is_own(nick, password, address)
        if is_outdated(kept):
            await self._make_anew(nick, kept, password, address)
        return True

    async def _make_anew(self, nick: str, kept: str, password: str, address: str) -> None:
        try:
            new = await self._hashing.hashed(password, address)
        except TooMany:
            return  # the next time will do
        if kept == self._hash_of(nick):
            self._renew(nick, new)

    def _tell(self, checker: ICredentialsChecker, error: Exception) -> None:
        news = self._wording.gettext("{checker} could not check a password: {error}").format(
            checker=type(checker).__name__,
            error=type(error).__name__,  # its text may hold the password
        )
        self._log.error("{news}", news=news)

    # -- which nicks the others know -----------------------------------------------------------

    def _anew(self, each: CheckerNicks) -> CheckerNicks:
        try:
            return self._told(nicks_known_to(each.checker))
        except OSError as error:
            _ = self._wording.gettext
            news = _("whom {checker} knows could not be read again: {reason}").format(
                checker=type(each.checker).__name__, reason=reason_of(error, self._wording)
            )
            self._log.warn("{news}", news=news)
            return each

    def _told(self, each: CheckerNicks) -> CheckerNicks:
        if each.left_out:
            count, ngettext = len(each.left_out), self._wording.ngettext
            news = ngettext(
                "{checker}: {count} name cannot be a nick here: {names}",
                "{checker}: {count} names cannot be nicks here: {names}",
                count,
            ).format(
                checker=type(each.checker).__name__,
                count=count,
                names=", ".join(each.left_out[:SHOWN]),
            )
            self._log.warn("{news}", news=news)
        return each


def _is_called(nick: str, avatar_id: Name | tuple[()]) -> bool:
    """Whether whom a checker has recognised has this nick; the empty tuple is somebody unnamed."""
    found = None if isinstance(avatar_id, tuple) else nick_in(text_of(avatar_id))
    return found is not None and folded_key(found) == folded_key(nick)
