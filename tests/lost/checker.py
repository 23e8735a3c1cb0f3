"""What must be true in the end of everybody who was there, and of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.lost.program import Heard, Program
from tests.lost.server import Row

SHOWN = 3
"""Examples that are told of each fault."""


def faults(programs: Sequence[Program], rows: Sequence[Row]) -> list[str]:
    """What is wrong, in words that name the kind of it first; empty if all is well.

    All of them were there from the record's first message on, and have been given what programs
    said. People with nc hear of no ack, so what they said last may come behind that.
    """
    end = max((seq for program in programs for seq in program.acks.values()), default=0)
    return [
        *of_record(rows),
        *(f"{p.nick}: {fault}" for p in programs for fault in _of_program(p, end, rows)),
    ]


def of_record(rows: Sequence[Row]) -> Iterator[str]:
    """What is wrong with the record as such."""
    if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
        yield "record: its seqs have holes"
    twice = [text for text, count in Counter(row.text for row in rows).items() if count > 1]
    if twice:
        yield f"record: {len(twice)} recorded twice, such as {twice[:SHOWN]}"


def _of_program(me: Program, end: int, rows: Sequence[Row]) -> Iterator[str]:
    yield from me.wrong
    if me.unacknowledged:
        yield f"{len(me.unacknowledged)} never acknowledged"
    own = [row.text for row in rows if row.nick == me.nick]
    if own != me.said:
        yield f"what it said is not what the record has of it: {_difference(me.said, own)}"
    yield from _of_acks(me, rows)
    given = rows[: max(end, me.after or 0)]
    others = [Heard(row.seq, row.nick, row.text) for row in given if row.nick != me.nick]
    if me.heard != others:
        yield f"what it heard is not what the others said: {_difference(others, me.heard)}"


def _of_acks(me: Program, rows: Sequence[Row]) -> Iterator[str]:
    by_seq = {row.seq: row for row in rows}
    broken = [
        (id, seq)
        for id, seq in me.acks.items()
        if seq not in by_seq
        or (by_seq[seq].nick, by_seq[seq].id, by_seq[seq].text) != (me.nick, id, me.said[id - 1])
    ]
    if broken:
        yield f"{len(broken)} acks broken, such as {broken[:SHOWN]}"


def _difference(wanted: Sequence[object], got: Sequence[object]) -> str:
    counted, all_wanted = Counter(got), set(wanted)
    twice = [each for each, count in counted.items() if count > 1]
    lacking = [each for each in wanted if each not in counted]
    foreign = [each for each in counted if each not in all_wanted]
    found = {"missing": lacking, "twice": twice, "unknown": foreign}
    told = [f"{len(each)} {kind} ({each[:SHOWN]})" for kind, each in found.items() if each]
    return ", ".join(told) or "in another order"
