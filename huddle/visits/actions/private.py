"""What is said to one person: it is in two inboxes, and has another number in each.

So what it answers, or puts right, is looked for in the other inbox as well: what is the same there
has the same author, time and text.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from operator import attrgetter

from twisted.internet.defer import Deferred

from huddle.people.registry import Owner
from huddle.people.sessions import Session
from huddle.protocol.errors import NobodyThere, NoMessageHere, NotReadable
from huddle.protocol.events import INBOX, Said
from huddle.protocol.names import folded_key
from huddle.protocol.requests import Message, Say
from huddle.protocol.text import sayable
from huddle.record.errors import failing_as
from huddle.rooms.inbox import Linked
from huddle.visits.actions.caller import Caller, Result
from huddle.visits.actions.history import numbered
from huddle.visits.actions.talk import find_block

_likeness = attrgetter("session", "account", "kind", "text", "time")
"""What both copies of a private message have; ``to`` only the author's."""


def msg(caller: Caller, request: Message) -> Result:
    """A text for one person. Raises `NobodyThere` and `TooMany`."""
    if request.block is not None or request.re is not None or request.edits is not None:
        return _msg_with(caller, request)
    text = sayable(request.text, caller.huddle.limits.text)
    caller.paste.was_private = True
    caller.huddle.inboxes.send(caller.session, request, text)
    return None


async def answer(caller: Caller, request: Say) -> None:
    """A text for the person with whom the private message ``re`` was exchanged, which it answers.

    Raises `NoMessageHere`, `NotReadable`, `NobodyThere` when that person is not here any more, and
    as `msg` does.
    """
    seq = request.re or 0
    said = await numbered(caller, caller.stream(INBOX), seq)
    person = await _other(caller, said)
    await _msg_with(caller, Message(person.nick, request.text, request.kind, re=seq))


async def put_right(caller: Caller, said: Said, text: str) -> None:
    """A private message of the caller's is said anew. Raises as `answer` does."""
    person = await _other(caller, said)
    await _msg_with(caller, Message(person.nick, text, said.kind, edits=said.seq))


async def _msg_with(caller: Caller, request: Message) -> None:
    """Say it as a line of a block, as an answer, or in place of what was said before."""
    block = None
    if request.block is not None:
        await find_block(caller, request, request.block)
        block = caller.paste.named[1]
    text = sayable(request.text, caller.huddle.limits.text, blank=block is not None)
    linked, request = Linked(), await _readdressed(caller, request)
    if not caller.session.knows(request.id or 0):
        person = caller.huddle.registry.meant(request.to)
        if person is not None:
            linked = await _linked(caller, person, request)
            if caller.huddle.registry.meant(request.to) is not person:  # others' numbers, then
                raise NobodyThere(request.to)
    caller.paste.was_private = True
    caller.huddle.inboxes.send(caller.session, request, text, block, linked)


async def _linked(caller: Caller, person: Owner, request: Message) -> Linked:
    """What it answers and puts right, by the numbers of both inboxes. Raises `NoMessageHere`:
    what is put right is one's own, and both have it."""
    re = edits = (0, 0)
    if request.re is not None:
        answered = await numbered(caller, caller.stream(INBOX), request.re)
        re = answered.seq, await _twin(caller, answered, person.inbox)
    if request.edits is not None:
        said = await numbered(caller, caller.stream(INBOX), request.edits)
        if said.to and said.edits:
            said = await numbered(caller, caller.stream(INBOX), said.edits)
        edits = said.seq, await _twin(caller, said, person.inbox)
        if not said.to or not edits[1]:
            raise NoMessageHere
    return Linked(re, edits)


async def _readdressed(caller: Caller, request: Message) -> Message:
    """With the nick that its person has by now, where nobody has the one it was written to and it
    names what was said under that one."""
    seq = request.edits or request.re
    if seq is not None and caller.huddle.registry.meant(request.to) is None:
        with suppress(NobodyThere, NoMessageHere):
            said = await numbered(caller, caller.stream(INBOX), seq)
            if folded_key(said.to or said.nick) == folded_key(request.to):
                return replace(request, to=(await _other(caller, said)).nick)
    return request


async def _recipient(caller: Caller, said: Said) -> Owner | None:
    """The person whom a message of one's inbox went to, whatever their nick is by now."""
    registry = caller.huddle.registry
    person = registry.meant(said.to)  # another may be called so by now, who has not got it
    if person is not None and await _twin(caller, said, person.inbox):
        return person
    for number, inbox in registry.former.owners(said.to):
        session = registry.by_number(number)
        if session is not None and await _twin(caller, said, inbox):
            return session.account or session
    return None


async def _other(caller: Caller, said: Said) -> Owner:
    """The person with whom a message of one's inbox was exchanged. Raises `NobodyThere`."""
    registry = caller.huddle.registry
    person: Owner | None
    if said.to:
        person = await _recipient(caller, said)
    elif said.account:
        person = registry.accounts.numbered(said.account)
    else:
        session = registry.by_number(said.session)
        person = session.account or session if isinstance(session, Session) else None
    if person is None:
        raise NobodyThere(said.to or said.nick)
    return person


async def _twin(caller: Caller, said: Said, inbox: str) -> int:
    """The seq that a message of one's inbox has in the other one's; 0: it is not there (any more).
    Raises `NotReadable`."""
    own = caller.session.inbox
    if inbox == own:
        return said.seq
    with failing_as(NotReadable):
        return await caller.huddle.reading.ask(
            caller.address, lambda: Deferred.fromCoroutine(_look_for(caller, said, own, inbox))
        )


async def _look_for(caller: Caller, said: Said, own: str, inbox: str) -> int:
    """Of several that are alike, said at once, the first is the twin of the first."""
    mine = [each for each in await _alike(caller, said, own) if each.to == said.to]
    theirs = await _alike(caller, said, inbox)
    at = [each.seq for each in mine].index(said.seq)
    return theirs[at].seq if at < len(theirs) else 0


async def _alike(caller: Caller, said: Said, inbox: str) -> list[Said]:
    """Those of an inbox that were said at that time, by that author, with that text."""
    record, likeness = caller.huddle.record, _likeness(said)
    stretch, newest = caller.huddle.limits.block, record.extent(inbox).newest
    first, found = await record.since(inbox, said.time), list[Said]()
    while first <= newest:
        for each in await record.read(inbox, first, first + stretch - 1):
            if each.time > said.time:
                return found
            if _likeness(each) == likeness:
                found.append(each)
        first += stretch
    return found
