"""What became of a statement, and the line that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from flowtui.errors import FlowTuiError, QueryCancelled
from flowtui.tui.theme import Glyphs

if TYPE_CHECKING:
    import pyarrow as pa

    from flowtui.sql.dialect.types import Type
    from flowtui.sql.engine import Billed


def duration_text(seconds: float) -> str:
    """``41 ms``, ``1.2 s``, ``2 min 5 s``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last statement of a tab.

    Args:
        statement: its text.
        engine: which engine ran it.
        table: its rows; None for a failure, or when nothing was run yet.
        kinds: Athena's types of the columns.
        more: there are more rows than were fetched.
        elapsed_s: seconds it took.
        notices: what the engine remarks.
        error: why it failed.
        billed: what it cost on Athena.
    """

    statement: str = ""
    engine: str = ""
    table: pa.Table | None = None
    kinds: tuple[Type, ...] = ()
    more: bool = False
    elapsed_s: float = 0.0
    notices: tuple[str, ...] = ()
    error: FlowTuiError | None = None
    billed: Billed | None = None

    @property
    def known(self) -> bool:
        """Whether a statement was run at all."""
        return bool(self.statement)

    def exact_text(self, column: int, value: object) -> str:
        """A value as Athena prints it; NULL for none."""
        from flowtui.sql.output import to_athena_text

        return "NULL" if value is None else to_athena_text(value, self.kinds[column])

    @property
    def stored_as_numbers(self) -> frozenset[int]:
        """Columns of intervals, which the engine hands over as milliseconds or months."""
        return frozenset(place for place, kind in enumerate(self.kinds) if kind.name.startswith("interval"))

    def line(self, glyphs: Glyphs, running_s: float | None = None) -> Content:
        """The result bar; ``running_s`` is how long a statement has been running."""
        dot = f" {glyphs.dot} "
        if running_s is not None:
            return Content.assemble((" running ", "bold $accent"), (f"{running_s:.0f} s{dot}esc stops it", "$muted"))
        if not self.known:
            return Content.assemble((" no statement run yet", "$muted"))
        if isinstance(self.error, QueryCancelled):
            return Content.assemble((" stopped", "bold $warning"), (f"{dot}{self.engine}", "$muted"))
        if self.error is not None:
            return Content.assemble((f" {glyphs.failing} failed", "bold $error"), (f"{dot}{self.engine}", "$muted"))
        parts: list[tuple[str, str]] = [(" ", "")]
        if self.table is not None:
            count = self.table.num_rows
            rows = f"{count:,} of more than {count:,} rows" if self.more else f"{count:,} row{'s' * (count != 1)}"
            parts += [(rows, "bold $warning" if self.more else "bold")]
            if self.more:
                parts.append((" (^l fetches more)", "$muted"))
            parts.append((dot, "$muted"))
        cost = "" if self.billed is None else dot + self.billed.text().replace(" · ", dot)
        parts.append((f"{duration_text(self.elapsed_s)}{dot}{self.engine}{cost}", "$muted"))
        return Content.assemble(*parts)
