"""The running server: the record, one Huddle above it, a service for each door, in good order.

twistd makes the service, may go into the background, and only then starts it. So the record, which
survives no fork, is opened on starting; and it is opened before any door, so that a peer that finds
the house closed was never let in. On stopping it is the other way round: the doors close, everybody
is told and what is on its way is sent, and the record is the last to go.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from twisted.application.service import MultiService
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IProtocolFactory, IStreamServerEndpoint
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from typing_extensions import override

from huddle.doors.keepalive import BEAT
from huddle.doors.line import HuddleFactory
from huddle.doors.listening import Listening
from huddle.people.accounts import Accounts
from huddle.people.operator_code import InMemory
from huddle.people.return_words import Chance
from huddle.protocol.errors import NickTaken
from huddle.record import Record
from huddle.record.errors import REFUSING, RecordUnusable
from huddle.record.memory import MemoryRecord
from huddle.record.sqlite import SqliteRecord
from huddle.server.assembly import Settings, Surroundings, assemble
from huddle.server.clocks import LocalZone, now_ms
from huddle.server.invitation.board import Place, Ways, line_ways, place_of
from huddle.server.invitation.code_file import CodeFile
from huddle.server.invitation.startup_banner import StartupBanner
from huddle.server.key_file import WordKey
from huddle.server.operation import call_from_thread
from huddle.server.operation.bus_error import end_at_bus_error
from huddle.server.operation.log_file import ServerLog
from huddle.server.operation.memory import MEMORY_BEAT, GivingBack, glibc_trim
from huddle.server.operation.notify import Notify
from huddle.server.options import Options
from huddle.server.password_checkers import CredPasswords
from huddle.server.passwords import Hashing
from huddle.server.process import as_user, end_once, tune_memory
from huddle.server.reload import Reload
from huddle.server.retention import FORGETTING, Retention
from huddle.server.start_errors import (
    Refusal,
    check_no_nodes,
    clock_news,
    connections_at_once,
    not_listening,
    operator_news,
    record_news,
    unusable_record,
)

if TYPE_CHECKING:  # for a node, and an extra
    from huddle.server.clustered.clustered import Clustered
    from huddle.server.operation.metrics import Measures

CLOCK_BEAT = 1.0
"""Seconds from one look at the clock to the next while nothing is said."""


@dataclass(frozen=True, slots=True)
class Door:
    """A way in that is to be opened: where it listens, and what serves those who come by it.

    ``made_from`` is given the first door, whose house and connections it shares. ``ways`` say on
    the board how people come in by it.
    """

    description: str
    endpoint: IStreamServerEndpoint
    made_from: Callable[[HuddleFactory], IProtocolFactory] = lambda first: first
    files: Callable[[int], int] = lambda limit: 0
    """How many open files it needs, of so many that there may be, beside those of the connections
    that are counted."""
    ways: Ways = line_ways
    tls: bool = False


class HuddleService(MultiService):
    """One server. Its children are the doors."""

    _log = Logger()

    def __init__(
        self,
        options: Options,
        doors: Sequence[Door],
        reactor: ReactorBase,
        measures: Measures | None = None,
    ) -> None:
        """``measures`` are looked after where there is a door for them.

        Raises `Refusal` where too few files may be open.
        """
        super().__init__()
        self._most = connections_at_once(
            lambda most: sum(door.files(most) for door in doors), options.wording
        )
        self._measures = measures
        self._options = options
        self._doors = doors
        self._reactor = reactor
        self._open_doors: list[Listening] = []
        self._beats: list[LoopingCall] = []
        self.reload = Reload(reactor)
        """Calls at each SIGHUP, while the server runs, what has a file to be read again."""
        self._notify = Notify(os.environ, os.getpid())
        self.reload.add(self._notify.reloading)
        self.reload.add(ServerLog.reopen)
        self.reload.add(self._read_motd_again)

    @override
    def privilegedStartService(self) -> None:
        """Open the record and the doors. Raises `Refusal` when that cannot be."""
        try:
            typed: MutableMapping[str, Any] = self._options.parent or {}
            with as_user(typed.get("uid"), typed.get("gid")):
                self._prepare()
            for door in self._doors:
                self._open(Listening(door.endpoint, door.description, self._served(door)))
        except Refusal as refusal:
            if sys.stderr is not sys.__stderr__:  # twistd has made a log of it
                print(refusal, file=sys.__stderr__)
            raise

    def _prepare(self) -> None:
        check_no_nodes(self._options.history, self._options.wording)
        self.record = self._open_record()
        self._furnish()

    def _furnish(self, clustered: Clustered | None = None) -> None:
        """Make what stands on the record."""
        if self._measures is not None:
            self.record = self._measures.measured(self.record, self._reactor.seconds)
        options = self._options
        kept = options.limits.sessions_kept
        self._retention = Retention(
            self.record, options.keep_ms, options.keep_messages, kept, now_ms, options.wording
        )
        self.factory = self._assembled(clustered)
        self.factory.connections.most = self._most
        house = self.factory.house
        accounts = house.huddle.registry.accounts
        self._banner = StartupBanner(self._options, accounts, house.code, self._places)

    def _served(self, door: Door) -> IProtocolFactory:
        return door.made_from(self.factory)

    def _open(self, door: Listening) -> None:
        door.setServiceParent(self)
        self._open_doors.append(door)
        try:
            door.privilegedStartService()
        except Exception as error:
            raise not_listening(door.description, error, self._options.wording) from None

    @override
    def startService(self) -> None:
        if not self._open_doors:  # `twist` knows no privileges, and calls this alone
            self.privilegedStartService()
        super().startService()
        self.reload.listen()
        self._reactor.callWhenRunning(end_once)
        self._begin()

    def _begin(self) -> None:
        """From now on people come in."""
        self.reload.add(self._notify.ready)  # behind all else that is read again
        self._banner.tell(self._listening(), self.factory.connections.most)
        self._beat(self.factory.connections.beat, BEAT)
        self._beat(self.factory.huddle.now_ms, CLOCK_BEAT)
        self._beat(self._word_key.look, CLOCK_BEAT)
        unread = self.factory.huddle.directory.pages.forget_unused
        self._beat(GivingBack(unread, glibc_trim()).beat, MEMORY_BEAT)
        self._beat(self._retention.forget_sessions, FORGETTING, now=True)
        options = self._options
        # A node may have to forget by what the others were started with.
        if options.keep_ms or options.keep_messages or options.cluster is not None:
            self._beat(self._retention.forget, FORGETTING, now=True)  # it may not run for an hour
        if self._measures is not None:
            measures, seconds = self._measures, self._reactor.seconds
            self._beat(lambda: measures.look(seconds()), measures.beat)
        if self._notify.beat is not None:
            self._beat(self._notify.alive, self._notify.beat)
        self._reactor.callWhenRunning(lambda: self._notify.ready(", ".join(self._listening())))
        tune_memory()

    @override
    def stopService(self) -> Deferred[Any]:
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        doors_closed = self._stop_listening()
        await self.factory.connections.close()
        await doors_closed
        await self._settle()
        self._hashing.stop()
        await self.record.close()

    def _stop_listening(self) -> Deferred[object]:
        self._notify.stopping()
        self.reload.stop()
        for beat in self._beats:
            beat.stop()
        closed: Deferred[object] = super().stopService()
        return closed

    async def _settle(self) -> None:
        """Wait until what was said is recorded."""
        await self.factory.huddle.sequencer.when_idle()

    # -- parts ---------------------------------------------------------------------------------

    def _open_record(self) -> Record:
        epoch, path = secrets.token_hex(8), self._options.history
        if path is None:
            return MemoryRecord(self._options.limits, epoch, self._reactor.callLater)
        end_at_bus_error(lambda: self._report("index-cut", os.path.realpath(path)))
        try:
            return SqliteRecord.open(
                path,
                epoch,
                call_from_thread.for_record(self._reactor, path),
                self._report,
                sync=self._options.sync,
                seconds=time.monotonic,
                alone=self._options.cluster is None,
            )
        except RecordUnusable as error:
            raise Refusal(unusable_record(error, self._options.wording)) from None

    def _report(self, code: str, detail: str) -> None:
        if code in (*REFUSING, "recovered") and hasattr(self, "factory"):  # else it is found again
            self.factory.connections.records = code == "recovered"
        news = record_news(code, detail, self._options.wording)
        self._log.warn("{news}", news=news)
        if code == "broken":  # to stop in order would wait for its answers
            os._exit(os.EX_SOFTWARE)

    def _tell_jump(self, milliseconds: int) -> None:
        self._log.warn("{news}", news=clock_news(milliseconds, self._options.wording))

    def _assembled(self, clustered: Clustered | None) -> HuddleFactory:
        options = self._options
        return assemble(
            Settings(
                options.limits,
                options["lang"],
                options.zone or LocalZone(),
                options.motd,
                options.members_only,
                options.operators,
            ),
            Surroundings(
                self.record,
                self._reactor,
                now_ms,
                Chance(secrets.token_bytes),
                self._read_word_key(),
                InMemory() if options.history is None else CodeFile(options.history),
                time.thread_time,
                self._tell_jump,
                lambda room: self._banner.board().invitation(room),
            ),
            self._make_passwords,
            clustered,
        )

    def _make_passwords(self, accounts: Accounts) -> CredPasswords:
        """Whose password is it? Operators without an account are told of in the log."""
        options = self._options
        self._hashing = Hashing(self._reactor, options.limits.hashing)

        def hash_of(nick: str) -> str | None:
            account = accounts.named(nick)
            return None if account is None else account.row.hash

        def renew(nick: str, hash: str) -> None:
            account = accounts.named(nick)
            if account is not None:
                account.row = replace(account.row, hash=hash)
                self.factory.huddle.saving.save_quietly(account.row)

        passwords = CredPasswords(self._hashing, hash_of, options.checkers, options.wording, renew)
        for nick in options.operators:
            if accounts.named(nick) is None and not passwords.may_know(nick):
                self._log.warn("{news}", news=operator_news(nick, options.wording))
        self.reload.add(lambda: self._read_nicks_again(passwords))
        return passwords

    def _read_motd_again(self) -> None:
        """Newcomers are shown what the file says now; where it cannot be read, what it said."""
        try:
            self.factory.house.motd[:] = self._options.read_motd_again()
        except Refusal as refusal:
            news = self._options.wording.gettext("the message of the day stays as it was: {reason}")
            self._log.warn("{news}", news=news.format(reason=refusal.reason))

    def _read_nicks_again(self, passwords: CredPasswords) -> None:
        passwords.read_again()
        for nick in passwords.nicks:
            try:
                self.factory.huddle.registry.reserve(nick)
            except NickTaken:
                _ = self._options.wording.gettext
                news = _("{nick} is known to another checker now, and somebody here has that nick")
                self._log.warn("{news}", news=news.format(nick=nick))

    def _read_word_key(self) -> bytes:
        path, is_new = self._options.history, not self.record.last_session
        try:
            self._word_key = WordKey(path, is_new, self._report)
        except OSError as error:
            _ = self._options.wording.gettext
            reason = f"{error.filename}: {error.strerror}"
            raise Refusal(
                _("no key for the return words: {reason}").format(reason=reason)
            ) from None
        return self._word_key.key

    # -- while it runs -------------------------------------------------------------------------

    def _beat(self, call: Callable[[], Any], seconds: float, now: bool = False) -> None:
        """Call it again and again; what goes wrong once does not end that."""

        def once() -> Deferred[Any]:
            done = maybeDeferred(call)
            return done.addErrback(lambda failure: self._log.failure("A beat failed", failure))

        beat = LoopingCall(once)
        beat.clock = self._reactor
        beat.start(seconds, now=now)
        self._beats.append(beat)

    def _listening(self) -> list[str]:
        _ = self._options.wording.gettext
        return [_("listening on {place}").format(place=door.place) for door in self._open_doors]

    def _places(self) -> list[tuple[Place, Ways]]:
        """Where the doors are reached that people can come in by, and how."""
        return [
            (place, door.ways)
            for door, listening in zip(self._doors, self._open_doors, strict=True)
            if (place := place_of(listening.address, door.tls)) is not None
        ]
