"""The clock watch: is this machine's clock right, before anything of it stands in the log?

A batch whose time is an hour ahead would end every ban and mute of the next hour, on all nodes, and
no later batch could put the house's time back. So the engine's machines are asked for their time
before the node takes part, and again and again while it does; a clock that jumps is not believed
until they have been asked, or it has jumped back to where it was when they last were.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from twisted.internet.defer import Deferred, succeed

from huddle.cluster.nodes.node import MOST_SKEW
from huddle.locale import Wording

EVERY = 10.0
"""Seconds from one look to the next."""


@dataclass(eq=False, repr=False)
class ClockWatch:
    """``skew`` asks how many seconds the clock is ahead of most others', or None; ``note`` takes
    what is to be believed of that, and ``tell`` what those who run the node should know."""

    _skew: Callable[[], Awaitable[float | None]]
    _note: Callable[[float], object]
    _tell: Callable[[str], object]
    _wording: Wording
    _told: bool = field(default=False, init=False)
    _jumps: int = field(default=0, init=False)
    _found: float = field(default=0.0, init=False)
    """How far it was ahead when that could be told last."""
    _since: float = field(default=0.0, init=False)
    """Seconds by which it was set since then."""
    _told_jump: bool = field(default=False, init=False)
    _looking: Deferred[None] = field(default_factory=lambda: succeed(None), init=False)

    def jumped(self, seconds: float) -> None:
        """The clock was set, by so much: the node takes no part until the others were asked, or
        until it is set back."""
        self._jumps += 1
        self._since += seconds
        self._note(self._found + self._since)
        self.look()

    def look(self) -> Deferred[None]:
        """Ask the others; fires when that is known. Where it cannot be told all stays as it is."""
        if self._looking.called:
            self._looking = Deferred.fromCoroutine(self._look())
        return self._looking

    async def _look(self) -> None:
        jumps, ahead = -1, None
        while jumps < self._jumps:  # what was asked before a jump says nothing of it
            jumps = self._jumps
            ahead = await self._skew()
        if ahead is None:
            self._tell_unknown()
            return
        self._found, self._since, self._told_jump = ahead, 0.0, False
        is_wrong = abs(ahead) > MOST_SKEW
        if is_wrong and not self._told:
            self._tell(skew_news(ahead, self._wording))
        self._told = is_wrong
        self._note(ahead)

    def _tell_unknown(self) -> None:
        """Say once after a jump why this node takes no part, however right its clock may be."""
        is_off = abs(self._since) > MOST_SKEW
        if is_off and not self._told_jump:
            sentence = self._wording.gettext(
                "this machine's clock was set, by {seconds} s, and too few of the engine's machines"
                " tell theirs: nothing is taken here until they do, or it is set back"
            )
            self._tell(sentence.format(seconds=round(self._since)))
        self._told_jump = is_off


def skew_news(ahead: float, wording: Wording) -> str:
    """One sentence on a clock that is so many seconds ahead of most others, or (below 0) behind."""
    _ = wording.gettext
    sentence = (
        _("this machine's clock is {seconds} s ahead of most of the engine's: set it by NTP")
        if ahead > 0
        else _("this machine's clock is {seconds} s behind most of the engine's: set it by NTP")
    )
    return sentence.format(seconds=round(abs(ahead)))
