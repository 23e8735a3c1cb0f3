"""Who says good-bye and comes in again at once, while the log has not heard of it yet."""

from __future__ import annotations

import pytest

from tests.cluster.memory_log import Faults
from tests.two_nodes import TwoNodes
from tests.world import Program

SLOW = Faults(delay=0.5)


@pytest.mark.parametrize("other", ["the same node", "the other node"])
def test_a_program_that_comes_again_before_it_has_gone_waits_for_that(other: str) -> None:
    two = TwoNodes()
    ana, bot = two.b.person("ana"), two.a.program("bot")
    ana.forgets()
    two.engine.faults = SLOW
    bot.sends_objects({"type": "bye"})
    two.settle()
    again = Program(two.a if other == "the same node" else two.b, "bot", bot.secret)
    again.world.attach(again)
    again.hellos(resume=True)
    two.reactor.pass_by(5)
    kinds = [each["type"] for each in again.reads()]
    assert "welcome" in kinds, kinds
    again.sends_objects({"type": "say", "id": 9, "room": "huddle", "text": "here again"})
    two.reactor.pass_by(5)
    assert ana.reads() == ["-- bot left", "-- bot joined", "<bot> here again"]


def test_a_person_who_comes_back_by_the_word_before_having_gone_is_answered() -> None:
    two = TwoNodes()
    eva = two.a.person("eva")
    word = eva.word
    two.engine.faults = SLOW
    eva.says("/quit")
    back = two.a.connect()
    back.says(f"/back {word}")
    two.reactor.pass_by(5)
    heard = back.reads()
    assert any("opens nothing" in line or "Welcome" in line for line in heard), heard
