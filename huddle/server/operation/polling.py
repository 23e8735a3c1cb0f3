"""Polling: by how few calls of Python the reactor gives whoever has something to read its turn.

Twisted gives each a context of its own for the log, by nine calls of Python, and asks it by three
more to read; a line in a quiet room waits for them. Hardly ever is anything logged in that context.
So here there is one for all, which is told whose turn it is, and which is entered as
`twisted.python.context` does; and who has nothing else to do is asked to read at once.

Between one wait and the next Twisted looks by seven calls for what is due. Here it does when
something is; else what comes next is waited for at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from select import EPOLLIN

from twisted.internet.base import ReactorBase
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.interfaces import IReadDescriptor
from twisted.python import log
from twisted.python.context import get, theContextTracker

_PARTS = (
    *("_poller", "_selectables", "_doReadOrWrite", "_disconnectSelectable"),
    *("_pendingTimedCalls", "_newTimedCalls", "threadCallQueue", "_justStopped"),
)
"""What is used of Twisted's reactor, which promises none of it."""

LONGEST_WAIT = 3600.0
"""Seconds that are waited at once; epoll takes no more than three weeks."""


def poll_by_few_calls(reactor: ReactorBase) -> None:
    """Have the reactor do what it does by fewer calls, if it is Twisted's for epoll and has the
    parts that are known here. What is logged in somebody's turn stands under how they print.

    To be called in the thread that it runs in."""
    if not isinstance(reactor, EPollReactor) or not all(hasattr(reactor, it) for it in _PARTS):
        return
    poll: Callable[[float, int], Iterable[tuple[int, int]]] = reactor._poller.poll
    readers: dict[int, IReadDescriptor] = reactor._selectables
    serve: Callable[[IReadDescriptor, int, int], object] = reactor._doReadOrWrite
    told: dict[str, object] = {**get(log.ILogContext)}
    context, contexts = {log.ILogContext: told}, theContextTracker.currentContext().contexts

    def turn(seconds: float | None) -> None:
        ready = poll(-1 if seconds is None else seconds, len(readers))
        if not ready:
            return
        contexts.append(context)
        try:
            for file, event in ready:
                reader = readers.get(file)  # gone, where one before it has ended it
                if reader is not None:
                    told["system"] = reader
                    only_reads = event == EPOLLIN
                    try:
                        why = reader.doRead() if only_reads else serve(reader, file, event)
                    except BaseException as error:
                        log.err()
                        why = error if only_reads else None
                    if why:
                        end(reader, why)
        finally:
            contexts.pop()
            told["system"] = "-"  # whoever was the last may be gone for good

    def end(reader: IReadDescriptor, why: object) -> None:
        try:
            reactor._disconnectSelectable(reader, why, isRead=True)
        except Exception:
            log.err()

    def turns(seconds: float | None) -> None:
        turn(seconds)
        while seconds and (wait := idle_for()) > 0:
            turn(min(wait, LONGEST_WAIT))

    def idle_for() -> float:
        """The seconds till a call is due; 0 where Twisted itself has to look what is to be done."""
        due = reactor._pendingTimedCalls
        its_turn = reactor._newTimedCalls or reactor.threadCallQueue or reactor._justStopped
        if its_turn or not (due and reactor.running):
            return 0
        return due[0].time - reactor.seconds()

    reactor.doIteration = turns  # type: ignore[method-assign]
