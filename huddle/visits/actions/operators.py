"""Operators: making one, and what only they may know."""

from __future__ import annotations

from collections.abc import Callable

from huddle.people.registry import sessions_of
from huddle.people.return_word_guesses import Guess
from huddle.people.sessions import Session
from huddle.protocol.answers import (
    Act,
    Answer,
    AuditList,
    Done,
    NodeList,
    Standing,
    StandingIs,
    WhoIs,
)
from huddle.protocol.errors import (
    HuddleError,
    NotAllowed,
    NotReadable,
    NotRecorded,
    NotRegistered,
    WrongCode,
)
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.requests import Audit, MakeOperator, Nodes, TakeCharge, WhoIsIt
from huddle.record.errors import failing_as
from huddle.visits.account_login import changing
from huddle.visits.actions.caller import Caller


async def operator(caller: Caller, request: MakeOperator) -> Answer:
    """An account may do what operators may, or no more.

    An account that the house appoints (``--op``) stays one. Raises `NotRegistered`, `NotAllowed`,
    `Oneself` when the caller would step down, and `NotRecorded`.
    """
    account = caller.huddle.registry.accounts.named(request.nick)
    if account is None or not account.number:
        raise NotRegistered(request.nick)
    if not request.on:
        caller.check_target(account, caller.huddle.room(FIRST_ROOM))
        if account.appointed:
            raise NotAllowed("house")
    saving, by = caller.huddle.saving, caller.session.number
    act = caller.audited(None, "op" if request.on else "deop", account.nick)
    with changing(saving, account, operator=request.on):
        await saving.save(account.row, act, by=by)
    standing = Standing.OPERATOR if request.on else Standing.NO_OPERATOR
    for session in account.sessions.values():
        told = StandingIs(FIRST_ROOM, standing, caller.session.nick)
        caller.huddle.replies.inform(session, told)
    return Done(id=request.id)


async def charge(caller: Caller, request: TakeCharge) -> Answer | None:
    """The caller is an operator, by the operators' code, which is used up.

    A guest is one as long as the session lasts; the account that the guest then registers, or logs
    in to, is one for good. Raises `WrongCode`, `TooManyTries` and `NotRecorded`.
    """
    session = caller.session
    give_back = _taken(caller, request.code)
    account, act = session.account, caller.audited(None, "operator", session.nick)
    session.in_charge = True
    try:
        if account is None:
            await caller.huddle.saving.save(act)
        else:
            with changing(caller.huddle.saving, account, operator=True):
                await caller.huddle.saving.save(account.row, act)
    except HuddleError:
        session.in_charge = False
        give_back()
        raise
    standing = Standing.ACTING if account is None else Standing.OPERATOR
    caller.huddle.replies.inform(session, StandingIs(FIRST_ROOM, standing, ""))
    return caller.seen(request.id)


def _taken(caller: Caller, code: str) -> Callable[[], None]:
    """Use the code up. Guesses are limited as those of return words are, and together with them."""
    guess = Guess(caller.address, ("charge", caller.session.number))
    settle = caller.house.authentication.return_word_guesses.begin(guess)
    give_back = None
    try:
        give_back = caller.house.code.take(code)
    except OSError:
        raise NotRecorded from None
    finally:
        settle(give_back is not None)
    if give_back is None:
        raise WrongCode
    return give_back


def whois(caller: Caller, request: WhoIsIt) -> Answer:
    """What is known of a person, where they come from included. Raises `NobodyThere`."""
    owner = caller.meant(request.nick)
    sessions = sessions_of(owner)
    return WhoIs(
        owner.nick,
        "" if isinstance(owner, Session) and owner.account is None else owner.nick,
        tuple(sorted({session.host for session in sessions if session.host})),
        tuple(sorted({name for session in sessions for name in session.seats})),
        all(session.away for session in sessions),
        owner.is_operator,
        id=request.id,
    )


async def audit(caller: Caller, request: Audit) -> Answer:
    """The last acts of moderation. Raises `NotReadable`."""
    limits = caller.huddle.limits
    count = min(request.limit or limits.audit_shown, limits.history)
    with failing_as(NotReadable):
        entries = await caller.huddle.record.audit(count)
    acts = tuple(Act(e.time, e.room, e.act, e.by, e.target, e.detail) for e in entries)
    return AuditList(acts, id=request.id)


def nodes(caller: Caller, request: Nodes) -> Answer:
    """The servers of the house, as far as this one knows."""
    return NodeList(caller.house.nodes(), id=request.id)
