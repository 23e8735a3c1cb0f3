"""Who may do what, and where: the one table of it.

A **role** is what a person is in a room, each one more than the one before:

- a *stranger* has given no nick yet,
- a *guest* has a nick,
- a *member* is logged in to an account,
- a *host* made the room, and is known again by their session or account,
- an *operator* has an account that the house, or another operator, has made one.

`GRANTED` says of every request from which role on it is granted; of three, what is asked for counts
as well. `/help` shows everybody the commands of what they may do. Three rules stand beside the
table:

- no person does anything to one who is more than they are themselves (`may_aim`),
- in a quiet room only hosts, operators and those with a voice speak, and a member who is muted
  speaks in none (`huddle.rooms.speaking`),
- what is said in a room is read by those who are in it, whatever their role (`Directory.room_of`).

A voice is no role: it is a leave to speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Final

from huddle.protocol import requests as ask


class Role(IntEnum):
    """What a person is, in one room; a higher one may do all that a lower one may."""

    STRANGER = auto()
    GUEST = auto()
    MEMBER = auto()
    HOST = auto()
    OPERATOR = auto()


GRANTED: Mapping[Role, tuple[type[ask.Request], ...]] = {
    Role.STRANGER: (
        *(ask.HelpWanted, ask.SetLanguage, ask.SetTimes, ask.Ping, ask.Bye),
        *(ask.Hello, ask.Back, ask.Login),
    ),
    Role.GUEST: (
        *(ask.Say, ask.Fix, ask.Message, ask.Delete, ask.Ignore),
        *(ask.History, ask.Raw, ask.Search, ask.SetNumbers),
        *(ask.Who, ask.Rooms, ask.Invite, ask.Join, ask.Leave, ask.Topic, ask.HushJoins),
        *(ask.ChangeNick, ask.Register, ask.TakeCharge),
    ),
    Role.MEMBER: (ask.ChangePassword,),
    Role.HOST: (
        *(ask.SetKey, ask.SetSlow, ask.SetQuiet, ask.SetVoice, ask.Mute, ask.Unmute),
        *(ask.Kick, ask.Ban, ask.Unban, ask.Bans),
    ),
    Role.OPERATOR: (ask.Announce, ask.MakeOperator, ask.WhoIsIt, ask.Audit, ask.Nodes),
}
"""What each role may ask for that the ones before it may not. A host's is in the room that is
theirs alone.

The rules of the log, which several nodes apply, name the same roles on their own
(`huddle.cluster.rules`): a node with another table would make another house of the same log.
"""

TO_DELETE_OTHERS: Final = Role.HOST
"""Who may delete what another has said: whether it is one's own shows only later."""
TO_BAN_NETWORKS: Final = Role.OPERATOR
"""Who may ban an address or a network: a host could find out by it who is where."""
TO_REGISTER_OTHERS: Final = Role.OPERATOR
"""Who may make an account for another person."""

LEAST: Mapping[type[ask.Request], Role] = {
    request: role for role, requests in GRANTED.items() for request in requests
}
"""From which role on a request of each class is granted."""


def least(request: ask.Request) -> Role:
    """From which role on this request is granted, as far as it shows."""
    if isinstance(request, ask.Register) and request.nick is not None:
        return TO_REGISTER_OTHERS
    return LEAST[type(request)]


def may_aim(role: Role, other: Role) -> bool:
    """Whether a person of that role may do what is aimed at a person of the other."""
    return role >= other
