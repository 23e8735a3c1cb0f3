"""The status line: where one is, who is there, how the link is, what is not yet in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from math import ceil

from huddle.client.session.cursors import INBOX
from huddle.client.session.events import Event, Farewell, NickRefused, Offline, Replaced, Welcomed
from huddle.locale import Wording


class Way(Enum):
    """How the way to the server is."""

    CONNECTING = auto()
    ONLINE = auto()
    WAITING = auto()
    OFFLINE = auto()


class Reach:
    """Follows the link of one session. ``clock`` gives seconds and never jumps.

    ``secured``: with TLS, and the server has been checked; None: with TLS, and nobody checks.
    """

    def __init__(self, clock: Callable[[], float], secured: bool | None = False) -> None:
        self.secured = secured
        self._clock = clock
        self._way = Way.CONNECTING
        self._again_at = 0.0

    def follow(self, event: Event) -> None:
        """Something has happened."""
        match event:
            case Welcomed() | NickRefused():
                self._way = Way.ONLINE
            case Offline(retry_in=None) | Replaced() | Farewell():
                self._way = Way.OFFLINE
            case Offline(retry_in=float(pause)):
                self._way = Way.WAITING
                self._again_at = self._clock() + pause
            case _:
                pass

    @property
    def way(self) -> Way:
        """How it is now: when the pause is over, the client is connecting."""
        if self._way is Way.WAITING and self._clock() >= self._again_at:
            return Way.CONNECTING
        return self._way

    @property
    def seconds(self) -> int:
        """Until the next attempt to connect."""
        return max(0, ceil(self._again_at - self._clock()))


def status_parts(
    reach: Reach,
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
    if people and reach.way is Way.ONLINE:
        yield (
            ngettext("{count} person", "{count} people", people).format(count=people),
            False,
        )
    yield _of_the_way(reach, wording), reach.way is not Way.ONLINE or reach.secured is None
    for place, count in unseen:
        yield f"{place} ({count})", place.startswith(INBOX)
    if waiting:
        sentence = ngettext("{count} line on its way", "{count} lines on their way", waiting)
        yield sentence.format(count=waiting), True


def _of_the_way(reach: Reach, wording: Wording) -> str:
    _, ngettext = wording.gettext, wording.ngettext
    match reach.way:
        case Way.CONNECTING:
            return _("connecting…")
        case Way.ONLINE:
            return _of_tls(reach, wording)
        case Way.WAITING:
            seconds = reach.seconds
            return ngettext(
                "reconnecting in {count} s", "reconnecting in {count} s", seconds
            ).format(count=seconds)
        case Way.OFFLINE:
            return _("offline")


def _of_tls(reach: Reach, wording: Wording) -> str:
    _ = wording.gettext
    if reach.secured is None:
        return _("online, TLS unchecked")
    return _("online, TLS") if reach.secured else _("online")
