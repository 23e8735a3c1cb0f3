"""The fixtures of `tests.real`, and an engine that may be harmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.real_etcd import Etcd
from tests.doors.web.browsing.conftest import launched
from tests.real.conftest import enter, start

__all__ = ["enter", "etcd", "start"]

chromium = pytest.fixture(scope="module", name="chromium")(launched)
"""For those tests of a file that need one: beside it no other in this process can be started."""


@pytest.fixture
def etcd(tmp_path: Path) -> Iterator[Etcd]:
    """An engine for this test alone."""
    etcd = Etcd(tmp_path / "engine")
    try:
        etcd.start()
        yield etcd
    finally:
        etcd.end()
