"""The status line: where one is, who is there, how the link is, what is not yet in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

from huddle.client.conversation.buffer import Buffer
from huddle.client.session.events import Event, Farewell, NickRefused, Offline, Replaced, Welcomed
from huddle.locale import Wording
from huddle.locale.columns import columns_of
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


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the status line; ``strong``: it is something to look at."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line tells. ``windows`` are all, ``here`` the one before one's eyes.
    ``people`` 0: it is not known, or one talks to one person.

    ``waiting`` are own lines that are on their way, ``below`` the lines below those that are shown.
    """

    windows: Sequence[Buffer]
    here: Buffer
    people: int = 0
    waiting: int = 0
    below: int = 0


SEPARATOR = " · "


def status_parts(link: Connectivity, status: Status, wording: Wording, columns: int) -> list[Part]:
    """The parts of the line, as many as have room in so many columns.

    Where it is narrow the windows go in which nothing is unread, then how many people there are,
    then that one is online, then what stands at the end.
    """
    here, people = list(_of_here(status, wording)), list(_of_people(link, status, wording))
    alarming = link.state is not LinkState.ONLINE or link.secured is None
    state = [Part(_of_the_link(link, wording), alarming)]
    numbered = enumerate(status.windows, 1)
    others = [(number, each) for number, each in numbered if each is not status.here]
    everywhere = [_listed(number, each) for number, each in others]
    rest = [_listed(number, each) for number, each in others if each.unread]
    waiting = list(_of_waiting(status, wording))
    rest_of_state = state if alarming or not rest else []
    for parts in (
        [*here, *people, *state, *everywhere, *waiting],
        [*here, *people, *state, *rest, *waiting],
        [*here, *state, *rest, *waiting],
        [*here, *rest_of_state, *rest, *waiting],
    ):
        if _width(parts) <= columns:
            return parts
    while len(parts) > 1 and _width(parts) > columns:
        parts.pop()
    return parts


def _of_waiting(status: Status, wording: Wording) -> Iterator[Part]:
    if count := status.waiting:
        told = wording.counted("{count} line on its way", "{count} lines on their way", count)
        yield Part(told, True)


def _width(parts: Sequence[Part]) -> int:
    words = sum(columns_of(part.text) for part in parts)
    return words + len(SEPARATOR) * (len(parts) - 1) + 2


def _listed(number: int, window: Buffer) -> Part:
    """``2:ops``, ``2:ops (3)``, ``2:ops (3 @1)``; of a person's window all is for one."""
    name = f"{number}:{window.name}"
    if not window.unread:
        return Part(name)
    if window.name.startswith(INBOX) or not window.mentions:
        return Part(f"{name} ({window.unread})", bool(window.mentions))
    return Part(f"{name} ({window.unread} @{window.mentions})", True)


def _of_here(status: Status, wording: Wording) -> Iterator[Part]:
    yield Part(f"{status.windows.index(status.here) + 1}:{status.here.name}")
    if count := status.below:
        yield Part(wording.counted("{count} line below", "{count} lines below", count), True)


def _of_people(link: Connectivity, status: Status, wording: Wording) -> Iterator[Part]:
    if (count := status.people) and link.state is LinkState.ONLINE:
        yield Part(wording.counted("{count} person", "{count} people", count))


def _of_the_link(link: Connectivity, wording: Wording) -> str:
    _ = wording.gettext
    match link.state:
        case LinkState.CONNECTING:
            return _("connecting…")
        case LinkState.ONLINE:
            return _of_tls(link, wording)
        case LinkState.WAITING:
            return wording.counted(
                "reconnecting in {count} s", "reconnecting in {count} s", link.seconds
            )
        case LinkState.OFFLINE:
            return _("offline")


def _of_tls(link: Connectivity, wording: Wording) -> str:
    _ = wording.gettext
    if link.secured is None:
        return _("online, TLS unchecked")
    return _("online, TLS") if link.secured else _("online")
