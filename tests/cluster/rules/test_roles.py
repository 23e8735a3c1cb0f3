"""The rules of the log let the same people do the same things as the table of a house alone.

What a role is and what it may do is asked twice: in the visit, before anything is written
(`huddle.protocol.permissions.LEAST`), and by the rule, for what has changed while the entry was on
its way. The rules name their roles themselves, since all nodes have to come to the same, also with
a table of another version: so this test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from huddle.cluster.effects import Refused
from huddle.cluster.entries import (
    Announce,
    Appoint,
    Cut,
    Entry,
    Erase,
    Lifted,
    Own,
    Register,
    Restrict,
    Restriction,
    Say,
    Set,
)
from huddle.cluster.naming import keyed
from huddle.protocol import requests
from huddle.protocol.permissions import (
    LEAST,
    TO_BAN_NETWORKS,
    TO_DELETE_OTHERS,
    TO_REGISTER_OTHERS,
    Role,
)
from tests.cluster.written_log import House, hashed

TARGET = 1
"""The session of rita, a guest: the first of the house."""


def restricts(kind: str, who: str, first: str = "", last: str = "") -> Callable[[int], Entry]:
    marks = (Restriction(kind, who, first=first, last=last),)
    return lambda by: Restrict("huddle", by, marks)


ENTRIES: list[tuple[Role, Callable[[int], Entry]]] = [
    (LEAST[requests.Topic], lambda by: Set("huddle", "topic", "soup", by)),
    (LEAST[requests.SetKey], lambda by: Set("huddle", "key", hashed("open"), by)),
    (LEAST[requests.SetSlow], lambda by: Set("huddle", "slow", 1000, by)),
    (LEAST[requests.SetQuiet], lambda by: Set("huddle", "quiet", True, by)),
    (LEAST[requests.Delete], lambda by: Erase("huddle", (1,), by, own=True)),
    (TO_DELETE_OTHERS, lambda by: Erase("huddle", (1,), by)),
    (LEAST[requests.Kick], lambda by: Cut(TARGET, "huddle", by)),
    (LEAST[requests.Ban], restricts("ban", "nick:zoe")),
    (LEAST[requests.Mute], restricts("mute", f"session:{TARGET}")),
    (LEAST[requests.SetVoice], restricts("voice", f"session:{TARGET}")),
    (
        TO_BAN_NETWORKS,
        restricts("ban", "address:10.0.0.0/8", first="040a000000", last="040affffff"),
    ),
    (
        LEAST[requests.Unban],
        lambda by: Restrict("huddle", by, lifted=(Lifted("mute", "session:99", 1),)),
    ),
    (LEAST[requests.Announce], lambda by: Announce(by, "soup")),
    (LEAST[requests.MakeOperator], lambda by: Appoint(1, True, by)),
    (TO_REGISTER_OTHERS, lambda by: Register(keyed("zoe"), "hash", by)),
]
"""For each thing that a rule asks a role for: from which on the table grants it, and the entry by
which a session does it."""


@pytest.mark.parametrize("role", [Role.GUEST, Role.HOST, Role.OPERATOR])
@pytest.mark.parametrize(("least", "entry"), ENTRIES)
def test_a_rule_refuses_whom_the_table_refuses_and_nobody_else(
    least: Role, entry: Callable[[int], Entry], role: Role
) -> None:
    house = House()
    node = house.node("a")
    doers = {nick: node.begins(nick) for nick in ("rita", "eva", "bob", "ana")}
    assert doers["rita"] == TARGET
    node.does(Say(TARGET, 0, "hola", "huddle"))
    node.does(Restrict("huddle", 0, (Restriction("host", f"session:{doers['bob']}"),)))
    node.does(Own(doers["ana"], in_charge=True))
    by = {Role.GUEST: doers["eva"], Role.HOST: doers["bob"], Role.OPERATOR: doers["ana"]}[role]
    outcome = node.asks(entry(by))
    is_refused = isinstance(outcome, Refused) and outcome.code == "not-allowed"
    assert is_refused == (role < least), outcome
