"""What stands beside the goals: servers that there are, plain lines that are as long as json."""

from benchmarks.floors import AS_JSON, FLOORS
from benchmarks.goals import BUSY
from benchmarks.peers import PEERS
from huddle.dialects.ndjson.dialect import JsonDialect
from huddle.protocol.events import Kind, Said
from huddle.protocol.limits import Limits
from tests.sample_messages import NOON, renderer


def said(size: int) -> Said:
    return Said("huddle", 12_345, NOON, 1, "m000042", Kind.SAY, "x" * size)


def test_every_row_names_servers_that_there_are() -> None:
    for row in FLOORS:
        assert {peer for peer, _ in row.contenders.values()} <= set(PEERS)


def test_a_plain_line_of_the_long_text_is_as_long_as_the_json_line_of_the_usual_one() -> None:
    [plain] = renderer().live([said(AS_JSON)])
    [json] = JsonDialect(Limits()).renderer("en", False).live([said(BUSY.bytes)])
    assert len(plain) == len(json)
