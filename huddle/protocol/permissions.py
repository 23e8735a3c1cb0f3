"""Who may do what, and where: the one table of it.

A **role** is what a person is in a room, each one more than the one before:

- a *stranger* has given no nick yet,
- a *guest* has a nick,
- a *member* is logged in to an account,
- a *host* made the room, and is known again by their session or account,
- an *operator* has an account that the house, or another operator, has made one.

A **permission** is for a thing to do; most requests need one, some one of two. `LEAST` says from
which role on people have it; `/help` shows everybody the commands of what they may do. Three rules
stand beside the table:

- no person does anything to one who is more than they are themselves (`may_aim`),
- in a quiet room only hosts, operators and those with a voice speak, and a member who is muted
  speaks in none (`huddle.rooms.speaking`),
- what is said in a room is read by those who are in it, whatever their role (`Directory.room_of`).

A voice is no role: it is a leave to speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum, auto


class Role(IntEnum):
    """What a person is, in one room; a higher one may do all that a lower one may."""

    STRANGER = auto()
    GUEST = auto()
    MEMBER = auto()
    HOST = auto()
    OPERATOR = auto()


class Permission(Enum):
    """A thing to do, of which `LEAST` says from which role on it is granted.

    What a command needs stands in its row (`huddle.protocol.commands`).
    """

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
    TAKE_CHARGE = auto()
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
    NODES = auto()


LEAST: Mapping[Permission, Role] = {
    Permission.HELP: Role.STRANGER,
    Permission.LANGUAGE: Role.STRANGER,
    Permission.TIMES: Role.STRANGER,
    Permission.PING: Role.STRANGER,
    Permission.QUIT: Role.STRANGER,
    Permission.ENTER: Role.STRANGER,
    Permission.BACK: Role.STRANGER,
    Permission.LOGIN: Role.STRANGER,
    Permission.SAY: Role.GUEST,
    Permission.NICK: Role.GUEST,
    Permission.WHO: Role.GUEST,
    Permission.ROOMS: Role.GUEST,
    Permission.JOIN: Role.GUEST,
    Permission.PART: Role.GUEST,
    Permission.HISTORY: Role.GUEST,
    Permission.SEARCH: Role.GUEST,
    Permission.MESSAGE: Role.GUEST,
    Permission.IGNORE: Role.GUEST,
    Permission.REGISTER: Role.GUEST,
    Permission.TAKE_CHARGE: Role.GUEST,
    Permission.PASSWORD: Role.MEMBER,
    Permission.READ_TOPIC: Role.GUEST,
    Permission.SET_TOPIC: Role.GUEST,
    Permission.DELETE_OWN: Role.GUEST,
    Permission.DELETE: Role.HOST,
    Permission.SET_KEY: Role.HOST,
    Permission.SET_SLOW: Role.HOST,
    Permission.SET_QUIET: Role.HOST,
    Permission.VOICE: Role.HOST,
    Permission.KICK: Role.HOST,
    Permission.BAN: Role.HOST,
    Permission.BAN_NETWORK: Role.OPERATOR,
    Permission.UNBAN: Role.HOST,
    Permission.BANS: Role.HOST,
    Permission.MUTE: Role.HOST,
    Permission.ANNOUNCE: Role.OPERATOR,
    Permission.MAKE_OPERATOR: Role.OPERATOR,
    Permission.REGISTER_OTHERS: Role.OPERATOR,
    Permission.WHO_IS: Role.OPERATOR,
    Permission.AUDIT: Role.OPERATOR,
    Permission.NODES: Role.OPERATOR,
}
"""From which role on a person may do it. A host's is in the room that is theirs alone.

The rules of the log, which several nodes apply, name the same roles on their own
(`huddle.cluster.rules`): a node with another table would make another house of the same log.
"""


def is_of_rooms(permission: Permission) -> bool:
    """Whether it is the role in the room that counts, not the one in the whole house."""
    return LEAST[permission] is Role.HOST


def whose(permission: Permission) -> str:
    """From which role on a person may do it, as `NotAllowed` calls it."""
    return LEAST[permission].name.lower()


def may(role: Role, permission: Permission) -> bool:
    """Whether a person of that role, where it counts (`is_of_rooms`), may do it."""
    return role >= LEAST[permission]


def may_aim(role: Role, other: Role) -> bool:
    """Whether a person of that role may do what is aimed at a person of the other."""
    return role >= other
