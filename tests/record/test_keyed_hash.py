"""A keyed hash is Python's own HMAC-SHA256, made sooner."""

from __future__ import annotations

import hmac

import pytest

from huddle.record.keyed_hash import KeyedHash


@pytest.mark.parametrize("size", [0, 1, 32, 63, 64])
def test_it_is_the_hmac_of_the_whole_text(size: int) -> None:
    key = bytes(range(1, size + 1))
    keyed, begun = KeyedHash(key), KeyedHash(key, b"huddle ")
    for rest in (b"", b"otter-41-lamp-river", b"x" * 200):
        assert keyed.of(rest) == hmac.digest(key, rest, "sha256")
        assert begun.of(rest) == hmac.digest(key, b"huddle " + rest, "sha256")
