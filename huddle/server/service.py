"""The running server: the record, one Huddle above it, a service for each door, in good order.

twistd makes the service, may go into the background, and only then starts it. So the record, which
survives no fork, is opened on starting; and it is opened before any door, so that whoever finds the
house closed was never let in. On stopping it is the other way round: the doors close, everybody is
told and what is on its way is sent, and the record is the last to go.
"""

from __future__ import annotations

import gc
import os
import resource
import secrets
import sys
from collections.abc import Callable, Sequence
from typing import Any

from twisted.application.service import MultiService
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from typing_extensions import override

from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.dialects.plain.dialect import PlainDialect
from huddle.doors.connections import Connections
from huddle.doors.keepalive import BEAT
from huddle.doors.line import HuddleFactory
from huddle.doors.listening import Listening
from huddle.huddle import Huddle
from huddle.locale.clock import HouseClock
from huddle.people.accounts import Accounts
from huddle.people.authentication import Authentication
from huddle.protocol.errors import NickTaken
from huddle.protocol.events import FIRST_ROOM
from huddle.record import Record, RecordFailure
from huddle.record.memory import MemoryRecord
from huddle.record.retention import ClockJumped
from huddle.record.sqlite import SqliteRecord
from huddle.record.trouble import RecordUnusable
from huddle.server.clocks import LocalZone, now_ms
from huddle.server.credentials import CredPasswords
from huddle.server.options import Options
from huddle.server.passwords import Hashing
from huddle.server.reload import Reload
from huddle.server.start_errors import Refusal, reason_of, record_news, unusable_record
from huddle.visits.arrival import Arrival
from huddle.visits.welcome import House

OWN_FILES = 32
"""Open files that the server needs for itself: log, reactor, record and its readers."""

KEY_BYTES = 32
"""Of the key under which return words are hashed."""

SWITCH_SECONDS = 0.0005
"""How long one thread may keep the others from running. SQLite gives the interpreter up at each
statement and gets it back after this time at the latest; with Python's 5 ms, a commit beside a busy
reactor took 12 ms (p50), with this 2 ms, and the reactor is hardly slower."""

FORGETTING = 3600.0
"""Seconds from one look for what is older than `--keep`, and for sessions that are too many, to the
next."""


class HuddleService(MultiService):
    """One server. Its children are the doors."""

    _log = Logger()

    def __init__(
        self,
        options: Options,
        endpoints: Sequence[tuple[str, IStreamServerEndpoint]],
        reactor: ReactorBase,
    ) -> None:
        super().__init__()
        self._options = options
        self._endpoints = endpoints
        self._reactor = reactor
        self._doors: list[Listening] = []
        self._beats: list[LoopingCall] = []
        self._reload = Reload(reactor)

    def on_reload(self, call: Callable[[], object]) -> None:
        """Call this at each SIGHUP while the server runs: a file is to be read again."""
        self._reload.add(call)

    @override
    def privilegedStartService(self) -> None:
        """Open the record and the doors. Raises `Refusal` when that cannot be."""
        try:
            self.record = self._open_record()
            self.factory = self._make_factory()
            for description, endpoint in self._endpoints:
                self._open_door(Listening(endpoint, description, self.factory))
        except Refusal as refusal:
            if sys.stderr is not sys.__stderr__:  # twistd has made a log of it
                print(refusal, file=sys.__stderr__)
            raise

    def _open_door(self, door: Listening) -> None:
        door.setServiceParent(self)
        self._doors.append(door)
        try:
            door.privilegedStartService()
        except Exception as error:
            raise Refusal(self._not_listening(door, error)) from None

    def _not_listening(self, door: Listening, error: Exception) -> str:
        _ = self._options.wording.gettext
        place, cause = door.description, error
        if isinstance(error, CannotListenError):
            place, cause = f"{error.interface}:{error.port}", error.socketError
        reason = reason_of(cause, self._options.wording)
        return _("cannot listen on {place}: {reason}").format(place=place, reason=reason)

    @override
    def startService(self) -> None:
        super().startService()
        self._reload.listen()
        self._tell_how_to_enter()
        self._beat(self.factory.connections.beat, BEAT)
        self._beat(self._forget_sessions, FORGETTING, now=True)
        if self._options.keep_ms or self._options.keep_messages:
            self._beat(self._forget, FORGETTING, now=True)  # it may never run for an hour
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.collect()
        gc.freeze()

    @override
    def stopService(self) -> Deferred[Any]:
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        self._reload.stop()
        for beat in self._beats:
            beat.stop()
        doors_closed = super().stopService()
        await self.factory.connections.close()
        await doors_closed
        await self.factory.huddle.sequencer.when_idle()
        self._hashing.stop()
        await self.record.close()

    # -- parts ---------------------------------------------------------------------------------

    def _open_record(self) -> Record:
        epoch = secrets.token_hex(8)
        path = self._options.history
        if path is None:
            return MemoryRecord(self._options.limits, epoch)
        call_in_reactor = self._reactor.callFromThread
        try:
            return SqliteRecord.open(
                path, epoch, call_in_reactor, sync=self._options.sync, report=self._report
            )
        except RecordUnusable as error:
            raise Refusal(unusable_record(error, self._options.wording)) from None

    def _report(self, code: str, detail: str) -> None:
        news = record_news(code, detail, self._options.wording)
        self._log.warn("{news}", news=news)

    def _make_factory(self) -> HuddleFactory:
        options, reactor = self._options, self._reactor
        accounts = Accounts(self.record.accounts(), self.record.last_account)
        gate = self._make_gate(accounts)
        huddle = Huddle(
            self.record, reactor.callLater, reactor.seconds, now_ms, options.limits, accounts
        )
        huddle.room(FIRST_ROOM)
        authentication = Authentication(self._word_key(), gate, reactor.seconds, options.limits)
        arrival = Arrival(huddle, authentication, secrets.choice, options.members_only)
        house = House(huddle, arrival, authentication, options["lang"], options.motd)
        clock = HouseClock(options.zone or LocalZone(), now_ms)
        connections = Connections(huddle, reactor)
        return HuddleFactory(house, connections, PlainDialect(clock), JsonDialect(options.limits))

    def _make_gate(self, accounts: Accounts) -> CredPasswords:
        """Whose password is it? The nicks that others know belong to their owners from the start,
        and so do those of the operators."""
        options = self._options
        self._hashing = Hashing(self._reactor, options.limits.hashing)

        def hash_of(nick: str) -> str | None:
            account = accounts.named(nick)
            return None if account is None else account.hash

        def renew(nick: str, hash: str) -> None:
            account = accounts.named(nick)
            if account is not None:
                account.hash = hash
                self.factory.huddle.saving.save_quietly(account.row)

        gate = CredPasswords(self._hashing, hash_of, options.checkers, options.wording, renew=renew)
        for nick in gate.nicks:
            accounts.expect(nick)
        for nick in options.operators:
            account = accounts.expect(nick)
            account.appointed = True
            if not account.number and nick not in gate.nicks:
                _ = options.wording.gettext
                news = _("{nick} is to be an operator and has no account: huddle-account makes one")
                self._log.warn("{news}", news=news.format(nick=nick))
        self.on_reload(lambda: self._read_nicks_again(gate))
        return gate

    def _read_nicks_again(self, gate: CredPasswords) -> None:
        gate.read_again()
        for nick in gate.nicks:
            try:
                self.factory.huddle.registry.reserve(nick)
            except NickTaken:
                _ = self._options.wording.gettext
                news = _("{nick} is known to another checker now, and somebody here has that nick")
                self._log.warn("{news}", news=news.format(nick=nick))

    def _word_key(self) -> bytes:
        """The key lies beside the record and not in it: a copy of the record opens nothing."""
        if self._options.history is None:
            return secrets.token_bytes(KEY_BYTES)
        try:
            return kept_key(f"{self._options.history}.key")
        except OSError as error:
            _ = self._options.wording.gettext
            reason = f"{error.filename}: {error.strerror}"
            raise Refusal(
                _("no key for the return words: {reason}").format(reason=reason)
            ) from None

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

    async def _forget(self) -> None:
        keep_ms, keep_messages = self._options.keep_ms, self._options.keep_messages
        _, ngettext = self._options.wording.gettext, self._options.wording.ngettext
        try:
            count = await self.record.forget(keep_ms, keep_messages, now_ms())
        except ClockJumped:
            news = _("the clock has jumped; nothing is deleted until it can be believed")
            self._log.warn("{news}", news=news)
        except RecordFailure:
            self._log.warn("{news}", news=_("the record could not delete what is old"))
        else:
            if count:
                news = ngettext(
                    "{count} old message deleted", "{count} old messages deleted", count
                )
                self._log.info("{news}", news=news.format(count=count))

    async def _forget_sessions(self) -> None:
        """Whoever connects leaves a session behind: the oldest of too many go."""
        try:
            await self.record.forget_sessions(0, self._options.limits.sessions_kept)
        except RecordFailure:
            _ = self._options.wording.gettext
            self._log.warn("{news}", news=_("the record could not delete what is old"))

    def _tell_how_to_enter(self) -> None:
        _ = self._options.wording.gettext
        lines = [_("listening on {place}").format(place=door.place) for door in self._doors]
        count = raise_file_limit() - OWN_FILES
        lines.append(_("{count} may be connected at once").format(count=count))
        lines.append(_("--interface 0.0.0.0 lets in everybody who reaches this machine"))
        for line in lines:
            self._log.info("{line}", line=line)


def kept_key(path: str) -> bytes:
    """The key in this file, which only its owner may read; made if it is not there."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        with open(path, "rb") as kept:
            key = kept.read(KEY_BYTES)
        if len(key) == KEY_BYTES:
            return key
        os.remove(path)
        return kept_key(path)
    with open(file, "wb") as new:
        key = secrets.token_bytes(KEY_BYTES)
        new.write(key)
        new.flush()
        os.fsync(new.fileno())
    return key


def raise_file_limit() -> int:
    """Let the process have as many open files as it may; returns how many."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
