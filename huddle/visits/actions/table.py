"""The table of actions: what carries out a request.

An action is called as the wire calls its request. What needs no session (`Visit`) is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from huddle.protocol import requests
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
