"""A stream: an ordered sequence of messages with its history, and those who are given all of it.

Publishing renders a batch once for each audience, however many are in it, and gives all of them the
same bytes. Those who said some of it get the lines between their own. Audiences that see the same
but for lines of people whom they ignore, or of who comes and goes, share what is rendered.

Where many listen people come and go all the time, and telling everybody of each would cost the
square of their number. So notices are gathered there: the first is told at once, those of the next
`GATHERING` seconds together, and always before the next message, so that order holds.

A room (`huddle.rooms.room`) is a stream with members, an inbox is one without.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import filterfalse, groupby

from twisted.logger import Logger

from huddle.delivery.audience import Around, Audience, Listener, cut_each
from huddle.delivery.history import History
from huddle.delivery.slab import Shared, Slab, live_slabs
from huddle.delivery.tally import TALLY
from huddle.protocol.dialect import Renderer
from huddle.protocol.events import Here, Joined, Left, RoomEvent, Said, label
from huddle.protocol.limits import Limits
from huddle.protocol.timing import Scheduler

GATHERING = 0.5
"""Seconds for which a big stream gathers its notices: 9,000 people who join within ten seconds then
cause 20 rounds of sends instead of 9,000."""

CROWD = 20
"""Members from which on people are not told who comes and goes, unless they wish it."""

BIG = 50
"""Members from which on a stream is big, and gathers its notices."""

WORTH_COMPRESSING = 1024
"""Bytes of a slab from which on it is compressed, for a crowd that takes it so: of less little is
saved, and for few it takes longer than what they save."""

FEW = 2
"""Listeners of an audience who are looked for one by one among those who said something: sixty who
ignore one another are sixty audiences."""

LISTED_RUN = 3
"""Joins (or leavings) in a row that are still told one by one."""

_Rendered = tuple[Renderer, Audience]
"""An audience, and the renderer that makes what it is given."""

_ONE_WENT_WRONG = "What was published has not reached one audience whole; the others are given it"


class Stream:
    """One stream; everything of it is in the order of its seqs.

    ``name`` is what the record calls it, ``label`` what the wire does. ``changes`` counts what
    `here` tells: it tells something else when it has risen.
    """

    _log = Logger()

    def __init__(self, name: str, history: History, later: Scheduler, limits: Limits) -> None:
        self.name = name
        self.label = label(name)
        self.history = history
        self.changes = 0
        self._later = later
        self._limits = limits
        self._audiences: dict[Hashable, _Rendered] = {}
        self._gathering = False
        self._gathered: list[RoomEvent] = []

    @property
    def published(self) -> int:
        """The seq of the last message that was given out."""
        return self.history.newest

    def here(self, besides: int = 0) -> Here:
        """Who is here, without the person of the session ``besides``: an empty list where there
        are no members."""
        return Here(self.label, 0, ())

    def away(self) -> tuple[str, ...]:
        """The nicks of those who are here and not connected: as many as are shown."""
        return ()

    @property
    def size(self) -> int:
        """How many are here. By `CROWD` and `BIG` it decides how they are told who comes and
        goes."""
        return 0

    # -- listening -----------------------------------------------------------------------------

    def audience(self, renderer: Renderer) -> Audience:
        """Those who are level with this stream and see it with such a renderer."""
        entry = self._audiences.get(renderer.audience)
        if entry is None:
            entry = self._audiences[renderer.audience] = (renderer, Audience())
        return entry[1]

    def release(self, renderer: Renderer, listener: Listener) -> None:
        """The listener leaves the audience of this renderer, which goes with its last one."""
        entry = self._audiences.get(renderer.audience)
        if entry is not None and entry[1].discard(listener):
            del self._audiences[renderer.audience]

    def listener_of(self, session: int, audience: Audience) -> Listener | None:
        """The listener of that session, who may be in the audience."""
        for each in audience:
            if each.session == session:
                return each
        return None

    # -- publishing ----------------------------------------------------------------------------

    def publish(self, events: list[RoomEvent], around: list[Around] | None = None) -> None:
        """Give these to everybody who listens; messages among them are the next in the record.

        What speakers who are told of their acks are to be given around their own lines is put into
        ``around``, where that is there: the caller gives it, before they are given anything else.
        """
        base, audiences = self.history.newest, list(self._audiences.values())
        messages: list[Said] = []
        if len(events) == 1 and isinstance(said := events[0], Said) and not self._gathered:
            audiences = self._give_alone(said, events, audiences)
            if not audiences:
                return
            messages.append(said)
        else:
            for event in events:
                if isinstance(event, Said):
                    messages.append(event)
            if self._gathering and not messages:
                self._gathered.extend(events)
                return
            if messages:
                self.history.add(messages)
        told = events
        if self._gathered:
            told, self._gathered = self._gathered + events, []
        size = 0
        if len(told) > len(messages):
            if len(told) > LISTED_RUN:
                told = self._condensed(told)
            size = self.size
            if size >= BIG and not self._gathering:
                self._gathering = True
                self._later(GATHERING, self._end_gathering)
        hushed: list[RoomEvent] | None = None
        shared: dict[tuple[Renderer, bool], Shared] = {}
        limit = self._limits.slab
        for renderer, audience in audiences:
            quiet, whole, heard = renderer.quiet, renderer.whole, told
            if size and (quiet or (quiet is None and size >= CROWD)):
                if hushed is None:
                    hushed = list(filterfalse(_is_hushed, told))
                heard = hushed
            try:
                if whole is None:
                    slabs = live_slabs(renderer, heard, base, limit)
                else:
                    key = whole, heard is told
                    if key not in shared:
                        shared[key] = Shared(whole, heard, base, limit)
                    slabs = shared[key].without(renderer.ignored, limit)
                held = around if renderer.acknowledges and len(slabs) == 1 else None
                for slab in slabs:
                    if slab.data:  # not all of it is by people whom this audience ignores
                        self._deliver(renderer, audience, slab, held)
            except Exception:
                self._log.failure(_ONE_WENT_WRONG)

    def _give_alone(
        self, said: Said, events: list[RoomEvent], audiences: list[_Rendered]
    ) -> list[_Rendered]:
        """Give one message alone, as most are, and have it kept behind that, for those who read it
        later. It is for everybody, and one line has no lines around it: a slab is made of it only
        where somebody did not take it whole. Returns the audiences that are left to the way of a
        batch: those who may not see it, and those to whom it may go compressed."""
        others: list[_Rendered] = []
        try:
            for entry in audiences:
                renderer, audience = entry
                if renderer.whole is not None or renderer.compresses:
                    others.append(entry)
                    continue
                try:
                    lines = renderer.live(events)
                    speaker = self.listener_of(said.session, audience)
                    left = audience.deliver(lines[0], () if speaker is None else (speaker,))
                    TALLY.delivered += audience.given
                    if left:
                        before = self.history.newest
                        slab = Slab(before, said.seq, lines, (said.seq,), (said.session,))
                        cut_each(left, self.name, slab)
                except Exception:
                    self._log.failure(_ONE_WENT_WRONG)
        finally:
            self.history.add([said])
        return others

    def _end_gathering(self) -> None:
        self._gathering = False
        if self._gathered:
            self.publish([])

    def _deliver(
        self, renderer: Renderer, audience: Audience, slab: Slab, held: list[Around] | None
    ) -> None:
        speakers, given = self._speakers(audience, slab), slab
        if renderer.compresses and len(slab.data) >= WORTH_COMPRESSING and len(audience) >= CROWD:
            given = slab.compressed_by(renderer)
        if left := audience.deliver(given.data, speakers):
            cut_each(left, self.name, given)
        TALLY.delivered += audience.given * len(slab.ends)
        for listener, (session, lines) in speakers.items():
            if len(lines) < len(slab.ends):
                TALLY.delivered += len(slab.ends) - len(lines)
                if held is None:
                    listener.give_around(self.name, slab, session, lines)
                else:
                    held.append((listener, self.name, slab, session, lines))

    def _speakers(self, audience: Audience, slab: Slab) -> dict[Listener, tuple[int, list[int]]]:
        """Those of the audience who said lines of the slab: their sessions, and which lines."""
        if len(slab.ends) == 1:  # the most frequent, and soon told
            listener = self.listener_of(slab.sessions[0], audience)
            return {} if listener is None else {listener: (slab.sessions[0], [0])}
        speakers: dict[Listener, tuple[int, list[int]]] = {}
        if len(audience) <= FEW:
            for each in audience:
                number = each.session
                if lines := [line for line, who in enumerate(slab.sessions) if who == number]:
                    speakers[each] = number, lines
            return speakers
        for number, lines in slab.by_speaker().items():
            listener = self.listener_of(number, audience)
            if listener is not None and listener in audience.places:
                speakers[listener] = number, lines
        return speakers

    def _condensed(self, events: Sequence[RoomEvent]) -> list[RoomEvent]:
        """The same with long runs of joins, and of leavings, told as one."""
        condensed: list[RoomEvent] = []
        for kind, group in groupby(events, _kind):
            run = list(group)
            if len(run) > LISTED_RUN and kind in (Joined, Left):
                condensed.append(self._as_one(run))
            else:
                condensed.extend(run)
        return condensed

    def _as_one(self, run: Sequence[RoomEvent]) -> RoomEvent:
        nicks = tuple(
            nick for event in run if isinstance(event, Joined | Left) for nick in event.nicks
        )
        here = self.here() if len(nicks) > self._limits.names_shown else None
        first = run[0]
        assert isinstance(first, Joined | Left)
        return replace(first, nicks=nicks, session=0, here=here)


def _is_hushed(event: RoomEvent) -> bool:
    """Whether the event is kept from those who do not wish to hear who comes and goes."""
    return isinstance(event, Joined) or (isinstance(event, Left) and not event.by)


def _kind(event: RoomEvent) -> object:
    """What sort of event it is; that a member was sent away is a sort of its own."""
    return type(event) if not (isinstance(event, Left) and event.by) else event
