"""State keeping: what a node starts from again, on its disk from time to time.

Halfway from one mark to the next, so that the next tells of it, the state is dumped: a little in
each turn of the reactor, so that no one waits for it. It goes to the disk when all is dumped and
the record has what is in it.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import Deferred, succeed
from twisted.logger import Logger

from huddle.cluster.apply import MARK_EVERY
from huddle.cluster.dumping import Dumping
from huddle.cluster.snapshot import dump
from huddle.cluster.state import State
from huddle.protocol.events import is_inbox
from huddle.protocol.timing import Scheduler
from huddle.record import Record, RecordFailure

Keep = Callable[[bytes], Deferred[None]]


class StateKeeping:
    """Keeps the state of one node. ``keep`` has a dump on the disk; None where there is no disk."""

    _log = Logger()

    def __init__(self, keep: Keep | None) -> None:
        self.keep = keep
        self._dumping: Dumping | None = None

    def begin(
        self,
        state: State,
        later: Scheduler,
        recorded: Callable[[], Deferred[None]],
        kept: Callable[[], None],
    ) -> None:
        """A batch was applied, and ``recorded`` fires when the record has it. Begin a dump, if it
        is time for one and none is being made; ``kept`` is called when the disk has it."""
        is_due = state.batches % MARK_EVERY == MARK_EVERY // 2
        if self.keep is None or self._dumping is not None or not is_due:
            return
        self._dumping = dumping = Dumping(state)

        def go_on() -> None:
            if self._dumping is not dumping:
                return  # the node stops, and dumps all of it at once
            made = dumping.go_on()
            if made is None:
                later(0, go_on)
                return
            self._dumping = None
            writing = recorded().addCallback(lambda _: self._write(made, kept))
            # Whose record fails is over: it starts again from the state that it kept before.
            writing.addErrback(lambda failure: failure.trap(RecordFailure))

        later(0, go_on)

    def end(self, state: State) -> Deferred[None]:
        """Have the state of this moment on the disk, at once: the node stops."""
        self._give_up()
        return succeed(None) if self.keep is None else self.keep(dump(state))

    async def keep_now(self, state: State, recorded: Deferred[None]) -> int:
        """Have the state of this moment on the disk as soon as the record has what is in it;
        returns its position. All of it is dumped at once, which may take a second."""
        self._give_up()
        position, made = state.position, dump(state)
        await recorded
        if self.keep is not None:
            await self.keep(made)
        return position

    def _give_up(self) -> None:
        """What is being dumped is no longer wanted: a later state is kept instead of it."""
        if self._dumping is not None:
            self._dumping.end()
            self._dumping = None

    def _write(self, made: bytes, kept: Callable[[], None]) -> None:
        assert self.keep is not None
        writing = self.keep(made).addCallback(lambda _: kept())
        writing.addErrback(lambda failure: self._log.failure("The state is not kept", failure))


def is_as_recorded(state: State, kept: Record) -> bool:
    """Whether the record has as much of each room as the state, which is at the same position."""
    newest = {name: room.newest for name, room in state.rooms.items()}
    newest |= {name: inbox.newest for name, inbox in state.inboxes.items()}
    rooms = {name for name in kept.rooms() if not is_inbox(name)}  # of who is forgotten they stay
    return all(kept.extent(name).newest == newest.get(name, 0) for name in rooms | newest.keys())
