"""The plot is an SVG file that any browser reads."""

from pathlib import Path
from xml.etree import ElementTree

from benchmarks import plot


def bars_of(path: Path) -> list[float]:
    rectangles = ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}rect")
    return [float(each.attrib["width"]) for each in rectangles][1:]


def test_the_longest_bar_is_the_fastest_server(tmp_path: Path) -> None:
    plot.draw(tmp_path / "p.svg", [plot.Bars("a load", [("a", 2e6, 1), ("b", 1e6, 4)])])
    a_rate, a_cost, b_rate, b_cost = bars_of(tmp_path / "p.svg")
    assert a_rate == 2 * b_rate
    assert b_cost == 4 * a_cost


def test_a_title_may_hold_any_sign(tmp_path: Path) -> None:
    plot.draw(tmp_path / "p.svg", [plot.Bars("a < b & c", [("a", 1, 1)])])
    assert "a &lt; b &amp; c" in (tmp_path / "p.svg").read_text()
