"""The board: what people are told who are to come in, and how somebody is put in charge.

Each door says by which commands one enters at an address (`Ways`); the addresses are those by which
this machine is reached. What is told fits on a blackboard.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.interfaces import IAddress

from huddle.locale import Wording, listings
from huddle.protocol.answers import Invitation
from huddle.server.invitation.qr_code import squares_of

USUAL_PORT = 55123
"""What programs take when they are told no port."""

ADDRESSES = 2
"""Addresses of this machine that are told of; whoever has more knows them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a door is reached: ``host`` and ``port``, or the ``path`` of a UNIX socket."""

    host: str = ""
    port: int = 0
    path: str = ""
    tls: bool = False

    @property
    def is_here(self) -> bool:
        """Whether only this machine reaches it."""
        return not self.host or ip_address(self.host).is_loopback

    @property
    def is_everywhere(self) -> bool:
        """Whether it is reached by each address of this machine."""
        return bool(self.host) and ip_address(self.host).is_unspecified


def place_of(address: IAddress | None, tls: bool) -> Place | None:
    """Where the door that listens at this address is reached, if that can be told."""
    match address:
        case IPv4Address() | IPv6Address():
            return Place(address.host, address.port, tls=tls)
        case UNIXAddress(name=bytes(path)):
            return Place(path=os.fsdecode(path))
    return None


CLIENT = "huddle-client"
"""The client's name, where it is found by its name."""

Ways = Callable[[Place], Sequence[str]]
"""What one types, or opens, to come in at a place; each is a line of the board."""


def line_ways(place: Place) -> Sequence[str]:
    """How people come in by the door for lines."""
    if place.path:
        return [f"nc -U {place.path}"]
    port = "" if place.port == USUAL_PORT else f" --port {place.port}"
    if place.tls:
        return [
            f"{CLIENT} {place.host}{port} --tls",
            f"ncat --ssl {place.host} {place.port}",
        ]
    return [f"nc {place.host} {place.port}", f"{CLIENT} {place.host}{port}"]


def unseen(_: Place) -> Sequence[str]:
    """How people come in by a door that is for programs: not at all."""
    return ()


def web_ways(place: Place) -> Sequence[str]:
    """How people come in by a page that a door serves to browsers."""
    scheme, usual = ("https", 443) if place.tls else ("http", 80)
    host = f"[{place.host}]" if ":" in place.host else place.host
    port = "" if place.port == usual else f":{place.port}"
    return [f"{scheme}://{host}{port}/"]


@dataclass(frozen=True, slots=True)
class Board:
    """What is told at the start. ``code`` is the operators', if one was made; ``empty`` says that
    only members may come in and there is none; ``neighbours`` are addresses for others; ``client``
    is what one types on this machine for huddle-client, which others have by its name."""

    doors: Sequence[tuple[Place, Ways]]
    neighbours: Sequence[str]
    code: str | None = field(default=None, repr=False)
    empty: bool = False
    client: str = CLIENT

    @property
    def page(self) -> str | None:
        """The address of the page, as others on the network open it; None where there is none."""
        for door, ways in self.doors:
            if ways is web_ways:
                for place in self._reached(door):
                    if not place.is_here:
                        return web_ways(place)[0]
        return None

    def lines(self, wording: Wording) -> Iterator[str]:
        """The lines that are told at the start, about how to enter."""
        _ = wording.gettext
        here = [row.replace(CLIENT, self.client, 1) for row in self._rows(others=False)]
        yield from listings.ways_in(self._rows(others=True), here, wording)
        if self.empty:
            yield _("Nobody has an account yet, so nobody is let in: huddle-account makes one.")
        elif self.code is not None:
            yield _("Who is in charge here types this in the chat, once and within an hour:")
            yield f"    {_('/operator {code}').format(code=self.code)}"

    def invitation(self, room: str = "") -> Invitation:
        """The same for those who are in, without the code: how others come in, and into a room."""
        others, here = (self._rows(others=others, room=room) for others in (True, False))
        page = "" if self.page is None else _into(self.page, room)
        return Invitation(others, here, page, room, squares_of(page) if page else ())

    def _rows(self, *, others: bool, room: str = "") -> tuple[str, ...]:
        return tuple(
            _into(row, room) if ways is web_ways else row
            for door, ways in self.doors
            for place in self._reached(door)
            if place.is_here != others
            for row in ways(place)
        )

    def _reached(self, door: Place) -> Iterator[Place]:
        if not door.is_everywhere:
            yield door
            return
        version = ip_address(door.host).version
        hosts = [host for host in self.neighbours if version == 6 or "." in host]
        for host in hosts[:ADDRESSES] or ["127.0.0.1" if version == 4 else "::1"]:
            yield Place(host, door.port, tls=door.tls)


def _into(page: str, room: str) -> str:
    """The address that leads into a room, whose name has only characters that may stand there."""
    return f"{page}#{room}" if room else page
