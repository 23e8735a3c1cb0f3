"""The table of acts: which request is carried out by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huddle.protocol import requests
from huddle.protocol.requests import Request
from huddle.visits.actions import accounts, history, moderation, operators, rooms, talk
from huddle.visits.actions.caller import Caller, Result

ACTS: Mapping[type[Request], Callable[[Caller, Any], Result]] = {
    requests.Say: talk.say,
    requests.Message: talk.message,
    requests.Announce: talk.announce,
    requests.Delete: talk.delete,
    requests.Ignore: talk.ignore,
    requests.ChangeNick: rooms.nick,
    requests.Join: rooms.join,
    requests.Leave: rooms.part,
    requests.Who: rooms.who,
    requests.Rooms: rooms.rooms,
    requests.Topic: rooms.topic,
    requests.SetKey: rooms.key,
    requests.SetSlow: rooms.slow,
    requests.SetQuiet: rooms.quiet,
    requests.History: history.history,
    requests.Search: history.search,
    requests.Register: accounts.register,
    requests.Login: accounts.login,
    requests.ChangePassword: accounts.change_password,
    requests.Kick: moderation.kick,
    requests.Ban: moderation.ban,
    requests.Unban: moderation.unban,
    requests.Bans: moderation.bans,
    requests.Mute: moderation.mute,
    requests.Unmute: moderation.unmute,
    requests.SetVoice: moderation.voice,
    requests.MakeOperator: operators.operator,
    requests.WhoIsIt: operators.who_is,
    requests.Audit: operators.audit,
}
"""What needs no session (`Visit`) is not here."""
