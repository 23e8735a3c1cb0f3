"""Nothing is said to a server that is not believed, on no connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import TimeoutError
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import Clock
from typing_extensions import override

from huddle.client import HuddleClient, NotConnected, Said
from huddle.client.network.endpoints import NoWay, addresses_of
from huddle.client.network.host_port import HostPort
from huddle.client.network.known_servers import place_of
from huddle.client.network.tls import TlsEndpoint, trusting
from huddle.client.network.tls_options import Tls
from huddle.client.network.trust import Distrusted, Judge, NoTls
from huddle.client.session.events import Cause, Doubt, Offline, Untrusted
from tests.certificate_authority import Authority, Identity, self_signed
from tests.client.api.test_client import next_of
from tests.client.in_reactor import Waiting, in_reactor, reactor_fixture
from tests.client.model_port import ModelPort
from tests.client.tls_model_port import TlsModelPort

# Twisted 26.10 uses what pyOpenSSL 26 would rather have asked of cryptography.
pytestmark = pytest.mark.filterwarnings(r"ignore:.*\bdeprecated\b:DeprecationWarning")

HOST = "127.0.0.1"


class Listener(Protocol):
    """What a client has at its end once it believes: it says a secret at once."""

    def __init__(self) -> None:
        self.heard = b""
        self.waiting = Waiting()
        self.lost = False

    @override
    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.write(b"a secret")

    @override
    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        self.waiting.happened()

    @override
    def connectionLost(self, reason: object = None) -> None:
        self.lost = True
        self.waiting.happened()

    def until_lost(self) -> Deferred[None]:
        return self.waiting.until(lambda: self.lost)


class Street:
    """A house that shows certificates, and those who come to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder)
        self.house = TlsModelPort(self.authority.signs("localhost", HOST))
        self.listeners: list[Listener] = []
        self.clients: list[HuddleClient] = []

    def client(self, nick: str = "ana", **options: Any) -> HuddleClient:
        self.clients.append(HuddleClient(nick, port=self.house.number, tls=True, **options))
        return self.clients[-1]

    async def comes(
        self,
        wish: Tls | None = None,
        host: str = HOST,
        ask: Callable[[Untrusted], Deferred[bool]] | None = None,
    ) -> Listener:
        """Somebody comes, trusting the authority unless they wish otherwise."""
        from twisted.internet import reactor

        wish = wish or Tls(ca=str(self.authority.file))
        place = HostPort(host, self.house.number)
        [address] = addresses_of([place], wish, reactor, ask=ask)
        listener: Any = await address.endpoint.connect(Factory.forProtocol(Listener))
        self.listeners.append(listener)
        return self.listeners[-1]

    async def is_refused(self, identity: Identity, wish: Tls | None = None) -> Untrusted:
        """Nobody who comes while the house shows this believes it; what they have against it."""
        await self.house.shows(identity)
        with pytest.raises(Distrusted) as refused:
            await self.comes(wish)
        event = refused.value.event
        assert event is not None and event.fingerprint == identity.fingerprint
        assert self.house.heard == b""
        return event


@reactor_fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    made = Street(tmp_path)
    made.house.open()
    yield made
    for client in made.clients:
        await client.leave()
    for listener in made.listeners:
        if not listener.lost:
            listener.transport.abortConnection()  # type: ignore[union-attr]
    for listener in made.listeners:
        await listener.until_lost()
    await made.house.close()


# Who is believed


@pytest.mark.parametrize("host", [HOST, "localhost"])
@in_reactor
async def test_a_server_for_whom_an_authority_speaks_is_told_what_there_is_to_tell(
    street: Street, host: str
) -> None:
    listener = await street.comes(host=host)
    await street.house.waiting.until(lambda: b"a secret" in street.house.heard)
    await listener.waiting.until(lambda: b"nick?" in listener.heard)


@in_reactor
async def test_a_fingerprint_will_do(street: Street) -> None:
    identity = self_signed("somewhere.else")
    await street.house.shows(identity)
    await street.comes(Tls(trust=identity.fingerprint))


@in_reactor
async def test_who_wants_no_check_gets_none(street: Street) -> None:
    await street.house.shows(self_signed("somewhere.else"))
    await street.comes(Tls(insecure=True))


# Who is not


@in_reactor
async def test_one_for_whom_nobody_speaks_is_told_nothing(street: Street) -> None:
    event = await street.is_refused(self_signed(HOST))
    assert (event.doubt, event.hosts) == (Doubt.SELF_SIGNED, (HOST,))


@in_reactor
async def test_one_for_whom_a_stranger_speaks_is_told_nothing(
    street: Street, tmp_path: Path
) -> None:
    (tmp_path / "stranger").mkdir()
    event = await street.is_refused(Authority(tmp_path / "stranger").signs(HOST))
    assert event.doubt is Doubt.UNKNOWN_AUTHORITY


@pytest.mark.parametrize("hosts", [("localhost",), ("chat.lan", "127.0.0.2")])
@in_reactor
async def test_one_with_the_certificate_of_another_is_told_nothing(
    street: Street, hosts: tuple[str, ...]
) -> None:
    event = await street.is_refused(street.authority.signs(*hosts))
    assert (event.doubt, event.hosts) == (Doubt.OTHER_NAME, hosts)


@pytest.mark.parametrize(
    ("since", "until", "doubt"), [(-2, -1, Doubt.EXPIRED), (1, 2, Doubt.NOT_YET_VALID)]
)
@in_reactor
async def test_one_whose_certificate_is_not_good_today_is_told_nothing(
    street: Street, since: int, until: int, doubt: Doubt
) -> None:
    event = await street.is_refused(street.authority.signs(HOST, since=since, until=until))
    assert event.doubt is doubt


@in_reactor
async def test_the_authorities_of_the_system_do_not_know_ours(street: Street) -> None:
    event = await street.is_refused(street.authority.signs(HOST), Tls())
    assert event.doubt is Doubt.UNKNOWN_AUTHORITY


@in_reactor
async def test_any_other_than_the_one_of_the_fingerprint_is_told_nothing(street: Street) -> None:
    wish = Tls(trust=self_signed(HOST).fingerprint)
    event = await street.is_refused(street.authority.signs(HOST), wish)
    assert event.doubt is Doubt.ANOTHER


@in_reactor
async def test_one_who_speaks_no_tls_is_told_so(street: Street) -> None:
    plain = ModelPort()
    plain.open()
    street.house.number, number = plain.number, street.house.number
    with pytest.raises(NoTls):
        await street.comes()
    street.house.number = number
    await plain.close()


@in_reactor
async def test_one_who_says_nothing_is_waited_for_a_while(street: Street) -> None:
    from twisted.internet import reactor

    clock, host = Clock(), ModelPort()
    host.open()
    way = TlsEndpoint(
        TCP4ClientEndpoint(reactor, HOST, host.number),
        HOST,
        Judge(place_of(HOST, host.number), Tls()),
        trusting(None),
        clock=clock,
        patience=10,
    )
    coming = way.connect(Factory.forProtocol(Listener))
    await host.waiting.until(lambda: bool(clock.getDelayedCalls()))
    clock.advance(10)
    with pytest.raises(TimeoutError):
        await coming
    await host.close()


# While a person is asked


class Person:
    """Somebody who takes their time."""

    def __init__(self) -> None:
        self.waiting = Waiting()
        self.asked: list[Deferred[bool]] = []
        self.stopped = False

    def ask(self, event: Untrusted) -> Deferred[bool]:
        from twisted.internet import reactor

        self.asked.append(Deferred(self._stop))
        cast(Any, reactor).callLater(0, self.waiting.happened)
        return self.asked[-1]

    def _stop(self, _: object) -> None:
        self.stopped = True

    async def is_asked(self) -> Deferred[bool]:
        await self.waiting.until(lambda: bool(self.asked))
        return self.asked[-1]


@in_reactor
async def test_the_server_is_told_nothing_before_the_answer_and_heard_from_the_start_after_it(
    street: Street,
) -> None:
    await street.house.shows(self_signed(HOST))
    person = Person()
    coming = Deferred.fromCoroutine(street.comes(Tls(), ask=person.ask))
    answer = await person.is_asked()
    assert street.house.heard == b"" and not coming.called
    answer.callback(True)
    listener = await coming
    await street.house.waiting.until(lambda: b"a secret" in street.house.heard)
    await listener.waiting.until(lambda: b"nick?" in listener.heard)


@in_reactor
async def test_a_server_that_goes_meanwhile_has_to_be_found_again(street: Street) -> None:
    await street.house.shows(self_signed(HOST))
    person = Person()
    coming = Deferred.fromCoroutine(street.comes(Tls(), ask=person.ask))
    answer = await person.is_asked()
    await street.house.close()
    answer.callback(True)
    listener = await coming  # it is only found when reading begins
    await listener.until_lost()
    assert street.house.heard == b""


@in_reactor
async def test_who_does_not_want_to_come_any_more_is_not_asked_any_more(street: Street) -> None:
    await street.house.shows(self_signed(HOST))
    person = Person()
    coming = Deferred.fromCoroutine(street.comes(Tls(), ask=person.ask))
    await person.is_asked()
    coming.addErrback(lambda failure: None)
    coming.cancel()
    await street.house.waiting.until(lambda: not street.house.doors)
    assert person.stopped
    assert street.house.heard == b""


# What programs see


@in_reactor
async def test_a_program_is_in_the_room_over_tls(street: Street) -> None:
    client = street.client(ca=street.authority.file)
    await client.connect()
    assert (await client.say("hola")).seq == 1
    street.house.says("¿qué tal?")
    assert (await next_of(Said, client.events())).text == "¿qué tal?"


@in_reactor
async def test_a_program_is_told_whom_it_does_not_trust_and_it_is_the_end(street: Street) -> None:
    identity = self_signed(HOST)
    await street.house.shows(identity)
    client = street.client()
    with pytest.raises(NotConnected, match=f"self-signed, SHA-256 {identity.fingerprint}") as why:
        await client.connect()
    assert why.value.code == "untrusted"
    events = [event async for event in client.events()]
    assert [type(event) for event in events] == [Untrusted, Offline]
    assert events[-1] == Offline(Cause.UNTRUSTED, None, f"{HOST}:{street.house.number}")
    assert street.house.heard == b""


@in_reactor
async def test_a_server_that_shows_another_certificate_after_a_loss_is_told_nothing(
    street: Street,
) -> None:
    identity = self_signed(HOST)
    await street.house.shows(identity)
    client = street.client(trust=identity.fingerprint)
    await client.connect()
    street.house.heard = b""
    await street.house.shows(self_signed(HOST))
    event = await next_of(Untrusted, client.events())
    assert event.doubt is Doubt.ANOTHER
    assert street.house.heard == b""


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"tls": True, "trust": "AB:CD"}, ValueError),
        ({"trust": "AB:CD"}, ValueError),
        ({"ca": "nowhere.pem"}, ValueError),
        ({"tls": True, "ca": "nowhere.pem"}, NoWay),
        ({"tls": True, "ca": "/dev/null"}, NoWay),
    ],
)
def test_what_cannot_be_checked_is_not_begun(options: dict[str, Any], error: type) -> None:
    with pytest.raises(error):
        HuddleClient("ana", **options)
