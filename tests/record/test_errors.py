"""Where the record fails, a person is told what they can do, and nothing else is hidden by it."""

from __future__ import annotations

import pytest

from huddle.protocol.errors import NotReadable, NotRecorded
from huddle.record import RecordFailure
from huddle.record.errors import failing_as


def test_a_failure_of_the_record_is_told_as_what_was_asked_for() -> None:
    for refusal in (NotRecorded, NotReadable):
        with pytest.raises(refusal) as refused, failing_as(refusal):
            raise RecordFailure("failing")
        assert isinstance(refused.value.__cause__, RecordFailure)


def test_a_fault_of_ours_stays_one() -> None:
    with pytest.raises(KeyError), failing_as(NotReadable):
        raise KeyError
