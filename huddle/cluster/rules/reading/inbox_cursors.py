"""Inbox cursors: from where on a session reads the inbox of its person, and how far it has.

An inbox is a stream of a session as its rooms are (`Session.rooms`), but begins by itself, with the
first message in it; and whoever comes is shown what waits in it. That a session reads it was known
to the log only once a node had said how far it was there: where all nodes crashed before that, what
had been read for days was shown again. By rules 4 it follows from what is said and from who comes,
so that the life's last batches tell how much of it is sure, as in rooms. Where it is not known that
a session reads its inbox, it is shown all that no device of its person has surely had.
"""

from __future__ import annotations

from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.rules.reading import arrival_cursors
from huddle.cluster.state import Inbox, Session

FROM_RULES = 4

_NONE = Inbox()


def begins(context: BatchContext, person: int) -> None:
    """Something was put into the inbox of the person. Where it is the first, those of their
    sessions that are on a connection read it from here on."""
    state = context.state
    if state.inboxes[state.inbox_of(person)].newest > 1 or state.rules < FROM_RULES:
        return
    for number in (person,) if person > 0 else state.accounts[-person].devices:
        session = state.sessions[number]
        if session.here and not session.away:
            _read_on(context, session)


def finds(context: BatchContext, session: Session) -> None:
    """The session has come to this inbox, for the first time. What waits in it is being shown on
    this node, which may be lost before it has done so."""
    is_here = session.life == context.life and not session.away
    if context.state.rules >= FROM_RULES and is_here:
        inbox = context.state.inbox_of(session.person)
        if inbox not in session.rooms and inbox in context.state.inboxes:
            arrival_cursors.note(context, session)


def is_shown(context: BatchContext, number: int) -> None:
    """What waited for the session where it came is surely shown by now."""
    session = context.state.sessions.get(number)
    if context.state.rules < FROM_RULES or session is None:
        return
    if context.state.inbox_of(session.person) in context.state.inboxes:
        _read_on(context, session)


def _read_on(context: BatchContext, session: Session) -> None:
    inbox = context.state.inbox_of(session.person)
    if inbox not in session.rooms:
        session.rooms[inbox] = None
        context.rows["session", session.number] = None


def settle(context: BatchContext, session: Session) -> None:
    """The node has said how far the session was that goes. Where it has not of the inbox, that was
    not shown there: the session is where it was when it came."""
    state, inbox = context.state, context.state.inbox_of(session.person)
    if state.rules >= FROM_RULES and session.rooms.get(inbox, 0) is None:
        had = arrival_cursors.had(state, session)
        session.rooms[inbox] = had.get(inbox, state.inboxes.get(inbox, _NONE).read)


def is_cut_off(context: BatchContext, session: Session) -> None:
    """The session is over where it is, and its node has not said how far it was. That one may never
    show it what it was given last: as if the node was lost, it is where that had surely shown it
    everything, or where it was when it came."""
    state = context.state
    if state.rules >= FROM_RULES and not session.away and None in session.rooms.values():
        arrival_cursors.put_back(state.lives[session.life], session)
