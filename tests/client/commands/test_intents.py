"""What a typed line can mean: a secret in it is shown nowhere."""

from __future__ import annotations

import pytest

from huddle.client.commands.commands import intent_of


@pytest.mark.parametrize("line", ["/login ana horse", "/join ops horse", "/key horse"])
def test_no_secret_is_in_the_repr_of_a_meaning(line: str) -> None:
    assert "horse" not in repr(intent_of(line))
