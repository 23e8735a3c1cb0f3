"""A storm: people talk, and the server is killed again and again in the middle of it.

Each strike goes like this. The crowd talks for a while; some lose their connection, some do not
look at theirs. Then a few say something at the very same moment, some connections are cut, and
within milliseconds the server is killed. What everybody has not had acknowledged by then is
compared with the record as the dead server left it, so that one sees in which states it was.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random

from typing_extensions import override

from tests.lost.checker import faults
from tests.lost.crowd import Crowd
from tests.lost.server import PATIENCE, Server


@dataclass
class Aftermath:
    """What was seen."""

    faults: list[str]
    messages: int
    strikes: int
    recorded_unacknowledged: int = 0
    """Lines that were in the record at a strike, and their speaker had not been told."""
    unrecorded: int = 0
    """Lines that had been said at a strike, and were not in the record."""
    cuts: int = 0

    @override
    def __str__(self) -> str:
        states = f"{self.recorded_unacknowledged} recorded and not acknowledged"
        return (
            f"{self.messages} messages, {self.strikes} strikes, {self.cuts} cuts; at the strikes "
            f"{states}, {self.unrecorded} said and not recorded; faults: {self.faults or 'none'}"
        )


class Storm:
    """A crowd around a server that has just been started, with an empty record."""

    def __init__(
        self, server: Server, size: int, chance: Random, patience: float = PATIENCE
    ) -> None:
        """``patience`` is how long everybody may take to come to rest."""
        self.server = server
        self.patience = patience
        self.chance = chance
        self.crowd = Crowd(server.port, size, chance)
        self.seen = Aftermath([], 0, 0)

    def rages(self, strikes: int) -> Aftermath:
        """Strike so often, let everybody come to rest, and look."""
        assert self.crowd.goes_on_until(self.crowd.is_in), "not everybody is let in"
        for _ in range(strikes):
            self._talk()
            self._strike()
        self.crowd.eagerness = 0
        if not self.crowd.goes_on_until(self.crowd.knows_all, self.patience):
            self.seen.faults.append("restless: not everybody has everything at last")
        self.crowd.goes_on(0.05)
        self.crowd.leaves()
        self.server.stop()
        rows = self.server.rows()
        self.seen.messages = len(rows)
        self.seen.faults += faults(self.crowd.programs, rows)
        return self.seen

    def _talk(self) -> None:
        self.crowd.eagerness = self.chance.choice([5, 20, 60])
        for _ in range(self.chance.randint(1, 4)):
            self.crowd.goes_on(self.chance.uniform(0.02, 0.1))
            self._cut_some(self.chance.randint(0, 3))
            self._blind_some(self.chance.randint(0, 4))

    def _cut_some(self, count: int) -> None:
        for member in self.chance.sample(self.crowd.members, count):
            member.cut()
            member.back_at = time.monotonic() + self.chance.uniform(0, 0.15)
            self.seen.cuts += 1

    def _blind_some(self, count: int) -> None:
        for member in self.chance.sample(self.crowd.members, count):
            member.looks_at = time.monotonic() + self.chance.uniform(0, 0.1)

    def _strike(self) -> None:
        for member in self.chance.sample(self.crowd.members, self.chance.randint(3, 12)):
            self.crowd.talks(member)
        self.crowd.goes_on(self.chance.choice([0, 0, 0.0005, 0.001, 0.002, 0.004]))
        self._cut_some(self.chance.randint(0, 4))
        self.server.kill()
        self.seen.strikes += 1
        self._cut_some(self.chance.randint(0, 4))
        self._look_at_the_dead()
        self.server.start()

    def _look_at_the_dead(self) -> None:
        self.crowd.goes_on(self.chance.choice([0, 0.01, 0.05]))
        rows = self.server.rows()
        recorded = {row.text for row in rows}
        for program in self.crowd.programs:
            for text in program.unacknowledged.values():
                self.seen.recorded_unacknowledged += text in recorded
                self.seen.unrecorded += text not in recorded
            lost = [id for id in program.acks if program.said[id - 1] not in recorded]
            if lost:
                self.seen.faults.append(f"{program.nick}: acks lost at a strike: {lost[:3]}")
            unknown = [heard for heard in program.heard if heard.text not in recorded]
            if unknown:
                self.seen.faults.append(f"{program.nick}: heard and lost: {unknown[:3]}")
