"""What an attack costs is told by what the others noticed, and by the memory it leaves taken."""

from dataclasses import replace
from math import inf

import pytest
from websockets.frames import Frame
from websockets.protocol import State
from websockets.server import ServerProtocol

from benchmarks.hostile import suffering
from benchmarks.hostile.arena import framed
from benchmarks.hostile.attacks import ATTACKS, KNOWN
from benchmarks.hostile.suffering import (
    BACK_WITHIN,
    CALM,
    TALK_MAX,
    TALK_P99,
    Suffered,
    calmest,
    told,
)
from benchmarks.hostile.victim import VICTIMS
from benchmarks.hostile.web_attacks import ASK
from huddle.doors.web.files import page_files
from huddle.protocol.commands import COMMANDS

QUIET = Suffered(
    attack="none",
    silence=5,
    pings_p99=1,
    pings_max=5,
    talk_p99=8,
    talk_max=20,
    disk=2,
    before_kib=30_000,
    most_kib=31_000,
    after_kib=31_000,
)


def test_a_quiet_hour_is_good() -> None:
    assert QUIET.good


def test_what_others_take_while_nobody_attacks_is_not_the_attacks() -> None:
    quiet = replace(QUIET, talk_p99=4, most_kib=30_400)
    assert replace(QUIET, quiet=quiet, may_take_kib=600).good


@pytest.mark.parametrize(
    "worse",
    [
        replace(QUIET, talk_p99=TALK_P99 + 1),
        replace(QUIET, talk_max=TALK_MAX + 1),
        replace(QUIET, after_kib=QUIET.before_kib + BACK_WITHIN + 1),
        replace(QUIET, quiet=replace(QUIET, talk_p99=3.9)),
        replace(QUIET, quiet=replace(QUIET, most_kib=30_400), may_take_kib=599),
        replace(QUIET, victim="logs in", usual=100, worst=301, may=300),
    ],
)
def test_who_is_held_up_or_memory_that_stays_taken_is_not(worse: Suffered) -> None:
    assert not worse.good


@pytest.mark.parametrize(
    ("disk", "counts"),
    [([2], 2), ([CALM + 9, 3, 2], 3), ([CALM + 9, CALM + 1, CALM + 5, CALM + 7, 2], CALM + 1)],
)
def test_an_attack_is_made_again_while_the_disk_is_slow(disk: list[float], counts: float) -> None:
    tries = iter(disk)
    assert calmest(lambda: replace(QUIET, disk=next(tries))).disk == counts


def test_what_is_held_against_quiet_is_told_as_a_ratio() -> None:
    quiet = replace(QUIET, talk_p99=4, most_kib=30_512)
    assert " 2.0 × quiet and +0.5 MiB," in told(replace(QUIET, quiet=quiet, most_kib=31_024))
    assert "quiet" not in told(QUIET)


def test_who_wants_what_an_attack_uses_up_is_somebody_whom_there_is() -> None:
    with_victims = [attack for attack in ATTACKS if attack.victim]
    assert {attack.victim for attack in with_victims} == set(VICTIMS)
    assert all(min(attack.times, attack.within) < inf for attack in with_victims)


BY_ALL = "63 people, every kind of argument"


@pytest.mark.parametrize(
    ("only", "commands", "wanted"),
    [
        (None, False, [each.name for each in KNOWN]),
        (None, True, [f"/{each.names[0]}, {BY_ALL}" for each in COMMANDS]),
        ([2], False, [KNOWN[1].name]),
        ([len(KNOWN) + 1], False, [f"/help, {BY_ALL}"]),
    ],
)
def test_known_attacks_are_made_or_one_by_each_command_there_is(
    only: list[int] | None, commands: bool, wanted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def measure(number: int, checkout: object) -> Suffered:
        made.append(ATTACKS[number].name)
        return QUIET

    monkeypatch.setattr(suffering, "measure", measure)
    suffering.measure_all(only, commands)
    assert made == wanted


def test_no_two_attacks_have_one_name() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_the_file_that_is_asked_for_without_end_is_one_of_the_page() -> None:
    assert ASK.split()[1].decode() in page_files()


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_an_attack_is_one(size: int) -> None:
    server = ServerProtocol(state=State.OPEN)
    server.receive_data(framed(b"x" * size) + framed(b"", 0x9))
    text, ping = server.events_received()
    assert isinstance(text, Frame) and isinstance(ping, Frame)
    assert (text.opcode, bytes(text.data), text.fin) == (0x1, b"x" * size, True)
    assert ping.opcode == 0x9
