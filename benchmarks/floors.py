"""Floors: what the kernel, or Twisted alone, takes under a load of the goals.

Nothing is asked of these figures. They stand beside the goals, to tell how much of a figure is
Huddle's own.
"""

from benchmarks.goals import BUSY, CROWD, HALF_CROWD, TABLE, Goal, Row
from benchmarks.runs import paired
from benchmarks.runs.load import Load
from benchmarks.runs.paired import Metric, ratios

AS_JSON = BUSY.bytes + 107
"""Bytes of a text whose plain line is as long as the json line of the usual text: json has so many
more around it, for the room, the seq, the time and the names of its fields."""

_LONG = Load(
    members=BUSY.members,
    speakers=BUSY.speakers,
    window=BUSY.window,
    latency_every=BUSY.latency_every,
    bytes=AS_JSON,
)


def _figure(text: str, metric: Metric, over: str, under: str, *, more: bool = False) -> Goal:
    return Goal(text, None, None, more, lambda rounds: ratios(rounds, metric, over, under))


FLOORS = (
    Row(
        "10 members, one at a time",
        {name: (name, TABLE) for name in ("bare-twisted", "huddle-none", "inspircd")},
        (
            _figure("bare Twisted: p50 ÷ InspIRCd", paired.p50, "bare-twisted", "inspircd"),
            _figure("no record: p50 ÷ bare Twisted", paired.p50, "huddle-none", "bare-twisted"),
        ),
    ),
    Row(
        "1,000 members, plain lines as long as those of json",
        {"as long": ("huddle", _LONG), "huddle": ("huddle", BUSY), "json": ("huddle-json", BUSY)},
        (
            _figure(
                "as long: deliveries/s ÷ usual ones", paired.rate, "as long", "huddle", more=True
            ),
            _figure("json: deliveries/s ÷ as long", paired.rate, "json", "as long", more=True),
        ),
    ),
    Row(
        "9,000 members of the bare epoll loop",
        {"floor": ("floor", CROWD), "floor at 4,500": ("floor", HALF_CROWD)},
        (
            _figure(
                "CPU per message ÷ that of 4,500",
                paired.cpu_per_message,
                "floor",
                "floor at 4,500",
            ),
        ),
    ),
)
"""The row, who is measured, and the figures."""
