"""Tables are read by people: words flush left, figures flush right."""

from benchmarks.table import Table


def test_figures_are_flush_right_and_words_flush_left() -> None:
    shown = Table("t", ("name", "figure"), [("ana", "1"), ("bob", "1,000")]).aligned()
    assert shown.splitlines()[1:] == [
        "name  figure",
        "────  ──────",
        "ana        1",
        "bob    1,000",
    ]


def test_an_empty_cell_does_not_make_words_of_figures() -> None:
    shown = Table("t", ("name", "goal"), [("ana", ""), ("bob", "> 2")]).aligned()
    assert shown.splitlines()[-1] == "bob    > 2"


def test_words_that_begin_with_a_figure_are_words() -> None:
    shown = Table("t", ("load",), [("9,000 members",), ("10",)]).aligned()
    assert shown.splitlines()[-1] == "10"


def test_a_document_gets_a_table_in_markdown() -> None:
    shown = Table("A title", ("name", "figure"), [("ana", "1")]).markdown()
    assert shown == "**A title**\n\n| name | figure |\n| --- | --- |\n| ana | 1 |"
