"""What a long record costs is asked of a real server, oftener than one person may ask."""

from benchmarks.peers import PEERS
from benchmarks.record import measure_record


def test_every_question_is_answered_over_the_wire_and_bare() -> None:
    found = measure_record(PEERS["huddle"], messages=200, times=20)
    assert [(each.question, each.rows, each.bare_us is not None) for each in found] == [
        ("ping", 0, False),
        ("hello, no replay", 0, False),
        ("hello, the last 20", 20, True),
        ("hello, 100 missing", 100, True),
        ("history, 20 from the middle", 20, True),
        ("search, a rare word", 50, True),
        ("search, a common word", 50, True),
    ]
