"""A storm: people talk, and the server is killed again and again in the middle of it.

Each strike goes like this. The crowd talks for a while; some lose their connection, some do not
look at theirs. Then a few say something at the very same moment, some connections are cut, and
within milliseconds the server is killed; or stopped in good order, now and then. What everybody has
not had acknowledged by then is compared with the record as the dead server left it, so that one
sees in which states it was. The next server may be killed as well, while it starts.

    python -m tests.lost.storm --strikes 1000 --seed 7

goes on for some 15 minutes and prints what it saw; the exit status tells whether all was well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from typing_extensions import override

from tests.lost.checker import faults, of_record
from tests.lost.crowd import Crowd
from tests.lost.server import Server
from tests.patience import PATIENCE


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
    refused: int = 0
    """Lines that a node refused for now, and that were said again."""

    @property
    def has_every_state(self) -> bool:
        """Whether there were lines in each state in which a line can be, and cuts."""
        return bool(self.recorded_unacknowledged and self.unrecorded and self.cuts)

    @override
    def __str__(self) -> str:
        states = f"{self.recorded_unacknowledged} recorded and not acknowledged"
        return (
            f"{self.messages} messages, {self.strikes} strikes, {self.cuts} cuts, "
            f"{self.refused} refused for now; at the strikes {states}, {self.unrecorded} said and "
            f"not recorded; faults: {self.faults or 'none'}"
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

    def rages(self, strikes: int, until: str | None = None, at_most: int = 0) -> Aftermath:
        """Strike so often, or until such a fault is seen; let everybody come to rest, and look.

        Up to ``at_most`` strikes it goes on where a state was not seen: on a machine that is slow
        nobody may be in again when the next strike comes.
        """
        assert self.crowd.goes_on_until(self.crowd.is_in), "not everybody is let in"
        while self.seen.strikes < strikes or (
            self.seen.strikes < at_most and not self.seen.has_every_state
        ):
            self._talk()
            self._strike()
            if until is not None and any(until in fault for fault in self.seen.faults):
                break
        self.crowd.eagerness = 0
        if not self.crowd.goes_on_until(self.crowd.knows_all, self.patience):
            self.seen.faults.append("restless: not everybody has everything at last")
        self.crowd.goes_on(0.05)
        self.crowd.leaves()
        self.server.stop()
        rows = self.server.rows()
        self.seen.messages = len(rows)
        self.seen.faults += faults(self.crowd.programs, rows)
        for program in self.crowd.programs:
            self.seen.faults += [f"{program.nick}: error {code}" for code in program.errors]
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
        if self.chance.random() < 0.2:
            self.server.ask_to_stop()
            assert self.crowd.goes_on_until(self.server.has_ended), "it does not stop"
        self.server.kill()
        self.seen.strikes += 1
        self._cut_some(self.chance.randint(0, 4))
        self._look_at_the_dead()
        if self.chance.random() < 0.2:
            self.server.launch()
            self.crowd.goes_on(self.chance.uniform(0.1, 0.6))
            self.server.kill()
        self.server.start()

    def _look_at_the_dead(self) -> None:
        self.crowd.goes_on(self.chance.choice([0, 0.01, 0.05]))
        rows = self.server.rows()
        self.seen.faults += of_record(rows)
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


def main(arguments: list[str] | None = None) -> int:
    """A long storm; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.lost.storm")
    parser.add_argument("--strikes", type=int, default=200)
    parser.add_argument("--programs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sync", default="full")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), "--flood-rate", "0", "--sync", wanted.sync)
        with server.start():
            seen = Storm(server, wanted.programs, Random(wanted.seed)).rages(wanted.strikes)
    print(seen)
    return 1 if seen.faults else 0


if __name__ == "__main__":
    sys.exit(main())
