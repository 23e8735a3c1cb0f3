"""What people do in a house of two nodes, and how the log's state shows that it was done.

On each node are an operator and a guest: ana and bob on ``a``, bea and cid on ``b``. All are in the
room ops, with eve, who is on ``a``; ida is muted there, and what is called ira kept out of it. max
is an account of which nobody is here. Each guest is alone in a room of their own, den_a or den_b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huddle.cluster.state import Session, State
from huddle.protocol.limits import Limits
from huddle.record import session_identity
from tests.moderated_world import PASSWORD, done
from tests.two_nodes import TwoNodes
from tests.world import Json, Program, World

LIMITS = Limits(flood_rate=0, hold=120)
SECRETS = dict.fromkeys(("root", "ana", "bea", "max"), PASSWORD)
OTHER = {"a": "b", "b": "a"}
OPERATORS, GUESTS = {"a": "ana", "b": "bea"}, {"a": "bob", "b": "cid"}
SECONDS = {"a": 5, "b": 7}
"""To what the room is slowed down on each."""
FIRST_SAID = {"bob": 1, "cid": 2, "eve": 3}
"""The seq in ops of what each has said there."""


class House:
    """The two nodes, and everybody in them."""

    def __init__(self) -> None:
        self.two = TwoNodes(operators=["root"], others=SECRETS, limits=LIMITS)
        self.people: dict[str, Program] = {}
        for node in "ab":
            self.comes(node, OPERATORS[node], password=PASSWORD)
            self.comes(node, GUESTS[node])
            self.comes(node, f"ear_{node}")
        for nick in ("eve", "ida"):
            self.comes("a", nick)
        root, left = (self.comes("a", nick, password=PASSWORD) for nick in ("root", "max"))
        self.two.settle()
        self.leaves(left)
        for nick in OPERATORS.values():
            done(root, "operator", nick=nick, on=True)
        for program in (root, *self.people.values()):
            program.sends_objects({"type": "join", "room": "ops"})
        for node, nick in GUESTS.items():
            self.people[nick].sends_objects({"type": "join", "room": f"den_{node}"})
        self.two.settle()
        for nick in FIRST_SAID:
            self.people[nick].says("hola", room="ops")
        done(root, "mute", room="ops", nick="ida")
        done(root, "ban", room="ops", who="ira")
        self.leaves(root)
        for program in self.people.values():
            program.forgets()
            assert program.welcome

    def world(self, node: str) -> World:
        return self.two.a if node == "a" else self.two.b

    def comes(self, node: str, nick: str, **hello: Any) -> Program:
        """Somebody is about to be there: they have said hello."""
        world = self.world(node)
        program = self.people[nick] = Program(world, nick, f"secret of {nick}")
        world.attach(program)
        program.hellos(**hello)
        return program

    def leaves(self, program: Program) -> None:
        program.sends_objects({"type": "bye"})
        self.two.settle()
        del self.people[program.nick]

    def number(self, nick: str) -> int:
        """The session of somebody, as it was when they came."""
        registry = self.two.a.huddle.registry
        return next(each.number for each in registry.sessions if each.nick == nick)


@dataclass(frozen=True)
class Doing:
    """One act that is done: by whom, on which node in which life, on whom it is aimed, and the
    sessions of all."""

    node: str
    by: str
    whom: str
    life: str
    numbers: dict[str, int]

    def session(self, state: State, nick: str) -> Session:
        return state.sessions[self.numbers[nick]]

    def me(self, state: State) -> Session:
        return self.session(state, self.by)

    def them(self, state: State) -> Session:
        return self.session(state, self.whom)

    def marked(self, state: State, kind: str, room: str = "ops") -> bool:
        """Whether whom it is aimed at has such a restriction."""
        return (kind, self.them(state).identity) in state.rooms[room].restrictions


Ask = Callable[[Doing], Json]
Is = Callable[[Doing, State], bool]


@dataclass(frozen=True)
class Kind:
    """An act: what is asked for, and whether it is done by what a state says. ``comes``: it is a
    hello on a new connection to that node, of a new program or the guest of the other node's."""

    by_operator: bool
    asks: Ask
    is_done: Is
    comes: bool = False


def is_gone_from_ops(act: Doing, state: State) -> bool:
    return not act.them(state).here or act.numbers[act.whom] not in state.rooms["ops"].seats


def of_operators(type: str, is_done: Is, **fields: Any) -> Kind:
    """One that is aimed at somebody."""
    return Kind(True, lambda act: {"type": type, **_filled(fields, act)}, is_done)


def of_guests(type: str, is_done: Is, **fields: Any) -> Kind:
    return Kind(False, lambda act: {"type": type, **_filled(fields, act)}, is_done)


def _filled(fields: dict[str, Any], act: Doing) -> Json:
    return {name: value(act) if callable(value) else value for name, value in fields.items()}


def whom(act: Doing) -> str:
    return act.whom


def other_operator(act: Doing) -> str:
    return OPERATORS[OTHER[act.node]]


def _account(state: State, nick: str) -> Any:
    return next(each for each in state.accounts.values() if each.nick[0] == nick)


def _is_muted(state: State, number: int) -> bool:
    return ("mute", session_identity(number)) in state.rooms["ops"].restrictions


def _has_said(act: Doing, state: State) -> bool:
    return act.me(state).last_id >= 900


def _setting(name: str, value: Any) -> Is:
    def is_so(act: Doing, state: State) -> bool:
        wanted = value(act) if callable(value) else value
        return bool(getattr(state.rooms["ops"], name) == wanted)

    return is_so


ACTS: dict[str, Kind] = {
    "kick": of_operators("kick", is_gone_from_ops, room="ops", nick=whom),
    "kick out": of_operators(
        "kick", lambda act, state: not act.them(state).here, room="huddle", nick=whom
    ),
    "ban": of_operators("ban", lambda act, state: act.marked(state, "ban"), room="ops", who=whom),
    "ban out": of_operators(
        "ban", lambda act, state: act.marked(state, "ban", "huddle"), room="huddle", who=whom
    ),
    "ban nick": of_operators(
        "ban",
        lambda act, state: ("ban", "nick:lan") in state.rooms["ops"].restrictions,
        room="ops",
        who="lan",
    ),
    "mute": of_operators(
        "mute", lambda act, state: act.marked(state, "mute"), room="ops", nick=whom
    ),
    "voice": of_operators(
        "voice", lambda act, state: act.marked(state, "voice"), room="ops", nick=whom, on=True
    ),
    "unmute": of_operators(
        "unmute",
        lambda act, state: not _is_muted(state, act.numbers["ida"]),
        room="ops",
        nick="ida",
    ),
    "unban": of_operators(
        "unban",
        lambda act, state: ("ban", "nick:ira") not in state.rooms["ops"].restrictions,
        room="ops",
        who="ira",
    ),
    "topic": of_operators(
        "topic", _setting("topic", lambda a: a.by), room="ops", text=lambda a: a.by
    ),
    "key": of_operators(
        "key", lambda act, state: state.rooms["ops"].key != "", room="ops", key=lambda a: a.by
    ),
    "slow": of_operators(
        "slow",
        _setting("slow", lambda a: 1000 * SECONDS[a.node]),
        room="ops",
        seconds=lambda a: SECONDS[a.node],
    ),
    "quiet": of_operators("quiet", _setting("quiet", True), room="ops", on=True),
    "delete": of_operators(
        "delete", lambda act, state: True, room="ops", seq=lambda a: FIRST_SAID[a.whom]
    ),
    "announce": of_operators("announce", _has_said, text="soup"),
    "deop": of_operators(
        "operator",
        lambda act, state: not _account(state, other_operator(act)).operator,
        nick=other_operator,
        on=False,
    ),
    "op": of_operators(
        "operator", lambda act, state: _account(state, "max").operator, nick="max", on=True
    ),
    "register another": of_operators(
        "register",
        lambda act, state: any(each.nick[0] == "newby" for each in state.accounts.values()),
        nick="newby",
        password=PASSWORD,
    ),
    "nick": of_guests(
        "nick", lambda act, state: act.me(state).nick[0] == "newnick", nick="newnick"
    ),
    "nick like it": of_guests(
        "nick", lambda act, state: act.me(state).nick[0] == "Ian", nick="Ian"
    ),
    "register": of_guests(
        "register", lambda act, state: act.me(state).account > 0, password=PASSWORD
    ),
    "login": of_guests(
        "login",
        lambda act, state: act.me(state).account == _account(state, "max").number,
        nick="max",
        password=PASSWORD,
    ),
    "make": of_guests(
        "join", lambda act, state: "fresh" in act.me(state).rooms, room="fresh", key=lambda a: a.by
    ),
    "leave": of_guests("leave", lambda act, state: "ops" not in act.me(state).rooms, room="ops"),
    "leave den": of_guests(
        "leave",
        lambda act, state: f"den_{act.node}" not in act.me(state).rooms,
        room=lambda a: f"den_{a.node}",
    ),
    "join den": of_guests(
        "join",
        lambda act, state: f"den_{OTHER[act.node]}" in act.me(state).rooms,
        room=lambda a: f"den_{OTHER[a.node]}",
    ),
    "say": of_guests("say", _has_said, room="ops", text="dicho"),
    "msg": of_guests("msg", _has_said, to=lambda a: GUESTS[OTHER[a.node]], text="psst"),
    "fix": of_guests("say", _has_said, room="ops", text="bien", edits=lambda a: FIRST_SAID[a.by]),
    "delete own": of_guests(
        "delete", lambda act, state: True, room="ops", seq=lambda a: FIRST_SAID[a.by]
    ),
    "ignore": of_guests(
        "ignore",
        lambda act, state: len(act.me(state).ignores) == 1,
        nick=lambda a: GUESTS[OTHER[a.node]],
        on=True,
    ),
    "say topic": of_guests(
        "topic", _setting("topic", lambda a: a.by), room="ops", text=lambda a: a.by
    ),
    "bye": of_guests("bye", lambda act, state: not act.me(state).here),
    "come": Kind(
        False,
        lambda act: {"nick": "newnick", "session": f"secret of {act.node}"},
        lambda act, state: any(
            each.nick[0] == "newnick" and each.here and each.life == act.life
            for each in state.sessions.values()
        ),
        comes=True,
    ),
    "move": Kind(
        False,
        lambda act: {"nick": act.whom, "session": f"secret of {act.whom}", "resume": True},
        lambda act, state: act.them(state).here and act.them(state).life == act.life,
        comes=True,
    ),
}
