"""Ten thousand claims of nicks that look alike, on two nodes at once: one owner each, on all."""

from __future__ import annotations

from collections import Counter
from random import Random

from huddle.cluster.effects import Opened, Outcome, Refused
from huddle.cluster.entries import Begin
from huddle.cluster.naming import keyed
from tests.cluster.small_house import Town
from tests.cluster.written_log import HUDDLE

CLAIMS = 10_000
ALIKE = {"a": "aаα", "o": "oοо", "e": "eе", "p": "pр", "c": "cс", "l": "lI1"}
"""What looks like what: Latin, Cyrillic and Greek letters."""


def alike(nick: str, chance: Random) -> str:
    """A nick that a reader takes for this one."""
    spelled = "".join(chance.choice(ALIKE.get(letter, letter)) for letter in nick)
    return spelled.upper() if chance.random() < 0.1 and spelled.isascii() else spelled


def test_each_nick_has_one_owner_and_the_same_on_all_nodes() -> None:
    chance = Random(1)
    town = Town(1, delay=0.2, lost_requests=0.1, lost_answers=0.2, late_requests=0.05)
    town.goes(3)
    nodes = [town.servers[name] for name in "ab"]
    wanted = ["".join(chance.choices("aoepcl", k=6)) + str(number) for number in range(500)]
    outcomes: list[tuple[str, Outcome]] = []

    def note(outcome: Outcome, nick: str) -> None:
        outcomes.append((nick, outcome))

    for claim in range(CLAIMS):
        nick = wanted[claim % len(wanted)]
        server = nodes[claim // len(wanted) % 2]
        asked = server.ask(Begin(keyed(alike(nick, chance)), (HUDDLE,)))
        asked.addCallback(note, nick)
        if claim % 100 == 99:
            town.goes(0.1)
    town.goes(60, 0.5)
    assert len(outcomes) == CLAIMS
    owners = Counter(nick for nick, outcome in outcomes if isinstance(outcome, Opened))
    assert owners == Counter(wanted)
    refused = [outcome for _, outcome in outcomes if isinstance(outcome, Refused)]
    assert {each.code for each in refused} == {"nick-taken"}
    states = [server.state for server in town.servers.values()]
    for state in states:
        assert state.names == states[0].names
        nicks = [session.nick for session in state.sessions.values()]
        assert nicks == [session.nick for session in states[0].sessions.values()]
        assert len(nicks) == len(wanted)
