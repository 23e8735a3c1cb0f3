"""The table of acts: which request is carried out by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from huddle.acts import membership, moderation, operators, past, places, talk
from huddle.acts.caller import Caller, Result
from huddle.protocol import requests
from huddle.protocol.requests import Request

ACTS: Mapping[type[Request], Callable[[Caller, Any], Result]] = {
    requests.Say: talk.say,
    requests.Message: talk.message,
    requests.Announce: talk.announce,
    requests.Delete: talk.delete,
    requests.Ignore: talk.ignore,
    requests.ChangeNick: places.nick,
    requests.Join: places.join,
    requests.Part: places.part,
    requests.Who: places.who,
    requests.Rooms: places.rooms,
    requests.Topic: places.topic,
    requests.SetKey: places.key,
    requests.SetSlow: places.slow,
    requests.SetQuiet: places.quiet,
    requests.History: past.history,
    requests.Search: past.search,
    requests.Register: membership.register,
    requests.Login: membership.login,
    requests.ChangePassword: membership.change_password,
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
