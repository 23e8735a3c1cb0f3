"""`HuddleClient`, as a program uses it: with a server of the model on a real port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from huddle.client import (
    Acknowledged,
    Event,
    HuddleClient,
    NotConnected,
    NotSaid,
    Offline,
    Said,
    Welcomed,
)
from tests.client.in_reactor import in_reactor, reactor_fixture
from tests.client.model_port import ModelPort


class Program:
    """A house, and the clients of a program that talks to it."""

    def __init__(self) -> None:
        self.house = ModelPort()
        self.clients: list[HuddleClient] = []

    def client(self, nick: str = "ana", **options: Any) -> HuddleClient:
        self.clients.append(HuddleClient(nick, port=self.house.number, **options))
        return self.clients[-1]


@reactor_fixture
async def program() -> AsyncIterator[Program]:
    made = Program()
    made.house.open()
    yield made
    for client in made.clients:
        await client.leave()
    await made.house.close()


async def next_of(kind: type[Any], events: AsyncIterator[Event]) -> Any:
    """The next event of a kind."""
    async for event in events:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"it ended without {kind.__name__}")


@in_reactor
async def test_it_comes_in_says_something_and_leaves(program: Program) -> None:
    client = program.client()
    assert not client.online
    welcomed = await client.connect()
    assert isinstance(welcomed, Welcomed) and client.online and client.nick == "ana"
    acknowledged = await client.say("hola")
    assert (acknowledged.line.text, acknowledged.seq) == ("hola", 1)
    await client.leave()
    assert not client.online
    assert program.house.texts() == ["hola"]


@in_reactor
async def test_it_hears_what_others_say_in_order(program: Program) -> None:
    client = program.client()
    await client.connect()
    events = client.events()
    for text in ("one", "two", "three"):
        program.house.says(text)
    heard = [(await next_of(Said, events)).text for _ in range(3)]
    assert heard == ["one", "two", "three"]


@in_reactor
async def test_each_line_knows_its_own_acknowledgement(program: Program) -> None:
    client = program.client()
    await client.connect()
    said = [client.say("same"), client.say("other"), client.say("same", me=True)]
    said.append(client.say("same"))
    assert [(await each).seq for each in said] == [1, 2, 3, 4]
    assert [told.text for told in program.house.server.record] == ["same", "other", "same", "same"]


@in_reactor
async def test_what_is_said_before_there_is_a_connection_waits(program: Program) -> None:
    client = program.client()
    said = client.say("early")
    assert not said.called
    await client.connect()
    assert (await said).seq == 1


@in_reactor
async def test_a_lost_link_loses_nothing(program: Program) -> None:
    client = program.client()
    await client.connect()
    events = client.events()
    await client.say("before")
    program.house.doors[0].cut()
    await next_of(Offline, events)
    said = client.say("meanwhile")
    program.house.says("missed")
    assert (await next_of(Said, events)).text == "missed"
    assert isinstance(await said, Acknowledged)
    assert sorted(program.house.texts()) == ["before", "meanwhile", "missed"]


@in_reactor
async def test_another_address_is_gone_to_when_one_is_lost(program: Program) -> None:
    other = ModelPort()
    other.server = program.house.server
    other.open()
    client = program.client(others=[f"127.0.0.1:{other.number}"])
    await client.connect()
    await client.say("before")
    await program.house.close()
    await client.say("behind")
    assert other.texts() == ["before", "behind"]
    await client.leave()
    await other.close()


@pytest.mark.parametrize("address", ["", ":1", "host:0", "host:x", "host:65536"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(ValueError) as told:
        HuddleClient("ana", others=[address])
    assert str(told.value) == address


@in_reactor
async def test_a_refusal_is_an_error_of_that_line(program: Program) -> None:
    client = program.client()
    await client.connect()
    with pytest.raises(NotSaid) as refused:
        await client.say("x" * 5000)
    assert refused.value.code == "text-too-long"
    assert (await client.say("short")).seq == 1


@in_reactor
async def test_one_line_at_a_time(program: Program) -> None:
    client = program.client()
    for text in ("", "  ", "two\nlines", "a\u2028b"):
        with pytest.raises(ValueError, match="one line"):
            await client.say(text)


@in_reactor
async def test_a_nick_that_is_taken_is_an_error_of_connecting(program: Program) -> None:
    program.house.server.strangers.add("bob")
    client = program.client("bob")
    waiting = client.say("hola")
    with pytest.raises(NotConnected) as refused:
        await client.connect()
    assert refused.value.code == "nick-taken"
    with pytest.raises(NotSaid) as unsaid:
        await waiting
    assert unsaid.value.code == "left"


@in_reactor
async def test_without_retrying_a_server_that_is_not_there_is_an_error(program: Program) -> None:
    await program.house.close()
    client = program.client(retry=False)
    with pytest.raises(NotConnected) as refused:
        await client.connect()
    assert refused.value.code == "refused"


@in_reactor
async def test_the_events_end_when_it_has_left(program: Program) -> None:
    client = program.client()
    await client.connect()
    await client.leave()
    names = [type(event).__name__ async for event in client.events()]
    assert names == ["Welcomed", "Farewell"]
    with pytest.raises(NotSaid):
        await client.say("too late")


@in_reactor
async def test_a_session_that_nobody_knows_any_more_leaves_no_line_hanging(
    program: Program,
) -> None:
    client = program.client()
    await client.connect()
    program.house.deaf = True
    said = client.say("into the void")
    await program.house.until_sent(b"into the void")
    program.house.server.forget_everything()
    program.house.deaf = False
    program.house.doors[0].cut()
    with pytest.raises(NotSaid) as doubtful:
        await said
    assert doubtful.value.code == "in-doubt"


@in_reactor
async def test_a_kept_session_goes_on_in_the_next_run(program: Program, tmp_path: Path) -> None:
    first = program.client(folder=tmp_path)
    await first.connect()
    program.house.says("seen")
    assert (await next_of(Said, first.events())).text == "seen"
    await first.leave()
    program.house.says("missed")
    second = program.client(folder=tmp_path)
    await second.connect()
    assert (await next_of(Said, second.events())).text == "missed"
