"""Tables are read by people: words flush left, figures flush right."""

from benchmarks import table


def test_figures_are_flush_right_and_words_flush_left() -> None:
    shown = table.aligned(("name", "figure"), [("ana", "1"), ("bob", "1,000")])
    assert shown.splitlines() == ["name  figure", "────  ──────", "ana        1", "bob    1,000"]


def test_an_empty_cell_does_not_make_words_of_figures() -> None:
    shown = table.aligned(("name", "goal"), [("ana", ""), ("bob", "> 2")])
    assert shown.splitlines()[-1] == "bob    > 2"
