"""What a conversation has at its two ends: a screen, and a way to the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from twisted.internet.defer import Deferred

from huddle.client.session.events import Event
from huddle.client.session.journal import Trouble
from huddle.client.session.session import ClientSession


class Screen(Protocol):
    """Where lines are shown: a terminal, or standard output."""

    def show(self, lines: Sequence[str], place: str | None = None) -> None:
        """Show these to the reader of the conversation, each on a line of its own.

        ``place`` is the room or person (``@nick``) that they are about; None: none in particular.
        """

    def warn(self, lines: Sequence[str], place: str | None = None) -> None:
        """Show these to the one who runs the program: on a terminal the same person."""

    def found(self, title: str, lines: Sequence[str]) -> None:
        """Show what was looked for in the record; ``title`` tells what that was."""

    def crowded(self, crowded: bool) -> None:
        """Whether to stop giving what is typed, for now."""

    def hide(self, hidden: bool) -> None:
        """Whether what is typed next is a secret, and not to be seen."""

    def give_back(self, text: str) -> None:
        """A text was not said; its owner may want to have it back, to say it later, or
        otherwise."""

    def close(self, status: int) -> None:
        """Show what is left, and end the program with this exit status."""


class Connection(Protocol):
    """The way to the server (`Link`), with the session that lives through its connections."""

    @property
    def session(self) -> ClientSession: ...

    def start(self) -> None: ...

    def stop(self) -> Deferred[None]: ...

    def carry_out(self, events: Sequence[Event]) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """The link of a session that has been found or made for a nick.

    With a ``trouble`` other than `Trouble.DAMAGED` it is not kept. ``known``: an earlier run was in
    it.
    """

    link: Connection
    trouble: Trouble | None = None
    known: bool = False
