"""The READMEs explain how one sees that something was said to oneself alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.world import World

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("readme", "told", "answer"),
    [
        ("README.md", "see you at six", "/msg bob fine"),
        ("README.es.md", "a las seis", "/privado bob vale"),
    ],
)
def test_a_private_line_looks_as_the_readme_says(readme: str, told: str, answer: str) -> None:
    world = World()
    ana, bob, eva = (world.person(nick) for nick in ("ana", "bob", "eva"))
    for each in (ana, bob):
        each.forgets()
    bob.says(f"/msg ana {told}")
    [line] = ana.reads()
    ana.says(answer)
    text = (ROOT / readme).read_text("utf-8")
    assert f"`{line}`" in text and f"`{answer}`" in text
    bob.hears(f"[ana] {answer.rpartition(' ')[2]}")
    eva.hears()
