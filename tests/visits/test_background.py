"""What takes its time is carried out, and nobody waits for its end."""

from __future__ import annotations

from twisted.internet.defer import Deferred, fail, succeed

from huddle.visits.background import run_in_background


class Task:
    """Awaits these in turn, and notes what came of each."""

    def __init__(self, *awaited: Deferred[str]) -> None:
        self.came: list[str] = []
        run_in_background(self._go(awaited))

    async def _go(self, awaited: tuple[Deferred[str], ...]) -> None:
        for each in awaited:
            try:
                self.came.append(await each)
            except ValueError as error:
                self.came.append(f"not {error}")
        self.came.append("end")


def test_what_is_there_at_once_is_not_waited_for() -> None:
    assert Task().came == ["end"]
    assert Task(succeed("a"), fail(ValueError("b"))).came == ["a", "not b", "end"]


def test_it_goes_on_when_what_it_waits_for_has_come() -> None:
    first, second, third = Deferred[str](), Deferred[str](), Deferred[str]()
    task = Task(first, second, succeed("c"), third)
    assert task.came == []
    second.callback("b")
    first.callback("a")
    assert task.came == ["a", "b", "c"]
    third.errback(ValueError("d"))
    assert task.came == ["a", "b", "c", "not d", "end"]
