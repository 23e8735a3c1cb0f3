"""What is done on two nodes in one instant: what the log decides, and how much more each node lets
through until it hears of the other's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.moderated_world import FREELY, PASSWORD, done, refused
from tests.server.clustered.test_at_once import at_once, two_operators
from tests.two_nodes import TwoNodes
from tests.world import Json, Program

ACTS = {
    "rooms": ("join", "rooms_made", "too-fast"),
    "accounts": ("register", "registrations", "too-many"),
}


def request(act: str, number: int) -> Json:
    return {
        "join": {"type": "join", "room": f"room{number}"},
        "register": {"type": "register", "password": PASSWORD},
    }[act]


@pytest.mark.parametrize("what", ACTS)
def test_of_a_share_each_of_two_nodes_lets_through_what_one_does_and_no_more(what: str) -> None:
    act, share, code = ACTS[what]
    two = TwoNodes(limits=replace(FREELY, per_address=64, **{share: 3}))
    people = [
        world.program(f"{name}{number}")
        for number in range(5)
        for name, world in (("a", two.a), ("b", two.b))
    ]
    asked = [(person, request(act, number)) for number, person in enumerate(people)]
    at_once(two, *asked)
    through = [person for person in people if _is_done(person)]
    assert len(through) == 2 * 3
    for node in two.nodes.values():
        state = node.node.state
        assert len(state.accounts if act == "register" else state.rooms) in (6, 7)
    for person in people:
        if person not in through:
            again = request(act, 99)
            del again["type"]
            assert refused(person, act, **again) == code


def test_of_what_hosts_set_it_is_one_act_more_for_the_other_node() -> None:
    """Each waits for the one before it on the same node. In rooms that have more than the few which
    always go."""
    two = TwoNodes(limits=replace(FREELY, marks_all=1000, marks_made=3))
    asked = []
    for name, world in (("a", two.a), ("b", two.b)):
        host = world.program(name)
        done(host, "join", room=f"ops{name}")
        for number in range(5):
            guest = world.program(f"{name}{number}")
            voice = {"type": "voice", "room": f"ops{name}", "nick": guest.nick, "on": True}
            asked.append((host, voice))
    at_once(two, *asked)
    for node in two.nodes.values():
        rooms = node.node.state.rooms.values()
        set_there = [kind for room in rooms for kind, _ in room.restrictions]
        assert set_there.count("voice") == 3 + 1
    for host, voice in (asked[4], asked[9]):
        voice.pop("type")
        assert refused(host, "voice", **voice) == "too-fast"


def _is_done(program: Program) -> bool:
    return not [each for each in program.reads() if each["type"] == "error"]


@pytest.mark.parametrize("act", ["kick", "ban"])
@pytest.mark.parametrize("becomes", ["by the options", "appointed before", "appointed just then"])
def test_who_is_an_operator_first_is_not_sent_out_by_a_host(becomes: str, act: str) -> None:
    two, host, guest, becoming = _a_host_and_a_guest(becomes)
    sends_out = host, {"type": act, "room": "ops", _whom(act): "guest"}
    at_once(two, becoming, sends_out)
    assert [each["code"] for each in host.reads() if each["type"] == "error"] == ["not-allowed"]
    assert not [each for each in guest.reads() if each["type"] == "removed"]
    for world in (two.a, two.b):
        assert len(world.huddle.room("ops")) == 2


@pytest.mark.parametrize("act", ["kick", "ban"])
@pytest.mark.parametrize("becomes", ["by the options", "appointed before", "appointed just then"])
def test_who_is_sent_out_first_is_out_and_then_an_operator(becomes: str, act: str) -> None:
    two, host, guest, becoming = _a_host_and_a_guest(becomes)
    sends_out = host, {"type": act, "room": "ops", _whom(act): "guest"}
    at_once(two, sends_out, becoming)
    for world in (two.a, two.b):
        assert [each.nick for each in world.huddle.room("ops")] == ["host"]
    if act == "kick" or becomes == "by the options":
        done(guest, "join", room="ops")
        done(guest, "kick", room="ops", nick="host")
    else:  # whom a ban is on stays out, be they appointed
        assert refused(guest, "join", room="ops") == "banned"


def _whom(act: str) -> str:
    return "nick" if act == "kick" else "who"


def _a_host_and_a_guest(becomes: str) -> tuple[TwoNodes, Program, Program, tuple[Program, Json]]:
    """On the nodes ``a`` and ``b``, in the room ops; and what is asked that makes the guest one."""
    two = TwoNodes(limits=FREELY, operators=["ana"], others={"ana": PASSWORD})
    ana = two.b.program("ana", password=PASSWORD)
    host, guest = two.a.program("host"), two.b.program("guest")
    for program in (host, guest):
        done(program, "join", room="ops")
    appoint: Json = {"type": "operator", "nick": "eva", "on": True}
    if becomes == "appointed just then":
        done(guest, "register", password=PASSWORD)
        return two, host, guest, (ana, {**appoint, "nick": "guest"})
    done(ana, "register", nick="eva", password=PASSWORD)
    ana.asks(**appoint)
    ana.sends_objects({"type": "bye"})
    two.settle()
    nick = "ana" if becomes == "by the options" else "eva"
    return two, host, guest, (guest, {"type": "login", "nick": nick, "password": PASSWORD})


def test_who_comes_from_an_address_while_it_is_muted_has_come_behind_that() -> None:
    """As whoever comes there a moment later."""
    two, ana, _ = two_operators()
    guest, late = Program(two.a, "guest", "guest"), Program(two.b, "late", "late")
    two.a.attach(guest, "10.0.0.7")
    guest.enters()
    for view in two.views.values():
        view.behind = True
    two.b.attach(late, "10.0.0.7")
    late.enters()
    at_once(two, (ana, {"type": "mute", "room": "huddle", "nick": "guest"}))
    assert refused(late, "say", room="huddle", text="hola") == "muted"
    third = Program(two.b, "third", "third")
    two.b.attach(third, "10.0.0.7")
    third.enters()
    assert refused(third, "say", room="huddle", text="hola") == "muted"
