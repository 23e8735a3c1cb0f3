"""Accounts: nicks that belong to one person for good."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from huddle.cluster.effects import (
    AccountOf,
    Done,
    Left,
    Outcome,
    Refused,
    Renamed,
)
from huddle.cluster.entries import Appoint, Login, Password, Register
from huddle.cluster.rules import codes, names, roles, room_membership
from huddle.cluster.rules.batch_context import BatchContext, check
from huddle.cluster.rules.reading import inbox_cursors
from huddle.cluster.rules.sessions import forget_word
from huddle.cluster.state import KEPT, Account, Inbox, Restricted, Session
from huddle.protocol.events import INBOX
from huddle.protocol.permissions import Role
from huddle.record import account_identity, session_identity

KEPT_FROM_RULES = 3
"""By these rules and later ones no ban keeps out who logs in to the account of an operator of the
house."""


def register(context: BatchContext, entry: Register) -> Outcome:
    """A nick is an account's: the doer's own, or one that an operator makes for another."""
    state = context.state
    session = state.sessions.get(entry.by)
    check(_cannot_register(context, entry, session))
    state.last_account += 1
    number = state.last_account
    own = session if entry.own else None
    inbox = f"{INBOX}a{number}" if own is None else state.inbox_of(own.number)
    account = Account(number, entry.nick, entry.hash, inbox=inbox, time=context.time)
    state.accounts[number] = account
    state.by_inbox[inbox] = number
    names.give_up(state.names, entry.nick, KEPT if own is None else own.number)
    names.take_nick(state, entry.nick, -number)
    if own is not None:
        account.operator = own.in_charge
        account.read = state.inboxes.get(inbox, _NONE).read
        _belong(context, own, account)
    context.audit(entry.audit, "", roles.nick_of(state, entry.by))
    context.keep_account(number)
    return Done(number)


_NONE = Inbox()


def _cannot_register(
    context: BatchContext, entry: Register, session: Session | None
) -> Refused | None:
    state = context.state
    if len(state.accounts) >= state.limits.accounts:
        return Refused("too-many", ("accounts", state.limits.accounts))
    if entry.own:
        if session is None or not session.here or session.account:
            return Refused("already-registered")
        is_its_own = session.life == context.life and session.nick == entry.nick
        return None if is_its_own else Refused("already-registered")
    check(roles.lacks(context, entry.by, None, Role.OPERATOR))
    if state.names.get(entry.nick[1], KEPT) < KEPT:
        return Refused("already-registered")
    free = names.is_free(state.names, entry.nick, KEPT)
    return None if free else Refused("nick-taken", (entry.nick[0],))


def login(context: BatchContext, entry: Login) -> Outcome:
    """A guest's session is the account's, with its nick and its inbox."""
    state, session = context.state, context.state.sessions.get(entry.session)
    if session is None or not session.here or session.account:
        return Refused("already-registered")
    if session.life != context.life and not entry.coming:
        return Refused("already-registered")
    account = state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", ("",))
    if account.version != entry.version:
        return Refused("wrong-password")
    identity = account_identity(account.number)
    is_kept = state.rules >= KEPT_FROM_RULES and account.nick[1] in state.kept
    for name in () if is_kept else room_membership.seats(session):
        check(roles.ban_on(context, state.rooms[name], identity, account.nick))
    if session.in_charge and not account.operator:
        account.operator = True
        context.keep_account(account.number)
    names.give_up_nick(state, session.nick, session.number)
    _belong(context, session, account)
    return Done(account.number)


def _belong(context: BatchContext, session: Session, account: Account) -> None:
    """The session is one of the account's devices; rooms count people, and it is another person."""
    old = session.nick[0]
    rooms = [context.state.rooms[name] for name in room_membership.seats(session)]
    was = session_identity(session.number)
    inbox = context.state.inbox_of(session.number)
    if context.state.rules < inbox_cursors.FROM_RULES or inbox != account.inbox:
        session.rooms.pop(inbox, None)
    for room in rooms:
        del room.people[session.number]
    forget_word(context, session)
    session.account, session.version, session.nick = account.number, account.version, account.nick
    account.devices[session.number] = None
    inbox_cursors.finds(context, session)
    for room in rooms:
        devices = room.people.get(-account.number, 0)
        room.people[-account.number] = devices + 1
        name, new = room.name[0], account.nick[0]
        if devices:
            context.effects.append(Left(name, old, session.number, len(room.people)))
        elif old != new:
            context.effects.append(Renamed(name, old, new, session.number))
    _carry_restrictions(context, was, session.identity)
    context.effects.append(AccountOf(session.number, account.number))
    context.keep_session(session)


def _carry_restrictions(context: BatchContext, was: str, now: str) -> None:
    """What the guest was restricted by, the account is; where it is already, by what ends later."""
    rooms = context.state.rooms
    keys = [(kind, was) for kind in roles.KINDS]
    named = [name for name, each in rooms.items() if any(map(each.restrictions.__contains__, keys))]
    for room in (rooms[name] for name in named):
        for kind, who in [key for key in room.restrictions if key[1] == was]:
            mark = room.restrictions.pop((kind, who))
            there = room.restrictions.get((kind, now))
            if there is None or _end(there) < _end(mark):
                room.restrictions[kind, now] = replace(mark)
            context.rows["mark", room.name[0], kind, was] = None
            context.rows["mark", room.name[0], kind, now] = None


def _end(mark: Restricted) -> float:
    return mark.until or inf


def password(context: BatchContext, entry: Password) -> Outcome:
    """The account has another password, unless it has another one already."""
    account = context.state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", ("",))
    if account.version != entry.seen:
        return Refused("wrong-password")
    account.hash = entry.hash
    account.version += 1
    context.audit(entry.audit, "", account.nick[0])
    context.keep_account(account.number)
    return Done(account.version)


def appoint(context: BatchContext, entry: Appoint) -> Outcome:
    """An account is made an operator of the house, or no longer one."""
    check(roles.lacks(context, entry.by, None, Role.OPERATOR))
    account = context.state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", ("",))
    if entry.code:
        codes.use(context, entry.code)
    account.operator = entry.operator
    by = roles.nick_of(context.state, entry.by) if entry.by else account.nick[0]
    context.audit(entry.audit, "", by)
    context.keep_account(account.number)
    return Done()
