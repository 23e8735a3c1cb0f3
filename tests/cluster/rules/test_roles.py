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
from huddle.protocol.permissions import LEAST, Permission, Role
from tests.cluster.written_log import House, hashed

TARGET = 1
"""The session of rita, a guest: the first of the house."""


def restricts(kind: str, who: str, first: str = "", last: str = "") -> Callable[[int], Entry]:
    marks = (Restriction(kind, who, first=first, last=last),)
    return lambda by: Restrict("huddle", by, marks)


ENTRIES: dict[Permission, Callable[[int], Entry]] = {
    Permission.SET_TOPIC: lambda by: Set("huddle", "topic", "soup", by),
    Permission.SET_KEY: lambda by: Set("huddle", "key", hashed("open"), by),
    Permission.SET_SLOW: lambda by: Set("huddle", "slow", 1000, by),
    Permission.SET_QUIET: lambda by: Set("huddle", "quiet", True, by),
    Permission.DELETE_OWN: lambda by: Erase("huddle", (1,), by, own=True),
    Permission.DELETE: lambda by: Erase("huddle", (1,), by),
    Permission.KICK: lambda by: Cut(TARGET, "huddle", by),
    Permission.BAN: restricts("ban", "nick:zoe"),
    Permission.MUTE: restricts("mute", f"session:{TARGET}"),
    Permission.VOICE: restricts("voice", f"session:{TARGET}"),
    Permission.BAN_NETWORK: restricts(
        "ban", "address:10.0.0.0/8", first="040a000000", last="040affffff"
    ),
    Permission.UNBAN: lambda by: Restrict("huddle", by, lifted=(Lifted("mute", "session:99", 1),)),
    Permission.ANNOUNCE: lambda by: Announce(by, "soup"),
    Permission.MAKE_OPERATOR: lambda by: Appoint(1, True, by),
    Permission.REGISTER_OTHERS: lambda by: Register(keyed("zoe"), "hash", by),
}
"""For each thing that a rule asks a role for: the entry by which a session does it."""


@pytest.mark.parametrize("role", [Role.GUEST, Role.HOST, Role.OPERATOR])
@pytest.mark.parametrize("permission", ENTRIES)
def test_a_rule_refuses_whom_the_table_refuses_and_nobody_else(
    permission: Permission, role: Role
) -> None:
    house = House()
    node = house.node("a")
    doers = {nick: node.begins(nick) for nick in ("rita", "eva", "bob", "ana")}
    assert doers["rita"] == TARGET
    node.does(Say(TARGET, 0, "hola", "huddle"))
    node.does(Restrict("huddle", 0, (Restriction("host", f"session:{doers['bob']}"),)))
    node.does(Own(doers["ana"], in_charge=True))
    by = {Role.GUEST: doers["eva"], Role.HOST: doers["bob"], Role.OPERATOR: doers["ana"]}[role]
    outcome = node.asks(ENTRIES[permission](by))
    is_refused = isinstance(outcome, Refused) and outcome.code == "not-allowed"
    assert is_refused == (role < LEAST[permission]), outcome
