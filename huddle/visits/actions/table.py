"""The table of actions: what carries out a request, and which permission that needs.

An action is called as the wire calls its request. What needs no session (`Visit`) is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from huddle.protocol import requests
from huddle.protocol.commands import COMMANDS
from huddle.protocol.permissions import Permission
from huddle.protocol.requests import ProgramRequest, Request
from huddle.visits.actions import (
    accounts,
    editing,
    history,
    moderation,
    operators,
    preferences,
    private,
    rooms,
    talk,
)
from huddle.visits.actions.caller import Caller, Result
from huddle.visits.view import SetPreference

_NAMED = {
    name: action
    for module in (
        *(accounts, editing, history, moderation, operators),
        *(preferences, private, rooms, talk),
    )
    for name, action in vars(module).items()
    if getattr(action, "__module__", "") == module.__name__
}

ACTIONS: Mapping[type[Request], Callable[[Caller, Any], Result]] = {
    **{cls: _NAMED[cls.type] for cls in get_args(ProgramRequest) if cls.type in _NAMED},
    **dict.fromkeys(get_args(SetPreference), preferences.prefer),
    requests.Fix: editing.fix,
}
"""What carries out a request of each class."""

_PERMISSIONS: Mapping[type[Request], Permission] = {
    **{command.request: command.permission for command in COMMANDS},
    requests.Say: Permission.SAY,
    requests.Ping: Permission.PING,
    requests.Hello: Permission.ENTER,
}


def permission_of(request: Request) -> Permission:
    """What a request is, as far as it shows. Whether a message is one's own shows only later."""
    match request:
        case requests.Register(nick=str()):
            return Permission.REGISTER_OTHERS
        case requests.Topic(text=str()):
            return Permission.SET_TOPIC
        case _:
            return _PERMISSIONS[type(request)]
