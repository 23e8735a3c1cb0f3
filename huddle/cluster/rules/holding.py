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
from huddle.cluster.rules import codes, coming, names, roles, seating, shares
from huddle.cluster.rules.seating import held
from huddle.cluster.rules.turn import Turn
from huddle.cluster.state import Name, Room, Session
from huddle.protocol.events import FIRST_ROOM, is_inbox

HEARD_FROM_RULES = 3
"""By these rules and later ones a new nick is judged, and counts, as a line said in each room that
is told of it."""

# -- beginning ---------------------------------------------------------------------------------


def begin(turn: Turn, entry: Begin) -> Outcome:
    """A session under a nick that is free, or an account's; with a known key it is attached."""
    state = turn.state
    known = state.by_key.get(entry.key) if entry.key else None
    if known is not None:
        origin = entry.host, entry.address, entry.site
        again = Attach(known, entry.turn, "", entry.nick, entry.version, *origin)
        return attach(turn, again)
    refused = _cannot_begin(turn, entry)
    if refused is not None:
        return refused
    state.last_session += 1
    session = Session(state.last_session, _nick(turn, entry), entry.key)
    session.account, session.version = entry.account, entry.version
    _come_from(session, entry)
    banned = roles.ban(turn, session, state.rooms[FIRST_ROOM])
    if banned is not None:
        state.last_session -= 1
        return banned
    _make_room(turn)
    _open(turn, session)
    session.life, session.turn = turn.life, entry.turn
    if entry.word and not entry.account:
        _set_word(turn, session, entry.word, entry.word_at)
    _take_first_seats(turn, session, entry.rooms)
    turn.effects.append(Attached(session.number, turn.life, ""))
    turn.keep_session(session)
    return Opened(session.number, known=False)


def _cannot_begin(turn: Turn, entry: Begin) -> Refused | None:
    state = turn.state
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


def _make_room(turn: Turn) -> None:
    """In a full house one hold ends, of the place that has most of them."""
    if turn.state.present >= turn.state.limits.sessions:
        held = shares.one_of_most(turn.state)
        if held is not None:
            seating.go(turn, held)


def _nick(turn: Turn, entry: Begin) -> Name:
    return turn.state.accounts[entry.account].nick if entry.account else entry.nick


def _open(turn: Turn, session: Session) -> None:
    """Note that the session is here: under its nick, and found by its key."""
    state = turn.state
    state.sessions[session.number] = session
    state.present += 1
    if session.key:
        state.by_key[session.key] = session.number
    if session.account:
        state.accounts[session.account].devices[session.number] = None
    else:
        names.take_nick(state, session.nick, session.number)


def _take_first_seats(turn: Turn, session: Session, rooms: tuple[Name, ...]) -> None:
    for name in rooms[: turn.state.limits.rooms_each]:
        room = seating.opened(turn, name)
        if room is not None and roles.entry(turn, session, room) is None:
            seating.come_in(turn, session, room)
    if not session.rooms:
        seating.come_in(turn, session, turn.state.rooms[FIRST_ROOM])


def _come_from(session: Session, origin: Begin | Attach) -> None:
    session.host, session.address, session.site = origin.host, origin.address, origin.site


# -- coming back -------------------------------------------------------------------------------


def attach(turn: Turn, entry: Attach) -> Outcome:
    """The session is on a connection of this node; one that has expired claims its nick again."""
    state = turn.state
    session = state.sessions.get(entry.session)
    if session is None:
        return Refused("session-unknown")
    if _comes_too_late(session, entry):
        return Refused("replaced")
    if entry.word and entry.word != session.word:
        return Refused("word-unknown")
    refused = _cannot_attach(turn, session, entry)
    if refused is not None:
        return refused
    before = session.life if session.here and not session.away else ""
    shares.forget(state, session)
    comes = coming.comes(turn, entry)
    if comes:
        coming.note(turn, session)
    if not session.here:
        _come_again(turn, session, entry.nick)
    if session.account:
        session.version = state.accounts[session.account].version
    if session.life != turn.life:  # each life counts the blocks of its sessions by itself
        session.block, session.firsts = 0, {}
    session.life, session.away, session.since = turn.life, False, 0
    session.turn = entry.turn or session.turn
    session.losses += 1
    for name in session.rooms if comes else ():
        if not is_inbox(name):  # on another connection that says nothing from now on
            session.rooms[name] = None
    if entry.host:
        _come_from(session, entry)
    turn.effects.append(Attached(session.number, turn.life, before))
    turn.keep_session(session)
    return Opened(session.number, known=True)


def _comes_too_late(session: Session, entry: Attach) -> bool:
    """Whether another connection has it. One that is only held is opened with any turn: its program
    may have been put back from a backup."""
    if entry.was and session.life != entry.was:
        return True
    is_connected = session.here and not session.away
    return is_connected and 0 < entry.turn < session.turn


def _cannot_attach(turn: Turn, session: Session, entry: Attach) -> Refused | None:
    state = turn.state
    banned = roles.ban(turn, session, state.rooms[FIRST_ROOM], entry.host)
    if banned is not None:
        return banned
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
    banned = roles.ban_on(turn, state.rooms[FIRST_ROOM], "", nick)
    return banned or names.refusal(state, nick, session.number)


def _come_again(turn: Turn, session: Session, nick: Name | None) -> None:
    """Have a session back in the rooms where it was, but for those that shut it out by now."""
    session.here, session.spare = True, False
    if session.account:
        session.nick = turn.state.accounts[session.account].nick
    elif nick is not None:
        session.nick = nick
    _open(turn, session)
    for name in seating.seats(session):
        del session.rooms[name]
        room = turn.state.rooms.get(name)
        if room is not None and roles.entry(turn, session, room) is None:
            seating.come_in(turn, session, room)
    if not seating.seats(session):
        seating.come_in(turn, session, turn.state.rooms[FIRST_ROOM])


# -- going -------------------------------------------------------------------------------------


def lose(turn: Turn, entry: Lose) -> Outcome:
    """The connection is gone, if the session has not gone on to another node by then. The oldest
    hold of its address ends where that has too many."""
    session = held(turn, entry.session)
    if session is None or session.away:
        return VOID
    _read(turn, session, entry.cursors)
    hold(turn, session)
    one_too_many = shares.beyond(turn.state, session)
    if one_too_many is not None:
        seating.go(turn, one_too_many)
    return Done()


def hold(turn: Turn, session: Session) -> None:
    """The session is away; it keeps its nick until its hold ends."""
    coming.forget(turn.state, session)
    turn.keep_session(session)
    session.away = True
    session.losses += 1
    turn.effects.append(Held(session.number, session.losses))
    shares.note(turn.state, session)


def leave(turn: Turn, entry: Leave) -> Outcome:
    """The session is over: its person said so, on the node that holds it."""
    session = held(turn, entry.session)
    if session is None:
        return VOID
    _read(turn, session, entry.cursors)
    seating.go(turn, session)
    return Done()


def expire(turn: Turn, entry: Expire) -> Outcome:
    """The hold has ended, if the session has neither come back nor been lost again meanwhile."""
    session = turn.state.sessions.get(entry.session)
    if session is None or not (session.here and session.away and session.losses == entry.losses):
        return VOID
    seating.go(turn, session)
    return Done()


# -- what is its own ---------------------------------------------------------------------------


def rename(turn: Turn, entry: Rename) -> Outcome:
    """A guest is called otherwise from the next entry on, and the old nick is free."""
    state, session = turn.state, held(turn, entry.session)
    if session is None:
        return Refused("replaced")
    if session.account:
        return Refused("account-nick")
    refused = names.refusal(state, entry.nick, session.number)
    refused = refused or _may_not(turn, session, entry.nick)
    if refused is not None:
        return refused
    _count(turn, session)
    call(turn, session, entry.nick)
    _count(turn, session)  # who comes again is known by either nick
    turn.keep_session(session)
    return Done()


def _may_not(turn: Turn, session: Session, nick: Name) -> Refused | None:
    for name in dict.fromkeys((FIRST_ROOM, *seating.seats(session))):
        room = turn.state.rooms[name]
        refused = roles.ban_on(turn, room, "", nick) or _unheard(turn, session, room)
        if refused is not None:
            return refused
    return None


def _unheard(turn: Turn, session: Session, room: Room) -> Refused | None:
    if turn.state.rules < HEARD_FROM_RULES:
        return roles.mute(turn, session, room)
    return roles.unheard(turn, session, room) if session.number in room.seats else None


def _count(turn: Turn, session: Session) -> None:
    """A new nick counts as a text in the rooms that are told of it."""
    if turn.state.rules >= HEARD_FROM_RULES:
        for room in (turn.state.rooms[name] for name in seating.seats(session)):
            if room.slow:
                roles.count(turn, session, room)


def call(turn: Turn, session: Session, nick: Name) -> None:
    """The guest's session is called so from now on, and its rooms are told."""
    old = session.nick
    names.take_nick(turn.state, nick, session.number, old)
    session.nick = nick
    if old[0] != nick[0]:
        turn.effects += [
            Renamed(name, old[0], nick[0], session.number) for name in seating.seats(session)
        ]


def own(turn: Turn, entry: Own) -> Outcome:
    """Fields of the session that its own node alone may say."""
    session = held(turn, entry.session)
    if session is None:
        return _wish(turn, entry)
    refused = codes.use(turn, entry.code) if entry.in_charge else None
    if refused is not None:
        return refused
    if entry.word is not None and not session.account:
        _set_word(turn, session, entry.word, entry.word_at or "")
    if entry.ignores is not None:
        session.ignores = entry.ignores[: turn.state.limits.ignores]
    if entry.wishes is not None:
        session.wishes = entry.wishes
    if entry.level:
        session.rooms = dict.fromkeys(session.rooms)
    if entry.cursors is not None:
        _read(turn, session, entry.cursors)
    session.in_charge = session.in_charge or entry.in_charge
    turn.audit(entry.audit, entry.room, session.nick[0])
    turn.keep_session(session)
    return Done()


def _wish(turn: Turn, entry: Own) -> Outcome:
    """Its node was put down before this stood in the log, and nobody has asked otherwise since."""
    session = turn.state.sessions.get(entry.session)
    if session is None or not entry.was or session.life != entry.was:
        return Refused("replaced")
    if entry.wishes is None or replace(entry, wishes=None) != Own(session.number, was=entry.was):
        return Refused("replaced")
    session.wishes = entry.wishes
    turn.keep_session(session)
    return Done()


def _set_word(turn: Turn, session: Session, word: str, at: str) -> None:
    forget_word(turn, session)
    session.word, session.word_at, session.word_time = word, at, turn.time
    if word:
        turn.state.by_word[word] = session.number


def forget_word(turn: Turn, session: Session) -> None:
    """The session's return word opens nothing any more."""
    if turn.state.by_word.get(session.word) == session.number:
        del turn.state.by_word[session.word]
    session.word, session.word_at, session.word_time = "", "", 0


def _read(turn: Turn, session: Session, cursors: Mapping[str, int]) -> None:
    """What has surely reached the session; an account has read what any of its devices has."""
    state, inbox = turn.state, turn.state.inbox_of(session.person)
    for room, seq in cursors.items():
        if room in session.rooms or room == inbox:
            session.rooms[room] = seq
    read = cursors.get(inbox, 0)
    if session.account and read > state.accounts[session.account].read:
        state.accounts[session.account].read = read
        turn.keep_account(session.account)
    box = state.inboxes.get(inbox)
    if box is not None and box.read < read <= box.newest:
        box.read, box.total = read, 0
        box.senders.clear()
