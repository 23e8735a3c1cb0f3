"""Figures in a document: each measurement writes its tables between two marks of its own."""

from pathlib import Path


class MarkMissingError(Exception):
    """The document has no place for these figures."""


def put(path: Path, section: str, text: str) -> None:
    """Replace what stands between ``<!-- section -->`` and ``<!-- /section -->``.

    Raises `MarkMissingError` when one of the marks is not there.
    """
    opening, closing = f"<!-- {section} -->", f"<!-- /{section} -->"
    document = path.read_text()
    head, found, rest = document.partition(opening)
    _, also_found, tail = rest.partition(closing)
    if not found or not also_found:
        raise MarkMissingError(f"{path} has no {opening} … {closing}")
    path.write_text(f"{head}{opening}\n{text.strip()}\n{closing}{tail}")
