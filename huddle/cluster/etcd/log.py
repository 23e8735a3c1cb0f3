"""The log on etcd: `huddle.cluster.log.Log`, and what it takes to open it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.internet.task import deferLater

from huddle.cluster.etcd.appending import PAUSE, Appending, Pauses
from huddle.cluster.etcd.errors import EngineUnusable
from huddle.cluster.etcd.following import EtcdFollowing
from huddle.cluster.etcd.gateway import (
    FULL,
    NO_SUCH_CALL,
    NOT_PERMITTED,
    OUT_OF_RANGE,
    Answer,
    Gateway,
    GivenUp,
    Refused,
    Unanswered,
)
from huddle.cluster.etcd.messages import (
    COMPACT,
    PUT_OR_NOT,
    RANGE,
    STATUS,
    Requests,
    engine_of,
    entry_of,
    founded_at,
    house_of,
    places_of,
)
from huddle.cluster.log import MOST_ENTRY, Deliver, EntryTooLarge, Gap, Same

T = TypeVar("T")

Report = Callable[[str, str], object]
"""Takes what is to be told to those who run the node: a code of
`huddle.cluster.etcd.errors.engine_news`, and a detail."""

SURE: Final = ((3, 4, 31), (3, 5, 13))
"""The first version of each line whose watches leave nothing out."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which log it is: the engine's name for itself, and the id of the house in it. Both are new
    when either is started from nothing."""

    engine: str
    house: str


class EtcdLog:
    """The log of one house on one engine. `open` comes first, and `close` last.

    ``pauses`` gives a random part of a time; ``report`` is told what those who run the node should
    know.
    """

    def __init__(self, gateway: Gateway, house: str, pauses: Pauses, report: Report) -> None:
        self._gateway = gateway
        self._requests = Requests(house)
        self._pauses = pauses
        self._report = report
        self._told = "answers"
        """The code that was told last."""
        self._troubles = 0
        self._engine = ""
        self._appending: set[Deferred[int]] = set()
        self._followings: list[EtcdFollowing] = []

    async def open(self, fresh: str, known: Identity | None = None) -> Identity:
        """Find the house in the engine, and found it if there is none; says which log it is.

        ``fresh`` is a random id for a new house. ``known`` is the log that this node has applied:
        any other is refused. Waits for as long as the engine does not answer. Raises
        `EngineUnusable`.
        """
        await self._warn_of_old_engines()
        answer = await self._asked(RANGE, self._requests.house())
        house, engine = house_of(answer), engine_of(answer)
        if known is None:
            if not house:
                house = house_of(await self._asked(PUT_OR_NOT, self._requests.found(fresh)))
        elif engine != known.engine:
            raise EngineUnusable("other-engine")
        elif house != known.house:
            raise EngineUnusable("other-house" if house else "no-house")
        self._engine = engine
        self._requests.known(house)
        return Identity(engine, house)

    async def standing(self) -> Identity | None:
        """Which house the engine has; None where it has none. Waits for an answer."""
        answer = await self._asked(RANGE, self._requests.house())
        house = house_of(answer)
        return Identity(engine_of(answer), house) if house else None

    async def found(self, fresh: str, first: bytes) -> tuple[Identity, int]:
        """Found the house under this id and with this first entry, if there is none; returns which
        there is now, and the position at which it was founded.

        May be asked again with the same id, whatever became of it before. Waits for an answer.
        """
        answer = await self._asked(PUT_OR_NOT, self._requests.found(fresh, first))
        return Identity(engine_of(answer), house_of(answer)), founded_at(answer)

    async def newest(self) -> bytes:
        """The entry that stands at the end; nothing where there is none. Waits for an answer."""
        entry = entry_of(await self._asked(PUT_OR_NOT, self._requests.entry(0)))
        return b"" if entry is None else entry.bytes

    async def say_place(self, node: str, place: bytes) -> None:
        """Have the engine keep where this node is found by the others. Waits for an answer."""
        await self._asked(PUT_OR_NOT, self._requests.place(node, place))

    async def places(self) -> dict[str, bytes]:
        """Where each node is found, as it has said when it last could. Waits for an answer."""
        return places_of(await self._asked(RANGE, self._requests.places()))

    def append(self, entry: bytes) -> Deferred[int]:
        if not 0 < len(entry) <= MOST_ENTRY:
            return fail(EntryTooLarge(len(entry)))
        appending = Appending(
            self._gateway, self._requests.append(entry), self._pauses, self._heard
        )
        position = appending.position
        self._appending.add(position)
        return position.addCallbacks(self._appended).addBoth(self._no_longer, position)

    def follow(
        self,
        after: int,
        deliver: Deliver,
        gap: Callable[[Gap], None],
        same: Same | None = None,
    ) -> EtcdFollowing:
        following = EtcdFollowing(
            self._gateway,
            self._requests,
            self._engine,
            after,
            deliver,
            gap,
            same,
            self._pauses,
            self._heard,
        )
        self._followings = [each for each in self._followings if not each.has_stopped]
        self._followings.append(following)
        return following

    def truncate(self, before: int) -> Deferred[None]:
        return Deferred.fromCoroutine(self._truncate(before))

    async def _truncate(self, before: int) -> None:
        try:
            await self._gateway.ask(COMPACT, self._requests.truncate(before))
        except (Refused, Unanswered) as trouble:
            if not (isinstance(trouble, Refused) and trouble.code == OUT_OF_RANGE):
                self._heard(trouble)

    def close(self) -> None:
        """Deliver nothing more, and give up what is on its way."""
        for following in self._followings:
            following.stop()
        for position in tuple(self._appending):
            position.cancel()
        self._gateway.close()

    def _appended(self, position: int) -> int:
        for following in self._followings:
            following.expect(position)
        return position

    def _no_longer(self, outcome: T, position: Deferred[int]) -> T:
        self._appending.discard(position)
        return outcome

    def _heard(self, trouble: Exception | None) -> None:
        """The engine was asked; tell of what has changed, once every endpoint was asked in vain.
        What was given up, as all is when this node ends, says nothing of the engine."""
        if isinstance(trouble, GivenUp):
            return
        self._troubles = 0 if trouble is None else self._troubles + 1
        if self._troubles >= len(self._gateway.endpoints) or not self._troubles:
            code, detail = news_of(trouble)
            if code != self._told:
                self._told = code
                self._report(code, detail)

    async def _asked(self, path: str, body: bytes) -> Answer:
        """The answer, however long it takes. Raises `EngineUnusable` where to ask again is vain."""
        while True:
            try:
                answer = await self._gateway.ask(path, body)
            except (Refused, Unanswered) as trouble:
                check_usable(trouble)
                self._heard(trouble)
                await deferLater(self._gateway.clock, self._pauses(PAUSE))
            else:
                self._heard(None)
                return answer

    async def _warn_of_old_engines(self) -> None:
        """Ask each endpoint that answers now for its version."""
        versions = set()
        for endpoint in self._gateway.endpoints:
            try:
                answer = await self._gateway.ask(STATUS, b"{}", endpoint)
            except Unanswered:
                continue
            except Refused as refusal:
                check_usable(refusal)
                continue
            versions.add(str(answer.get("version")))
        for version in sorted(versions):
            if is_unsure(version):
                self._report("old", version)


def check_usable(trouble: Refused | Unanswered) -> None:
    """Raises `EngineUnusable` where the engine would say the same to the next request."""
    if not isinstance(trouble, Refused) or not trouble.code:
        return
    if "user name is empty" in trouble.text:
        raise EngineUnusable("no-credentials")
    if "authentication failed" in trouble.text:
        raise EngineUnusable("credentials")
    if trouble.code == NOT_PERMITTED:
        raise EngineUnusable("not-permitted")
    if trouble.code == NO_SUCH_CALL:
        raise EngineUnusable("not-etcd", trouble.text)


def news_of(trouble: Exception | None) -> tuple[str, str]:
    """What is to be told of a trouble, or (None) of its end: a code and a detail."""
    if trouble is None:
        return "answers", ""
    if isinstance(trouble, Refused) and trouble.code:
        is_full = trouble.code == FULL and "space exceeded" in trouble.text  # or too much is asked
        return ("full" if is_full else "refuses"), trouble.text
    return "silent", str(trouble.args[0])


def is_unsure(version: str) -> bool:
    """Whether the watches of this version of etcd can leave something out."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    return any(numbers[:2] == sure[:2] and numbers < sure for sure in SURE)
