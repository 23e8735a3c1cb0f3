"""Replies: answers to sessions, wherever they are connected by now.

What one batch brings a session is one send: the acks of all it said, behind what others have said
around that.
"""

from __future__ import annotations

from twisted.logger import Logger

from huddle.delivery.audience import Around, Listener
from huddle.people.sessions import Session
from huddle.protocol.answers import Answer
from huddle.protocol.limits import Limits


class Replies:
    """Gathers answers while ``gathering`` is set, and gives them out with `flush`."""

    _log = Logger()

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.gathering = False
        """Whether a batch is being published, at the end of which comes a `flush`."""
        self.around: list[Around] = []
        """Speakers of what was just published, who have been given nothing of it yet. `flush` sends
        each the lines of the others together with the acks of their own; `give_around` sends the
        lines alone, and is called before anything else is published."""
        self._to_tell: dict[Listener, list[Answer]] = {}

    def tell(self, session: Session, answer: Answer) -> None:
        """Answer the session, wherever it is now; once for all that one batch brings it."""
        if session.outlet is None:
            return
        self._to_tell.setdefault(session.outlet, []).append(answer)
        if not self.gathering:
            self.flush()

    def inform(self, session: Session, answer: Answer) -> None:
        """Tell the session something that nothing asked for.

        When it is away, or takes nothing of what it is told, on coming back. One that another node
        has is told there.
        """
        if session.elsewhere:
            return
        if session.outlet is None or session.outlet.waiting > self._limits.replies:
            session.untold = (*session.untold, answer)[-self._limits.untold :]
        else:
            self.tell(session, answer)

    def give_out(self) -> None:
        """End the gathering, and give out what was gathered."""
        self.gathering = False
        if self._to_tell or self.around:
            self.flush()

    def give_around(self) -> None:
        """Send the speakers in ``around`` what the others said now, and keep the acks for `flush`:
        something else is published before those are settled."""
        to_tell, self._to_tell = self._to_tell, {}
        self.flush()
        self._to_tell = to_tell

    def flush(self) -> None:
        """Give out what was gathered, one send for each outlet. A renderer that fails is logged,
        and keeps no other session from its answers."""
        to_tell, self._to_tell = self._to_tell, {}
        around, self.around = self.around, []
        for listener, stream, slab, session, lines in around:
            try:
                answers = to_tell.pop(listener, ())
                listener.give_around(stream, slab, session, lines, answers)
            except Exception:
                self._log.failure("Answering one session went wrong")
        for outlet, answers in to_tell.items():
            try:
                outlet.answer(*answers)
            except Exception:
                self._log.failure("Answering one session went wrong")
