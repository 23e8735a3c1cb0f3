"""The pictures in the documents are made by the scripts, and show what there is to be seen now."""

from __future__ import annotations

import re
from html import unescape

import pytest

from scripts.picture import PICTURES, picture
from tests.documents.blocks import ROOT


@pytest.mark.parametrize("language", PICTURES)
def test_a_picture_is_up_to_date(language: str) -> None:
    there = (ROOT / PICTURES[language]).read_text("utf-8")
    assert texts(there) == texts(picture(language)), "run python -m scripts.picture"


def texts(svg: str) -> list[str]:
    """What is to be read in it, but the times."""
    rows = [unescape(text).rstrip() for text in re.findall(r"<text[^>]*>([^<]*)<", svg)]
    return [re.sub(r"\d\d:\d\d", "", row) for row in rows]
