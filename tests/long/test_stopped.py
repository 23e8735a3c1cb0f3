"""Somebody stops to read while 50 MB are said."""

from __future__ import annotations

from tests.real.conftest import Start
from tests.real.crowd import LINE, crowd

MIB = 1 << 20
SAID = 50_000_000


def test_one_of_two_hundred_who_stops_reading_costs_no_memory_and_is_told_what_is_gone(
    start: Start,
) -> None:
    server = start("--history", "none", "--flood-rate", "0", "--per-address", "0")
    with crowd(server.port, 200) as members:
        members.stop()
        before = server.memory
        members.hears(SAID)
        grown = server.memory - before
        heard = members.wakes()
    assert grown < 16 * MIB, f"{grown / MIB:.1f} MiB"
    shown = sum(line.endswith(LINE) for line in heard)
    [gone] = [int(line.split()[1]) for line in heard if line.endswith(b" are gone --\n")]
    assert shown > 500
    assert shown + gone == SAID // len(LINE)
