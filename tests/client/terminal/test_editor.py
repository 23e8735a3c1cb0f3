"""The line that is typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huddle.client.terminal.editor import _KEYS, LONGEST, Editor


def typed(text: str, *keys: str, earlier: tuple[str, ...] = ()) -> Editor:
    editor = Editor(earlier)
    editor.insert(text)
    for key in keys:
        editor.press(key)
    return editor


def line(editor: Editor) -> str:
    """The text, with the cursor in it."""
    return f"{editor.text[: editor.cursor]}|{editor.text[editor.cursor :]}"


def test_the_cursor_goes_by_characters_words_and_to_the_ends() -> None:
    assert line(typed("one two", "left", "left")) == "one t|wo"
    assert line(typed("one two", "home", "right")) == "o|ne two"
    assert line(typed("one two", "c-a", "a-f")) == "one| two"
    assert line(typed("one, two", "c-left")) == "one, |two"
    assert line(typed("one two", "c-a", "c-e")) == "one two|"


def test_marks_belong_to_their_character() -> None:
    assert line(typed("ae\u0301", "left")) == "a|e\u0301"
    assert line(typed("ae\u0301", "backspace")) == "a|"
    assert line(typed("e\u0301a", "home", "delete")) == "|a"


def test_what_is_killed_can_be_yanked() -> None:
    assert line(typed("one two", "c-w")) == "one |"
    assert line(typed("one two", "c-w", "c-a", "c-y")) == "two|one "
    assert line(typed("one two", "a-b", "c-k")) == "one |"
    assert line(typed("one two", "a-b", "c-u")) == "|two"
    assert line(typed("a-b c", "c-a", "a-d")) == "|-b c"
    assert line(typed("one-two", "a-backspace")) == "one-|"


def test_letters_change_places_and_changes_are_undone() -> None:
    assert line(typed("ba", "c-t")) == "ab|"
    assert line(typed("one two", "c-w", "c-_")) == "one two|"
    assert typed("", "c-_").press("c-_") is False


def test_up_goes_through_lines_that_begin_like_what_is_typed() -> None:
    earlier = ("/join ops", "hola", "/join kitchen", "hola")
    editor = typed("/jo", "up", earlier=earlier)
    assert editor.text == "/join kitchen"
    editor.press("up")
    assert editor.text == "/join ops"
    assert editor.press("up") is False
    editor.press("down")
    editor.press("down")
    assert line(editor) == "/jo|"
    assert line(typed("", "up", "up", earlier=earlier)) == "/join kitchen|"


def test_a_line_that_was_typed_comes_next_by_up() -> None:
    editor = Editor(["old"])
    for each in ("new", "new"):
        editor.add_earlier(each)
    editor.press("up")
    assert editor.text == "new"
    editor.press("up")
    assert editor.text == "old"


def test_looking_for_an_earlier_line() -> None:
    editor = typed("half", earlier=("make soup", "eat soup", "hola"))
    editor.look_for("")
    assert editor.text == "half"
    editor.look_for("S")
    editor.look_for("oup")
    assert editor.text == "eat soup"
    editor.look_for("")
    assert editor.text == "make soup"
    assert editor.look_for("") is False
    editor.end_search(keep=True)
    assert line(editor) == "make soup|"


def test_a_search_is_given_up_and_words_are_taken_back() -> None:
    editor = typed("half", earlier=("make soup", "sole"))
    editor.look_for("so")
    assert editor.text == "sole"
    assert editor.look_for("u") is True
    assert editor.text == "make soup"
    assert editor.look_for("x") is False
    editor.look_for_less()
    editor.look_for_less()
    assert editor.text == "sole"
    editor.end_search(keep=False)
    assert line(editor) == "half|" and editor.search is None


def test_there_is_an_end_to_what_can_be_typed() -> None:
    editor = typed("x" * LONGEST)
    assert editor.insert("y") is False and len(editor.text) == LONGEST


def test_other_keys_are_not_its() -> None:
    assert Editor().press("pageup") is None


KEYS = st.sampled_from(sorted(_KEYS)) | st.text(max_size=3).map(lambda text: f"text {text}")


@given(st.lists(KEYS))
def test_whatever_is_pressed_the_cursor_is_in_the_line(pressed: list[str]) -> None:
    editor = Editor(["one", "e\u0301 two"])
    for key in pressed:
        if key.startswith("text "):
            editor.insert(key.removeprefix("text "))
        else:
            editor.press(key)
        assert 0 <= editor.cursor <= len(editor.text)
