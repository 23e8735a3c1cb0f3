"""The house, as a visit sees it: what all visits of a server share."""

from __future__ import annotations

from dataclasses import dataclass

from huddle.huddle import Huddle
from huddle.people.authentication import Authentication
from huddle.visits.arrival import Arrival


@dataclass(frozen=True, slots=True)
class House:
    """``language`` is spoken until a visit asks for another; ``motd`` is shown to newcomers."""

    huddle: Huddle
    arrival: Arrival
    authentication: Authentication
    language: str
    motd: tuple[str, ...] = ()
