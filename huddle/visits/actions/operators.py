"""Operators: making one, and what only they may know."""

from __future__ import annotations

from huddle.people.sessions import Session
from huddle.protocol.answers import Act, Answer, AuditList, Done, Standing, StandingIs, WhoIs
from huddle.protocol.errors import NotAllowed, NotReadable, NotRecorded, NotRegistered
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.requests import Audit, MakeOperator, WhoIsIt
from huddle.record.trouble import failing_as
from huddle.visits.actions.caller import Caller
from huddle.visits.actions.targets import check_target, meant, sessions_of


async def operator(caller: Caller, request: MakeOperator) -> Answer:
    """An account may do what operators may, or no more.

    An account that the house appoints (``--op``) stays one. Raises `NotRegistered`, `NotAllowed`,
    `Oneself` when the caller would step down, and `NotRecorded`.
    """
    account = caller.huddle.registry.accounts.named(request.nick)
    if account is None or not account.number:
        raise NotRegistered(request.nick)
    if not request.on:
        check_target(caller, account, caller.huddle.room(FIRST_ROOM))
        if account.appointed:
            raise NotAllowed
    before, account.operator = account.operator, request.on
    act = "op" if request.on else "deop"
    try:
        await caller.huddle.saving.save(account.row, caller.audited(None, act, account.nick))
    except NotRecorded:
        account.operator = before
        # What was kept of it meanwhile knew otherwise.
        caller.huddle.saving.save_quietly(account.row)
        raise
    standing = Standing.OPERATOR if request.on else Standing.NO_OPERATOR
    for session in account.sessions.values():
        told = StandingIs(FIRST_ROOM, standing, caller.session.nick)
        caller.huddle.replies.inform(session, told)
    return Done(request.id)


def whois(caller: Caller, request: WhoIsIt) -> Answer:
    """What is known of a person, where they come from included. Raises `NobodyThere`."""
    owner = meant(caller, request.nick)
    sessions = sessions_of(caller, owner)
    return WhoIs(
        owner.nick,
        "" if isinstance(owner, Session) and owner.account is None else owner.nick,
        tuple(sorted({session.host for session in sessions if session.host})),
        tuple(sorted({name for session in sessions for name in session.seats})),
        all(session.away for session in sessions),
        not isinstance(owner, Session) and owner.is_operator,
        request.id,
    )


async def audit(caller: Caller, request: Audit) -> Answer:
    """The last acts of moderation. Raises `NotReadable`."""
    limits = caller.huddle.limits
    count = min(request.limit or limits.audit_shown, limits.history)
    with failing_as(NotReadable):
        entries = await caller.huddle.record.audit(count)
    acts = tuple(Act(e.time, e.room, e.act, e.by, e.target, e.detail) for e in entries)
    return AuditList(acts, request.id)
