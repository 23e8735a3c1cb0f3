"""One request to the engine: at one endpoint, with a deadline, as this user.

An answer is what was asked for, or an error, and of an error it matters whether the engine surely
did nothing (`Refused`) or may have done it, or may do it yet (`Unanswered`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from operator import call
from typing import Any, Final, TypeVar

from twisted.internet import error
from twisted.internet.defer import CancelledError, Deferred, TimeoutError
from twisted.internet.interfaces import IProtocol, IReactorTime

from huddle.cluster.etcd.connections import Answered, Connections
from huddle.protocol.timing.timer_queue import TimerQueue

DEADLINE: Final = 2.0
"""Seconds within which an endpoint has to answer."""

SILENT: Final = 0.3
"""Seconds after which an endpoint that tells nothing is not relied on alone."""

UNUSUAL: Final = 4
"""How many times as long as usual an endpoint must tell nothing for that, where this is longer."""

INVALID: Final = 3
NO_SUCH_THING: Final = 5
NOT_PERMITTED: Final = 7
FULL: Final = 8
NOT_NOW: Final = 9
OUT_OF_RANGE: Final = 11
NO_SUCH_CALL: Final = 12
UNKNOWN_USER: Final = 16
_DEFINITE = frozenset(
    {INVALID, NO_SUCH_THING, NOT_PERMITTED, FULL, NOT_NOW, OUT_OF_RANGE, NO_SUCH_CALL, UNKNOWN_USER}
)
"""The codes of gRPC with which etcd says that it has done nothing."""

_NO_LEADER = "etcdserver: no leader"
"""Said before anything is done, to those who ask for it by a header."""

_TOKEN = re.compile(r"[!-~]{1,4096}")
"""A token as it may stand in a header."""

scan: Final = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""The JSON that stands in a text from a place on, and where it ends; by the parser itself."""

T = TypeVar("T")

Answer = dict[str, Any]
"""What the gateway answers; numbers of 64 bits are strings in it, and bytes are base64."""


class Unanswered(Exception):
    """Nobody said what became of the request: it may have been done, or may be done yet."""


class GivenUp(Unanswered):
    """Nobody waits for the answer any more, which says nothing of the endpoint."""


class Refused(Exception):
    """The engine has not done it and will not. ``text`` is its reason, ``code`` that of gRPC; 0
    where the endpoint could not be asked at all, or has no leader."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text, code)
        self.text = text
        self.code = code


@dataclass(eq=False, repr=False)
class Gateway:
    """The engine's endpoints, one of which is asked until it does not answer.

    ``endpoints`` are base URLs. ``password`` is called whenever the engine wants to know who this
    is, so that it can be changed meanwhile; it may raise `OSError`.
    """

    _connections: Connections
    clock: IReactorTime
    endpoints: Sequence[str]
    _user: str = ""
    _password: Callable[[], str] = str

    def __post_init__(self) -> None:
        self.endpoint = self.endpoints[0]
        """The endpoint that is asked; another one takes its place when it does not answer."""
        self.on_left: list[Callable[[str], object]] = []
        """Each is called with an endpoint that did not answer, so that nobody else waits for it."""
        self.usual = 0.0
        """Seconds that what is asked for usually takes (`note_usual`)."""
        self.deadlines: TimerQueue[Callable[[], object]] = TimerQueue(self.clock, call)
        """What is to be called of requests that nobody has answered by then."""
        self._token = ""
        self._waiting: set[Deferred[Answered]] = set()

    def next_after(self, endpoint: str) -> str:
        """The endpoint whose turn it is when this one will not do."""
        place = self.endpoints.index(endpoint)
        return self.endpoints[(place + 1) % len(self.endpoints)]

    def prefer(self, endpoint: str) -> None:
        """Have it be the turn of this endpoint, which has answered while the one whose turn it was
        keeps silent."""
        left, self.endpoint = self.endpoint, endpoint
        if left != endpoint:
            self._leave(left)

    @property
    def patience(self) -> float:
        """Seconds after which an endpoint has gone silent: an engine that is slow is waited for."""
        return max(SILENT, UNUSUAL * self.usual)

    def note_usual(self, seconds: float) -> None:
        """Note that a request took so many seconds: they make a fifth of what is `usual` now."""
        self.usual += (seconds - self.usual) / 5

    async def ask(self, path: str, body: bytes, endpoint: str = "") -> Answer:
        """Ask once, at this endpoint or the one whose turn it is, and have the next one's turn come
        when it does not answer. Raises `Refused` or `Unanswered`."""
        return await self._told(path, body, endpoint or self.endpoint, answer_of)

    async def read(self, path: str, body: bytes, endpoint: str, reader: IProtocol) -> None:
        """Ask for an answer that does not end, which ``reader`` is given as it comes; returns when
        it begins. Raises like `ask`."""
        await self._told(path, body, endpoint, lambda begun: None, reader)

    async def time_of(self, path: str, endpoint: str) -> float:
        """The time of day on that endpoint's machine when it answers this, in whole seconds since
        1970. Raises like `ask`."""
        return await self._told(path, b"{}", endpoint, _time_in)

    async def _told(
        self,
        path: str,
        body: bytes,
        endpoint: str,
        of: Callable[[Answered], T],
        reader: IProtocol | None = None,
    ) -> T:
        """What ``of`` makes of the answer. An engine that was started again has forgotten who this
        is, and has done nothing: it is told who, and asked once more."""
        try:
            token = await self._token_at(endpoint)
            try:
                return of(await self._send(endpoint, path, self._headers(token), body, reader))
            except Refused as refusal:
                if not (self._user and is_of_a_token(refusal)):
                    raise
                if self._token == token:
                    self._token = ""
            token = await self._token_at(endpoint)
            return of(await self._send(endpoint, path, self._headers(token), body, reader))
        except GivenUp:
            raise
        except Exception as cause:
            raise self._trouble(cause, endpoint) from None

    def _headers(self, token: str) -> str:
        """An empty token stands there, too: who has none is told that it is wrong, as soon as the
        engine asks who they are, and not that they are nobody, which would be the end."""
        entry = f"Authorization: {token}\r\n" if self._user else ""
        return f"Grpc-Metadata-hasleader: true\r\n{entry}"

    async def _token_at(self, endpoint: str) -> str:
        """What this user is known by, if there is one; as long as nothing is, it is told who."""
        if self._user and not self._token:
            self._token = await self._authenticated(endpoint)
        return self._token

    async def _send(
        self, endpoint: str, path: str, headers: str, body: bytes, reader: IProtocol | None = None
    ) -> Answered:
        host = endpoint.partition("://")[2]
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        answered = self._connections.ask(endpoint, head.encode("ascii") + body, reader)
        self._waiting.add(answered)
        self.deadlines.set(answered.cancel, DEADLINE)
        try:
            return await answered
        except (CancelledError, error.ConnectingCancelledError):
            if self.deadlines.due.pop(answered.cancel, None) is not None:
                raise GivenUp("given up") from None
            raise TimeoutError from None
        finally:
            self.deadlines.due.pop(answered.cancel, None)
            self._waiting.discard(answered)

    def close(self) -> None:
        """Wait for no answer any more."""
        for waiting in tuple(self._waiting):
            waiting.cancel()
        self.deadlines.clear()

    async def _authenticated(self, endpoint: str) -> str:
        """The token by which the engine knows this user; none where it asks nobody who they are."""
        body = json.dumps({"name": self._user, "password": self._password()}).encode()
        try:
            answered = await self._send(endpoint, "/v3/auth/authenticate", "", body)
            token = answer_of(answered)["token"]
        except Refused as refusal:
            if refusal.code != NOT_NOW:
                raise
            return ""
        if not _TOKEN.fullmatch(token):
            raise Unanswered("its token is none")
        return str(token)

    def _trouble(self, cause: Exception, endpoint: str) -> Refused | Unanswered:
        trouble = trouble_of(cause)
        if isinstance(trouble, Unanswered) or not trouble.code:
            if self.endpoint == endpoint:
                self.endpoint = self.next_after(endpoint)
            self._leave(endpoint)
        elif is_of_a_token(trouble):
            self._token = ""
        return trouble

    def _leave(self, endpoint: str) -> None:
        for left in tuple(self.on_left):
            left(endpoint)


def answer_of(answered: Answered) -> Answer:
    """What an answer says. Raises `Refused` or `Unanswered`."""
    status, content = answered.status, answered.content
    if status == 404:
        raise Refused("404", NO_SUCH_CALL)
    try:
        text = content.decode().strip()
        answer, end = scan(text, 0)
        if end < len(text):
            raise ValueError(end)
        if status == 200:
            answer["header"]  # which every answer of etcd has, and nobody else's
            return answer  # type: ignore[no-any-return]
        raise refusal_of(answer)
    except (ValueError, StopIteration, TypeError, KeyError, AttributeError, RecursionError):
        raise Unanswered(f"{status} {content[:80]!r}") from None


def is_of_a_token(refusal: Refused) -> bool:
    """Whether the engine does not know who asked, or was told before its users were changed."""
    return refusal.code == UNKNOWN_USER or "auth" in refusal.text


def _time_in(answered: Answered) -> float:
    try:
        return parsedate_to_datetime(answered.headers[b"date"].decode("ascii")).timestamp()
    except (KeyError, ValueError):
        raise Refused("it does not say what time it is") from None


def refusal_of(answer: Answer) -> Refused | Unanswered:
    """The error that stands in an answer, or in a line of one that goes on."""
    found = answer["error"]
    if isinstance(found, dict):
        text, code = str(found["message"]), int(found["grpc_code"])
    else:
        text, code = str(found), int(answer["code"])
    if text == _NO_LEADER:
        return Refused(text)
    return Refused(text, code) if code in _DEFINITE else Unanswered(text)


def trouble_of(cause: Exception) -> Refused | Unanswered:
    """What it means that a request ended like this."""
    if isinstance(cause, (Refused, Unanswered)):
        return cause
    if isinstance(cause, (error.ConnectError, error.TimeoutError, error.DNSLookupError, OSError)):
        return Refused(str(cause) or type(cause).__name__)
    if isinstance(cause, TimeoutError):
        return Unanswered("timed out")  # its own words are of the program
    return Unanswered(str(cause) or type(cause).__name__)
