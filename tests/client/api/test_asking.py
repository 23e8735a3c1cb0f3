"""`HuddleClient` among rooms and people, with a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from twisted.internet.task import deferLater

from huddle.client import (
    Deleted,
    Event,
    HuddleClient,
    NotConnected,
    NotDone,
    NotSaid,
    Removed,
    Said,
)
from huddle.protocol import requests
from tests.client.in_reactor import in_reactor, reactor_fixture
from tests.real.server import Server

PASSWORD = "caballo-correcto"
Make = Callable[..., HuddleClient]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("house")
    (folder / "passwd").write_text(f"root:{PASSWORD}\n")
    server = Server(folder, "--history", "none", "--auth", f"file:{folder}/passwd", "--op", "root")
    yield server
    server.end()
    assert server.process.stdout is not None
    server.process.stdout.close()


@reactor_fixture
async def make(server: Server) -> AsyncIterator[Make]:
    """Makes clients, all of which leave in the end."""
    from twisted.internet import reactor

    made: list[HuddleClient] = []

    def make(nick: str, **options: Any) -> HuddleClient:
        made.append(HuddleClient(nick, port=server.port, **options))
        return made[-1]

    yield make
    for client in made:
        await client.leave()
    await deferLater(reactor, 0)  # until what was cancelled is forgotten


async def next_of(kind: type[Any], client: HuddleClient) -> Any:
    """The next event of a kind."""
    async for event in client.events():
        if isinstance(event, kind):
            return event
    raise AssertionError(f"it ended without {kind.__name__}")


@in_reactor
async def test_it_goes_into_rooms_and_says_things_there(make: Make) -> None:
    ana, bob = make("ana"), make("bob")
    await ana.connect()
    await bob.connect()
    here = await ana.join("kitchen")
    assert (here.room, here.count) == ("kitchen", 1)
    await ana.ask(requests.SetKey("kitchen", "sesame"))
    with pytest.raises(NotDone) as refused:
        await bob.join("kitchen")
    assert refused.value.code == "room-locked"
    assert (await bob.join("KITCHEN", "sesame")).room == "kitchen"
    assert (await bob.who("kitchen")).count == 2
    assert [(row.room, row.keyed) for row in (await bob.rooms()).rooms if row.keyed] == [
        ("kitchen", True)
    ]
    said = await ana.say("the soup is on", "kitchen")
    heard = await next_of(Said, bob)
    assert (heard.room, heard.seq, heard.text) == ("kitchen", said.seq, "the soup is on")
    await ana.delete(said.seq, "kitchen")
    assert (await next_of(Deleted, bob)).seq == said.seq
    [left] = (await bob.history(5, "kitchen")).messages
    assert isinstance(left, Deleted)
    await bob.part("kitchen")
    with pytest.raises(NotSaid) as unsaid:
        await bob.say("hola", "kitchen")
    assert unsaid.value.code == "no-such-room"


@in_reactor
async def test_it_talks_to_one_person(make: Make) -> None:
    ana, bob = make("ana"), make("bob")
    await ana.connect()
    await bob.connect()
    await ana.tell("bob", "psst")
    heard = await next_of(Said, bob)
    assert (heard.room, heard.nick, heard.text) == ("@", "ana", "psst")
    answer = await bob.tell("ana", "what?", re=heard.seq)
    fixed = await bob.tell("ana", "what is it?", edits=answer.seq)
    answered, right = [await next_of(Said, ana) for _ in range(2)]
    assert (answered.re, right.edits, fixed.seq) == (1, answered.seq, answer.seq + 1)
    said = await ana.say("hola")
    await ana.say("hola!", edits=said.seq)
    await bob.say("eh", re=said.seq)
    heard = [await next_of(Said, bob) for _ in range(2)][-1]
    assert (heard.text, heard.edits) == ("hola!", said.seq)
    assert (await next_of(Said, ana)).re == said.seq
    with pytest.raises(NotSaid) as unsaid:
        await ana.tell("nobody", "psst")
    assert unsaid.value.code == "nobody-there"


@in_reactor
async def test_it_is_sent_out_of_a_room(make: Make) -> None:
    ana, bob = make("ana"), make("bob")
    await ana.connect()
    await bob.connect()
    await ana.join("den")
    await bob.join("den")
    await ana.ask(requests.Kick("den", "bob", "too loud"))
    removed = await next_of(Removed, bob)
    assert removed == Removed("den", "ana", "too loud", False)
    with pytest.raises(NotDone) as refused:
        await bob.ask(requests.Kick("den", "ana"))
    assert refused.value.code == "no-such-room"


@in_reactor
async def test_an_operator_by_its_password(make: Make) -> None:
    with pytest.raises(NotConnected) as refused:
        await make("root").connect()
    assert refused.value.code == "password-needed"
    with pytest.raises(NotConnected) as refused:
        await make("root", password="wrong-one").connect()
    assert refused.value.code == "wrong-password"
    root, guest = make("root", password=PASSWORD), make("guest")
    await root.connect()
    await guest.connect()
    await root.announce("fire drill")
    heard = await next_of(Said, guest)
    assert (heard.kind, heard.text) == ("announce", "fire drill")
    with pytest.raises(NotDone) as denied:
        await guest.ask(requests.Audit())
    assert denied.value.code == "not-allowed"
    assert (await guest.login("root", PASSWORD)).nick == guest.nick == "root"
    assert [act.act for act in (await guest.ask(requests.Audit())).acts][-1] == "announce"


@in_reactor
async def test_who_is_sent_out_of_the_house_is_done(make: Make) -> None:
    root, guest = make("root", password=PASSWORD), make("loud")
    await root.connect()
    await guest.connect()
    await root.ask(requests.Ban("huddle", "loud", 60, "spam"))
    told: list[Event] = [event async for event in guest.events()]
    assert not guest.online and type(told[-1]).__name__ in ("Expelled", "Offline")
    with pytest.raises(NotConnected) as refused:
        await make("loud").connect()
    assert refused.value.code == "banned"
