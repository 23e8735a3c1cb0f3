"""The blocks of code of all documents but those that the suite runs are run as they stand."""

from __future__ import annotations

import pytest

from tests.documents import blocks
from tests.documents.test_blocks import Section, is_typed_by_all, named, types, workshop
from tests.documents.workshop import Workshop

__all__ = ["workshop"]


@pytest.mark.parametrize(
    "section", [each for each in blocks.sections() if not is_typed_by_all(each)], ids=named
)
def test_what_a_section_tells_to_type_works(section: Section, workshop: Workshop) -> None:
    types(section, workshop)
