"""Before a line is sent to anybody it is on the disk: the order of the system calls, by strace."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.changes import wait_until
from tests.lost.crowd import Crowd
from tests.lost.server import Server
from tests.needs import leave_out, needs

TRACED = "trace=network,fsync,fdatasync,pwrite64"
OPTIONS = ("-D", "-f", "-y", "-s", "8192", "-e", TRACED)
LINES = 10


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: what strace printed of it, and when it began and ended (line numbers)."""

    text: str
    begun: int
    ended: int


Wanted = Callable[[Call], bool]


def test_a_line_is_synced_between_its_reading_and_its_first_sending(tmp_path: Path) -> None:
    for line, (read, first_sent, calls) in enumerate(traced(tmp_path, "full"), 1):
        written = first(calls, is_in_log(line), after=read.ended)
        assert written is not None, f"{text_of(line)} was not written to the log at all"
        synced = first(calls, is_sync_of_log, after=written.ended)
        assert synced is not None and synced.ended < first_sent.begun, (
            f"{text_of(line)} was sent at {first_sent.begun}, and synced at {synced}"
        )


def test_without_fsync_the_trace_shows_none(tmp_path: Path) -> None:
    """Or the test above would see what is not there."""
    for read, first_sent, calls in traced(tmp_path, "normal"):
        synced = first(calls, is_sync_of_log, after=read.ended)
        assert synced is None or synced.begun > first_sent.begun


def traced(folder: Path, sync: str) -> Iterator[tuple[Call, Call, list[Call]]]:
    """Have lines said one by one; for each its reading, its first sending, and all calls."""
    trace = folder / "trace"
    with Server(folder, "--sync", sync).start(*tracer(trace)) as server:
        crowd = Crowd(server.port, 2, Random(1))
        assert crowd.goes_on_until(crowd.is_in)
        speaker = crowd.members[0]
        for line in range(1, LINES + 1):
            speaker.talk([text_of(line)])
            assert crowd.goes_on_until(crowd.knows_all)
        crowd.leaves()
        server.stop()
        calls = whole(trace, server.pid)
    for line in range(1, LINES + 1):
        read = first(calls, is_reading(line))
        sent = first(calls, is_sending(line))
        assert read is not None and sent is not None
        yield read, sent, calls


def tracer(trace: Path) -> list[str]:
    """What is put in front of a command, so that its system calls are in that file."""
    strace = [needs("strace"), *OPTIONS, "-o", str(trace)]
    if subprocess.run([*strace, "true"], capture_output=True).returncode:
        leave_out("strace may not look into processes on this machine")
    return strace


def text_of(line: int) -> str:
    return f"line-{line:03}"


def is_reading(line: int) -> Wanted:
    return lambda call: call.text.startswith("recvfrom") and text_of(line) in call.text


def is_sending(line: int) -> Wanted:
    """To the others, or as an acknowledgement."""
    signs = text_of(line), rf"\"ack\",\"id\":{line},"
    return lambda call: call.text.startswith("send") and any(sign in call.text for sign in signs)


def is_in_log(line: int) -> Wanted:
    def is_wanted(call: Call) -> bool:
        written = call.text.startswith("pwrite64") and "-wal>" in call.text
        return written and text_of(line) in call.text

    return is_wanted


def is_sync_of_log(call: Call) -> bool:
    return re.match(r"(fdatasync|fsync)\(\d+<[^>]*-wal>\)\s+= 0", call.text) is not None


def first(calls: list[Call], wanted: Wanted, after: int = 0) -> Call | None:
    """The first such call that began after that."""
    return next((call for call in calls if call.begun > after and wanted(call)), None)


def whole(trace: Path, pid: int) -> list[Call]:
    """All calls, in the order in which they began, once the tracer has seen the process end."""
    end = re.compile(rf"^{pid} +\+\+\+ ", re.MULTILINE)
    wait_until(trace.parent, lambda: end.search(trace.read_text()), lambda: "strace sees no end")
    return sorted(_calls(trace.read_text().splitlines()), key=lambda call: call.begun)


def _calls(lines: list[str]) -> Iterator[Call]:
    """Put together what strace has cut in two where the threads took turns."""
    begun: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines, 1):
        thread, _, text = line.partition(" ")
        text = text.lstrip()
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>").rstrip(), number
        elif resumed := re.match(r"<\.\.\. \w+ resumed>", text):
            head, start = begun.pop(thread)
            yield Call(head + text[resumed.end() :], start, number)
        else:
            yield Call(text, number, number)
