"""Membership: making an account of one's nick, proving that one is its owner, another password.

What takes time happens first: the hash, the record. Only then is anything changed here, if it still
can be; so whoever is refused is who they were.
"""

from __future__ import annotations

from huddle import names
from huddle.accounts import Account
from huddle.acts.caller import Caller
from huddle.errors import (
    AlreadyRegistered,
    NickTaken,
    NotRecorded,
    NotRegistered,
    PasswordNeeded,
    TooMany,
)
from huddle.events import Answer, Done, LoggedIn, Registered, Reset
from huddle.permissions import Role
from huddle.record import AccountCard, RecordFailure
from huddle.requests import ChangePassword, Login, Register
from huddle.welcome import show_inbox


async def register(caller: Caller, request: Register) -> Answer:
    """The caller's nick is an account from now on, and the caller logged in to it.

    With a nick, an operator makes an account for somebody else. Raises `AlreadyRegistered`,
    `BadPassword`, `NickTaken`, `TooMany` and `NotRecorded`.
    """
    if request.nick is not None:
        return await _register_another(caller, request, names.nick(request.nick))
    huddle, session = caller.huddle, caller.session
    if session.account is not None:
        raise AlreadyRegistered
    nick = session.nick
    _check_room(caller)
    hash = await caller.locks.hashed_password(request.password)
    if session.account is not None or session.nick != nick or session.leaving:
        raise AlreadyRegistered
    _count(caller)
    account = huddle.registry.accounts.new(nick, hash, session.inbox, huddle.stamp())
    account.read = session.rooms.get(session.inbox) or 0
    there = [room for room in huddle.rooms if session in room]
    for room in there:
        room.remove(session)
    huddle.registry.register(session, account)
    for room in there:
        room.add(session)
    try:
        await huddle.keep(session, account.card)
    except RecordFailure as failure:
        _undo(caller, account)
        raise NotRecorded from failure
    return Registered(nick, request.id)


def _undo(caller: Caller, account: Account) -> None:
    """The record could not keep it: the session is a guest's again, under its nick."""
    huddle, session = caller.huddle, caller.session
    there = [room for room in huddle.rooms if session in room]
    for room in there:
        room.remove(session)
    huddle.registry.unregister(session, account)
    for room in there:
        room.add(session)


async def _register_another(caller: Caller, request: Register, nick: str) -> Answer:
    huddle, accounts = caller.huddle, caller.huddle.registry.accounts
    _check_room(caller)
    _check_free(caller, nick)
    hash = await caller.locks.hashed_password(request.password)
    _check_free(caller, nick)
    expected = accounts.named(nick)
    if expected is None:
        account = accounts.new(nick, hash, "", huddle.stamp())
        huddle.nicks.claim(nick, account)
        accounts.accept(account)
    else:
        account = expected
        accounts.numbered_now(account, huddle.stamp())
        account.hash = hash
    try:
        await huddle.record.save(account.card, caller.audited(None, "register", nick))
    except RecordFailure as failure:
        huddle.nicks.release(nick)
        accounts.drop(account)
        raise NotRecorded from failure
    return Done(request.id)


def _check_free(caller: Caller, nick: str) -> None:
    registry = caller.huddle.registry
    account = registry.accounts.named(nick)
    if account is not None and account.number:
        raise AlreadyRegistered
    if account is None and not registry.nicks.is_free(nick):
        raise NickTaken(nick, registry.nicks.suggest(nick))


def _check_room(caller: Caller) -> None:
    limit = caller.huddle.limits.accounts
    if len(caller.huddle.registry.accounts) >= limit:
        raise TooMany("accounts", limit)


def _count(caller: Caller) -> None:
    huddle = caller.huddle
    if caller.address and huddle.role(caller.session) < Role.OPERATOR:
        caller.locks.registrations.count(
            caller.address, huddle.stamp(), huddle.limits.registrations
        )


async def login(caller: Caller, request: Login) -> Answer | None:
    """The caller, a guest until now, is the owner of this account.

    Raises `NotRegistered`, `WrongPassword`, `TooManyTries`, `AlreadyRegistered`, `NotRecorded`.
    """
    huddle, session = caller.huddle, caller.session
    if session.account is not None:
        raise AlreadyRegistered
    if request.nick is None:
        raise PasswordNeeded(session.nick)
    account = huddle.registry.accounts.named(request.nick)
    if account is None:
        raise NotRegistered(request.nick)
    await caller.locks.prove(account.nick, request.password, caller.address)
    if session.account is not None or session.leaving:
        raise AlreadyRegistered
    huddle.number(account)
    huddle.log_in(session, account)
    try:
        await huddle.keep(session, account.card)
    except RecordFailure as failure:
        raise NotRecorded from failure
    caller.outlet.answer(LoggedIn(account.nick, request.id))
    if session.stays:
        caller.outlet.answer(Reset("@", huddle.record.epoch))
    show_inbox(huddle, caller.outlet, session, None, 0)
    return None


async def change_password(caller: Caller, request: ChangePassword) -> Answer:
    """Another password; whoever is not here just now has to bring it to come back.

    Raises `WrongPassword`, `TooManyTries`, `BadPassword` and `NotRecorded`.
    """
    huddle, session, account = caller.huddle, caller.session, caller.session.account
    if account is None or account.hash is None:
        raise NotRegistered(session.nick)
    await caller.locks.prove(account.nick, request.old, caller.address)
    hash = await caller.locks.hashed_password(request.new)
    before = account.card
    account.hash, account.version = hash, account.version + 1
    session.version = account.version
    try:
        await huddle.keep(session, account.card)
    except RecordFailure as failure:
        _restore(account, before)
        session.version = before.version
        raise NotRecorded from failure
    return Done(request.id)


def _restore(account: Account, before: AccountCard) -> None:
    account.hash, account.version = before.hash, before.version
