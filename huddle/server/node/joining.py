"""Joining: the engine found, the house in it, and the node made of both and of its record."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from random import SystemRandom
from typing import Any, TypeVar

from twisted.internet.defer import CancelledError, Deferred, DeferredLock, TimeoutError
from twisted.internet.threads import deferToThread

from huddle.cluster.batches import VERSION
from huddle.cluster.etcd.clocks import skew
from huddle.cluster.etcd.errors import engine_news
from huddle.cluster.etcd.log import Identity
from huddle.cluster.etcd.opening import Engine
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.cluster.sealed_log import SealedLog
from huddle.cluster.sealing import NoSuchKey, NotGenuine, Sealing
from huddle.cluster.state import State, first_state
from huddle.locale import Wording
from huddle.record import Record, RecordFailure
from huddle.server.clustered.clustered import Clustered
from huddle.server.key_file import key_of
from huddle.server.node.founding import Founding, HouseStands, epoch_of
from huddle.server.node.node_messages import beginning_news
from huddle.server.node.options import ClusterOptions
from huddle.server.node.state_file import BadStateFile, StateFile
from huddle.server.start_errors import record_news

T = TypeVar("T")

WRITE_AFTER = 0.5
"""Seconds for which what was said may wait for its place in this node's record, so that one
transaction is for all of it; the engine has it by then, and who reads does not wait for so long.
With a fifth of that a line cost a node on which nobody is a fifth more beside four others, and
beside one other no more (two pairs, quiet: 29 and 32 µs for 24 and 27; 24 and 29 for 39 and 24)."""

PATIENCE = 10.0
"""Seconds for which an engine may not answer before the start is given up."""


class CannotJoin(Exception):
    """The node cannot start, for this cause of `huddle.server.node.node_messages.node_trouble`."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Joining:
    """One node on its way in. ``kept`` is its record, which lies at ``history``.

    ``report`` is told what those who run the node should know.
    """

    def __init__(
        self,
        options: ClusterOptions,
        kept: Record,
        history: str,
        reactor: Any,
        wording: Wording,
        report: Callable[[str], object],
        records_first: bool = False,
    ) -> None:
        """``records_first``: nothing is told before this node's record has it. Raises `OSError`,
        `huddle.cluster.etcd.errors.AddressUnusable`, `ImportError` where TLS is not installed, and
        `CannotJoin`."""
        self._state: State = first_state()
        self._write_after = None if records_first else WRITE_AFTER
        self._options = options
        self._kept = kept
        self._reactor = reactor
        self._history = history
        self._file = StateFile(history)
        self._writing = DeferredLock()
        self._report: Callable[[str, str], object] = lambda code, detail: report(
            record_news(code, detail, wording)
        )
        self._begins: Callable[[str], object] = lambda code: report(
            beginning_news(code, options.address.house, history, wording)
        )
        self._known = self._read_to_found() if options.found else self._read()
        self._sealing: Sealing
        self._identity = self._known
        self.engine = Engine(
            reactor,
            options.address,
            SystemRandom().uniform,
            lambda code, detail: report(engine_news(code, detail, wording)),
        )
        """What the node has to do with the engine; whoever is done with it closes that."""
        self.skew = partial(skew, self.engine.gateway, time.time)
        """By how much this machine's clock differs from those of the engine's machines."""

    @property
    def state_path(self) -> str:
        """The path of the file with the state, beside the record."""
        return self._file.path

    @property
    def house(self) -> str:
        """The id of the house, once it was found."""
        assert self._identity is not None
        return self._identity.house

    def _read_file(self) -> tuple[Identity, State] | None:
        try:
            return self._file.read()
        except BadStateFile:
            raise CannotJoin("bad-state") from None

    def _read_to_found(self) -> Identity | None:
        found = self._read_file()
        if not self._has_something():
            raise CannotJoin("nothing")
        return None if found is None else found[0]

    def _read(self) -> Identity | None:
        found = self._read_file()
        founding = Founding(self._history, None if found is None else found[0])
        if not self._has_something():
            founding.forget()  # it was begun with a record that is gone
        elif founding.is_begun:
            raise CannotJoin("founding")
        if not self._kept.position and self._has_something():
            raise CannotJoin("own-house")  # whatever state is beside it, which it may have had
        if found is None:
            if self._kept.position:
                raise CannotJoin("no-state")
            return None
        identity, self._state = found
        if self._state.position > self._kept.position:
            if self._kept.position:
                raise CannotJoin("bad-state")
            self._state = first_state()  # the record is lost, and begins anew
        return identity

    def _has_something(self) -> bool:
        kept = self._kept
        return bool(kept.last_session or kept.last_account or kept.rooms())

    async def join(
        self,
        shared: dict[str, object],
        told: Callable[[NodeStatus], object],
        ended: Callable[[str], object],
        differs: Callable[[Iterable[str]], object],
    ) -> Clustered:
        """Find the house; the node is to be started. Raises `CannotJoin` and `EngineUnusable`."""
        if self._options.found:
            await self._found(shared)
        try:
            identity, sealing = await self._in_time(self._open())
        except NoSuchKey:
            raise CannotJoin("sealed") from None
        self._sealing = sealing
        return Clustered(
            SealedLog(self.engine.log, sealing),
            self._options.node,
            self._kept,
            epoch_of(identity.house),
            shared,
            lambda: secrets.token_hex(16),
            told,
            ended,
            self._state,
            self._keep_state,
            differs,
            word_key(self._options.keys, identity.house).hex(),
            self._write_after,
        )

    async def _found(self, shared: Mapping[str, Any]) -> None:
        founding = Founding(self._history, self._known)
        try:
            claiming = founding.claim(self.engine.log, self._options.keys, self._kept)
            claimed = await self._in_time(claiming)
        except HouseStands:
            raise CannotJoin("stands") from None
        if claimed is not None:
            try:
                operators = shared["operators"]
                await founding.fill(claimed, self._kept, self._words(), operators)
            except RecordFailure:
                raise CannotJoin("record") from None
            self._begins("found" if self._known is None else "anew")
        self._known = self._read()

    async def _in_time(self, asking: Coroutine[Deferred[Any], Any, T]) -> T:
        """What the engine answers. Raises `CannotJoin` where it does not."""
        try:
            return await Deferred.fromCoroutine(asking).addTimeout(PATIENCE, self._reactor)
        except (TimeoutError, CancelledError):
            raise CannotJoin("no-engine") from None

    async def say_place(self, host: str, port: int) -> None:
        """Tell the other nodes, by the engine, where this one gives what it has."""
        place = self._sealing.seal(json.dumps([host, port]).encode())
        await self.engine.log.say_place(self._options.node, place)

    async def others(self) -> dict[str, tuple[str, int]]:
        """Where other nodes give what they have: host and port by name."""
        found = {}
        for name, place in (await self.engine.log.places()).items():
            with suppress(NotGenuine, NoSuchKey, ValueError):
                host, port = json.loads(self._sealing.open(place))
                found[name] = host, port
        found.pop(self._options.node, None)
        return found

    async def _open(self) -> tuple[Identity, Sealing]:
        log = self.engine.log
        fresh = secrets.token_hex(16)
        self._identity = identity = await log.open(fresh, self._known)
        if identity.house == fresh:
            self._begins("empty")
        sealing = Sealing(self._options.keys, identity.house, VERSION, os.urandom)
        # Before anything is appended: what is sealed under another key is the end of all others.
        with suppress(NotGenuine):
            sealing.open(await log.newest())
        if self._known is None:
            self._file.write(identity)
        return identity, sealing

    def _words(self) -> str:
        """The key by which return words are hashed in the record: that of the house that it was of,
        or of the server that has kept it. Raises `OSError`."""
        found = self._file.read()
        if found is None:
            return key_of(self._history, False, self._report).hex()
        identity, state = found
        return state.words or word_key(self._options.keys, identity.house).hex()

    def _keep_state(self, dumped: bytes) -> Deferred[None]:
        """Have a dump on the disk. The record has what is in it."""
        assert self._identity is not None
        return self._writing.run(deferToThread, self._file.write, self._identity, dumped)


def word_key(keys: Sequence[bytes], house: str) -> bytes:
    """A key for return words that all nodes have; the house goes on with its first one when the
    keys are replaced (`huddle.cluster.state.State.words`)."""
    return hmac.digest(keys[0], b"huddle return words" + house.encode(), sha256)
