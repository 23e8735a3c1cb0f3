"""What a house begins with by a node's record is what that node's log says, whatever was asked.

People and programs, guests, accounts and operators, ask anything by chance on two nodes. What is
left out here a restart of one server forgets as well (`huddle.server.node.founding_state`).
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from huddle.cluster.state import KEPT, Room, Session, State
from tests.doors.fuzz import ADDRESSES, LIMITS, OPERATORS, AskingPeer, failures
from tests.doors.random_requests import NICKS, RandomRequests, password_of
from tests.founded_house import founded, twin
from tests.two_nodes import InTurn

PEERS = 12


class Babble:
    """Those who ask, in this world. The same ``seed`` does the same."""

    def __init__(self, world: InTurn, seed: int) -> None:
        self._world = world
        self._chance = random.Random(seed)
        self._asker = RandomRequests(self._chance)
        self._id = 0

    def goes_on(self, turns: int) -> None:
        for _ in range(turns):
            here = [peer for peer in self._world.peers if not peer.gone]
            self._world.peers[:] = here
            what = self._chance.random()
            if len(here) < PEERS:
                self._comes()
            elif what < 0.9:
                self._asks(self._chance.choice(here))
            elif what < 0.95:
                self._chance.choice(here).wire.break_off()
            else:
                self._world.passes(self._chance.choice((0.1, 1, 5, 30)))
            self._world.settle()

    def _comes(self) -> None:
        peer = AskingPeer(self._world, is_program=self._chance.random() < 0.5)
        self._world.attach(peer, self._chance.choice(ADDRESSES))
        self._knocks(peer)

    def _knocks(self, peer: AskingPeer) -> None:
        nick = self._chance.choice(NICKS[:10])
        if peer.is_program:
            peer.sends(self._asker.hello(nick, f"{self._chance.randrange(3)} of {nick}") + b"\n")
        else:
            peer.sends(f"{nick}\n/login {password_of(nick)}\n".encode())

    def _asks(self, peer: Any) -> None:
        if not peer.connection.visit.progress.named:
            return self._knocks(peer)
        for _ in range(self._chance.randrange(1, 12)):
            self._id += 1
            line = self._asker.asked(self._id) if peer.is_program else self._asker.typed()
            peer.sends(line + b"\n")


def what_stays(state: State) -> dict[str, Any]:
    """What a house that begins anew is to have of it, part by part."""
    return {
        "numbers": (state.last_session, state.last_account),
        "accounts": state.accounts,
        "sessions": {number: of_session(each) for number, each in state.sessions.items()},
        "rooms": {name: of_room(each) for name, each in state.rooms.items()},
        "inboxes": {state.inbox_of(each): newest(state, each) for each in people(state)},
        "names": {key: owner for key, owner in state.names.items() if owner != KEPT},
        "rooms' names": state.room_names,
        "secrets": (state.by_key, state.by_word),
        "present": state.present,
    }


def of_session(each: Session) -> tuple[Any, ...]:
    secrets = each.key, each.word, each.word_at, each.word_time
    kept = each.account, each.version, each.rooms, each.ignores, each.wishes
    return each.nick[0], each.here, each.spare, each.last_id, secrets, kept


def of_room(each: Room) -> tuple[Any, ...]:
    marks = {key: replace(mark, version=0) for key, mark in each.restrictions.items()}
    settings = each.topic, each.topic_by, each.key, each.slow, each.quiet
    return each.newest, settings, each.seats, each.people, marks, set(each.networks)


def people(state: State) -> list[int]:
    guests = [each.number for each in state.sessions.values() if not each.account]
    return [*guests, *(-number for number in state.accounts)]


def newest(state: State, person: int) -> int:
    box = state.inboxes.get(state.inbox_of(person))
    return 0 if box is None else box.newest


def test_what_is_made_of_a_nodes_record_is_what_its_log_says() -> None:
    """Of one talk; of others, `tests/long/test_searches.py` asks it."""
    begin_anew_after(seed=2)


def begin_anew_after(seed: int) -> None:
    others = {nick: password_of(nick) for nick in OPERATORS}
    world = InTurn(limits=LIMITS, operators=OPERATORS, others=others)
    babble = Babble(world, seed)
    with failures() as seen:
        for _ in range(3):
            babble.goes_on(150)
            for name, node in world.two.nodes.items():
                made, rows = founded(twin(world.two.records[name]), OPERATORS)
                there, wanted = what_stays(made), what_stays(node.node.state)
                for part, each in wanted.items():
                    assert there[part] == each, part
                assert not rows
    assert not seen, seen[0]
    assert len(wanted["sessions"]) > 10 and wanted["accounts"] and len(wanted["rooms"]) > 1
