"""What one call on a session brings about: patches to its state, bytes to send, events."""

from __future__ import annotations

from huddle.client.session.events import Event
from huddle.client.session.state import Memory, State
from huddle.client.session.wire import encode
from huddle.protocol.codec import written
from huddle.protocol.requests import Hello, ProgramRequest


class Effects:
    """Collects these while the parts of the session work, and hands them out at the end.

    The order matters: `end` returns only when the patches are kept, durably where one must be, so
    bytes that are taken after it may be sent.
    """

    def __init__(self, state: State, memory: Memory) -> None:
        self.state = state
        self._memory = memory
        self._durable = False
        self._bytes: list[bytes] = []
        self._events: list[Event] = []

    def note(self, *patch: object, durable: bool = False) -> None:
        """Change the state by a patch (`state.State.apply`), and have it kept at the `end`.

        ``durable``: on the disk, before any byte of this turn is sent.
        """
        self.state.apply(patch)
        self._memory.keep(patch)
        self._durable |= durable

    def put(self, request: ProgramRequest | Hello) -> None:
        """Have a request sent with the next bytes; its id, if any, stands in it already."""
        self._bytes.append(encode(written(request)))

    def tell(self, event: Event) -> None:
        """Have an event handed out by `end`, behind those before it."""
        self._events.append(event)

    def forget_bytes(self) -> None:
        """Send none of the bytes that wait: the connection they were for is gone."""
        self._bytes.clear()

    def rename(self, nick: str) -> None:
        """The session is to be found under this nick."""
        self._memory.rename(nick)

    def next_id(self) -> int:
        """An id for what the server does not remember; it is not kept here either."""
        self.state.counter += 1
        return self.state.counter

    def end(self) -> list[Event]:
        """Keep what was noted, and hand out the events."""
        self._memory.commit(self._durable)
        self._durable = False
        events, self._events = self._events, []
        return events

    def take_bytes(self) -> bytes:
        """All bytes that wait to be sent, which are the caller's to send now. Call `end` before."""
        data = b"".join(self._bytes)
        self._bytes.clear()
        return data
