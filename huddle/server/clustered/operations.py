"""Operations: what the core wants kept, as entries of the log.

The core gives whole rows, as one machine keeps them. What is proposed is what differs in them from
the state, so that nothing is written back that another node has changed meanwhile. Who is to be
asked about it when it is applied, the doer, is found by the nick that a row names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from huddle.cluster.effects import Row
from huddle.cluster.entries import (
    Act,
    Appoint,
    Entry,
    Lifted,
    Login,
    Own,
    Password,
    Register,
    Restrict,
    Restriction,
    Set,
)
from huddle.cluster.naming import keyed, with_keys
from huddle.cluster.state import KEPT, Name, Room, State
from huddle.people.identity import Range, address_range, nick_target
from huddle.protocol.names import folded_key
from huddle.record import AccountRow, AuditEntry, Dropped, Kept, Mark, RoomRow, SessionRow
from huddle.server.clustered.link import Link


def operations(link: Link, kept: Sequence[Kept], by: int = 0) -> list[Entry]:
    """The entries that these rows come to, with the act of moderation among them in the first;
    ``by`` is the session of who does it, where the rows do not say it."""
    acts = [each for each in kept if isinstance(each, AuditEntry)]
    act = acts[0] if acts else None
    entries = [entry for each in kept for entry in _entries(link, each, act, by)]
    joining = any(map(joining_by, entries))
    if act is None and not joining:
        # A row that is kept for another reason may have what has been asked for and not decided.
        entries = [each for each in entries if not isinstance(each, Appoint)]
    if not joining:  # or the restrictions go over to the account where it is applied
        entries += _restricting(link.state, kept, act)
    if act is None:
        return entries
    code = link.take_code() if act.act == "operator" else ""
    if entries:
        return [_audited(entries[0], act, code), *entries[1:]]
    if act.act == "kick":
        link.act = act  # the entry that it is about comes behind it
        return []
    doer, in_charge = _doer(link.state, act.by), act.act == "operator"
    noted = Act(act.act, act.target, act.detail)
    own = Own(doer, in_charge=in_charge, audit=noted, room=act.room, code=code)
    return [own] if doer else []


def changed(state: State, kept: Sequence[Kept]) -> list[Row]:
    """The rows of those among these that the core changes by itself, without waiting for the log to
    say so: rooms, restrictions, and accounts that the log knows."""
    rows: list[Row] = []
    for each in kept:
        match each:
            case Mark(name, kind, who) | Dropped(Mark(name, kind, who)):
                rows.append(("mark", name, kind.value, who))
            case RoomRow(name) | Dropped(RoomRow(name)):
                rows.append(("room", name))
            case AccountRow(number) if number in state.accounts:
                rows.append(("account", number))
    return rows


def _audited(entry: Entry, act: AuditEntry, code: str) -> Entry:
    noted = Act(act.act, act.target, act.detail)
    if isinstance(entry, Appoint):
        return replace(entry, audit=noted, code=code)
    if isinstance(entry, Set | Restrict | Register | Password):
        return replace(entry, audit=noted)
    return entry


def _entries(link: Link, kept: Kept, act: AuditEntry | None, by: int) -> Iterator[Entry]:
    match kept:
        case SessionRow():
            yield from _own(link, kept)
        case AccountRow():
            yield from _account(link.state, kept, act, by)
        case RoomRow():
            yield from _settings(link.state, kept, act, by)
        case Dropped(RoomRow(name)):
            yield from _settings(link.state, RoomRow(name), act, by)


def _own(link: Link, row: SessionRow) -> Iterator[Entry]:
    """What a session says of itself. Where it is just coming here that waits until it is; where
    this node is between two lives it is said in the next one."""
    there = link.state.sessions.get(row.number)
    if there is None or not row.here:
        return
    if row.account and not there.account and row.account in link.state.accounts:
        coming = link.held(row.number) is None
        yield Login(row.number, row.account, row.version, coming)
    changed: dict[str, Any] = {}
    word, at = _hex(row.word), _hex(row.word_at)
    if not row.account and (word, at) != (there.word, there.word_at):
        changed |= {"word": word, "word_at": at}
    if tuple(row.ignores) != there.ignores:
        changed["ignores"] = tuple(row.ignores)
    if row.wishes != there.wishes:
        changed["wishes"] = row.wishes
    link.when_held.pop(row.number, None)
    is_coming = row.number in link.word_before
    if changed and (link.held(row.number) is not None or not is_coming):
        yield Own(row.number, **changed)
    elif changed:
        brought = there.word if "word" in changed else ""
        link.when_held[row.number] = Own(row.number, **changed), brought


def _account(state: State, row: AccountRow, act: AuditEntry | None, by: int) -> Iterator[Entry]:
    """What an account is, where that is another; how far it has read is told as it is read."""
    there = state.accounts.get(row.number)
    # Who is made an operator by the code is so by the house, not by being one already.
    by = by or _doer(state, act.by) if act and act.act != "operator" else 0
    if there is None:
        own = _owner(state, row)
        yield Register(keyed(row.nick), row.hash or "", own or by, bool(own))
        return
    if row.hash is not None and row.hash != there.hash:
        yield Password(row.number, row.hash, max(row.version - 1, 1))
    if row.operator != there.operator:
        yield Appoint(row.number, row.operator, by)


def _owner(state: State, row: AccountRow) -> int:
    """The guest's session that registers its own nick: the account goes on with its inbox."""
    number = row.inbox[1:]
    session = state.sessions.get(int(number)) if number.isdecimal() else None
    return session.number if session is not None and session.nick[0] == row.nick else 0


def _settings(state: State, row: RoomRow, act: AuditEntry | None, by: int) -> Iterator[Entry]:
    room = state.rooms.get(row.name)
    if room is None:
        return
    wanted: dict[str, str | bool | int] = {"topic": row.topic, "key": _hex(row.key)}
    wanted |= {"slow": round(row.slow * 1000), "quiet": row.quiet}
    # The row may also have what others here have asked for and the log has not decided.
    meant = act.act if act else "topic" if by else ""
    if meant in wanted:
        wanted = {meant: wanted[meant]}
    by = by or _doer(state, act.by if act else row.topic_by)
    for setting, value in wanted.items():
        if getattr(room, setting) != value:
            yield Set(row.name, setting, value, by)


def _restricting(state: State, kept: Sequence[Kept], act: AuditEntry | None) -> list[Entry]:
    marks = [each for each in kept if isinstance(each, Mark)]
    gone = [each.kept for each in kept if isinstance(each, Dropped) and isinstance(each.kept, Mark)]
    entries: list[Entry] = []
    for name in dict.fromkeys(each.room for each in (*marks, *gone)):
        room, these = state.rooms.get(name), [each for each in marks if each.room == name]
        if room is None:
            continue
        by = act.by if act else next((each.by for each in these), "")
        lifted = [_lifted(room, each) for each in gone if each.room == name]
        entries.append(
            Restrict(
                name,
                _doer(state, by),
                tuple(map(_restriction, these)),
                tuple(each for each in lifted if each is not None),
                nicks=_nicks(these),
            )
        )
    return entries


def _nicks(marks: Sequence[Mark]) -> tuple[Name, ...]:
    return tuple(with_keys(each.nick) for each in marks if each.who == nick_target(each.nick))


def _restriction(mark: Mark) -> Restriction:
    kind, _, address = mark.who.partition(":")
    network = address_range(address) if kind == "address" else None
    ends = ("", "") if network is None else written(network)
    return Restriction(mark.kind.value, mark.who, mark.nick, mark.until or 0, mark.reason, *ends)


def written(network: Range) -> tuple[str, str]:
    """The ends of a network as the log compares them: the version, and the bytes."""
    version, first, last = network
    digits = 8 if version == 4 else 32
    return f"{version:02x}{first:0{digits}x}", f"{version:02x}{last:0{digits}x}"


def host_written(host: str) -> str:
    """Where a connection comes from, as the log has it; nothing where that is no address."""
    network = address_range(host)
    return "" if network is None else written(network)[0]


def host_shown(host: str) -> str:
    """The address that is written so in the log."""
    return str(ip_address(bytes.fromhex(host[2:]))) if host else ""


def _lifted(room: Room, mark: Mark) -> Lifted | None:
    there = room.restrictions.get((mark.kind.value, mark.who))
    return None if there is None else Lifted(mark.kind.value, mark.who, there.version)


def _doer(state: State, nick: str) -> int:
    """The session of that nick; 0, the house itself, where there is none."""
    owner = state.names.get(folded_key(nick), KEPT)
    if owner < KEPT:
        owner = min(state.accounts[-owner].devices, default=KEPT)
    return owner if owner != KEPT and state.sessions[owner].nick[0] == nick else 0


def _hex(value: bytes | None) -> str:
    return "" if value is None else value.hex()


def joining_by(entry: Entry) -> int:
    """The session that this entry makes an account's; 0: none."""
    if isinstance(entry, Login):
        return entry.session
    return entry.by if isinstance(entry, Register) and entry.own else 0
