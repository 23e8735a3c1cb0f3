"""What takes its time is carried out, and nobody waits for its end."""

from __future__ import annotations

from twisted.internet.defer import Deferred, fail, succeed

from huddle.visits.courses import carry_out


class Course:
    """Awaits these in turn, and notes what came of each."""

    def __init__(self, *awaited: Deferred[str]) -> None:
        self.came: list[str] = []
        carry_out(self._go(awaited))

    async def _go(self, awaited: tuple[Deferred[str], ...]) -> None:
        for each in awaited:
            try:
                self.came.append(await each)
            except ValueError as error:
                self.came.append(f"not {error}")
        self.came.append("end")


def test_what_is_there_at_once_is_not_waited_for() -> None:
    assert Course().came == ["end"]
    assert Course(succeed("a"), fail(ValueError("b"))).came == ["a", "not b", "end"]


def test_it_goes_on_when_what_it_waits_for_has_come() -> None:
    first, second, third = Deferred[str](), Deferred[str](), Deferred[str]()
    course = Course(first, second, succeed("c"), third)
    assert course.came == []
    second.callback("b")
    first.callback("a")
    assert course.came == ["a", "b", "c"]
    third.errback(ValueError("d"))
    assert course.came == ["a", "b", "c", "not d", "end"]
