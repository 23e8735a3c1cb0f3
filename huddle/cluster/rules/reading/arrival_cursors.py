"""The cursors of those who have just come to a node: how far they had read before.

From the log on that a session is on a connection it has everything, as far as anybody can tell. But
its node may be lost before it has shown them what they missed: so where they were is kept until the
node's own batches say that it must have (`Life.served_until`), and counts where it is lost earlier,
or where they go on to another one before that.
"""

from __future__ import annotations

from huddle.cluster.entries import Attach
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.state import UNSURE_MS, ArrivalCursors, Life, Session, State

FROM_RULES = 2


def comes(context: BatchContext, entry: Attach) -> bool:
    """Whether the session comes to this life of its node by this entry, so that it may lack what
    was said meanwhile. It does where a node takes it back in another life; it does not where it has
    come to this life already, and is attached once more to say where from."""
    if context.state.rules < FROM_RULES:
        return not entry.was
    return entry.was != context.life


def note(context: BatchContext, session: Session) -> None:
    """Keep where the session was that comes to this node. To be called before anything of the
    session is changed."""
    state = context.state
    if state.rules < FROM_RULES:
        return
    rooms = {**had(state, session), **_known(session)}
    is_known = all(room in rooms for room in session.rooms)
    since = context.time if is_known else served_until(state, session)
    forget(state, session)
    state.lives[context.life].coming[session.number] = ArrivalCursors(context.time, since, rooms)


def forget(state: State, session: Session) -> None:
    """Keep no more where the session was when it came: its node has said itself what it has by now,
    or the session goes to another node."""
    life = state.lives.get(session.life)
    if life is not None:
        life.coming.pop(session.number, None)


def forget_shown(life: Life) -> list[int]:
    """Keep no more where those were whom this life has surely shown what they missed
    (`Life.served_until`): the sessions of these numbers."""
    until, shown = life.served_until(), []
    for number, there in life.coming.items():
        if there.at >= until:
            break
        shown.append(number)
    for number in shown:  # to ask anew for the first one passes over all that are gone
        del life.coming[number]
    return shown


def put_back(over: Life, session: Session) -> None:
    """The life that held the session is over, or the session in it: that is put back to where the
    life had surely shown it everything; and where it had just come, to where it was by then."""
    session.since = max(over.served_until(), 0)
    coming = over.coming.get(session.number)
    if coming is None:
        return
    session.since = max(min(session.since, coming.since), 0)
    for room, seq in session.rooms.items():
        if seq is None:
            session.rooms[room] = coming.rooms.get(room)


def had(state: State, session: Session) -> dict[str, int]:
    """By room the seq that a session had when it came to the node that holds it, if it has just
    come there and this is known."""
    coming = _coming(state, session)
    return {} if coming is None else coming.rooms


def served_until(state: State, session: Session) -> int:
    """A time by which everything had surely reached the session, where it is or was."""
    coming, life = _coming(state, session), state.lives.get(session.life)
    if coming is not None:
        return coming.since
    if session.since:
        return session.since
    if life is None or session.away or not session.here:
        return session.seen - UNSURE_MS
    return life.served_until()


def _coming(state: State, session: Session) -> ArrivalCursors | None:
    life = state.lives.get(session.life)
    return None if life is None else life.coming.get(session.number)


def _known(session: Session) -> dict[str, int]:
    return {room: seq for room, seq in session.rooms.items() if seq is not None}
