"""One connection, whatever its door: what its end means, and what it had said by then."""

from __future__ import annotations

import pytest

from tests.world import TRANSPORTS, World

BYE = "-- The server is closing. Bye!"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_last_letter_before_the_end_is_heard_though_telnet_might_go_on_behind_it(
    transport: str,
) -> None:
    world = World()
    ana, bob = world.person("ana", transport=transport), world.person("bob")
    bob.forgets()
    ana.sends("hola Iñaÿ".encode("latin-1"))
    ana.ends()
    bob.hears("<ana> hola Iñaÿ", "-- ana left")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_who_ends_their_side_behind_ours_has_not_left(transport: str) -> None:
    world = World()
    ana = world.person("ana", transport=transport)
    [session] = world.huddle.registry.sessions
    world.connections.close()
    world.settle()
    ana.hears_at_last(BYE)
    ana.ends()
    assert ana.gone and session.away
    assert [*world.huddle.registry.sessions] == [session]


def test_half_a_line_of_who_was_reset_is_not_said_though_a_send_has_taken_the_reset() -> None:
    world = World()
    ana, bob, eva = (world.person(nick) for nick in ("ana", "bob", "eva"))
    for each in (ana, eva):
        each.forgets()
    bob.sends(b"pay 100")
    world.settle()
    bob.wire.unnoticed = True
    bob.wire.break_off(reset=True)
    ana.says("hola")
    bob.wire.unnoticed = False
    world.passes(1)
    eva.hears("<ana> hola")
    ana.hears()


@pytest.mark.parametrize(("closed", "was_reset"), [(False, True), (True, False)])
def test_a_connection_that_breaks_behind_our_end_is_not_taken_for_one_that_was_broken_off(
    closed: bool, was_reset: bool
) -> None:
    world = World()
    ana = world.person("ana")
    transport = ana.connection.transport
    if closed:
        ana.connection.outlet.close()
    ana.connection.lost(reset=True)
    assert transport.was_reset is was_reset


@pytest.mark.parametrize(("closed", "was_reset"), [(False, True), (True, False)])
def test_nor_is_one_that_is_asked_for_before_it_is_noticed(closed: bool, was_reset: bool) -> None:
    world = World()
    ana = world.person("ana")
    transport = ana.connection.transport
    ana.wire.lingers = ana.wire.unnoticed = True
    if closed:
        ana.connection.outlet.close()
    world.settle()
    ana.resets()
    assert not ana.gone
    assert (transport.read_before_reset() is not None) is was_reset
