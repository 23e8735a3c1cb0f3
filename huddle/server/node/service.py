"""The running node: a server that comes into its cluster first, and then opens its doors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, TimeoutError, maybeDeferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.python.failure import Failure
from typing_extensions import override

from huddle.cluster.etcd.errors import (
    AddressUnusable,
    EngineUnusable,
    address_trouble,
    engine_trouble,
)
from huddle.cluster.log import Cause
from huddle.cluster.nodes.node_status import NodeStatus
from huddle.server.clustered.clustered import Clustered
from huddle.server.clustered.shared_options import shared_options
from huddle.server.key_file import WordKey
from huddle.server.node.clock_watch import EVERY, ClockWatch
from huddle.server.node.ending import AGAIN, PEOPLE, end_with
from huddle.server.node.joining import CannotJoin, Joining, word_key
from huddle.server.node.node_messages import (
    node_news,
    node_trouble,
    other_options,
    status_of,
)
from huddle.server.node.options import ClusterOptions, masked
from huddle.server.node.peer_door import PeerDoor
from huddle.server.node.peer_snapshot import NotGiven, Taking, take_from
from huddle.server.node.readiness import ReadyLater
from huddle.server.options import Options
from huddle.server.service import Door, HuddleService
from huddle.server.start_errors import Refusal, not_listening, reason_of

LEAVING = 3.0
"""Seconds for which a node that stops waits for its last word to stand in the log."""


class NodeService(HuddleService):
    """One server that is the node of these ``options``, which name a cluster."""

    def __init__(
        self, options: Options, doors: Sequence[Door], reactor: ReactorBase, measures: object = None
    ) -> None:
        super().__init__(options, doors, reactor, measures)  # type: ignore[arg-type]
        assert options.cluster is not None and options.history is not None
        self._cluster: ClusterOptions = options.cluster
        self._history = options.history
        self._unready: list[ReadyLater] = []
        self._joining: Joining
        self._course: Deferred[None] | None = None
        self._peers: tuple[PeerDoor, IListeningPort] | None = None
        self._taking: Taking | None = None
        self._is_ending = False
        self._watch = ClockWatch(
            lambda: self._joining.skew(), self._note_skew, self._tell, options.wording
        )
        self.clustered: Clustered | None = None
        """The node, once the house was found in the engine."""

    @override
    def _prepare(self) -> None:
        self.record = self._open_record()
        try:
            self._joining = Joining(
                self._cluster,
                self.record,
                self._history,
                self._reactor,
                self._options.wording,
                self._tell,
                self._options.sync == "full",
            )
        except CannotJoin as error:
            raise Refusal(self._trouble(error.cause)) from None
        except AddressUnusable as error:
            raise self._wrong(address_trouble(error, self._options.wording)) from None
        except OSError as error:
            reason = reason_of(error, self._options.wording)
            raise self._wrong(f"{error.filename}: {reason}") from None
        except ImportError:
            _ = self._options.wording.gettext
            raise self._wrong(_("TLS needs pip install 'huddle[tls]'")) from None

    def _wrong(self, reason: str) -> Refusal:
        return self._options.wrong("cluster", reason, masked(self._options["cluster"]))

    def _trouble(self, cause: str) -> str:
        details = {
            "endpoints": ", ".join(self._cluster.address.endpoints),
            "history": self._history,
            "key": self._cluster.key_path,
            "node": self._cluster.node,
            "state": f"{self._history}.node",
        }
        if hasattr(self, "_joining"):
            details["state"] = self._joining.state_path
        return node_trouble(cause, details, self._options.wording)

    @override
    def _served(self, door: Door) -> IProtocolFactory:
        self._unready.append(ReadyLater(door.made_from))
        return self._unready[-1]

    # -- coming in -----------------------------------------------------------------------------

    @override
    def _begin(self) -> None:
        self._reactor.callWhenRunning(self._join)

    def _join(self) -> None:
        self._course = Deferred.fromCoroutine(self._find_house())
        self._course.addErrback(self._not_found)

    async def _find_house(self) -> None:
        try:
            self.clustered = await self._joining.join(
                self._shared(), self._stands, self._ended, self._differs
            )
        except CannotJoin as error:
            self._ended(error.cause)
        except EngineUnusable as error:
            self._end(self._wrong(engine_trouble(error, self._options.wording)).reason)
        except OSError as error:
            self._end(f"{error.filename}: {reason_of(error, self._options.wording)}")
        else:
            self.record = self.clustered.record
            await self._watch.look()  # before it says anything by a clock that is wrong
            self._furnish(self.clustered)
            node = self.clustered.node
            self.factory.connections.standing = lambda: node.status.word
            if not self._beats:
                self._beat(self._watch.look, EVERY)

    def _note_skew(self, seconds: float) -> None:
        if self.clustered is not None:
            self.clustered.note_skew(seconds)

    @override
    def _tell_jump(self, milliseconds: int) -> None:
        super()._tell_jump(milliseconds)
        self._watch.jumped(milliseconds / 1000)

    def _shared(self) -> dict[str, object]:
        options = self._options
        return shared_options(
            options.limits,
            options.members_only,
            options.operators,
            options.keep_ms,
            options.keep_messages,
        )

    def _not_found(self, failure: Failure) -> None:
        if isinstance(failure.value, Refusal):
            self._end(failure.value.reason)
        elif isinstance(failure.value, OSError) and failure.value.filename:
            reason = reason_of(failure.value, self._options.wording)
            self._end(f"{failure.value.filename}: {reason}", AGAIN)
        elif not self._is_ending:
            self._log.failure("The node cannot start", failure)
            self._ended("failure")

    def _stands(self, status: NodeStatus) -> None:
        if status is NodeStatus.LEVEL and self._unready:
            unready, self._unready = self._unready, []
            self._reactor.callLater(0, self._enter, unready)
        news = node_news(status, self._options.wording)
        if news:
            self._tell(news)

    def _differs(self, options: Iterable[str]) -> None:
        self._tell(other_options(options, self._options.wording))

    def _enter(self, unready: Sequence[ReadyLater]) -> None:
        """Level for the first time: whoever comes is let in from now on."""
        if self._is_ending:
            return
        for door in unready:
            door.open(self.factory)
        super()._begin()
        self._let_go()
        if self._cluster.peer is not None:
            giving = Deferred.fromCoroutine(self._give(self._cluster.peer))
            giving.addErrback(self._not_found)

    def _let_go(self) -> None:
        """The log need not be held back any more for what was taken."""
        if self._taking is not None:
            self._taking.abort()

    async def _give(self, description: str) -> None:
        """Give other nodes what they need to start, from now on."""
        assert self.clustered is not None
        peers = PeerDoor(
            self._cluster.keys, self._joining.house, self._history, self.clustered.log_hold
        )
        try:
            port = await serverFromString(self._reactor, description).listen(peers)
        except Exception as error:
            raise not_listening(description, error, self._options.wording) from None
        self._peers = peers, port
        address = port.getHost()
        await self._joining.say_place(address.host, address.port)

    def _tell(self, news: str) -> None:
        self._log.warn("{news}", news=news)

    @override
    def _read_word_key(self) -> bytes:
        self._word_key = WordKey(None, False, self._report)
        self._word_key.key = word_key(self._cluster.keys, self._joining.house)
        return self._word_key.key

    # -- going ---------------------------------------------------------------------------------

    def _ended(self, cause: str) -> None:
        if cause not in (Cause.TRUNCATED.value, Cause.LOST.value):
            self._end(self._trouble(cause), status_of(cause))
        elif self._unready and not self._is_ending:  # nobody is here yet
            self._course = Deferred.fromCoroutine(self._take(cause))
            self._course.addErrback(self._not_found)
        else:
            self._end(self._trouble("behind"), status_of("behind"))

    async def _take(self, cause: str) -> None:
        """Begin anew with what another node has, which is nearer to the end of the log."""
        clustered, house = self.clustered, self._joining.house
        assert clustered is not None
        self._let_go()
        _ = self._options.wording.gettext
        self._tell(
            _("the engine has not all that this node has missed: other nodes are asked for it")
        )
        peers = await self._joining.others()
        try:
            self._taking = taken = await take_from(
                self._reactor,
                peers,
                lambda: Taking(
                    self._cluster.keys, house, self._history, clustered.log_hold.needs_from
                ),
                lambda name: self._tell(
                    _("this node begins with what the node {name} has").format(name=name)
                ),
            )
        except NotGiven:
            self._end(self._trouble(cause), AGAIN if peers else status_of(cause))
            return
        await clustered.log_hold.recorded()
        self._hashing.stop()
        await self._joining.engine.close()
        await self.record.close()
        taken.put_in_place(self._history)
        self._prepare()
        await self._find_house()

    def _end(self, line: str, status: int = PEOPLE) -> None:
        if not self._is_ending:
            self._is_ending = True
            end_with(self._reactor, line, status)

    @override
    async def _settle(self) -> None:
        """Have the log what was said here, and that this node leaves."""
        if self._peers is not None:
            peers, port = self._peers
            peers.close()
            await maybeDeferred(port.stopListening)
        assert self.clustered is not None
        leaving = self.clustered.stop().addTimeout(LEAVING, self._reactor)
        with suppress(TimeoutError):  # then the others will put its life down
            await leaving
        await self._joining.engine.close()

    @override
    async def _stop(self) -> None:
        if hasattr(self, "factory"):
            await super()._stop()
            return
        self._is_ending = True
        if self._course is not None:
            self._course.cancel()
        await self._stop_listening()
        await self._joining.engine.close()
        await self.record.close()
