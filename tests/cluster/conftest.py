"""Engines to test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from tests.client.in_reactor import reactor_fixture
from tests.cluster.engines import Engine, InMemory, OnEtcd, Sealed
from tests.cluster.real_etcd import Etcd


@pytest.fixture(scope="session")
def etcd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Etcd]:
    """A real engine for all tests that do it no harm: each has a house of its own in it."""
    etcd = Etcd(tmp_path_factory.mktemp("etcd") / "engine")
    try:
        etcd.start()
        yield etcd
    finally:
        etcd.end()


@reactor_fixture
async def house(etcd: Etcd) -> AsyncIterator[OnEtcd]:
    """A house in the real engine; all that a test opens of it is closed."""
    async with OnEtcd(etcd, f"house-{uuid4().hex[:8]}") as engine:
        yield engine


@pytest.fixture(params=["memory", "sealed", "etcd"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A log on each kind of engine in its turn: what holds for one holds for the other."""
    if request.param != "etcd":
        return InMemory() if request.param == "memory" else Sealed()
    found: OnEtcd = request.getfixturevalue("house")
    return found
