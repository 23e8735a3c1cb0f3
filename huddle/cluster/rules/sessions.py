"""Sessions: who holds them, and when they are over.

A session is on one connection, of one node's life. It is **away** when that is lost, keeps its nick
and its seats, and is over when it has left, or when its hold ends. Its row stays: who comes back
finds it by its secret, with its last id, however long that is ago.

``losses`` rises with each coming and going, so that the end of a hold which was overtaken by either
means nothing. ``turn`` rises with a program's connections, so that a hello which was tried on two
nodes is heard where it was tried last, in whatever order the two come into the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from huddle.cluster.effects import (
    VOID,
    Attached,
    Done,
    Held,
    Opened,
    Outcome,
    Refused,
    Renamed,
)
from huddle.cluster.entries import Attach, Begin, Expire, Leave, Lose, Own, Rename
from huddle.cluster.rules import codes, names, roles, room_membership, shares
from huddle.cluster.rules.batch_context import BatchContext, check
from huddle.cluster.rules.reading import arrival_cursors, inbox_cursors
from huddle.cluster.rules.room_membership import held
from huddle.cluster.state import Name, Room, Session
from huddle.protocol.events import FIRST_ROOM, is_inbox

HEARD_FROM_RULES = 3
"""By these rules and later ones a new nick is judged, and counts, as a line said in each room that
is told of it."""

# -- beginning ---------------------------------------------------------------------------------


def begin(context: BatchContext, entry: Begin) -> Outcome:
    """A session under a nick that is free, or an account's; with a known key it is attached."""
    state = context.state
    known = state.by_key.get(entry.key) if entry.key else None
    if known is not None:
        origin = entry.host, entry.address, entry.site
        again = Attach(known, entry.turn, "", entry.nick, entry.version, *origin)
        return attach(context, again)
    check(_cannot_begin(context, entry))
    state.last_session += 1
    session = Session(state.last_session, _nick(context, entry), entry.key)
    session.account, session.version = entry.account, entry.version
    _come_from(session, entry)
    banned = roles.ban(context, session, state.rooms[FIRST_ROOM])
    if banned is not None:
        state.last_session -= 1
        return banned
    _make_room(context)
    _open(context, session)
    session.life, session.turn = context.life, entry.turn
    if entry.word and not entry.account:
        _set_word(context, session, entry.word, entry.word_at)
    _take_first_seats(context, session, entry.rooms)
    inbox_cursors.finds(context, session)
    context.effects.append(Attached(session.number, context.life, ""))
    context.keep_session(session)
    return Opened(session.number, known=False)


def _cannot_begin(context: BatchContext, entry: Begin) -> Refused | None:
    state = context.state
    if state.present >= state.limits.sessions and shares.one_of_most(state) is None:
        return Refused("server-full")
    if not entry.account:
        if state.members_only:
            return Refused("members-only")
        return names.refusal(state, entry.nick, state.last_session + 1)
    account = state.accounts.get(entry.account)
    if account is None:
        return Refused("not-registered", (entry.nick[0],))
    return None if account.version == entry.version else Refused("wrong-password")


def _make_room(context: BatchContext) -> None:
    """In a full house one hold ends, of the place that has most of them."""
    if context.state.present >= context.state.limits.sessions:
        held = shares.one_of_most(context.state)
        if held is not None:
            room_membership.go(context, held)


def _nick(context: BatchContext, entry: Begin) -> Name:
    return context.state.accounts[entry.account].nick if entry.account else entry.nick


def _open(context: BatchContext, session: Session) -> None:
    """Note that the session is here: under its nick, and found by its key."""
    state = context.state
    state.sessions[session.number] = session
    state.present += 1
    if session.key:
        state.by_key[session.key] = session.number
    if session.account:
        state.accounts[session.account].devices[session.number] = None
    else:
        names.take_nick(state, session.nick, session.number)


def _take_first_seats(context: BatchContext, session: Session, rooms: tuple[Name, ...]) -> None:
    for name in rooms[: context.state.limits.rooms_each]:
        room = room_membership.opened(context, name)
        if room is not None and roles.entry(context, session, room) is None:
            room_membership.come_in(context, session, room)
    if not session.rooms:
        room_membership.come_in(context, session, context.state.rooms[FIRST_ROOM])


def _come_from(session: Session, origin: Begin | Attach) -> None:
    session.host, session.address, session.site = origin.host, origin.address, origin.site


# -- coming back -------------------------------------------------------------------------------


def attach(context: BatchContext, entry: Attach) -> Outcome:
    """The session is on a connection of this node; one that has expired claims its nick again."""
    state = context.state
    session = state.sessions.get(entry.session)
    if session is None:
        return Refused("session-unknown")
    if _comes_too_late(session, entry):
        return Refused("replaced")
    if entry.word and entry.word != session.word:
        return Refused("word-unknown")
    check(_cannot_attach(context, session, entry))
    before = session.life if session.here and not session.away else ""
    shares.forget(state, session)
    comes = arrival_cursors.comes(context, entry)
    if comes:
        arrival_cursors.note(context, session)
    if not session.here:
        _come_again(context, session, entry.nick)
    if session.account:
        session.version = state.accounts[session.account].version
    if session.life != context.life:  # each life counts the blocks of its sessions by itself
        session.block, session.firsts = 0, {}
    session.life, session.away, session.since = context.life, False, 0
    session.turn = entry.turn or session.turn
    session.losses += 1
    for name in session.rooms if comes else ():
        if state.rules >= inbox_cursors.FROM_RULES or not is_inbox(name):
            session.rooms[name] = None  # where it was says nothing from now on
    if entry.host:
        _come_from(session, entry)
    context.effects.append(Attached(session.number, context.life, before))
    context.keep_session(session)
    return Opened(session.number, known=True)


def _comes_too_late(session: Session, entry: Attach) -> bool:
    """Whether another connection has it. One that is only held is opened with any turn: its program
    may have been put back from a backup."""
    if entry.was and session.life != entry.was:
        return True
    is_connected = session.here and not session.away
    return is_connected and 0 < entry.turn < session.turn


def _cannot_attach(context: BatchContext, session: Session, entry: Attach) -> Refused | None:
    state = context.state
    check(roles.ban(context, session, state.rooms[FIRST_ROOM], entry.host))
    if session.account:
        account = state.accounts[session.account]
        if account.version not in (session.version, entry.version):
            return Refused("password-needed", (account.nick[0],))
        return None
    if state.members_only:
        return Refused("members-only")
    if session.here:
        return None
    nick = entry.nick or session.nick
    banned = roles.ban_on(context, state.rooms[FIRST_ROOM], "", nick)
    return banned or names.refusal(state, nick, session.number)


def _come_again(context: BatchContext, session: Session, nick: Name | None) -> None:
    """Have a session back in the rooms where it was, but for those that shut it out by now."""
    session.here, session.spare = True, False
    if session.account:
        session.nick = context.state.accounts[session.account].nick
    elif nick is not None:
        session.nick = nick
    _open(context, session)
    for name in room_membership.seats(session):
        del session.rooms[name]
        room = context.state.rooms.get(name)
        if room is not None and roles.entry(context, session, room) is None:
            room_membership.come_in(context, session, room)
    if not room_membership.seats(session):
        room_membership.come_in(context, session, context.state.rooms[FIRST_ROOM])


# -- going -------------------------------------------------------------------------------------


def lose(context: BatchContext, entry: Lose) -> Outcome:
    """The connection is gone, if the session has not gone on to another node by then. The oldest
    hold of its address ends where that has too many."""
    session = held(context, entry.session)
    if session is None or session.away:
        return VOID
    _read(context, session, entry.cursors)
    inbox_cursors.settle(context, session)
    hold(context, session)
    one_too_many = shares.beyond(context.state, session)
    if one_too_many is not None:
        room_membership.go(context, one_too_many)
    return Done()


def hold(context: BatchContext, session: Session) -> None:
    """The session is away; it keeps its nick until its hold ends."""
    arrival_cursors.forget(context.state, session)
    context.keep_session(session)
    session.away = True
    session.losses += 1
    context.effects.append(Held(session.number, session.losses))
    shares.note(context.state, session)


def leave(context: BatchContext, entry: Leave) -> Outcome:
    """The session is over: its person said so, on the node that holds it."""
    session = held(context, entry.session)
    if session is None:
        return VOID
    _read(context, session, entry.cursors)
    inbox_cursors.settle(context, session)
    room_membership.go(context, session)
    return Done()


def expire(context: BatchContext, entry: Expire) -> Outcome:
    """The hold has ended, if the session has neither come back nor been lost again meanwhile."""
    session = context.state.sessions.get(entry.session)
    if session is None or not (session.here and session.away and session.losses == entry.losses):
        return VOID
    room_membership.go(context, session)
    return Done()


# -- what is its own ---------------------------------------------------------------------------


def rename(context: BatchContext, entry: Rename) -> Outcome:
    """A guest is called otherwise from the next entry on, and the old nick is free."""
    state, session = context.state, held(context, entry.session)
    if session is None:
        return Refused("replaced")
    if session.account:
        return Refused("account-nick")
    check(names.refusal(state, entry.nick, session.number))
    for name in dict.fromkeys((FIRST_ROOM, *room_membership.seats(session))):
        room = context.state.rooms[name]
        check(roles.ban_on(context, room, "", entry.nick))
        check(_unheard(context, session, room))
    _count(context, session)
    call(context, session, entry.nick)
    _count(context, session)  # who comes again is known by either nick
    context.keep_session(session)
    return Done()


def _unheard(context: BatchContext, session: Session, room: Room) -> Refused | None:
    if context.state.rules < HEARD_FROM_RULES:
        return roles.mute(context, session, room)
    return roles.unheard(context, session, room) if session.number in room.seats else None


def _count(context: BatchContext, session: Session) -> None:
    """A new nick counts as a text in the rooms that are told of it."""
    if context.state.rules >= HEARD_FROM_RULES:
        for room in (context.state.rooms[name] for name in room_membership.seats(session)):
            if room.slow:
                roles.count(context, session, room)


def call(context: BatchContext, session: Session, nick: Name) -> None:
    """The guest's session is called so from now on, and its rooms are told."""
    old = session.nick
    names.take_nick(context.state, nick, session.number, old)
    session.nick = nick
    if old[0] != nick[0]:
        context.effects += [
            Renamed(name, old[0], nick[0], session.number)
            for name in room_membership.seats(session)
        ]


def own(context: BatchContext, entry: Own) -> Outcome:
    """Fields of the session that its own node alone may say."""
    session = held(context, entry.session)
    if session is None:
        return _wish(context, entry)
    if entry.in_charge:
        codes.use(context, entry.code)
    if entry.word is not None and not session.account:
        _set_word(context, session, entry.word, entry.word_at or "")
    if entry.ignores is not None:
        session.ignores = entry.ignores[: context.state.limits.ignores]
    if entry.wishes is not None:
        session.wishes = entry.wishes
    if entry.level:
        session.rooms = dict.fromkeys(session.rooms)
    if entry.cursors is not None:
        _read(context, session, entry.cursors)
    session.in_charge = session.in_charge or entry.in_charge
    context.audit(entry.audit, entry.room, session.nick[0])
    context.keep_session(session)
    return Done()


def _wish(context: BatchContext, entry: Own) -> Outcome:
    """Its node was put down before this stood in the log, and nobody has asked otherwise since."""
    session = context.state.sessions.get(entry.session)
    if session is None or not entry.was or session.life != entry.was:
        return Refused("replaced")
    if entry.wishes is None or replace(entry, wishes=None) != Own(session.number, was=entry.was):
        return Refused("replaced")
    session.wishes = entry.wishes
    context.keep_session(session)
    return Done()


def _set_word(context: BatchContext, session: Session, word: str, at: str) -> None:
    forget_word(context, session)
    session.word, session.word_at, session.word_time = word, at, context.time
    if word:
        context.state.by_word[word] = session.number


def forget_word(context: BatchContext, session: Session) -> None:
    """The session's return word opens nothing any more."""
    if context.state.by_word.get(session.word) == session.number:
        del context.state.by_word[session.word]
    session.word, session.word_at, session.word_time = "", "", 0


def _read(context: BatchContext, session: Session, cursors: Mapping[str, int]) -> None:
    """What has surely reached the session; an account has read what any of its devices has."""
    state, inbox = context.state, context.state.inbox_of(session.person)
    for room, seq in cursors.items():
        if room in session.rooms or room == inbox:
            session.rooms[room] = seq
    read = cursors.get(inbox, 0)
    if session.account and read > state.accounts[session.account].read:
        state.accounts[session.account].read = read
        context.keep_account(session.account)
    box = state.inboxes.get(inbox)
    if box is not None and box.read < read <= box.newest:
        box.read, box.total = read, 0
        box.senders.clear()
