"""Operators: how one becomes one, what only they are told, and what the audit keeps."""

from __future__ import annotations

from tests.moderated_world import PASSWORD, does, done, joins, let_in, moderated_world, refused
from tests.world import Json, World

# -- operators -------------------------------------------------------------------------------------


def test_an_operator_makes_operators_of_registered_nicks_and_that_is_kept() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    assert refused(ana, "operator", nick="bob", on=True) == "not-registered"
    assert refused(ana, "operator", nick="nobody", on=True) == "not-registered"
    done(bob, "register", password="secret-of-bob")
    assert refused(bob, "audit") == "not-allowed"
    bob.forgets()
    done(ana, "operator", nick="bob", on=True)
    bob.hears({"type": "standing", "room": "huddle", "standing": "operator", "by": "ana"})
    done(bob, "audit")
    world = world.crashes()
    ana, bob = ana.again(world), bob.again(world)
    done(bob, "audit")
    done(ana, "operator", nick="bob", on=False)
    assert refused(bob, "audit") == "not-allowed"
    bob = bob.again(world.crashes())
    assert refused(bob, "audit") == "not-allowed"


def test_whom_the_house_has_appointed_nobody_else_deposes() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    done(bob, "register", password="secret-of-bob")
    done(ana, "operator", nick="bob", on=True)
    for type, fields in (
        ("operator", {"nick": "ana", "on": False}),
        ("kick", {"nick": "ana"}),
        ("ban", {"who": "ana"}),
        ("mute", {"nick": "ana"}),
    ):
        assert refused(bob, type, **fields) == "not-allowed"
    assert refused(ana, "operator", nick="ana", on=False) == "bad-field"
    assert refused(bob, "operator", nick="bob", on=False) == "bad-field"


def test_a_ban_of_the_nick_of_an_operator_of_the_house_before_they_came_keeps_nobody_out() -> None:
    world = World(operators=["ana", "carl"], others={"ana": PASSWORD, "carl": "secret-of-carl"})
    ana = world.program("ana", password=PASSWORD)
    does(ana, "ban", who="carl")
    assert let_in(world, "carl", password="secret-of-carl")


def test_operators_know_where_somebody_is_and_comes_from() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    joins(bob, "ops")
    answer = does(ana, "whois", nick="BOB")
    assert answer["nick"] == "bob"
    assert answer["addresses"] == ["10.0.0.2"]
    assert sorted(answer["rooms"]) == ["huddle", "ops"]
    assert refused(ana, "whois", nick="nobody") == "nobody-there"


# -- the audit -------------------------------------------------------------------------------------


def test_every_act_is_kept_with_who_did_it_and_without_secrets_or_what_was_said() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    joins(ana, "ops")
    joins(bob, "ops")
    done(bob, "register", password="secret-of-bob")
    bob.says("very private words", room="ops")
    acts: list[tuple[str, Json]] = [
        ("mute", {"nick": "bob", "room": "ops", "seconds": 60, "reason": "calm"}),
        ("unmute", {"nick": "bob", "room": "ops"}),
        ("voice", {"nick": "bob", "room": "ops", "on": True}),
        ("voice", {"nick": "bob", "room": "ops", "on": False}),
        ("quiet", {"room": "ops", "on": True}),
        ("slow", {"room": "ops", "seconds": 5}),
        ("key", {"room": "ops", "key": "sesame"}),
        ("delete", {"room": "ops", "seq": 1}),
        ("operator", {"nick": "bob", "on": True}),
        ("operator", {"nick": "bob", "on": False}),
        ("register", {"nick": "eva", "password": "secret-of-eva"}),
        ("kick", {"nick": "bob", "room": "ops", "reason": "out"}),
        ("ban", {"who": "bob", "room": "ops", "seconds": 60}),
        ("unban", {"who": "bob", "room": "ops"}),
        ("ban", {"who": "10.9.0.0/16"}),
    ]
    for type, fields in acts:
        done(ana, type, **fields)
    ana.sends_objects({"type": "announce", "id": 1, "text": "very private words"})
    ana.sends_objects({"type": "announce", "id": 1, "text": "very private words"})
    world.settle()
    ana = ana.again(world.crashes())
    entries = does(ana, "audit")["entries"]
    assert [entry["act"] for entry in entries] == [
        *("mute", "unmute", "voice", "unvoice", "quiet", "slow", "key", "delete", "op", "deop"),
        *("register", "kick", "ban", "unban", "ban", "announce"),
    ]
    assert {entry["by"] for entry in entries} == {"ana"}
    assert entries[0]["target"] == "bob"
    assert entries[0]["room"] == "ops"
    shown = str(entries)
    for secret in ("very private words", "sesame", "secret-of"):
        assert secret not in shown
    assert does(ana, "audit", limit=2)["entries"] == entries[-2:]


def test_acts_that_were_refused_are_not_in_the_audit() -> None:
    world, ana = moderated_world()
    bob = world.program("bob")
    for type, fields in (("kick", {"nick": "ana"}), ("ban", {"who": "ana"}), ("audit", {})):
        assert refused(bob, type, **fields) == "not-allowed"
    assert refused(ana, "kick", nick="nobody") == "nobody-there"
    assert does(ana, "audit")["entries"] == []
