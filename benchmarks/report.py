"""What a measurement found, and where it goes: terminal, JSON, document, plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import document, plot, results
from benchmarks.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`good` says whether nothing was lost and no bound that must be kept was missed.

    `name` is also that of the section in a document.
    """

    name: str
    tables: Sequence[Table]
    found: Mapping[str, Any]
    good: bool
    panels: Sequence[plot.Bars] = field(default=())

    def show(self) -> None:
        """Print the tables to standard output."""
        print("\n\n".join(table.aligned() for table in self.tables))

    def save(self, path: Path) -> None:
        """Write everything that was measured as JSON."""
        results.save(path, self.found)

    def write_into(self, path: Path) -> None:
        """Put the tables into the section of a document. Raises `document.MarkMissingError`."""
        tables = (table.markdown() for table in self.tables)
        document.put(path, self.name, "\n\n".join([results.provenance(), *tables]))

    def draw(self, path: Path) -> None:
        """Draw the panels as SVG."""
        plot.draw(path, self.panels)
