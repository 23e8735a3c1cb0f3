"""A sequencer with a record and a reactor of the test's."""

from __future__ import annotations

from collections.abc import Sequence

from huddle.delivery.entries import Outcome
from huddle.delivery.sequencer import Sequencer
from huddle.protocol.errors import NotRecorded
from huddle.protocol.events import Draft, Kind, Notice, RoomEvent, Said
from huddle.protocol.limits import Limits
from tests.in_memory_tcp import MemoryReactor
from tests.sample_messages import NOON
from tests.slow_record import SlowRecord


class House:
    """A sequencer over a disk, and a note of all that it does, in order."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.reactor = MemoryReactor()
        self.disk = SlowRecord()
        self.notes: list[str] = []
        self.stumbles_over = ""
        self.takes = self.spent = 0.0
        self.sequencer = Sequencer(
            self.disk,
            self.reactor.callLater,
            lambda: NOON,
            lambda: self.reactor.seconds() + self.spent,
            limits or Limits(),
        )
        self.sequencer.publish_by(self.deliver, self.settle, lambda: self.notes.append("done"))

    def deliver(self, events: dict[str, list[RoomEvent]], drafts_alone: bool) -> None:
        self.spent += self.takes
        for room, in_room in events.items():
            told = " ".join(map(shown, in_room))
            self.notes.append(f"{room}: {told}")

    def says(self, *texts: str, session: int = 1, first: int = 0, room: str = "huddle") -> None:
        """Somebody says these; with ``first`` they have ids from there on."""
        for number, text in enumerate(texts):
            id = first + number if first else 0
            draft = Draft(room, session, "ana", Kind.SAY, text, id)
            self._say(draft)

    def whispers(self, text: str, *others: str, session: int = 1, id: int = 0) -> None:
        """Somebody says this in their own inbox, and copies of it stand in those of others."""
        draft = Draft(f"@{session}", session, "ana", Kind.SAY, text, id)
        copies = [Draft(other, session, "ana", Kind.SAY, text) for other in others]
        self._say(draft, copies)

    def _say(self, draft: Draft, copies: Sequence[Draft] = ()) -> None:
        try:
            self.sequencer.say(draft, copies)
        except NotRecorded as error:
            self.settle([draft], [error])

    def settle(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome]) -> None:
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if draft.text == self.stumbles_over:
                raise KeyError
            end = outcome.seq if isinstance(outcome, Said) else type(outcome).__name__
            self.notes.append(f"{draft.text} is {end}")

    def happens(self, name: str, *notices: Notice) -> None:
        self.sequencer.happen(lambda: notices, lambda: self.notes.append(f"{name} is done"))

    def turns(self, count: int = 1) -> None:
        for _ in range(count):
            self.reactor.turn()

    @property
    def batches(self) -> Sequence[str]:
        """The texts of the batches so far, each as one word."""
        return ["".join(batch) for batch in self.disk.batches]

    def tells(self) -> list[str]:
        """What was noted since the last time."""
        self.reactor.settle()
        notes, self.notes = self.notes, []
        return notes


def shown(event: RoomEvent) -> str:
    return event.text if isinstance(event, Said) else type(event).__name__


def busy(house: House) -> None:
    """Two speakers make a house a busy one."""
    house.says("1", "2")
    house.tells()
    house.disk.batches.clear()
