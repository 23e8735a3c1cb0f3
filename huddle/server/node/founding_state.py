"""A house that begins with a record: the state that is made of what a record has.

The record is that of a server alone, or of a node whose engine is lost. All that the log's state
says is in it, but for what a restart of one server forgets as well: who is in charge by the
operators' code alone, from where each person was, and whose messages wait in an inbox. Everybody
who had not left is away, and is held from now on. No message is read, but those of the last moments
of a slow room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from huddle.cluster.naming import with_keys
from huddle.cluster.rows import session_row
from huddle.cluster.rules import lookalikes, names, roles
from huddle.cluster.rules.batch_context import BatchContext
from huddle.cluster.snapshot import dump, load
from huddle.cluster.state import (
    UNSURE_MS,
    Account,
    Inbox,
    Restricted,
    Room,
    Session,
    State,
    first_state,
)
from huddle.people.identity import address_range, nick_target
from huddle.protocol.events import Said, is_inbox
from huddle.record import (
    AccountRow,
    Mark,
    Record,
    RoomRow,
    SessionRow,
    account_identity,
    session_identity,
)
from huddle.server.clustered.operations import written

RULES = 4
"""Those by which such a house goes from its beginning: nothing of it is by older ones."""


async def state_of(
    record: Record, words: str, position: int, operators: Iterable[Sequence[str]] = ()
) -> tuple[State, Sequence[SessionRow]]:
    """The state at the beginning of the log, whose first entry stands at ``position``; and rows
    that the record is to keep anew, of those who had not left: they have no nick here any more, or
    no seat in a room that shuts them out.

    ``words`` is the key by which return words and the keys of rooms are hashed in the record, in
    hexadecimal; ``operators`` are those by the options, whom no ban shuts out
    (`huddle.server.clustered.shared_options`). Raises `huddle.record.RecordFailure`.
    """
    state = first_state()
    state.position, state.rules, state.words = position, RULES, words
    state.time = max(record.last_time, *(mark.time for mark in record.marks()), 0)
    state.last_session, state.last_account = record.last_session, record.last_account
    state.kept = {name[1]: tuple(name) for name in operators}
    _take_rooms(state, record)
    for account in record.accounts():
        _take_account(state, account)
    rows = [row for row in await record.sessions() if _is_known(state, row)]
    for row in rows:
        _take_session(state, row)
    _take_inboxes(state, record)
    for room in state.rooms.values():
        if room.slow:
            _remember(room, await _said_just_now(state, record, room))
    anew = [row.number for row in rows if row.here and not _is_as_it_was(state, row)]
    state.chain = sha256(dump(state)).hexdigest()
    state = load(dump(state))  # as all others have it, who are given it
    return state, [session_row(state, number) for number in anew]


# -- rooms -------------------------------------------------------------------------------------


def _take_rooms(state: State, record: Record) -> None:
    for name in record.rooms():
        if not is_inbox(name):
            _room(state, name).newest = record.extent(name).newest
    for row in record.room_rows():
        _set(state, _room(state, row.name), row)
    for mark in record.marks():
        _restrict(state, _room(state, mark.room), mark)


def _room(state: State, name: str) -> Room:
    room = state.rooms.get(name)
    if room is None:
        room = state.rooms[name] = Room(with_keys(name))
    return room


def _set(state: State, room: Room, row: RoomRow) -> None:
    room.topic, room.topic_by, room.quiet = row.topic, row.topic_by, row.quiet
    room.key, room.slow = _hex(row.key), round(row.slow * 1000)
    settings = {"topic": room.topic, "key": room.key, "slow": room.slow, "quiet": room.quiet}
    room.versions = {name: state.position for name, value in settings.items() if value}


def _restrict(state: State, room: Room, mark: Mark) -> None:
    kind, (about, _, address) = mark.kind.value, mark.who.partition(":")
    network = address_range(address) if about == "address" else None
    first, last = ("", "") if network is None else written(network)
    details = mark.nick, mark.until or 0, mark.reason, mark.by, mark.time
    room.restrictions[kind, mark.who] = Restricted(*details, first, last, state.position)
    if first:
        room.networks[kind, mark.who] = None
    is_on_nick = mark.who == nick_target(mark.nick)
    lookalikes.note(state, room, kind, mark.who, with_keys(mark.nick)[1:] if is_on_nick else ())


async def _said_just_now(state: State, record: Record, room: Room) -> Sequence[Said]:
    first = await record.since(room.name[0], state.time - room.slow)
    first = max(first, room.newest - state.limits.spoke + 1)
    return await record.read(room.name[0], first, room.newest)


def _remember(room: Room, said: Iterable[Said]) -> None:
    """Who spoke just now in a slow room has to wait still, as after any restart."""
    for each in said:
        keys = [session_identity(each.session), nick_target(each.nick)]
        if each.account:
            keys = [account_identity(each.account)]
        for key in keys:
            room.spoke.pop(key, None)
            room.spoke[key], room.spoke_from[key] = each.time, (keys[0], "")


# -- people ------------------------------------------------------------------------------------


def _take_account(state: State, row: AccountRow) -> None:
    """Of two in an old record that look alike, the second cannot be entered here either."""
    hash, nick = row.hash or "", with_keys(row.nick)
    details = row.operator, row.version, row.inbox, row.read, row.time
    if names.is_free(state.names, nick, -row.number):
        state.accounts[row.number] = Account(row.number, nick, hash, *details)
        names.take(state.names, nick, -row.number)


def _is_known(state: State, row: SessionRow) -> bool:
    """One whose account is gone opens nothing any more."""
    return not row.account or row.account in state.accounts


def _take_session(state: State, row: SessionRow) -> None:
    account = state.accounts.get(row.account)
    session = Session(
        row.number,
        with_keys(row.nick) if account is None else account.nick,
        _hex(row.key),
        _hex(row.word),
        _hex(row.word_at),
        row.word_time,
        _can_be_held(state, row),
        away=True,
        losses=int(row.here),
        last_id=row.last_id,
        account=row.account,
        version=row.version,
        seen=row.seen,
        rooms=dict(row.rooms),
        ignores=tuple(row.ignores),
        wishes=row.wishes,
        since=max(state.time - UNSURE_MS, 0) if row.here else 0,
        spare=not row.here and not row.seen,
    )
    state.sessions[row.number] = session
    if session.here:
        _seat(state, session)


def _can_be_held(state: State, row: SessionRow) -> bool:
    """As after any restart: not who had logged in under an older password, nor who has a nick that
    is another's, or looks like it. Who is in the record first has it."""
    if not row.here:
        return False
    if row.account:
        return state.accounts[row.account].version == row.version
    return names.is_free(state.names, with_keys(row.nick), row.number)


def _is_as_it_was(state: State, row: SessionRow) -> bool:
    there = state.sessions[row.number]
    return there.here and there.rooms == row.rooms


def _seat(state: State, session: Session) -> None:
    if session.account:
        state.accounts[session.account].devices[session.number] = None
    else:
        names.take(state.names, session.nick, session.number)
    asked = BatchContext(state, "", state.position, state.time, [], {})
    for name in [name for name in session.rooms if not is_inbox(name)]:
        room = _room(state, name)
        if roles.ban(asked, session, room) is not None:
            del session.rooms[name]
        else:
            room.seats[session.number] = None
            room.people[session.person] = room.people.get(session.person, 0) + 1


def _take_inboxes(state: State, record: Record) -> None:
    """How much waits still in each that is somebody's; from whom is counted anew."""
    cursors: dict[str, int | None] = {each.inbox: each.read for each in state.accounts.values()}
    for session in state.sessions.values():
        if not session.account:
            name = state.inbox_of(session.number)
            cursors[name] = session.rooms.get(name, 0)
    for name, cursor in cursors.items():
        extent = record.extent(name)
        if extent.newest:
            read = extent.newest if cursor is None else cursor
            waiting = extent.newest - max(read, extent.oldest - 1)
            state.inboxes[name] = Inbox(extent.newest, read, max(waiting, 0))


def _hex(value: bytes | None) -> str:
    return "" if value is None else value.hex()
