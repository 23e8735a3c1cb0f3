"""No other carries the log over while the server has it, or what it carries over is ours, too."""

from __future__ import annotations

import sys
from subprocess import PIPE, Popen

from tests.record.written_database import Written


def test_what_another_carries_over_who_was_faster_is_ours(written: Written) -> None:
    """SQLite gives its lock up, and another program has it before it is held here again."""
    written.writes(1)
    written.carries_over()
    program = (sys.executable, "-c", FASTER, str(written.log)[: -len("-wal")])
    with Popen(program, stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as other:
        assert other.stdin and other.stdout
        assert other.stdout.readline() == "has the lock\n"
        written.contents.carried_over()
        written.writes(100)
        assert written.contents.are_ours()
        other.stdin.write("carry over\n")
        assert other.stdout.readline() == "(0, 100, 100)\n"
        assert written.contents.are_ours()
        other.stdin.write("carry over\n")
        assert other.stdout.readline() == "(1, -1, -1)\n"


FASTER = """
import fcntl, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0)
connection.execute("SELECT count(*) FROM lines").fetchone()
index = open(f"{sys.argv[1]}-shm", "r+b")
fcntl.lockf(index, fcntl.LOCK_EX, 1, 121)
print("has the lock", flush=True)
for _ in sys.stdin:
    print(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone(), flush=True)
"""
