"""The status line: where one is, who is there, how the link is, what is not yet in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from math import ceil

from huddle.client.session.events import Event, Farewell, NickRefused, Offline, Replaced, Welcomed
from huddle.locale import Wording
from huddle.protocol.events import INBOX


class LinkState(Enum):
    """What the link to the server does."""

    CONNECTING = auto()
    ONLINE = auto()
    WAITING = auto()
    OFFLINE = auto()


class Connectivity:
    """Follows the link of one session. ``clock`` gives seconds and never jumps.

    ``secured``: with TLS, and the server has been checked; None: with TLS, and not checked.
    """

    def __init__(self, clock: Callable[[], float], secured: bool | None = False) -> None:
        self.secured = secured
        self._clock = clock
        self._state = LinkState.CONNECTING
        self._again_at = 0.0

    def follow(self, event: Event) -> None:
        """Take over what an event says about the link."""
        match event:
            case Welcomed() | NickRefused():
                self._state = LinkState.ONLINE
            case Offline(retry_in=None) | Replaced() | Farewell():
                self._state = LinkState.OFFLINE
            case Offline(retry_in=float(pause)):
                self._state = LinkState.WAITING
                self._again_at = self._clock() + pause
            case _:
                pass

    @property
    def state(self) -> LinkState:
        """How it is now: when the pause is over, the client is connecting."""
        if self._state is LinkState.WAITING and self._clock() >= self._again_at:
            return LinkState.CONNECTING
        return self._state

    @property
    def seconds(self) -> int:
        """Whole seconds until the next attempt to connect; 0 when it is being made."""
        return max(0, ceil(self._again_at - self._clock()))


def status_parts(
    link: Connectivity,
    room: str,
    people: int,
    waiting: int,
    wording: Wording,
    unseen: Iterable[tuple[str, int]] = (),
) -> Iterator[tuple[str, bool]]:
    """The parts of the line; the second of each tells whether it is something to worry about.

    ``unseen``: places with the number of messages that have come there meanwhile.
    """
    ngettext = wording.ngettext
    yield room, False
    if people and link.state is LinkState.ONLINE:
        yield (
            ngettext("{count} person", "{count} people", people).format(count=people),
            False,
        )
    yield _of_the_link(link, wording), link.state is not LinkState.ONLINE or link.secured is None
    for place, count in unseen:
        yield f"{place} ({count})", place.startswith(INBOX)
    if waiting:
        sentence = ngettext("{count} line on its way", "{count} lines on their way", waiting)
        yield sentence.format(count=waiting), True


def _of_the_link(link: Connectivity, wording: Wording) -> str:
    _, ngettext = wording.gettext, wording.ngettext
    match link.state:
        case LinkState.CONNECTING:
            return _("connecting…")
        case LinkState.ONLINE:
            return _of_tls(link, wording)
        case LinkState.WAITING:
            seconds = link.seconds
            return ngettext(
                "reconnecting in {count} s", "reconnecting in {count} s", seconds
            ).format(count=seconds)
        case LinkState.OFFLINE:
            return _("offline")


def _of_tls(link: Connectivity, wording: Wording) -> str:
    _ = wording.gettext
    if link.secured is None:
        return _("online, TLS unchecked")
    return _("online, TLS") if link.secured else _("online")
