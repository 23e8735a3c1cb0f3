"""A session of an older password is opened by the new one, on whichever node, and by no other."""

from __future__ import annotations

import pytest

from huddle.protocol.limits import Limits
from tests.two_nodes import TwoNodes
from tests.world import Program

OLD, NEW = "secreto-uno", "secreto-dos"


def code(program: Program) -> str | None:
    """The code of what a program was answered at the door; None where it was let in."""
    answers = [each for each in program.reads() if each["type"] in ("welcome", "error")]
    return None if answers[-1]["type"] == "welcome" else str(answers[-1]["code"])


@pytest.mark.parametrize("comes_to", ["a", "b"])
def test_a_session_of_an_older_password_wants_the_new_one(comes_to: str) -> None:
    two = TwoNodes()
    ana = two.a.person("ana")
    ana.says(f"/register {OLD}")
    bot = two.a.program("ana", secret="bot", password=OLD)
    bot.cut()
    ana.says(f"/password {OLD} {NEW}")
    there = two.a if comes_to == "a" else two.b
    assert code(bot.again(there)) == "password-needed"
    assert code(bot.again(there, password=OLD)) == "wrong-password"
    assert code(bot.again(there, password=NEW)) is None


def test_what_was_said_right_before_a_log_in_has_the_nick_of_then() -> None:
    two = TwoNodes()
    two.b.person("ana").says(f"/register {OLD}", "/quit")
    bob, eva = two.a.person("bob"), two.b.person("eva")
    bob.says("hola", f"/login ana {OLD}", "and as ana")
    eva.hears("<bob> hola", "-- bob is now ana", "<ana> and as ana")


def test_of_two_changes_on_two_nodes_at_once_the_first_in_the_log_is_the_password() -> None:
    two = TwoNodes()
    ana = two.a.person("ana")
    ana.says(f"/register {OLD}")
    bot = two.b.program("ana", secret="bot", password=OLD)
    two.views["a"].cut_off = True
    ana.forgets()
    ana.says(f"/password {OLD} {NEW}")
    assert bot.asks("password", id=1, old=OLD, new="secreto-tres")["type"] == "reply"
    two.views["a"].cut_off = False
    two.a.passes(3)
    assert ana.reads()[-1] == "-- That is not the password."
    for world in (two.a, two.b):
        for password in ("secreto-tres", OLD, NEW):
            device = Program(world, "ana", f"{password} {len(world.peers)}")
            world.attach(device)
            device.enters(password=password)
            assert code(device) == (None if password == "secreto-tres" else "wrong-password")


def test_one_whom_others_know_comes_on_two_nodes_at_once_for_the_first_time() -> None:
    two = TwoNodes(others={"ana": OLD})
    devices: list[Program] = []
    for world in (two.a, two.b):
        devices.append(Program(world, "ana", f"device {len(devices)}"))
        world.attach(devices[-1])
        devices[-1].hellos(password=OLD)
    two.settle()
    assert [code(each) for each in devices] == [None, None]
    for world in (two.a, two.b):
        assert [(each.nick, each.number) for each in world.huddle.registry.accounts] == [("ana", 1)]


def test_accounts_that_are_registered_from_one_address_count_on_all_nodes() -> None:
    two = TwoNodes(limits=Limits(registrations=2))
    for world, nick in ((two.a, "ana"), (two.b, "bob")):
        world.person(nick).says(f"/register {OLD}")
    for world, nick in ((two.a, "carla"), (two.b, "dan")):
        late = world.person(nick)
        late.says(f"/register {OLD}")
        assert len(world.huddle.registry.accounts) == 2
