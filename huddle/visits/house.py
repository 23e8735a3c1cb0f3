"""The house, as a visit sees it: what all visits of a server share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.people.operator_code import Code
from huddle.protocol.answers import Invitation, NodeListing
from huddle.visits.account_login import AccountLogin
from huddle.visits.admission import Admission
from huddle.visits.arrival import Arrival
from huddle.visits.renaming import Renaming


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class House:
    """``language`` is spoken until a visit asks for another; ``motd`` are the lines shown to
    newcomers, which may change at a reload. ``invitation`` tells how others come in, and into the
    room of this name; the first room's is empty. ``nodes`` tells of the servers of the house, where
    it has several.
    """

    huddle: Huddle
    authentication: Authentication
    arrival: Arrival
    admission: Admission
    renaming: Renaming
    login: AccountLogin
    language: str
    code: Code
    invitation: Callable[[str], Invitation]
    nodes: Callable[[], tuple[NodeListing, ...]] = tuple
    motd: list[str] = field(default_factory=list)
