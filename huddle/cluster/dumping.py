"""Dumping: the bytes of a state, made a little at a time while the log goes on.

The dump of a house that knows 20,000 sessions takes the better part of a second, in which a node
could tell nothing. So it is made in slices, a few objects in each, between which batches are
applied; and it is of the state as it was when it began, to the byte. For that the mappings with
most of the state in them are watched: what is taken out of one by its key, to be changed, is
written first if it has not been yet. What goes through all of one with ``values`` or ``items``
looks, and changes nothing (`huddle.cluster.state`).
"""

from __future__ import annotations

from typing import Any, TypeVar

from typing_extensions import override

from huddle.cluster.snapshot import PARTS, VERSION, plain, written
from huddle.cluster.state import State

SLICE = 64
"""Objects that are written at a time: some 2 ms, where they are sessions."""

_WATCHED = ("sessions", "accounts", "rooms", "inboxes")

K = TypeVar("K")
V = TypeVar("V")


class Watched(dict[K, V]):
    """A mapping that has what was in it at the beginning written before it can be changed."""

    def __init__(self, objects: dict[K, V]) -> None:
        super().__init__(objects)
        self._texts: dict[K, str] = dict.fromkeys(objects, "")
        self._left = iter(list(objects))
        self.writes = 0
        """How many were written so far."""

    def write(self, most: int) -> int:
        """Write so many more at the most; returns how many of them are not."""
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
        return f"[{','.join(self._texts.values())}]"

    def _write(self, key: K) -> None:
        if self._texts.get(key) == "":
            self._texts[key] = written([plain(key), plain(super().__getitem__(key))])
            self.writes += 1

    @override
    def __getitem__(self, key: K) -> V:
        self._write(key)
        return super().__getitem__(key)

    @override
    def get(self, key: K, default: Any = None) -> Any:
        self._write(key)
        return super().get(key, default)

    @override
    def setdefault(self, key: K, default: Any = None) -> V:
        self._write(key)
        return super().setdefault(key, default)

    @override
    def __setitem__(self, key: K, value: V) -> None:
        self._write(key)
        super().__setitem__(key, value)

    @override
    def __delitem__(self, key: K) -> None:
        self._write(key)
        super().__delitem__(key)

    @override
    def pop(self, key: K, *default: Any) -> Any:
        self._write(key)
        return super().pop(key, *default)


class Dumping:
    """One dump of a state, from now on: `go_on` until it is done, and `end` in any case."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._watched: dict[str, Watched[Any, Any]] = {}
        self._texts: dict[str, str] = {}
        for name in PARTS:
            if name in _WATCHED:
                self._watched[name] = watched = Watched(getattr(state, name))
                setattr(state, name, watched)
                self._texts[name] = ""
            else:
                self._texts[name] = written(plain(getattr(state, name)))

    @property
    def writes(self) -> int:
        """How many objects were written so far."""
        return sum(each.writes for each in self._watched.values())

    def go_on(self) -> bytes | None:
        """Write a slice more; gives the bytes that `huddle.cluster.snapshot.dump` gave when this
        began, as soon as that was the last one."""
        most = SLICE
        for watched in self._watched.values():
            most = watched.write(most)
            if not most:
                return None
        for name, watched in self._watched.items():
            self._texts[name] = watched.text()
        self.end()
        parts = ",".join([f'"{name}":{text}' for name, text in self._texts.items()])
        return f'{{"v":{VERSION},"state":{{{parts}}}}}'.encode()

    def end(self) -> None:
        """The state is watched no more."""
        for name, watched in self._watched.items():
            if getattr(self._state, name) is watched:
                setattr(self._state, name, dict(watched))
