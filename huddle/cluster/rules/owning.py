"""Accounts: nicks that belong to one person for good. And what the house lets go of in time."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from huddle.cluster.effects import (
    AccountOf,
    Done,
    Forgotten,
    Left,
    Outcome,
    Refused,
    Renamed,
    Retained,
)
from huddle.cluster.entries import Appoint, Login, Password, Register, Retain
from huddle.cluster.rules import codes, names, roles, seating, shares
from huddle.cluster.rules.holding import forget_word
from huddle.cluster.rules.turn import Turn
from huddle.cluster.state import KEPT, Account, Inbox, Restricted, Session
from huddle.protocol.events import INBOX
from huddle.protocol.permissions import Role
from huddle.record import account_identity, session_identity

KEPT_FROM_RULES = 3
"""By these rules and later ones no ban keeps out who logs in to the account of an operator of the
house."""

# -- accounts ----------------------------------------------------------------------------------


def register(turn: Turn, entry: Register) -> Outcome:
    """A nick is an account's: the doer's own, or one that an operator makes for another."""
    state = turn.state
    session = state.sessions.get(entry.by)
    refused = _cannot_register(turn, entry, session)
    if refused is not None:
        return refused
    state.last_account += 1
    number = state.last_account
    own = session if entry.own else None
    inbox = f"{INBOX}a{number}" if own is None else state.inbox_of(own.number)
    account = Account(number, entry.nick, entry.hash, inbox=inbox, time=turn.time)
    state.accounts[number] = account
    state.by_inbox[inbox] = number
    names.give_up(state.names, entry.nick, KEPT if own is None else own.number)
    names.take_nick(state, entry.nick, -number)
    if own is not None:
        account.operator = own.in_charge
        account.read = state.inboxes.get(inbox, _NONE).read
        _belong(turn, own, account)
    turn.audit(entry.audit, "", roles.nick_of(state, entry.by))
    turn.keep_account(number)
    return Done(number)


_NONE = Inbox()


def _cannot_register(turn: Turn, entry: Register, session: Session | None) -> Refused | None:
    state = turn.state
    if len(state.accounts) >= state.limits.accounts:
        return Refused("too-many", ("accounts", state.limits.accounts))
    if entry.own:
        if session is None or not session.here or session.account:
            return Refused("already-registered")
        is_its_own = session.life == turn.life and session.nick == entry.nick
        return None if is_its_own else Refused("already-registered")
    refused = roles.lacks(turn, entry.by, None, Role.OPERATOR)
    if refused is not None:
        return refused
    if state.names.get(entry.nick[1], KEPT) < KEPT:
        return Refused("already-registered")
    free = names.is_free(state.names, entry.nick, KEPT)
    return None if free else Refused("nick-taken", (entry.nick[0],))


def login(turn: Turn, entry: Login) -> Outcome:
    """A guest's session is the account's, with its nick and its inbox."""
    state, session = turn.state, turn.state.sessions.get(entry.session)
    if session is None or not session.here or session.account:
        return Refused("already-registered")
    if session.life != turn.life and not entry.coming:
        return Refused("already-registered")
    account = state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", ("",))
    if account.version != entry.version:
        return Refused("wrong-password")
    identity = account_identity(account.number)
    is_kept = state.rules >= KEPT_FROM_RULES and account.nick[1] in state.kept
    for name in () if is_kept else seating.seats(session):
        banned = roles.ban_on(turn, state.rooms[name], identity, account.nick)
        if banned is not None:
            return banned
    if session.in_charge and not account.operator:
        account.operator = True
        turn.keep_account(account.number)
    names.give_up_nick(state, session.nick, session.number)
    _belong(turn, session, account)
    return Done(account.number)


def _belong(turn: Turn, session: Session, account: Account) -> None:
    """The session is one of the account's devices; rooms count people, and it is another person."""
    old = session.nick[0]
    rooms = [turn.state.rooms[name] for name in seating.seats(session)]
    was = session_identity(session.number)
    session.rooms.pop(turn.state.inbox_of(session.number), None)
    for room in rooms:
        del room.people[session.number]
    forget_word(turn, session)
    session.account, session.version, session.nick = account.number, account.version, account.nick
    account.devices[session.number] = None
    for room in rooms:
        devices = room.people.get(-account.number, 0)
        room.people[-account.number] = devices + 1
        name, new = room.name[0], account.nick[0]
        if devices:
            turn.effects.append(Left(name, old, session.number, len(room.people)))
        elif old != new:
            turn.effects.append(Renamed(name, old, new, session.number))
    _carry_restrictions(turn, was, session.identity)
    turn.effects.append(AccountOf(session.number, account.number))
    turn.keep_session(session)


def _carry_restrictions(turn: Turn, was: str, now: str) -> None:
    """What the guest was restricted by, the account is; where it is already, by what ends later."""
    rooms = turn.state.rooms
    keys = [(kind, was) for kind in roles.KINDS]
    named = [name for name, each in rooms.items() if any(map(each.restrictions.__contains__, keys))]
    for room in (rooms[name] for name in named):
        for kind, who in [key for key in room.restrictions if key[1] == was]:
            mark = room.restrictions.pop((kind, who))
            there = room.restrictions.get((kind, now))
            if there is None or _end(there) < _end(mark):
                room.restrictions[kind, now] = replace(mark)
            turn.rows["mark", room.name[0], kind, was] = None
            turn.rows["mark", room.name[0], kind, now] = None


def _end(mark: Restricted) -> float:
    return mark.until or inf


def password(turn: Turn, entry: Password) -> Outcome:
    """The account has another password, unless it has another one already."""
    account = turn.state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", ("",))
    if account.version != entry.seen:
        return Refused("wrong-password")
    account.hash = entry.hash
    account.version += 1
    turn.audit(entry.audit, "", account.nick[0])
    turn.keep_account(account.number)
    return Done(account.version)


def appoint(turn: Turn, entry: Appoint) -> Outcome:
    """An account is made an operator of the house, or no longer one."""
    refused = roles.lacks(turn, entry.by, None, Role.OPERATOR)
    account = turn.state.accounts.get(entry.account)
    if refused is not None or account is None:
        return refused or Refused("not-registered", ("",))
    refused = codes.use(turn, entry.code) if entry.code else None
    if refused is not None:
        return refused
    account.operator = entry.operator
    by = roles.nick_of(turn.state, entry.by) if entry.by else account.nick[0]
    turn.audit(entry.audit, "", by)
    turn.keep_account(account.number)
    return Done()


# -- retention ---------------------------------------------------------------------------------


def retain(turn: Turn, entry: Retain) -> Outcome:
    """Old messages go, and the sessions that left long ago. Which these are is the same for all."""
    state = turn.state
    if entry.before > turn.time or entry.left_before > turn.time:
        return Refused("bad-field", ("before",))
    if entry.before or entry.messages:
        turn.effects.append(Retained(entry.before, entry.messages))
    gone = (each for each in state.sessions.values() if not each.here)
    left = sorted((0 if each.spare else each.seen, each.number) for each in gone)
    beyond = len(left) - entry.sessions if entry.sessions else 0
    going = [
        number
        for place, (seen, number) in enumerate(left)
        if place < beyond or seen < entry.left_before
    ]
    for number in going:
        _forget(turn, state.sessions.pop(number))
    if going:
        turn.effects.append(Forgotten(tuple(going)))
    return Done(len(going))


def _forget(turn: Turn, session: Session) -> None:
    forget_word(turn, session)
    shares.forget(turn.state, session)
    turn.state.by_key.pop(session.key, None)
    inbox = turn.state.inbox_of(session.number)
    if not session.account or turn.state.accounts[session.account].inbox != inbox:
        turn.state.inboxes.pop(inbox, None)
