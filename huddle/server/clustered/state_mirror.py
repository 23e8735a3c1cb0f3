"""The mirror of the state: the core as the log's state has it.

After each batch the sessions, rooms, restrictions and accounts that are others now are made so in
the core, whichever node has changed them. Nicks that are given up go first, so that one which is
taken in the same batch is free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from twisted.logger import Logger

from huddle.cluster.effects import Row
from huddle.cluster.naming import keyed
from huddle.cluster.rows import account_row, mark_row, room_row, session_row
from huddle.cluster.state import Session as Stated
from huddle.huddle import Huddle
from huddle.people.preferences import preferences_written
from huddle.people.sessions import Account, Session
from huddle.protocol.events import INBOX
from huddle.protocol.permissions import Role
from huddle.record import AccountRow, Dropped, Mark, MarkKind
from huddle.server.clustered.link import Link
from huddle.server.clustered.logged_presence import LoggedPresence
from huddle.server.clustered.operations import host_shown


class StateMirror:
    """Has the core of one node do what the log says that others have done."""

    _log = Logger()

    def __init__(self, link: Link, huddle: Huddle, presence: LoggedPresence) -> None:
        self._link = link
        self._huddle = huddle
        self._presence = presence

    def begin(self) -> None:
        """Have the core as the state is when the node starts."""
        self.options()
        state = self._link.state
        rows: list[Row] = [("account", number) for number in state.accounts]
        rows += [("room", name) for name in state.rooms]
        for name, room in state.rooms.items():
            rows += [("mark", name, *key) for key in room.restrictions]
        rows += [("session", each.number) for each in state.sessions.values() if each.here]
        self.follow(rows)

    def options(self) -> None:
        """Have the core go by the options that the house goes by, whatever this node's own are."""
        state, huddle = self._link.state, self._huddle
        for account in huddle.registry.accounts:
            if account.number:
                account.appointed = keyed(account.nick)[1] in state.kept
        huddle.registry.members_only = state.members_only
        huddle.directory.most_rooms = state.limits.rooms
        huddle.inboxes.pending.most = state.limits.pending

    def follow(self, rows: Sequence[Row]) -> None:
        """Have the core take these rows over from the state. It raises nothing: what cannot be
        mirrored, by a fault of this node's core, is told in its log, and all else is."""
        for row in rows:
            if row[0] == "session":
                self._try(self._release, row[1])
        for row in rows:
            match row:
                case ("account", int(number)):
                    self._try(self._account, number)
                case ("room", str(name)):
                    self._try(self._room, name)
                case ("mark", str(name), str(kind), str(who)):
                    self._try(self._mark, name, kind, who)
        for row in rows:
            if row[0] == "session":
                self._try(self._session, row[1])

    def _try(self, call: Callable[..., None], *arguments: object) -> None:
        try:
            call(*arguments)
        except Exception:
            self._log.failure("What the log says cannot be mirrored: {said}", said=arguments)

    # -- sessions ------------------------------------------------------------------------------

    def _release(self, number: int) -> None:
        """Free what the session gives up, its nick above all, before another takes it."""
        session = self._huddle.registry.by_number(number)
        if session is None:
            return
        there = self._link.state.sessions.get(number)
        if there is None or not there.here:
            self._presence.hear(session, self._huddle.membership.of(session))
            self._presence.over(session)
        elif session.account is None and session.nick != there.nick[0]:
            self._huddle.nicks.release(session.nick, session)

    def _session(self, number: int) -> None:
        there, registry = self._link.state.sessions.get(number), self._huddle.registry
        if there is None or not there.here:
            return
        session = registry.by_number(number)
        if session is None:
            if not there.account:
                self._huddle.nicks.make_free(there.nick[0])
            session = registry.mirror(session_row(self._link.state, number))
        self._name(session, there)
        self._seat(session, there)
        is_here = self._link.held(there.number) is not None
        comes = session.elsewhere or session.away
        session.elsewhere = self._link.is_elsewhere(there)
        if is_here and comes:
            self._presence.hear(session, self._huddle.membership.of(session))
        session.last_id = max(session.last_id, there.last_id)
        if not is_here:
            self._copy(session, there)

    def _copy(self, session: Session, there: Stated) -> None:
        """Copy what the node that holds the session says: ignores, preferences, word, places."""
        row = session_row(self._link.state, there.number)
        if session.outlet is None:  # else what was asked for on it is still to be kept
            session.ignores = tuple([(who, nick) for who, _, nick in map(_parted, row.ignores)])
            session.preferences = preferences_written(row.wishes)
        session.in_charge = there.in_charge
        session.version = there.version
        # Who just comes has been given another word in the place of that one, and been placed.
        is_known = session.word == row.word or self._link.word_before.get(there.number) == row.word
        if session.account is None and not is_known:
            self._huddle.registry.set_word(session, row.word, row.word_time, row.word_at)
        if session.outlet is None and there.host and session.host != host_shown(there.host):
            is_new = not session.address
            self._huddle.registry.note_origin(session, host_shown(there.host), there.address)
            for room in self._huddle.membership.of(session) if is_new else ():
                room.note_coming(session)
        if session.outlet is None:
            known = {
                room: seq
                for room, seq in there.rooms.items()
                if seq is not None or not session.expected
            }
            session.rooms = {**session.rooms, **known}

    def _name(self, session: Session, there: Stated) -> None:
        registry, number = self._huddle.registry, there.account
        account = registry.accounts.numbered(number) if number else None
        if account is not None:
            if session.account is not account and there.number not in self._link.joining:
                self._join(session, account)
        elif session.nick != there.nick[0]:
            self._huddle.nicks.make_free(there.nick[0], session)
            registry.rename(session, there.nick[0])
            for room in self._huddle.membership.of(session):
                room.changes += 1
                if self._huddle.directory.row(room.name).slow:  # on all nodes it is as a text
                    room.pace.hear(session, self._huddle.seconds())

    def _join(self, session: Session, account: Account) -> None:
        """The session, a guest's until now, is the account's."""
        registry, old = self._huddle.registry, session.nick
        is_its_own = session.inbox == account.inbox
        if not is_its_own:
            self._huddle.inboxes.close(session)
        rooms = self._huddle.membership.of(session)
        for room in rooms:
            room.remove(session)
        if is_its_own:
            registry.register(session, account)
            if self._link.is_up and not session.is_operator:
                self._link.registered(session.address)
        else:
            registry.log_in(session, account)
        registry.nicks.release(old, session)
        for room in rooms:
            room.add(session)
            room.changes += 1

    def _seat(self, session: Session, there: Stated) -> None:
        directory, membership = self._huddle.directory, self._huddle.membership
        state = self._link.state
        seats = [name for name in there.rooms if name in state.rooms]
        seats = [name for name in seats if there.number in state.rooms[name].seats]
        for name in [each for each in session.rooms if each not in seats and each[0] != INBOX]:
            session.rooms.pop(name)
            room = directory.find(name)
            if room is not None:
                self._presence.hear(session, [room])
                membership.empty(session, room)
        for name in seats:
            if name not in session.rooms:
                session.rooms[name] = there.rooms[name]
            self._count_room(session, there, name)
            self._huddle.directory.room(name).add(session)
        self._huddle.registry.note_newest(state.last_session)

    def _count_room(self, session: Session, there: Stated, name: str) -> None:
        """A room that was made on another node counts here, too, as made from that address."""
        is_made = self._link.is_elsewhere(there) and not self._huddle.directory.is_known(name)
        if is_made and self._link.is_up and not session.is_operator:
            self._huddle.directory.note_made(name, there.address, self._huddle.seconds())

    def count_mark(self, name: str, kind: MarkKind, who: str) -> None:
        """A restriction was set on another node: it counts here, too, as set from that address."""
        restrictions, limits = self._huddle.directory.restrictions, self._huddle.limits
        mark = restrictions.of(name, kind, who)
        doer = None if mark is None else self._huddle.registry.meant(mark.by)
        if doer is None or not self._link.is_up or restrictions.role(doer, name) > Role.HOST:
            return
        if restrictions.count_with(name, ()) > limits.marks_all // limits.rooms:
            for session in list(self._huddle.registry.sessions_of(doer.identity))[:1]:
                self._huddle.directory.note_marks(session.address, 1, self._huddle.seconds())

    # -- what else there is --------------------------------------------------------------------

    def _account(self, number: int) -> None:
        row, accounts = account_row(self._link.state, number), self._huddle.registry.accounts
        account = accounts.numbered(number)
        if account is None:
            account = self._nicks_account(row)
            accounts.enter(account, row)
        read = max(account.row.read, row.read)
        account.row = replace(row, nick=account.nick, read=read)
        account.appointed = keyed(account.nick)[1] in self._link.state.kept

    def _nicks_account(self, row: AccountRow) -> Account:
        """The account for which the core has kept the nick, or a new one; it has the nick from now
        on."""
        nicks, accounts = self._huddle.nicks, self._huddle.registry.accounts
        owner = accounts.named(row.nick) or nicks.owner(row.nick)
        account = Account(replace(row, number=0))
        if isinstance(owner, Account) and accounts.numbered(owner.number) is not owner:
            account = owner
        nicks.make_free(row.nick, account)
        nicks.claim(row.nick, account)
        return account

    def _room(self, name: str) -> None:
        if name in self._link.state.rooms:
            self._huddle.directory.put(room_row(self._link.state, name))

    def _mark(self, name: str, kind: str, who: str) -> None:
        directory = self._huddle.directory
        match mark_row(self._link.state, name, kind, who):
            case Dropped(Mark() as gone):
                directory.restrictions.drop(gone)
            case Mark() as there:
                directory.restrictions.set(there)
        directory.rules_changed(name)


def _parted(kept: str) -> tuple[str, str, str]:
    return kept.partition(" ")
