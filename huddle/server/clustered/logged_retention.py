"""Retention by the log: what is too old goes on all nodes behind the same entry.

Every node asks as on one machine; the one that does for all what one has to do puts it into the
log, and each then has its own record delete it. A record that does not believe the clock deletes
nothing, on its node.
"""

from __future__ import annotations

from twisted.logger import Logger

from huddle.cluster.effects import Forgotten, Retained
from huddle.cluster.entries import Retain
from huddle.cluster.state import State
from huddle.record import Record, RecordFailure
from huddle.record.retention import ClockJumped
from huddle.server.clustered.link import Link

_log = Logger()


async def retain(link: Link, now: int) -> int:
    """Have all nodes delete what is older than the house keeps, or beyond so many in its room, if
    it is for this one to say so. Returns 0: each deletes from its own record, and later."""
    keep_ms, messages = link.state.keeps
    if (keep_ms or messages) and _is_for_this_one(link):
        await link.ask(Retain(max(now - keep_ms, 0) if keep_ms else 0, messages))
    return 0


async def retain_sessions(link: Link, most: int) -> int:
    """Have all nodes forget those that left first, but for so many. Returns 0, as `retain`."""
    if left(link.state) > most and _is_for_this_one(link):
        await link.ask(Retain(sessions=most))
    return 0


def left(state: State) -> int:
    """How many sessions are known that have left."""
    return len(state.sessions) - state.present


def _is_for_this_one(link: Link) -> bool:
    return link.state.lowest_life() == link.node.life


async def delete(
    kept: Record, effect: Retained | Forgotten, keep_ms: int, most_sessions: int
) -> None:
    """Have one node's record delete what this effect says, which may take minutes. The house keeps
    messages for ``keep_ms``, and ``most_sessions`` of those that have left. It raises nothing: what
    is not deleted now is so with what is old the next time."""
    try:
        if isinstance(effect, Retained):
            age = keep_ms if effect.before else None
            await kept.forget(age, effect.messages or None, effect.before + keep_ms)
        else:
            await kept.forget_sessions(0, most_sessions)
    except (ClockJumped, RecordFailure) as trouble:
        _log.warn("What is old is not deleted here now: {trouble}", trouble=repr(trouble))
    except Exception:
        _log.failure("What is old is not deleted here now")
