"""Passwords by twisted.cred: whose password is it, Huddle's own or another checker's?

As cred has it, credentials go to a `Portal`. It has them checked, and has the realm make an avatar
for the person that the checker recognised: here the owner of an account, of whom nothing is asked
but the nick.

A nick whose password Huddle keeps is Huddle's alone: another checker that knows it too has no say,
or a password that was changed here would still open the door there. For all other nicks every
checker of ``--auth`` that may know them is asked, in their order. A person refused by all waits as
long as for a wrong password, and so it is with a nick that no account has.

A password is nowhere shown on this way, not by `repr` and not in what is logged of a checker that
failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hmac import compare_digest

from twisted.cred.checkers import ICredentialsChecker
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import LoginFailed, UnauthorizedLogin
from twisted.cred.portal import IRealm, Portal
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.logger import Logger
from zope.interface import Attribute, Interface, implementer

from huddle.locale import Wording
from huddle.protocol.errors import BadNick, TooMany
from huddle.protocol.limits import Limits
from huddle.protocol.names import folded_key
from huddle.protocol.names import nick as nick_of
from huddle.server.checker_nicks import CheckerNicks, Name, check_readable, nicks_known_to, text_of
from huddle.server.passwords import Hashing, is_outdated, prepared
from huddle.server.start_errors import reason_of

HashOf = Callable[[str], str | None]
"""What is kept of the password of a nick, if anything is."""

SHOWN = 10
"""Names left out that are named in the log."""


class IAccount(Interface):
    """What it means to have proved to own an account."""

    nick = Attribute("The account's nick, perhaps in another case.")


@implementer(IAccount)
class Owner:
    """The owner of the account with this nick."""

    def __init__(self, nick: str) -> None:
        self.nick = nick


@implementer(IRealm)
class Realm:
    """Makes owners of accounts of those that a checker recognised."""

    def requestAvatar(
        self, avatarId: bytes | tuple[()], mind: object, *interfaces: type[Interface]
    ) -> tuple[type[Interface], Owner, Callable[[], None]]:
        """The owner of this name. Raises `UnauthorizedLogin` where there is none."""
        if IAccount not in interfaces or isinstance(avatarId, tuple):  # an empty one: anonymous
            raise UnauthorizedLogin
        try:
            return IAccount, Owner(nick_of(text_of(avatarId))), _nothing
        except BadNick:
            raise UnauthorizedLogin from None


@implementer(IUsernamePassword)
class Credentials:
    """A name, in the form in which the checker has it, and a password, `prepared`.

    ``address`` is where it comes from: addresses take turns where passwords are hashed.
    """

    def __init__(self, username: Name, password: bytes, address: str) -> None:
        self.username = username
        self.password = password
        self.address = address

    def checkPassword(self, password: Name) -> bool:
        """Whether this is the password that was typed; the time it takes says nothing of either."""
        return compare_digest(self.password, prepared(text_of(password)).encode())


@implementer(ICredentialsChecker)
class OwnChecker:
    """Knows the nicks whose passwords Huddle keeps.

    ``renew`` is called with a nick and another hash of the same password, where the one that is
    kept was made in an older way.
    """

    credentialInterfaces = (IUsernamePassword,)

    def __init__(
        self,
        hashing: Hashing,
        hash_of: HashOf,
        renew: Callable[[str, str], object] | None = None,
    ) -> None:
        self._hashing = hashing
        self._hash_of = hash_of
        self._renew = renew

    def knows(self, nick: str) -> bool:
        """Whether the password of this nick is kept here."""
        return self._hash_of(nick) is not None

    def requestAvatarId(self, credentials: Credentials) -> Deferred[bytes | tuple[()]]:
        """Fires with the name if this is its password; else fails with `UnauthorizedLogin`."""
        return Deferred.fromCoroutine(self._recognise(credentials))

    async def _recognise(self, credentials: Credentials) -> bytes | tuple[()]:
        nick, password = text_of(credentials.username), credentials.password.decode()
        address = credentials.address
        kept = self._hash_of(nick)
        if kept is None:
            await self._hashing.refused(password, address)
            raise UnauthorizedLogin
        if not await self._hashing.verified(kept, password, address):
            raise UnauthorizedLogin
        if kept != self._hash_of(nick):  # changed meanwhile
            return await self._recognise(credentials)
        if self._renew is not None and is_outdated(kept):
            await self._make_anew(nick, kept, password, address)
        return nick.encode()

    async def _make_anew(self, nick: str, kept: str, password: str, address: str) -> None:
        try:
            new = await self._hashing.hashed(password, address)
        except TooMany:
            return  # the next time will do
        if self._renew is not None and kept == self._hash_of(nick):
            self._renew(nick, new)


@implementer(ICredentialsChecker)
class AllCheckers:
    """Huddle's own checker where it knows the nick, else those that may know it, in their order."""

    credentialInterfaces = (IUsernamePassword,)

    _log = Logger()

    def __init__(self, own: OwnChecker, known: Sequence[CheckerNicks], wording: Wording) -> None:
        self.known = known
        self._own = own
        self._wording = wording

    def requestAvatarId(self, credentials: Credentials) -> Deferred[bytes | tuple[()]]:
        """Fires with what the first one says that recognises them."""
        return Deferred.fromCoroutine(self._recognise(credentials))

    async def _recognise(self, credentials: Credentials) -> bytes | tuple[()]:
        nick = text_of(credentials.username)
        for each in () if self._own.knows(nick) else self.known:
            name = each.name_of(nick)
            if name is None:
                continue
            asked = Credentials(name, credentials.password, credentials.address)
            try:
                check_readable(each.checker)
                avatar_id = await maybeDeferred(each.checker.requestAvatarId, asked)
            except LoginFailed:
                continue
            except Exception as error:
                self._tell(each.checker, error)
            else:
                return avatar_id.encode() if isinstance(avatar_id, str) else avatar_id
        return await self._own.requestAvatarId(credentials)  # if only to take its time

    def _tell(self, checker: ICredentialsChecker, error: Exception) -> None:
        _ = self._wording.gettext
        news = _("{checker} could not check a password: {error}").format(
            checker=type(checker).__name__,
            error=type(error).__name__,  # its text may hold the password
        )
        self._log.error("{news}", news=news)


class CredPasswords:
    """The `Passwords` of a house with accounts, its own and those of ``checkers``."""

    _log = Logger()

    def __init__(
        self,
        hashing: Hashing,
        hash_of: HashOf,
        checkers: Iterable[ICredentialsChecker],
        wording: Wording,
        *,
        renew: Callable[[str, str], object] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._hashing = hashing
        self._wording = wording
        self._longest = (limits or Limits()).password_most
        known = [self._told(nicks_known_to(checker)) for checker in checkers]
        self._checkers = AllCheckers(OwnChecker(hashing, hash_of, renew), known, wording)
        self._portal = Portal(Realm(), [self._checkers])

    @property
    def nicks(self) -> list[str]:
        """Those that the others know, as far as that can be told beforehand."""
        return [nick for each in self._checkers.known for nick in each.nicks]

    def may_know(self, nick: str) -> bool:
        """Whether one of the others knows the nick, or may, where it cannot list what it knows."""
        return any(each.name_of(nick) is not None for each in self._checkers.known)

    def read_again(self) -> None:
        """Ask the others again which nicks they know; where that fails, it stays as it was."""
        self._checkers.known = [self._anew(each) for each in self._checkers.known]

    def prove(self, nick: str, password: str, address: str) -> Deferred[bool]:
        """Whether this is the password of that nick, says Huddle or another checker."""
        if not 0 < len(password) <= self._longest:
            return succeed(False)
        return Deferred.fromCoroutine(self._prove(nick, password, address))

    async def _prove(self, nick: str, password: str, address: str) -> bool:
        credentials = Credentials(nick.encode(), prepared(password).encode(), address)
        try:
            _, avatar, leave = await self._portal.login(credentials, None, IAccount)
        except UnauthorizedLogin:
            return False
        leave()  # it was only asked for
        return folded_key(IAccount(avatar).nick) == folded_key(nick)

    def hashed(self, password: str, address: str) -> Deferred[str]:
        """What is to be kept of a password."""
        return self._hashing.hashed(password, address)

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


def _nothing() -> None:
    """What there is to do when an owner leaves: they had nothing."""
