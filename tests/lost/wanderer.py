"""A person with `nc` in a crowd, sans I/O: types lines, reads them, comes back by ``/back``.

What is typed is acknowledged by nothing: who loses the connection does not type it again. A word
that was changed in the very moment in which the connection was lost is unknown; then the person
comes in anew, under another nick, and that is another stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from tests.lost.program import Program
from tests.lost.server import Row

WORD = re.compile(r"-- your return word: (\S+)")
LINE = re.compile(r"(?P<time>\d\d:\d\d )?<(?P<nick>[^>]+)> (?P<text>.*)")
TURNED_AWAY = ("opens nothing", "is taken", "is kept for", "Not a nick")


@dataclass
class Stay:
    """All that was read under one nick: who said what, and whether it was shown with its time."""

    nick: str
    told: list[tuple[str, str, bool]] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)


class Wanderer(Program):
    """What one person types and reads. It has the wire of a program, and none of its cares."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.stays = [Stay(name)]
        self._word = ""

    @override
    def hello(self) -> bytes:
        """What is typed first on a connection."""
        self.welcomed = self.turned_away = False
        return f"/back {self.nick} {self._word}\n".encode() if self._word else _line(self.nick)

    @override
    def say(self, texts: Iterable[str]) -> bytes:
        """Type these."""
        typed = list(texts)
        self.said += typed
        return b"".join(map(_line, typed))

    @override
    def say_again(self) -> bytes:
        """Nothing: it cannot be known what was recorded."""
        return b""

    @override
    def hear(self, line: bytes) -> None:
        """Read one line."""
        text = line.decode()
        if found := WORD.match(text):
            self._word, self.welcomed = found[1], True
        elif found := LINE.fullmatch(text):
            self.stays[-1].told.append((found["nick"], found["text"], found["time"] is not None))
            self.stays[-1].texts.add(found["text"])
        elif not self.welcomed and any(sign in text for sign in TURNED_AWAY):
            self.nick = f"{self.name}-{len(self.stays)}"
            self.stays.append(Stay(self.nick))
            self._word, self.turned_away = "", True

    @override
    def has_heard(self) -> int:
        """How many lines it was shown."""
        return sum(len(stay.told) for stay in self.stays)

    def has_read(self, text: str) -> bool:
        """Whether that was shown, or typed, in this stay."""
        return text in self.stays[-1].texts

    def faults(self, rows: Sequence[Row], end: int) -> Iterator[str]:
        """What is wrong, in words that name the kind of it first. All up to the seq ``end`` has
        been given out."""
        by_text = {row.text: row for row in rows}
        for stay in self.stays:
            seqs: dict[int, None] = {}
            for nick, text, timed in stay.told:
                row = by_text.get(text)
                if row is None or row.nick != nick:
                    yield f"{stay.nick}: read what nobody said: {nick}: {text}"
                elif row.seq in seqs and not timed:
                    yield f"{stay.nick}: read twice: {text}"
                elif nick != stay.nick:
                    seqs[row.seq] = None
            first = next(iter(seqs), end)
            read = [seq for seq in seqs if seq >= first]  # by /back some from before may be shown
            if read != sorted(read):
                yield f"{stay.nick}: read in another order"
            last = end if stay is self.stays[-1] else max(seqs, default=0)
            wanted = {row.seq for row in rows if row.nick != stay.nick and row.seq <= last}
            missing = sorted(each for each in wanted - seqs.keys() if each > first)
            if missing:
                yield f"{stay.nick}: {len(missing)} never read, such as {missing[:3]}"


def _line(text: str) -> bytes:
    return f"{text}\n".encode()
