"""Return words and the keys of rooms open what they did when the key of the cluster is replaced."""

from __future__ import annotations

from typing_extensions import override

from tests.two_nodes import TwoNodes
from tests.world import World

OLD, NEW = "0a" * 32, "0b" * 32


class Replacing(TwoNodes):
    """Each node brings a key for return words that it has made of its own cluster key."""

    @override
    def begin(self) -> tuple[World, World]:
        self.words = {"a": OLD, "b": OLD}
        return super().begin()

    def restart_with(self, name: str, words: str) -> World:
        self.words[name] = words
        self.kill(name)
        return self.restart(name)


def test_a_return_word_outlives_the_replacement_on_all_nodes() -> None:
    two = Replacing()
    ana = two.a.connect()
    ana.says("ana", "/join ops", "/key sesame")
    ana.forgets()
    word = ana.word
    ana.cut()
    two.restart_with("b", NEW)  # beside one that has the old one still
    back = two.b.connect()
    back.says(f"/back ana {word}")
    back.forgets()
    newer = back.word
    back.cut()
    two.restart_with("a", NEW)
    again = two.a.connect()
    again.says(f"/back ana {newer}", "here")
    bob = two.b.person("bob")
    bob.says("/join ops sesame")
    again.forgets()
    bob.says("hola")
    again.hears("<bob> hola")


def test_a_node_without_a_record_of_its_own_has_the_house_s_key() -> None:
    two = Replacing()
    two.words["b"] = NEW
    two.kill("b")
    del two.records["b"]
    two.restart("b")
    ana = two.a.connect()
    ana.says("ana")
    ana.forgets()
    ana.cut()
    back = two.b.connect()
    back.says(f"/back ana {ana.word}")
    back.says("here")
    assert "ana" in "".join(back.reads())
    assert two.nodes["b"].node.state.words == OLD
