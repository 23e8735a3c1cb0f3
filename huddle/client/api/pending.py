"""What a program waits for: its lines to be acknowledged, its requests to be answered."""

from __future__ import annotations

from collections import deque
from typing import Any

from twisted.internet.defer import Deferred

from huddle.client.session import events
from huddle.client.session.events import Acknowledged, Event
from huddle.client.session.state import Line
from huddle.protocol.requests import Leave, ProgramRequest


class NotSaid(Exception):
    """A line was refused for good, or its fate cannot be known any more; ``code`` says why."""

    def __init__(self, line: Line, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.line = line
        self.code = code


class NotDone(Exception):
    """A request was refused; ``code`` says why: `room-locked`, `not-allowed`, `wrong-password`…

    ``lost``: the connection broke before the answer, and it may have been carried out.
    """

    def __init__(self, request: ProgramRequest, code: str, reason: str = "") -> None:
        super().__init__(reason or code)
        self.request = request
        self.code = code


class Pending:
    """The lines and requests of one client that wait, each with its Deferred.

    It is told all events, and fires the Deferreds by them.
    """

    def __init__(self) -> None:
        self._lines: dict[Line, deque[Deferred[Acknowledged]]] = {}
        self._requests: list[tuple[ProgramRequest, Deferred[Any]]] = []

    def line(self, line: Line) -> Deferred[Acknowledged]:
        """A line is about to be said. Equal ones are acknowledged in the order of their saying."""
        said: Deferred[Acknowledged] = Deferred()
        self._lines.setdefault(line, deque()).append(said)
        return said

    def request(self, request: ProgramRequest) -> Deferred[Any]:
        """Something is about to be asked; fires with the answer."""
        answered: Deferred[Any] = Deferred()
        self._requests.append((request, answered))
        return answered

    def follow(self, event: Event) -> None:
        """Fire what waits for this event, with its result or its error."""
        match event:
            case Acknowledged(line=line):
                self._settle(line, event)
            case events.Refused(line=line, code=code, reason=reason):
                self._settle(line, NotSaid(line, code, reason))
            case events.Expired(line=line):
                self._settle(line, NotSaid(line, "expired"))
            case events.InDoubt(lines=lines):
                for line in lines:
                    self._settle(line, NotSaid(line, "in-doubt"))
            case events.Answered(request=request, answer=answer):
                if (waiting := self._waiting_for(request)) is not None:
                    waiting.callback(answer)
            case events.Denied(request=request, code=code, reason=reason) if request is not None:
                if (waiting := self._waiting_for(request)) is not None:
                    waiting.errback(NotDone(request, code, reason))

    def end(self) -> None:
        """The client is over: fail all that still waits."""
        for line in tuple(self._lines):
            while line in self._lines:
                self._settle(line, NotSaid(line, "left"))
        requests, self._requests = self._requests, []
        for request, answered in requests:
            answered.errback(NotDone(request, "left"))

    def _settle(self, line: Line, outcome: Acknowledged | NotSaid) -> None:
        waiting = self._lines.get(line)
        if not waiting:
            return  # said by an earlier run
        said = waiting.popleft()
        if not waiting:
            del self._lines[line]
        if isinstance(outcome, NotSaid):
            said.errback(outcome)
        else:
            said.callback(outcome)

    def _waiting_for(self, request: ProgramRequest) -> Deferred[Any] | None:
        """Who asked this: the very same, since a session asks by itself, too.

        That a room was left is told by the name that the server has for it.
        """
        for at, (asked, answered) in enumerate(self._requests):
            if asked is request or (isinstance(asked, Leave) and isinstance(request, Leave)):
                del self._requests[at]
                return answered
        return None
