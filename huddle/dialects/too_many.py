"""What there may be no more of, in words: a sentence for each limit that a stranger can reach."""

from __future__ import annotations

from collections.abc import Mapping

from huddle.locale import N_, Wording

SENTENCES: Mapping[str, str] = {
    "rooms": N_("There are {limit} rooms already, and can be no more."),
    "rooms_each": N_("You are in {limit} rooms already, and can be in no more."),
    "marks": N_("This room has {limit} bans, mutes, voices and hosts, and can have no more."),
    "marks_all": N_("There are {limit} bans and mutes already, and only operators may set more."),
    "ignores": N_("You ignore {limit} people already, and can ignore no more."),
    "pending": N_("Not said: {limit} messages wait for them already."),
    "accounts": N_("There are {limit} registered nicks already, and can be no more."),
    "registrations": N_("No more than {limit} nicks are registered from one place in an hour."),
    "hashing": N_("Too many passwords are being checked. Try again in a moment."),
}
"""By the name of the limit (`huddle.protocol.limits`)."""


def too_many(what: str, limit: int, wording: Wording) -> str:
    """Why there can be no more."""
    _ = wording.gettext
    sentence = SENTENCES.get(what)
    if sentence is None:
        return _("There may be no more than {limit}.").format(limit=limit)
    return _(sentence).format(limit=limit)
