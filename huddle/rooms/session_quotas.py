"""Session quotas: how many may be held of those at one address, and how many may leave in a day.

`Limits.held_each` sessions of one address are held, three times as many of one IPv6 /48; beyond it
the hold of its oldest ends. When the house is full (`Limits.sessions`), whoever comes has a hold
end: the oldest of the place with most of them, where that has more than one. So those who connect,
lose their connection and connect again fill their own share with that, and not the house.

Those who have left are known to the record for some time still, so as to come back, and it forgets
the first of them when it has too many. `Limits.left_each` of one address in a day have their turn
with the others, three times as many of an IPv6 /48. The further ones are forgotten first, or one
who comes and goes without end would have all forgotten who may still come back.

Where addresses have no limit (`Limits.per_address`) they have no share either. Those who have not
been here since the server's start have the empty address, which has no share.
"""

from __future__ import annotations

from math import inf

from huddle.people.address_quotas import AddressQuotas
from huddle.people.rates import AddressRates
from huddle.people.sessions import Session
from huddle.protocol.limits import SITE, Limits

_DAY = 86_400.0


def held_sessions(limits: Limits) -> AddressQuotas[Session]:
    """Of those who are held: what `AddressQuotas.add` returns is held no more."""
    each = limits.held_each if limits.per_address else 0
    return AddressQuotas(inf, each, SITE["held_each"])


def departures(limits: Limits) -> AddressRates:
    """Of those who leave: who would have to wait is to be forgotten first."""
    each = limits.left_each if limits.per_address else 0
    return AddressRates(each / _DAY, each, SITE["left_each"])
