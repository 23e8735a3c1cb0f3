"""Speaking: whether a session may say something in a room; what is said, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass

from twisted.logger import Logger

from huddle.delivery.entries import Outcome
from huddle.delivery.sequencer import Sequencer
from huddle.people.registry import Registry
from huddle.people.replies import Replies
from huddle.people.sessions import Session, Weight, same
from huddle.protocol.answers import Ack, Refused
from huddle.protocol.errors import (
    Expired,
    IdReused,
    Muted,
    NotReadable,
    NotRecorded,
    RoomQuiet,
    TooFast,
)
from huddle.protocol.events import Draft, Kind, Said, label
from huddle.protocol.limits import Limits
from huddle.protocol.permissions import Role
from huddle.record import MarkKind, Record
from huddle.rooms.directory import Directory
from huddle.rooms.disk_quotas import CHARGED_FROM, ROW_BYTES, DiskQuotas
from huddle.rooms.room import Room


@dataclass(eq=False, repr=False)
class Speaking:
    """Whatever is said goes through here, to the sequencer, and its acknowledgement back.

    ``seconds`` is a monotonic clock.
    """

    _log = Logger()
    _record: Record
    _registry: Registry
    _directory: Directory
    _sequencer: Sequencer
    _replies: Replies
    _seconds: Callable[[], float]
    limits: InitVar[Limits]

    def __post_init__(self, limits: Limits) -> None:
        self._disk_quotas = DiskQuotas(limits, self._seconds)

    def say(
        self,
        session: Session,
        draft: Draft,
        room: Room | None,
        copies: Sequence[Draft] = (),
        told: Callable[[Outcome], None] | None = None,
        is_new: bool = False,
    ) -> None:
        """Have it said once, and its copies with it; ``told`` hears what became of it.

        ``room`` is where it is said; None in an inbox, in which nobody is restricted. A repetition
        is answered with the message that it repeats, whether or not the session may speak by then;
        ``is_new`` says that it is none, as `Session.weigh` has told the caller.
        Raises `IdReused`, `Expired`, `NotRecorded`, what `check` does, and `TooFast` where too much
        was written from there.
        """
        if draft.id and not is_new and (weight := session.weigh(draft)) is not Weight.NEW:
            self.repeat(session, draft, weight)
            return
        if room is not None and room.restricted:
            self.check(session, room)
        if self._disk_quotas.is_limited:
            session.uncharged += (ROW_BYTES + len(draft.text.encode())) * (1 + len(copies))
            if session.uncharged >= CHARGED_FROM:
                self._disk_quotas.charge(session)
        self._sequencer.say(draft, copies, told)
        if draft.id:
            session.accept(draft)

    def repeat(self, session: Session, draft: Draft, weight: Weight) -> None:
        """Answer what was said before: with its place, or why it has none.

        What is not settled yet will be answered when it is.
        """
        if weight is Weight.OLD:
            found = self._record.find(session.number, draft.id)
            found.addCallback(lambda said: self._answer(session, draft, repeated(draft, said)))
            # As far as is known now it is not: a program says again what it has no ack of.
            found.addErrback(lambda _: self._answer(session, draft, NotRecorded()))

    def settle(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome]) -> None:
        """These have got their place in the record, or will have none: tell who said them. Where
        that goes wrong for one, it is logged, and the others are told."""
        for draft, outcome in zip(drafts, outcomes, strict=True):
            id, recorded = draft.id, isinstance(outcome, Said)
            session = self._registry.by_number(draft.session) if id or not recorded else None
            if session is None:
                continue
            try:
                if id:
                    waited = session.pending
                    if not recorded and (waited is None or waited.get(id) is not draft):
                        continue  # it was left behind, and may have been said again by now
                    session.settle(id, recorded)
                self._answer(session, draft, outcome)
            except Exception:
                self._log.failure("Settling a message went wrong")

    def _answer(self, session: Session, draft: Draft, outcome: Outcome) -> None:
        if isinstance(outcome, Said):
            self._replies.tell(session, Ack(draft.id, label(draft.room), outcome.seq))
        elif isinstance(outcome, NotReadable):
            # Whether it was said cannot be told now: who comes again and repeats it is answered.
            if session.outlet is not None:
                self._replies.flush()
                session.outlet.close(Refused(outcome))
        else:
            self._replies.tell(session, Refused(outcome, draft.id or None))

    # -- who may -------------------------------------------------------------------------------

    def check(self, session: Session, room: Room) -> None:
        """To be asked before something is said in a restricted room; it counts as having spoken.

        Raises `Muted`, `RoomQuiet` and `TooFast`. Operators may always, and so may hosts, unless an
        operator has muted them; a voice lifts quiet and slow mode.
        """
        restrictions, who = self._directory.restrictions, session.identity
        role = restrictions.role(session, room.name)
        if role is Role.OPERATOR:
            return
        mute = restrictions.mute_of(room.name, session)
        if mute is not None:
            raise Muted(room.label, mute.until, mute.reason)
        if role is Role.HOST or restrictions.of(room.name, MarkKind.VOICE, who) is not None:
            return
        row = self._directory.row(room.name)
        if row.quiet:
            raise RoomQuiet(room.label)
        if row.slow and (wait := room.pace.wait(session, row.slow, self._seconds())):
            raise TooFast(wait)


def repeated(draft: Draft, said: Said | None) -> Outcome:
    """What saying this again comes to: the message that it repeats, or why there is none."""
    if said is None:
        return Expired()
    deleted = said.kind is Kind.DELETED and label(said.room) == label(draft.room)
    return said if deleted or same(said, draft) else IdReused()
