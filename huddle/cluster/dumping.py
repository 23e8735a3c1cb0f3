"""Dumping: the bytes of a state, made a little at a time while the log goes on.

The dump of a house that knows 20,000 sessions takes the better part of a second, in which a node
could tell nothing. So it is made in slices, a few objects in each, between which batches are
applied; and it is of the state as it was when it began, to the byte. For that the mappings with
most of the state in them are watched: what is taken out of one by its key, to be changed, is
written first if it has not been yet. What goes through all of one with ``values`` or ``items``
looks, and changes nothing (`huddle.cluster.state`). Who has just come to a node (`Life.coming`) is
written so, too, since all come at once where a node is lost; what is noted of each never changes.
In one room everybody may be: so the mappings of a room that is to be changed are copied, which
takes a hundredth of the time that writing them does, and the copies are written a little at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import islice
from typing import Any, TypeVar

from typing_extensions import override

from huddle.cluster.snapshot import PARTS, VERSION, plain, written
from huddle.cluster.state import Life, Room, State

SLICE = 64
"""Objects that are written at a time: some 2 ms, where they are sessions."""

RUN = 8
"""Members of a room, or restrictions in it, that count as one object."""

K = TypeVar("K")
V = TypeVar("V")


def _written_first(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a mapping, which writes what is at the key before anything becomes of it."""

    def watched(self: Watched[Any, Any], key: Any, *given: Any) -> Any:
        self._write(key)
        return method(self, key, *given)

    return watched


class Watched(dict[K, V]):
    """A mapping that has what was in it at the beginning written before it can be changed."""

    def __init__(self, objects: dict[K, V]) -> None:
        super().__init__(objects)
        self._texts: dict[K, str] = dict.fromkeys(objects, "")
        self._left = iter(list(objects))
        self.writes = 0
        """How many were written so far."""

    def write(self, most: int) -> int:
        """Write at most so many objects more; returns how many fewer it wrote, as none was left."""
        for key in self._left:
            if not most:
                self._left = iter([key, *self._left])
                break
            if not self._texts[key]:
                self._write(key)
                most -= 1
        return most

    def text(self) -> str:
        """All of it, once everything is written."""
        return _listed(self._texts.values())

    def _write(self, key: K) -> None:
        if self._texts.get(key) == "":
            self._texts[key] = written([plain(key), plain(super().__getitem__(key))])
            self.writes += 1

    __getitem__ = _written_first(dict.__getitem__)
    get = _written_first(dict.get)
    setdefault = _written_first(dict.setdefault)
    __setitem__ = _written_first(dict.__setitem__)
    __delitem__ = _written_first(dict.__delitem__)
    pop = _written_first(dict.pop)


class Rooms(Watched[str, Room]):
    """The rooms. Before one can be changed it is copied, and the copy is written."""

    def __init__(self, rooms: dict[str, Room]) -> None:
        super().__init__(rooms)
        self._copies: dict[str, Copy] = {}
        self._begun: list[Copy] = []
        """Those of which something is still to be written."""

    @override
    def write(self, most: int) -> int:
        while most:
            if self._begun:
                most -= self._write_run()
            elif (name := next(self._left, None)) is not None:
                most -= self._begin(name)
            else:
                break
        return most

    def _write_run(self) -> bool:
        """Write a run more of the room that was begun last; tells whether any of it was left."""
        is_written = self._begun[-1].write()
        self.writes += is_written
        if not is_written:
            self._begun.pop()
        return is_written

    @override
    def text(self) -> str:
        return _copied({name: self._copies[name] for name in self._texts})

    @override
    def _write(self, key: str) -> None:
        if key in self._texts:
            self._begin(key)

    def _begin(self, name: str) -> bool:
        """Copy a room, unless that was done already; tells whether it was not."""
        if name in self._copies:
            return False
        self._copies[name] = copy = Copy(dict.__getitem__(self, name), RUN)
        self._begun.append(copy)
        self.writes += 1
        return True


class Copy:
    """A room or a life as it is at the beginning: what is in its mappings is written later, ``run``
    items at a time."""

    def __init__(self, original: Room | Life, run: int) -> None:
        self._run = run
        self._fields: list[list[str] | str] = []
        self._left: list[tuple[list[str], Iterator[tuple[Any, Any]]]] = []
        for each in fields(original):
            value = getattr(original, each.name)
            if isinstance(value, dict):
                texts: list[str] = []
                self._fields.append(texts)
                self._left.append((texts, iter(dict(value).items())))
            else:
                self._fields.append(written(plain(value)))

    def write(self) -> bool:
        """Write a run more of its mappings; tells whether any was left."""
        while self._left:
            texts, items = self._left[-1]
            if run := list(islice(items, self._run)):
                pairs = [[plain(key), plain(value)] for key, value in run]
                texts.append(written(pairs)[1:-1])
                return True
            self._left.pop()
        return False

    def text(self) -> str:
        """All of it, once everything is written."""
        return _listed([each if isinstance(each, str) else _listed(each) for each in self._fields])


class Lives:
    """The lives as they are at the beginning; what is in the mappings of each is written later."""

    def __init__(self, lives: Mapping[str, Life]) -> None:
        self._copies = {life: Copy(each, 1) for life, each in lives.items()}
        self.writes = 0

    def write(self, most: int) -> int:
        """Write at most so many more of what is in those, as `Watched.write` does."""
        for copy in self._copies.values():
            while most and copy.write():
                self.writes += 1
                most -= 1
        return most

    def text(self) -> str:
        """All of it, once everything is written."""
        return _copied(self._copies)


def _copied(copies: Mapping[str, Copy]) -> str:
    return _listed([_listed((written(name), copy.text())) for name, copy in copies.items()])


def _listed(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"


_WATCHED = {"sessions": Watched, "accounts": Watched, "rooms": Rooms, "inboxes": Watched}


class Dumping:
    """One dump of a state, from now on: `go_on` until it is done, and `end` in any case."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._watched: dict[str, Watched[Any, Any]] = {}
        for name, kind in _WATCHED.items():
            self._watched[name] = watched = kind(getattr(state, name))
            setattr(state, name, watched)
        self._parts: dict[str, Watched[Any, Any] | Lives] = {
            "lives": Lives(state.lives),
            **self._watched,
        }
        """The fields of the state that are written a little at a time."""
        at_once = [name for name in PARTS if name not in self._parts]
        self._texts = {name: written(plain(getattr(state, name))) for name in at_once}

    @property
    def writes(self) -> int:
        """How many objects were written so far."""
        return sum(each.writes for each in self._parts.values())

    def go_on(self) -> bytes | None:
        """Write a slice more; gives the bytes that `huddle.cluster.snapshot.dump` gave when this
        began, as soon as that was the last one."""
        most = SLICE
        for part in self._parts.values():
            most = part.write(most)
            if not most:
                return None
        for name, part in self._parts.items():
            self._texts[name] = part.text()
        self.end()
        parts = ",".join([f'"{name}":{self._texts[name]}' for name in PARTS])
        return f'{{"v":{VERSION},"state":{{{parts}}}}}'.encode()

    def end(self) -> None:
        """Watch the state no more. To be called also where the dump was not made to its end."""
        for name, watched in self._watched.items():
            if getattr(self._state, name) is watched:
                setattr(self._state, name, dict(watched))
