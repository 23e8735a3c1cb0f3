"""Look-alikes: a ban or a mute of a nick is one of every nick that looks like it.

Which do so is computed where it was asked (`huddle.cluster.naming`), and comes with the entry by
rules 3: nodes judged it by themselves before, and who took such a nick on one of them while the ban
was on its way from another had it. What was set by older rules is known by its very nick alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from huddle.cluster.state import Name, Room, State

_KINDS = "ban", "mute"
"""The kinds of restrictions that are looked for by a nick."""


def note(state: State, room: Room, kind: str, who: str, keys: tuple[str, ...]) -> None:
    """This restriction is on a nick that has these keys; where there are none, on no nick."""
    forget(state, room, kind, who)
    if keys and kind in _KINDS:
        room.nicks[kind, who] = keys
        list_it(state, room, kind, who, keys)


def list_it(state: State, room: Room, kind: str, who: str, keys: tuple[str, ...]) -> None:
    """Have it found by each of the keys."""
    for key in keys:
        state.alike.setdefault((room.name[0], kind, key), {})[who] = None


def forget(state: State, room: Room, kind: str, who: str) -> None:
    """This restriction holds no more; nothing happens where it was on no nick."""
    for key in room.nicks.pop((kind, who), ()):
        place = room.name[0], kind, key
        del state.alike[place][who]
        if not state.alike[place]:
            del state.alike[place]


def targets(state: State, room: Room, kind: str, nick: Name) -> Iterator[str]:
    """The targets of such restrictions on that nick, in whatever case, and then those on one that
    looks like it; they may have ended."""
    yield f"nick:{nick[1]}"
    if room.nicks:
        for key in nick[1:]:
            yield from state.alike.get((room.name[0], kind, key), ())
