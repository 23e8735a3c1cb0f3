"""What one does with a house of several nodes over the years: another key, and a node's copy."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.patience import PATIENCE
from tests.real.conftest import Enter, Start
from tests.real.test_nodes import Nodes, etcd, nodes

__all__ = ["etcd", "nodes"]

OLD, NEW = "ab" * 32, "cd" * 32


def test_the_key_is_replaced_in_three_rounds_while_the_house_is_open(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    """As docs/cluster.md says: behind the old one, in front of it, and then alone."""
    files = {name: nodes.write(tmp_path / f"key of {name}", OLD) for name in "ab"}
    there = {name: start(*nodes.typed(name, files[name])) for name in "ab"}
    ana = enter(there["a"])
    ana.says("ana")
    word = ana.hears("-- your return word").rpartition(" ")[2]
    ana.says("/join den sesame")
    ana.hears("-- You are in den")
    ana.says("/join huddle")
    for number, lines in enumerate(([OLD, NEW], [NEW, OLD], [NEW])):
        for file in files.values():
            file.write_text("\n".join(lines))
        for name, other in ("ab", "ba"):
            there[name].stop()
            there[name] = start(*nodes.typed(name, files[name]))
            bob, eva = enter(there[name]), enter(there[other])
            for person, nick in ((bob, f"bob{number}{name}"), (eva, f"eva{number}{name}")):
                person.says(nick)
                person.hears("-- your return word")
            bob.says("each reads the other")
            eva.hears(f"<bob{number}{name}> each reads the other")
            eva.says("so it is")
            bob.hears(f"<eva{number}{name}> so it is")
            for person in (bob, eva):
                person.says("/quit")
    back = enter(there["b"])
    back.says(f"/back ana {word}")
    back.hears("-- your return word")
    back.says("/join den sesame")
    back.hears("-- You are in den")


def test_a_node_whose_key_the_others_lack_ends_them_and_they_go_on_when_they_have_it(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    a = start(*nodes.typed("a"))
    ana = enter(a, nick="ana")
    early = nodes.write(tmp_path / "early", f"{NEW}\n{OLD}")
    bob = enter(start(*nodes.typed("b", early)), nick="bob")
    bob.says("sealed under the new one")
    assert a.process.wait(PATIENCE) == 78
    ana.hears_out()
    nodes.key.write_text(f"{NEW}\n{OLD}")
    again = enter(start(*nodes.typed("a")), nick="eva")
    again.says("/history")
    again.hears("<bob> sealed under the new one")


def test_a_node_goes_on_from_a_copy_of_its_two_files(
    nodes: Nodes, start: Start, enter: Enter, tmp_path: Path
) -> None:
    a, b = start(*nodes.typed("a")), start(*nodes.typed("b"))
    ana, bob = enter(a, nick="ana"), enter(b, nick="bob")
    ana.says("before the copy")
    bob.hears("<ana> before the copy")
    a.stop()
    copies = tmp_path / "copies"
    copies.mkdir()
    files = [tmp_path / "a.db", tmp_path / "a.db.node"]
    for file in files:
        shutil.copy2(file, copies)
    bob.says("behind the copy")
    a = start(*nodes.typed("a"))
    enter(a, nick="eva").says("on the node that is lost")
    bob.hears("<eva> on the node that is lost")
    a.stop()
    for file in tmp_path.glob("a.db*"):
        file.unlink()
    for file in files:
        shutil.copy2(copies / file.name, file)
    again = enter(start(*nodes.typed("a")), nick="zoe")
    again.says("/history")
    for said in (
        "<ana> before the copy",
        "<bob> behind the copy",
        "<eva> on the node that is lost",
    ):
        again.hears(said)
    again.says("and on")
    bob.hears("<zoe> and on")
