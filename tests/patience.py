"""How long a test waits for a real process, or for a thread, before it gives up.

Nothing takes so long on a machine that works, however busy it is: who waits is told at once when
the thing has come, so patience costs no time where all is well. A test of how *soon* something
comes measures that, with `tests.real.own_time`, and is not given less patience.
"""

from __future__ import annotations

PATIENCE = 60.0
"""Seconds after which something that should have come is said not to come."""
