"""A later version of Huddle, for tests: one that knows higher rules, by which entries come to more.

    python -m tests.cluster.later_version -n --pidfile= huddle …

starts `twistd` with what follows. By its rules the topic of the first room is what was said last
under a number that ends in 0, what is said ``loud`` is in capitals, and there is an entry `Paint`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from huddle.cluster import apply, batches, entries
from huddle.cluster.effects import Changed, Done, Outcome, Placed
from huddle.cluster.forms import Remark
from huddle.cluster.rules import speaking
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.rules.upgrades import KNOWN_RULES
from huddle.protocol.codec import asked, dataclass
from huddle.protocol.events import FIRST_ROOM
from huddle.protocol.fields import Count

RULES = KNOWN_RULES + 1


@dataclass(frozen=True, slots=True)
class Paint:
    """An entry that older nodes do not know."""

    session: Count
    colour: Remark


@dataclass(frozen=True, slots=True)
class Say(entries.Say):
    """One that has a field which older nodes do not know."""

    loud: bool = False


def paint(context: BatchContext, entry: Paint) -> Outcome:
    _change_topic(context, entry.colour)
    return Done()


def say(context: BatchContext, entry: Say) -> Outcome:
    """What older nodes do know comes to something else."""
    if entry.loud:
        entry = replace(entry, text=entry.text.upper())
    outcome = speaking.say(context, entry)
    is_tenth = isinstance(outcome, Placed) and outcome.seq % 10 == 0
    if is_tenth and entry.room == FIRST_ROOM and context.state.rules >= RULES:
        _change_topic(context, entry.text)
    return outcome


def _change_topic(context: BatchContext, topic: str) -> None:
    context.state.rooms[FIRST_ROOM].topic = topic
    context.effects.append(Changed(FIRST_ROOM, "", "topic", topic, 0))
    context.keep_room(FIRST_ROOM)


def register(put: Callable[[Any, Any, Any], object]) -> None:
    """Have it known to this process; ``put`` has a mapping have this under that key."""
    known: list[tuple[Any, Any]] = [(Paint, paint), (Say, say)]
    for cls, rule in known:
        name = cls.__name__.lower()
        put(entries.NAMES, name, cls)
        put(batches._READERS, name, asked(cls))
        put(apply.RULES, cls, rule)
    put(entries.SINCE, "paint", RULES)
    put(entries.FIELDS_SINCE, "say", {"loud": RULES})


LAUNCHER = [sys.executable, "-m", "tests.cluster.later_version"]
"""What stands in the place of ``twistd``."""

if __name__ == "__main__":
    from twisted.scripts.twistd import run

    from huddle.server.clustered import clustered

    register(dict.__setitem__)
    vars(clustered)["KNOWN_RULES"] = RULES
    run()
