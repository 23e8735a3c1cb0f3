"""What is said: once, by whom it is, and numbered where it stands in the log.

An id that the session has used is answered as before, whatever has become of the session since. A
new one counts only from the node that has the session on a connection: a program says there again
what was on its way elsewhere, and may be told there that it cannot be said.
Then everything is taken from the session as it is in the state: its name, its seats, its inbox. So
a line that was on its way while its author was sent out, muted or over is refused, and none can
appear under another person's name. A private message goes to the person who was meant where it was
written: another who is called so by now has another number.

This is the way that every line of every node goes on every node, hence what is written out here.
"""

from __future__ import annotations

from huddle.cluster.effects import Again, Done, Erased, Message, Outcome, Placed, Refused
from huddle.cluster.entries import Announce, Erase, Say
from huddle.cluster.rules import roles
from huddle.cluster.rules.batch_context import BatchContext, check
from huddle.cluster.rules.reading import inbox_cursors
from huddle.cluster.state import Inbox, Room, Session
from huddle.protocol.permissions import Role

_KINDS = frozenset(("say", "me"))

BLOCKS_FROM_RULES = 2
"""From these rules on the first lines of a block are remembered in `Limits.block_rooms` rooms at
the most, and no longer when the session has left."""


def say(context: BatchContext, entry: Say) -> Outcome:
    """Something is said in a room, or to a person, and its copy with it."""
    session = context.state.sessions.get(entry.session)
    if session is None:
        return Refused("session-unknown")
    if entry.id and entry.id <= session.last_id:
        return Again(entry.session, entry.id)
    if not session.here:
        return Refused("session-unknown")
    if entry.id and session.life != context.life and not session.away:
        return Refused("replaced")
    if entry.kind not in _KINDS:
        return Refused("bad-field", ("kind",))
    if entry.whom:
        return _whisper(context, entry, session)
    room = context.state.rooms.get(entry.room)
    if room is None or entry.session not in room.seats:
        return Refused("no-such-room", (entry.room,))
    if room.restrictions or room.slow or room.quiet:
        refused = roles.silence(context, session, room)
        if refused is not None:
            return refused
    return _place(context, entry, session, room, entry.room)


def _place(
    context: BatchContext,
    entry: Say,
    session: Session,
    stream: Room | Inbox,
    name: str,
    to: str = "",
    id: int | None = None,
) -> Placed:
    """Have the message stand in the stream, under the next seq; ``id`` is None for the sender's
    own."""
    seq = stream.newest = stream.newest + 1
    re, edits = entry.re, entry.edits
    if id is None:
        id = entry.id
    else:
        re, edits = entry.their_re, entry.their_edits
    if id:
        session.last_id = id
    block = _first_of_block(context, entry, session, name, seq) if entry.block else 0
    number, nick, account = session.number, session.nick[0], session.account
    kind, text = entry.kind, entry.text
    message = (name, seq, context.time, number, nick, kind, text, account, to, block, re, edits, id)
    context.effects.append(tuple.__new__(Message, message))  # as it makes itself, by one call less
    return tuple.__new__(Placed, (name, seq))


def _first_of_block(
    context: BatchContext, entry: Say, session: Session, name: str, seq: int
) -> int:
    if entry.block != session.block:
        session.block, session.firsts = entry.block, {}
    first = session.firsts.setdefault(name, seq)
    if context.state.rules >= BLOCKS_FROM_RULES:
        while len(session.firsts) > context.state.limits.block_rooms:
            del session.firsts[next(iter(session.firsts))]
    return first if entry.inside else 0


# -- to one person -----------------------------------------------------------------------------


def _whisper(context: BatchContext, entry: Say, session: Session) -> Outcome:
    """Put a private message into both inboxes, or refuse it and put it into neither."""
    person = _meant(context, entry.whom)
    if person is None:
        return Refused("nobody-there", (entry.to,))
    own = _inbox(context, session.person)
    name = context.state.inbox_of(session.person)
    if person == session.person:
        placed = _place(context, entry, session, own, name, entry.to)
        inbox_cursors.begins(context, person)
        return placed
    inbox = _inbox(context, person)
    if not context.state.has_device(person):
        check(_take_share(context, session, inbox))
    placed = _place(context, entry, session, own, name, entry.to)
    _place(context, entry, session, inbox, context.state.inbox_of(person), id=0)
    inbox_cursors.begins(context, session.person)
    inbox_cursors.begins(context, person)
    return placed


def _meant(context: BatchContext, whom: int) -> int | None:
    """The person who was meant: an account, also where it was a guest's session at that time."""
    if whom < 0:
        return whom if -whom in context.state.accounts else None
    session = context.state.sessions.get(whom)
    return session.person if session is not None and session.here else None


def _inbox(context: BatchContext, person: int) -> Inbox:
    return context.state.inboxes.setdefault(context.state.inbox_of(person), Inbox())


def _take_share(context: BatchContext, sender: Session, inbox: Inbox) -> Refused | None:
    """One more waits for a person who is away, if the sender's shares of that allow it: one of
    their own, two of their address, three of their IPv6 /48. More than may wait in all are taken
    from an address that has written little."""
    limits = context.state.limits
    each = max(limits.pending_each, limits.pending // 4)
    address = f"address:{sender.address}"
    shares = {sender.identity: 1, address: 2}
    if sender.site:
        shares[sender.site] = 3
    if any(inbox.senders.get(who, 0) >= share * each for who, share in shares.items()):
        return Refused("too-many", ("pending_each", each))
    little = inbox.senders.get(address, 0) < max(min(each, limits.pending) // 4, 1)
    if inbox.total >= (2 * limits.pending if little else limits.pending):
        return Refused("too-many", ("pending", limits.pending))
    inbox.total += 1
    for who in shares:
        inbox.senders[who] = inbox.senders.get(who, 0) + 1
    return None


# -- to all, and taken back --------------------------------------------------------------------


def announce(context: BatchContext, entry: Announce) -> Outcome:
    """An operator's text is in all rooms that have members: one entry, however many they are."""
    there = context.state.sessions.get(entry.session)
    if entry.own_id and there is not None:
        if entry.own_id <= there.last_id:
            return Again(entry.session, entry.own_id)
        if there.life != context.life and not there.away:
            return Refused("replaced")
    check(roles.lacks(context, entry.session, None, Role.OPERATOR))
    session = context.state.sessions[entry.session]
    count, id, first = 0, entry.own_id, None
    for name in [name for name, room in context.state.rooms.items() if room.seats]:
        said, room = Say(entry.session, id, entry.text, name, "announce"), context.state.rooms[name]
        placed = _place(context, said, session, room, name)
        first = first or placed
        count, id = count + 1, 0
    return first if entry.own_id and first is not None else Done(count)


def erase(context: BatchContext, entry: Erase) -> Outcome:
    """Messages of a room are deleted: one's own, or by a host."""
    room = context.state.rooms.get(entry.room)
    stream = room or context.state.inboxes.get(entry.room)
    check(roles.lacks(context, entry.by, room, Role.GUEST if entry.own else Role.HOST))
    if room is None and entry.by and _own_inbox(context, entry.by) != entry.room:
        return Refused("not-allowed")
    if stream is None or not entry.seqs or max(entry.seqs) > stream.newest or 0 in entry.seqs:
        return Refused("no-such-message")
    nick = roles.nick_of(context.state, entry.by)
    context.effects.append(Erased(entry.room, entry.seqs, nick, entry.of, entry.by))
    context.audit(entry.audit, entry.room, nick)
    return Done()


def _own_inbox(context: BatchContext, by: int) -> str:
    return context.state.inbox_of(context.state.sessions[by].person)
