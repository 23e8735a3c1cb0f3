"""Nobody acts on somebody who is more, nor on themselves; a host is one in their own room."""

from __future__ import annotations

import pytest

from tests.moderated_world import done, joins, moderated_world, refused
from tests.world import Json

AIMED: list[tuple[str, str, Json]] = [
    ("kick", "nick", {}),
    ("ban", "who", {}),
    ("mute", "nick", {}),
]


@pytest.mark.parametrize(("type", "field", "more"), AIMED)
def test_nobody_acts_on_themselves_or_on_somebody_who_is_more(
    type: str, field: str, more: Json
) -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    joins(bob, "games")
    joins(ana, "games")
    for program, room in ((ana, "huddle"), (ana, "games"), (bob, "games")):
        own = program.nick
        assert refused(program, type, **{field: own}, room=room, **more) == "bad-field"
    assert refused(bob, type, **{field: "ana"}, room="games", **more) == "not-allowed"
    assert refused(bob, type, **{field: "ana"}, **more) == "not-allowed"
    done(ana, type, **{field: "bob"}, room="games", **more)


@pytest.mark.parametrize(("type", "field", "more"), AIMED)
def test_a_host_is_one_in_their_own_room_alone(type: str, field: str, more: Json) -> None:
    world, _ = moderated_world()
    bob, eva, dan = (world.program(nick, replay=0) for nick in ("bob", "eva", "dan"))
    joins(bob, "games")
    joins(eva, "songs")
    joins(bob, "songs")
    joins(dan, "games", "songs")
    assert refused(bob, type, **{field: "dan"}, room="songs", **more) == "not-allowed"
    assert refused(bob, type, **{field: "dan"}, room="huddle", **more) == "not-allowed"
    done(bob, type, **{field: "dan"}, room="games", **more)


def test_a_host_who_was_banned_by_an_operator_does_not_come_back() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    joins(bob, "games")
    joins(ana, "games")
    done(ana, "ban", who="bob", room="games")
    assert refused(bob, "join", room="games") == "banned"


def test_a_host_who_left_is_the_host_again_and_nobody_else_is() -> None:
    world, _ = moderated_world()
    bob, eva = world.program("bob"), world.program("eva")
    joins(bob, "games")
    bob.says("hola", room="games")
    done(bob, "leave", room="games")
    joins(eva, "games")
    assert refused(eva, "quiet", room="games", on=True) == "not-allowed"
    joins(bob, "games")
    done(bob, "quiet", room="games", on=True)
    bob.sends_objects({"type": "bye"})
    world.settle()
    other = world.program("bob", secret="another")
    joins(other, "games")
    assert refused(other, "quiet", room="games", on=False) == "not-allowed"
    world = world.crashes()
    again = bob.again(world, nick="rob", after={})
    joins(again, "games")
    done(again, "quiet", room="games", on=False)


def test_a_host_stays_it_when_the_guest_becomes_an_account() -> None:
    world, _ = moderated_world()
    bob = world.program("bob")
    joins(bob, "games")
    done(bob, "register", password="secret-of-bob")
    done(bob, "quiet", room="games", on=True)
    other = world.program("bob", secret="other", password="secret-of-bob")
    joins(other, "games")
    done(other, "quiet", room="games", on=False)


def test_what_is_moderated_is_a_room_and_never_an_inbox() -> None:
    world, ana = moderated_world()
    world.person("bob")
    for type, fields in (
        ("kick", {"nick": "bob"}),
        ("ban", {"who": "bob"}),
        ("mute", {"nick": "bob"}),
        ("quiet", {"on": True}),
        ("key", {"key": "x"}),
        ("bans", {}),
    ):
        assert refused(ana, type, room="@", **fields) == "no-such-room"


def test_nobody_leaves_their_inbox() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    ana.sends_objects({"type": "msg", "id": 1, "to": "bob", "text": "one"})
    world.settle()
    assert refused(bob, "leave", room="@") == "no-such-room"
    ana.sends_objects({"type": "msg", "id": 2, "to": "bob", "text": "two"})
    world.settle()
    bob.hears({"type": "said", "room": "@", "text": "two"})
