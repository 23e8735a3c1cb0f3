"""What the rules are given of one batch: the state that it is applied to, whose it is, and what it
comes to; and how they refuse an entry of it."""

from __future__ import annotations

from dataclasses import dataclass

from huddle.cluster.effects import Audited, Effect, Refused, Row
from huddle.cluster.entries import Act
from huddle.cluster.rules import shares
from huddle.cluster.state import Session, State


@dataclass(slots=True)
class BatchContext:
    """``life`` is that of the node which wrote the batch, ``position`` where the batch stands, and
    ``time`` the batch's, but never before the one before it."""

    state: State
    life: str
    position: int
    time: int
    effects: list[Effect]
    rows: dict[Row, None]

    def keep_session(self, session: Session) -> None:
        """The record is to keep it as it is now, with the time at which it was last seen."""
        is_counted = session.here and session.away
        if is_counted:
            shares.forget(self.state, session)
        session.seen = self.time
        if is_counted:
            shares.note(self.state, session)
        self.rows["session", session.number] = None

    def keep_account(self, number: int) -> None:
        self.rows["account", number] = None

    def keep_room(self, room: str) -> None:
        self.rows["room", room] = None

    def audit(self, act: Act | None, room: str, by: str) -> None:
        """The record is to hold this act of moderation, if it is one."""
        if act is not None:
            self.effects.append(Audited(self.time, room, act.act, by, act.target, act.detail))


class EntryRefused(Exception):
    """Nothing of the entry happens, as it says in ``refused``."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


def check(refused: Refused | None) -> None:
    """Raises `EntryRefused` where there is something to refuse it for. To be called before anything
    of the entry has happened."""
    if refused is not None:
        raise EntryRefused(refused)
