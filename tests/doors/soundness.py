"""Soundness: what holds of a house that is at rest, whatever was asked of it."""

from __future__ import annotations

from huddle.people.sessions import Account
from huddle.protocol.events import is_inbox
from huddle.record import MarkKind
from huddle.rooms.room import Room
from tests.world import World


def assert_sound(world: World) -> None:
    """Nobody is in two places, and nothing is owned by somebody who is gone."""
    _sessions_have_their_nicks(world)
    _rooms_have_their_members(world)
    _outlets_are_where_they_belong(world)
    _nothing_is_over_its_limit(world)
    _the_door_counts_who_is_there(world)


def _sessions_have_their_nicks(world: World) -> None:
    registry = world.huddle.registry
    owners: set[object] = set(registry.sessions)
    for session in registry.sessions:
        assert registry.by_number(session.number) is session
        assert not session.leaving
        assert not session.expected
        owner = registry.nicks.owner(session.nick)
        assert owner is (session.account or session), f"{session.nick} is another's"
        if session.account is not None:
            assert session.account.sessions[session.number] is session
            assert registry.accounts.numbered(session.account.number) is session.account
        if session.key is not None:
            assert registry.by_key.get(session.key) is session
        if session.word is not None:
            assert registry.by_word.get(session.word) is session
    guests = sum(session.account is None for session in registry.sessions)
    accounts = list(registry.accounts)
    assert len(registry.nicks) == guests + len(accounts), "a nick belongs to nobody"
    for account in accounts:
        assert set(account.sessions.values()) <= owners


def _rooms_have_their_members(world: World) -> None:
    directory = world.huddle.directory
    for room in world.huddle.rooms:
        assert not is_inbox(room.name)
        people: set[object] = set()
        for session in room:
            assert session in world.huddle.registry, f"{session.nick} haunts {room.name}"
            assert room.name in session.rooms
            people.add(session.account or session)
        assert len(room) == len(people) == len(list(room.people))
    for session in world.huddle.registry.sessions:
        for name in session.seats:
            open_room = directory.find(name)
            assert open_room is not None, f"{session.nick} is in {name}, which is closed"
            assert session in open_room
        if session.outlet is not None and not session.traits.brings_cursors:
            assert len(session.seats) == 1, "a person is in one room"
    for name in directory.restrictions.rooms():
        assert is_inbox(name) or directory.is_known(name)


def _outlets_are_where_they_belong(world: World) -> None:
    for session in world.huddle.registry.sessions:
        outlet = session.outlet
        if outlet is None:
            continue
        watched = set(outlet.cursors())
        assert set(session.seats) <= watched <= {*session.seats, session.inbox}
        for stream in map(world.huddle.stream, watched):
            assert stream is not None
            assert isinstance(stream, Room) is not is_inbox(stream.name)
            audience = [each for _, each in stream._audiences.values() if outlet in each]
            assert len(audience) == int(outlet.live)
    for room in world.huddle.rooms:
        assert all(len(audience) for _, audience in room._audiences.values())


def _nothing_is_over_its_limit(world: World) -> None:
    limits, directory = world.limits, world.huddle.directory
    assert len(directory._names) <= limits.rooms
    assert len(world.huddle.registry.sessions) <= limits.sessions
    assert sum(account.number > 0 for account in world.huddle.registry.accounts) <= limits.accounts
    for room in directory.restrictions.rooms():
        assert len(directory.restrictions.in_room(room)) <= limits.marks + 1, room  # its host
        hosts = list(directory.restrictions.all_of(room, MarkKind.HOST))
        assert len(hosts) <= 1, f"{room} has hosts {hosts}"
    for session in world.huddle.registry.sessions:
        assert len(session.seats) <= limits.rooms_each
        assert len(session.ignores) <= limits.ignores
        assert len(session.untold) <= limits.untold
    for account in world.huddle.registry.accounts:
        assert isinstance(account, Account)
        assert not account.row.operator or account.number


def _the_door_counts_who_is_there(world: World) -> None:
    connections = world.connections
    here = [peer for peer in world.peers if not peer.gone]
    assert len(connections.here) == len(here)
    assert sum(connections._limits._by_address.values()) == len(here)
    assert set(connections._unnamed) <= connections.here
