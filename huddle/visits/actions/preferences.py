"""Preferences: whom a session does not want to hear, and how things are shown to it."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.people.sessions import Account
from huddle.protocol.answers import Answer, Aside, Ignoring
from huddle.protocol.errors import HuddleError, NobodyThere, NotRecorded, TooMany
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Ignore
from huddle.record import session_identity
from huddle.visits.actions.caller import Caller
from huddle.visits.view import SetPreference


async def ignore(caller: Caller, request: Ignore) -> Answer:
    """Hear nothing more of a person, whatever they are called, or hear them again.

    Raises `NobodyThere`, `TooMany`, and `NotRecorded`, when nothing has changed.
    """
    session, limits = caller.session, caller.huddle.limits
    if request.nick is not None:
        ignores = _without(session.ignores, caller, request.nick)
        if request.on:
            ignores = (*ignores, _person(caller, request.nick))
        elif len(ignores) == len(session.ignores):
            raise NobodyThere(request.nick)
        if len(ignores) > limits.ignores:
            raise TooMany("ignores", limits.ignores)
        await _keep_ignores(caller, ignores)
    return Ignoring(tuple(nick for _, nick in session.ignores), id=request.id)


async def _keep_ignores(caller: Caller, ignores: tuple[tuple[str, str], ...]) -> None:
    session, before = caller.session, caller.session.ignores
    session.ignores = ignores
    caller.view.refresh()
    try:
        await caller.huddle.saving.keep(session)
    except HuddleError:
        if session.ignores is ignores:  # on another node they may be others by now
            session.ignores = before
            if session.attendance is not None:  # it may be on another connection, too
                session.attendance.shows_anew()
        raise


def _person(caller: Caller, nick: str) -> tuple[str, str]:
    meant = caller.huddle.registry.meant(nick)
    if meant is None or meant.identity == caller.session.identity:
        raise NobodyThere(nick)
    return meant.identity, meant.nick


def _without(
    ignores: Sequence[tuple[str, str]], caller: Caller, nick: str
) -> tuple[tuple[str, str], ...]:
    """The caller's ignores without the one who is, or was, called by this nick."""
    meant = caller.huddle.registry.meant(nick)
    identities = set() if meant is None else {meant.identity}
    if isinstance(meant, Account):  # they may be ignored since before they registered
        identities.update(map(session_identity, meant.sessions))
    key = folded_key(nick)
    return tuple(
        (who, called)
        for who, called in ignores
        if who not in identities and folded_key(called) != key
    )


async def prefer(caller: Caller, request: SetPreference) -> Answer | None:
    """Have things shown in another way, also when the person comes back.

    Where that cannot be kept now it holds on this connection, and the person is told that; it is
    kept with what is kept next.
    """
    answer = caller.view.prefer(request)
    if caller.view.traits.types:
        try:
            await caller.huddle.saving.keep(caller.session)
        except NotRecorded:
            caller.outlet.answer(answer, Aside.NOT_KEPT)
            return None
    return answer
