"""One attack beside the probe: what the others noticed, and what the server's memory did."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import IO, Any

from benchmarks.hostile.attack import Attack
from benchmarks.hostile.attacks import ATTACKS, KNOWN
from benchmarks.hostile.web_attacks import NOBODY
from benchmarks.runs import disk
from benchmarks.runs.paired import tell
from benchmarks.runs.processes import (
    SERVER_CORE,
    await_port,
    free_port,
    memory_kib,
    pinned,
    stop,
)
from benchmarks.runs.run import ROOT, watched_memory

TALK_P99 = 50.0
TALK_MAX = 250.0
"""Milliseconds from a say to another's screen that an attack may bring about."""

CALM = 25.0
"""Milliseconds that a bare fdatasync may take meanwhile, for which all who talk wait, too."""

TIMES = 4
"""How often an attack is made until the disk is calm; then the calmest of them counts."""

BACK_WITHIN = 16 * 1024
"""KiB that may be left of what an attack made the server take."""

SETTLING = 8.0
"""Seconds after an attack in which the server is to give memory back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suffered:
    """Latencies in milliseconds, memory in KiB. `silence` is the longest time without an answer;
    `most_kib` is the most from before the attack until all who took part in it have left. `disk` is
    the longest time that a bare fdatasync took meanwhile."""

    attack: str
    silence: float
    pings_p99: float
    pings_max: float
    talk_p99: float
    talk_max: float
    disk: float
    before_kib: int
    most_kib: int
    after_kib: int
    victim: str = ""
    usual: float = 0.0
    worst: float = 0.0
    may: float = inf
    """What one does who wants the same, how long it takes at rest, under attack, and may take."""
    may_take_kib: float = inf
    """What the attack may take beside what the others take while nobody attacks."""
    quiet: "Suffered | None" = None
    """The same while nobody attacks, where talk's p99 may at most be doubled."""

    @property
    def good(self) -> bool:
        """Whether the others were held up by no more than is promised."""
        return (
            self.talk_p99 <= TALK_P99
            and self.talk_max <= TALK_MAX
            and self.after_kib - self.before_kib <= BACK_WITHIN
            and self.worst <= self.may
            and (self.quiet is None or self._is_near(self.quiet))
        )

    def _is_near(self, quiet: "Suffered") -> bool:
        return (
            self.talk_p99 <= 2 * quiet.talk_p99
            and self.taken_kib - quiet.taken_kib <= self.may_take_kib
        )

    @property
    def taken_kib(self) -> int:
        """What the server took beside what it had."""
        return self.most_kib - self.before_kib


def measure(number: int, checkout: Path = ROOT) -> Suffered:
    """Run one attack against a server of its own, started from the checkout."""
    attack = ATTACKS[number]
    with _serving(attack, checkout) as (pid, port, tls_port, web_port):
        probe = _process("benchmarks.hostile.probe", str(port))
        ports = map(str, (port, tls_port, web_port))
        attacker = _process("benchmarks.hostile.attacker", str(number), *ports)
        victims = [
            _process("benchmarks.hostile.victim", victim, str(port))
            for victim in filter(None, [attack.victim])
        ]
        try:
            for process in (probe, attacker, *victims):
                _hear(process, "ready")
            time.sleep(1)
            before = memory_kib(pid)
            with watched_memory(pid) as most, disk.watched_disk() as syncs:
                for process in (probe, attacker, *victims):
                    _say(process)
                _hear(attacker, "done")
                time.sleep(0.5)
                for process in (probe, *victims):
                    _say(process)
                felt = json.loads(_out(probe).readline())
                hurt = [json.loads(_out(each).readline()) for each in victims]
                attacker.kill()
                after = _settled(pid, before)
        finally:
            for process in (probe, attacker, *victims):
                process.kill()
                process.wait()
    return Suffered(
        attack=attack.name,
        silence=felt["silence"],
        pings_p99=_share(felt["pings"], 0.99),
        pings_max=max(felt["pings"], default=0),
        talk_p99=_share(felt["talk"], 0.99),
        talk_max=max(felt["talk"], default=0),
        disk=max(syncs, default=0),
        before_kib=before,
        most_kib=max(most(), after),
        after_kib=after,
        may_take_kib=attack.kib,
        **_hurt(attack, hurt),
    )


def _hurt(attack: Attack, hurt: Sequence[dict[str, float]]) -> dict[str, Any]:
    """What the victim felt, if the attack has one."""
    for felt in hurt:
        may = min(attack.within, attack.times * felt["usual"])
        return {"victim": attack.victim, "may": may, **felt}
    return {}


def told(suffered: Suffered) -> str:
    """Return one line on an attack."""
    return (
        f"{suffered.attack:64} talk p99 {suffered.talk_p99:8.1f} max {suffered.talk_max:8.1f} ms, "
        f"pings p99 {suffered.pings_p99:8.1f} max {suffered.pings_max:8.1f}, "
        f"silence {suffered.silence:8.1f}, disk {suffered.disk:6.1f}, {_told_of_quiet(suffered)}"
        f"MiB {suffered.before_kib / 1024:.0f} {suffered.most_kib / 1024:.0f} "
        f"{suffered.after_kib / 1024:.0f}{_told_of_victim(suffered)}"
        f"{'' if suffered.good else '  TOO MUCH'}"
    )


def _told_of_quiet(suffered: Suffered) -> str:
    """How often as long talk takes, and what memory beside, as while nobody attacks."""
    quiet = suffered.quiet
    if quiet is None:
        return ""
    more = suffered.taken_kib - quiet.taken_kib
    return f"{suffered.talk_p99 / quiet.talk_p99:.1f} × quiet and {more / 1024:+.1f} MiB, "


def _told_of_victim(suffered: Suffered) -> str:
    if not suffered.victim:
        return ""
    return (
        f", who {suffered.victim}: usual {suffered.usual:.1f}, worst {suffered.worst:.1f}, "
        f"may {suffered.may:.1f} ms"
    )


def measure_all(
    only: Sequence[int] | None = None, commands: bool = False, checkout: Path = ROOT
) -> list[Suffered]:
    """Run all known attacks, or those by each command; or those with these numbers, from 1.

    Those by the web are held against a time in which nobody attacks, if that is among them.
    """
    known = range(1, len(KNOWN) + 1)
    wanted = only or (range(len(KNOWN) + 1, len(ATTACKS) + 1) if commands else known)
    found: list[Suffered] = []
    quiet: Suffered | None = None
    for number, attack in enumerate(ATTACKS):
        if number + 1 in wanted:
            suffered = calmest(partial(measure, number, checkout))
            if attack.name == NOBODY:
                quiet = suffered
            found.append(replace(suffered, quiet=quiet if "web" in attack.options else None))
            tell(f"{number + 1:2} {told(found[-1])}")
    return found


def calmest(attack: Callable[[], Suffered]) -> Suffered:
    """Make an attack while the disk is calm: nothing is told to anybody before it is recorded, so
    that a slow disk would be taken for an attack that succeeds."""
    tries: list[Suffered] = []
    while len(tries) < TIMES:
        tries.append(attack())
        if tries[-1].disk <= CALM:
            break
    return min(tries, key=lambda each: each.disk)


@contextmanager
def _serving(attack: Attack, checkout: Path) -> Iterator[tuple[int, int, int, int]]:
    """A server with default options, but for those that the attack is about."""
    options = [option for option in attack.options if option not in ("tls", "web")]
    with tempfile.TemporaryDirectory(prefix="bench-hostile-", dir=disk.folder()) as name:
        port, tls_port, web_port = free_port(), free_port(), free_port()
        folder, scripts = Path(name), Path(sys.executable).parent
        if checkout != ROOT:
            scripts = checkout.resolve() / ".venv" / "bin"
        environment = os.environ | {"PYTHONPATH": str(checkout.resolve())}
        if "tls" in attack.options:
            subprocess.run(
                [scripts / "huddle-certificate", "--host", "127.0.0.1"],
                cwd=folder, env=environment, check=True, capture_output=True,
            )  # fmt: skip
            [pem] = folder.glob("*.pem")
            options += ["--listen", f"ssl:{tls_port}:privateKey={pem.name}:interface=127.0.0.1"]
        if "web" in attack.options:
            options += ["--web", str(web_port)]
        command = [str(scripts / "twistd"), "-n", "--pidfile=", "huddle", "--port", str(port)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                pinned(SERVER_CORE, [*command, *options]),
                cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            for each in (port, *([web_port] if "web" in attack.options else [])):
                await_port(process, each)
            yield process.pid, port, tls_port, web_port
        finally:
            stop(process)


def _process(module: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _out(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _hear(process: "subprocess.Popen[str]", word: str) -> None:
    heard = _out(process).readline().strip()
    if heard != word:
        raise RuntimeError(f"{process.args!r} ended, or said {heard!r}")


def _say(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _settled(pid: int, before: int) -> int:
    """The memory once it is back, or when the time for that is over."""
    end = time.monotonic() + SETTLING
    while (now := memory_kib(pid)) - before > BACK_WITHIN and time.monotonic() < end:
        time.sleep(0.25)
    return now


def _share(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
