"""A reactor for tests of what is done in threads: the test itself takes what they hand over."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IReactorFromThreads
from zope.interface import implementer

from tests.record.awaited_record import Pump


@implementer(IReactorFromThreads)
class PumpReactor(Pump):
    """What threads hand over is called when the test asks for an answer."""

    def callFromThread(  # noqa: N802
        self, callable: Callable[..., object], *args: object, **kwargs: object
    ) -> None:
        self(lambda: callable(*args, **kwargs))
