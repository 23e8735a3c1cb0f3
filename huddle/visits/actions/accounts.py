"""Accounts: making one of one's nick, proving that one is its owner, another password.

What takes time happens first: the hash, the record. Only then is anything changed here, if it still
can be (`huddle.visits.account_login`); so a caller who is refused is who they were.
"""

from __future__ import annotations

from huddle.people.sessions import Account
from huddle.protocol import names
from huddle.protocol.answers import Answer, Done, LoggedIn, Registered, Reset
from huddle.protocol.errors import (
    AlreadyRegistered,
    BadField,
    HuddleError,
    NickTaken,
    NotAllowed,
    NotRegistered,
    Replaced,
    TooMany,
    WrongPassword,
)
from huddle.protocol.events import INBOX
from huddle.protocol.permissions import Role
from huddle.protocol.requests import ChangePassword, Login, Register
from huddle.record import AccountRow
from huddle.visits.account_login import changing
from huddle.visits.actions.caller import Caller
from huddle.visits.welcome import show_inbox

# -- registering -------------------------------------------------------------------------------


async def register(caller: Caller, request: Register) -> Answer:
    """The caller's nick is an account from now on, and the caller logged in to it.

    With a nick, an operator makes an account for another person. Raises `AlreadyRegistered`,
    `BadPassword`, `NickTaken`, `TooMany` and `NotRecorded`.
    """
    if request.nick is not None:
        return await _register_another(caller, request, names.nick(request.nick))
    session, nick = caller.session, caller.session.nick
    _check_guest(caller)
    _check_count(caller)
    hash = await caller.house.authentication.hashed_password(request.password, caller.address)
    _check_guest(caller)
    _check_count(caller)
    if _is_counted(caller):
        caller.house.authentication.registered(caller.address)
    await caller.house.login.register(session, nick, hash)
    return Registered(nick, id=request.id)


def _check_guest(caller: Caller) -> None:
    """Whether the session is a guest's still, and the caller's: on another connection it may be
    that of another person, who came by the return word."""
    session = caller.session
    if session.account is not None or session.leaving:
        raise AlreadyRegistered
    if session.is_on_another(caller.outlet):
        raise Replaced


def _check_count(caller: Caller) -> None:
    limits, registrations = caller.huddle.limits, caller.house.authentication.registrations
    if len(caller.huddle.registry.accounts) >= limits.accounts:
        raise TooMany("accounts", limits.accounts)
    if _is_counted(caller):
        now = round(caller.huddle.seconds() * 1000)
        registrations.check(caller.address, now, limits.registrations)


def _is_counted(caller: Caller) -> bool:
    return bool(caller.address) and caller.huddle.role(caller.session) < Role.OPERATOR


async def _register_another(caller: Caller, request: Register, nick: str) -> Answer:
    _check_count(caller)
    _check_free(caller, nick)
    hash = await caller.house.authentication.hashed_password(request.password, caller.address)
    in_turn = caller.huddle.registry.accounts.in_turn
    await caller.huddle.sequencer.refusals.run(in_turn, _make, caller, nick, hash)
    return Done(id=request.id)


async def _make(caller: Caller, nick: str, hash: str) -> None:
    """An account for another person. Its nick may have been kept free for it."""
    _check_count(caller)
    _check_free(caller, nick)
    huddle, registry = caller.huddle, caller.huddle.registry
    account = registry.accounts.named(nick)
    is_new = account is None
    if account is None:
        account = Account(AccountRow(0, nick))
        registry.nicks.claim(nick, account)
    row = registry.accounts.next_row(account.nick, hash, huddle.saving.stamp())
    try:
        await huddle.saving.save(row, caller.audited(None, "register", row.nick))
    except HuddleError:
        if is_new:
            registry.nicks.release(nick, account)
        raise
    registry.accounts.enter(account, row)


def _check_free(caller: Caller, nick: str) -> None:
    registry = caller.huddle.registry
    account = registry.accounts.named(nick)
    if account is not None and account.number:
        raise AlreadyRegistered
    if account is None and not registry.nicks.is_free(nick):
        raise NickTaken(nick, registry.nicks.suggest(nick))


# -- proving -----------------------------------------------------------------------------------


async def login(caller: Caller, request: Login) -> Answer | None:
    """The caller, a guest until now, is the owner of this account.

    Raises `NotRegistered`, `NickKept`, `WrongPassword`, `TooManyTries`, `AlreadyRegistered`,
    `Banned` and `NotRecorded`.
    """
    huddle, session = caller.huddle, caller.session
    _check_guest(caller)
    if request.nick is None:
        raise BadField("nick")
    account = huddle.registry.accounts.named(request.nick)
    if account is None:
        raise NotRegistered(request.nick)
    huddle.registry.check_open(account)
    await caller.house.authentication.prove(account.nick, request.password, caller.address)
    await caller.house.login.number(account)
    _check_guest(caller)
    await caller.house.login.log_in(session, account, session.host)
    caller.outlet.answer(LoggedIn(account.nick, id=request.id))
    if session.outlet is not None:
        if session.traits.brings_cursors:
            session.outlet.answer(Reset(INBOX, huddle.record.epoch))
        show_inbox(huddle, session.outlet, session, None, 0)
    return None


async def password(caller: Caller, request: ChangePassword) -> Answer:
    """Another password; every other device has to bring it to come back.

    Raises `WrongPassword`, `TooManyTries`, `BadPassword` and `NotRecorded`, and `NotAllowed` where
    another checker has the password.
    """
    account = caller.session.account
    if account is None or account.row.hash is None:
        raise NotAllowed("checker")
    proven = account.row.version
    await caller.house.authentication.prove(account.nick, request.old, caller.address)
    hash = await caller.house.authentication.hashed_password(request.new, caller.address)
    in_turn = caller.huddle.registry.accounts.in_turn
    await caller.huddle.sequencer.refusals.run(in_turn, _change, caller, account, proven, hash)
    return Done(id=request.id)


async def _change(caller: Caller, account: Account, proven: int, hash: str) -> None:
    """Change it at once, since the account may be kept for other reasons meanwhile.

    Raises `WrongPassword` where that of the version ``proven`` is another by now.
    """
    if account.row.version != proven:  # on another device, meanwhile
        raise WrongPassword
    huddle, session, before = caller.huddle, caller.session, account.row.version
    with changing(huddle.saving, account, hash=hash, version=before + 1):
        if session in huddle.registry and session.account is account:
            session.version = account.row.version
        try:
            await huddle.saving.save(account.row)
        except HuddleError:
            for each in account.sessions.values():
                each.version = min(each.version, before)
            raise
    if session in huddle.registry and not session.leaving:
        huddle.saving.keep_quietly(session)
