"""What an attack costs is told by what the others noticed, and by the memory it leaves taken."""

from dataclasses import replace

import pytest

from benchmarks.hostile.attacks import ATTACKS
from benchmarks.hostile.suffering import BACK_WITHIN, TALK_MAX, TALK_P99, Suffered

QUIET = Suffered(
    attack="none",
    silence=5,
    pings_p99=1,
    pings_max=5,
    talk_p99=8,
    talk_max=20,
    before_kib=30_000,
    most_kib=31_000,
    after_kib=31_000,
)


def test_a_quiet_hour_is_good() -> None:
    assert QUIET.good


@pytest.mark.parametrize(
    "worse",
    [
        replace(QUIET, talk_p99=TALK_P99 + 1),
        replace(QUIET, talk_max=TALK_MAX + 1),
        replace(QUIET, after_kib=QUIET.before_kib + BACK_WITHIN + 1),
    ],
)
def test_who_is_held_up_or_memory_that_stays_taken_is_not(worse: Suffered) -> None:
    assert not worse.good


def test_no_two_attacks_have_one_name() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
