"""Whatever is asked, by whomever and in whatever trouble, the house stays sound and forgets it."""

from __future__ import annotations

import json
import random

from huddle.dialects.ndjson.requests import REQUESTS
from huddle.protocol.commands import COMMANDS
from tests.doors.fuzz import Fuzz
from tests.doors.random_requests import RandomRequests


def test_a_house_that_is_asked_anything_is_sound_at_every_rest() -> None:
    """By one who asks; by others, `tests/long/test_searches.py` has it asked."""
    ask_anything(seed=0)


def ask_anything(seed: int) -> None:
    fuzz = Fuzz(seed)
    fuzz.run(4_000, rest=1_000)
    assert fuzz.requests >= 4_000
    assert len(fuzz.rests) == 4
    assert {"said", "ack", "reply", "welcome", "not-allowed"} <= fuzz.codes.keys()


def test_everything_there_is_to_ask_is_in_the_babble() -> None:
    asker = RandomRequests(random.Random(1))
    typed = [asker.typed().decode(errors="replace") for _ in range(20_000)]
    names = {line.split()[0].removeprefix("/") for line in typed if line.startswith("/")}
    assert names >= {name for command in COMMANDS for name in command.names}
    asked = [asker.asked(id) for id in range(20_000)]
    types = {json.loads(line).get("type") for line in asked if line.startswith(b'{"type": "')}
    assert types >= REQUESTS.keys()
