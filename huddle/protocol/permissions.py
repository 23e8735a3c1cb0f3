"""Who may do what, and where: the one table of it.

A **role** is what somebody is in a room, each one more than the one before:

- a *stranger* has given no nick yet,
- a *guest* has a nick,
- a *member* is logged in to an account,
- a *host* is whoever made the room, by their session or account,
- an *operator* has an account that the house, or another operator, has made one.

A **deed** is a thing to do; most requests are one, some are one of two. `LEAST` says from which
role on somebody may do it; `/help` shows everybody the commands of what they may do. Three rules
stand beside the table:

- whom a deed is aimed at may not be more than whoever does it (`may_aim`),
- in a quiet room only hosts, operators and those with a voice speak, and nobody who is muted does
  in any (`huddle.rooms.speaking`),
- what is said in a room is read by those who are in it, whatever their role (`Huddle.room_of`).

A voice is no role: it is a leave to speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum, auto


class Role(IntEnum):
    """What somebody is, in one room."""

    STRANGER = auto()
    GUEST = auto()
    MEMBER = auto()
    HOST = auto()
    OPERATOR = auto()


class Deed(Enum):
    """A thing to do."""

    # at the door, and everywhere
    HELP = auto()
    LANGUAGE = auto()
    TIMES = auto()
    PING = auto()
    QUIT = auto()
    ENTER = auto()
    BACK = auto()
    LOGIN = auto()
    # in the house
    SAY = auto()
    NICK = auto()
    WHO = auto()
    ROOMS = auto()
    JOIN = auto()
    PART = auto()
    HISTORY = auto()
    SEARCH = auto()
    MESSAGE = auto()
    IGNORE = auto()
    REGISTER = auto()
    PASSWORD = auto()
    # in a room
    READ_TOPIC = auto()
    SET_TOPIC = auto()
    DELETE_OWN = auto()
    DELETE = auto()
    SET_KEY = auto()
    SET_SLOW = auto()
    SET_QUIET = auto()
    VOICE = auto()
    KICK = auto()
    BAN = auto()
    BAN_NETWORK = auto()
    UNBAN = auto()
    BANS = auto()
    MUTE = auto()
    # for the whole house
    ANNOUNCE = auto()
    MAKE_OPERATOR = auto()
    REGISTER_OTHERS = auto()
    WHO_IS = auto()
    AUDIT = auto()


LEAST: Mapping[Deed, Role] = {
    Deed.HELP: Role.STRANGER,
    Deed.LANGUAGE: Role.STRANGER,
    Deed.TIMES: Role.STRANGER,
    Deed.PING: Role.STRANGER,
    Deed.QUIT: Role.STRANGER,
    Deed.ENTER: Role.STRANGER,
    Deed.BACK: Role.STRANGER,
    Deed.LOGIN: Role.STRANGER,
    Deed.SAY: Role.GUEST,
    Deed.NICK: Role.GUEST,
    Deed.WHO: Role.GUEST,
    Deed.ROOMS: Role.GUEST,
    Deed.JOIN: Role.GUEST,
    Deed.PART: Role.GUEST,
    Deed.HISTORY: Role.GUEST,
    Deed.SEARCH: Role.GUEST,
    Deed.MESSAGE: Role.GUEST,
    Deed.IGNORE: Role.GUEST,
    Deed.REGISTER: Role.GUEST,
    Deed.PASSWORD: Role.MEMBER,
    Deed.READ_TOPIC: Role.GUEST,
    Deed.SET_TOPIC: Role.GUEST,
    Deed.DELETE_OWN: Role.GUEST,
    Deed.DELETE: Role.HOST,
    Deed.SET_KEY: Role.HOST,
    Deed.SET_SLOW: Role.HOST,
    Deed.SET_QUIET: Role.HOST,
    Deed.VOICE: Role.HOST,
    Deed.KICK: Role.HOST,
    Deed.BAN: Role.HOST,
    Deed.BAN_NETWORK: Role.OPERATOR,
    Deed.UNBAN: Role.HOST,
    Deed.BANS: Role.HOST,
    Deed.MUTE: Role.HOST,
    Deed.ANNOUNCE: Role.OPERATOR,
    Deed.MAKE_OPERATOR: Role.OPERATOR,
    Deed.REGISTER_OTHERS: Role.OPERATOR,
    Deed.WHO_IS: Role.OPERATOR,
    Deed.AUDIT: Role.OPERATOR,
}
"""From which role on somebody may do it. A host's is in the room that is theirs alone."""


def is_of_rooms(deed: Deed) -> bool:
    """Whether it is the role in the room that counts, not the one in the whole house."""
    return LEAST[deed] is Role.HOST


def may(role: Role, deed: Deed) -> bool:
    """Whether somebody of that role, where it counts (`is_of_rooms`), may do it."""
    return role >= LEAST[deed]


def may_aim(role: Role, other: Role) -> bool:
    """Whether somebody of that role may do what is aimed at somebody of the other."""
    return role >= other
