"""The states of an outlet: the only thing that says what may happen to it next.

::

    LIVE     ──a send is not taken whole──> DRAINING
    DRAINING ──the transport has drained──> READY
    READY    ──level with all streams──> LIVE
             ──a send is not taken whole──> DRAINING
             ──the record is asked──> READING ──it has answered──> READY
"""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """How far an outlet has got with what it is to give."""

    DRAINING = auto()
    """The transport holds something of the outlet's; `Outlet.drained` is awaited."""
    READING = auto()
    """A block of the record is awaited."""
    READY = auto()
    """It is on the list of `round_robin`, to be given the next slab."""
    LIVE = auto()
    """It is in the audiences of its streams, and level with them."""
    CLOSED = auto()
    """Its transport is closed: nothing more is given."""
