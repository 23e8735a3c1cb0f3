"""The fixtures of `tests.real`."""

from tests.real.conftest import enter, start

__all__ = ["enter", "start"]
