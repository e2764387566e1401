"""Which Athena table for which flow log: the choices that the SQL screen offers, and their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowtui.aws.models import FlowLog


@dataclass(frozen=True, slots=True)
class DdlChoice:
    """A flow log, and whether its partitions are projected."""

    flow_log: FlowLog
    projection: bool

    @property
    def line(self) -> str:
        """How the choice reads in a list."""
        log = self.flow_log
        form = "Parquet" if log.file_format == "parquet" else "text"
        folders = f"{form}{' Hive' if log.hive_partitions else ''}{' hourly' if log.hourly_partitions else ''}"
        kind = "projected" if self.projection else "added"
        # What tells the lines apart stands first: a narrow terminal cuts the rest.
        return f"{kind:<9} {folders:<19} {log.id:<20} {log.resource_id} {log.region}"


def ddl_choices(known: Sequence[FlowLog]) -> list[DdlChoice]:
    """Both kinds for every flow log."""
    return [DdlChoice(log, projection) for log in known for projection in (False, True)]


def ddl_text(choice: DdlChoice, known: Sequence[FlowLog], database: str) -> str:
    """The statements for the editor, what to know about them as comments above.

    Raises:
        UsageError: the flow log's prefix cannot be written in DDL.
    """
    from flowtui.sql.ddl import ddl

    made = ddl(choice.flow_log, projection=choice.projection, database=database, others=known)
    head = [f"Athena tables for {choice.flow_log.id}. F5 runs the statement at the cursor; F9 chooses the engine."]
    return "".join(f"-- {line}\n" for line in (*head, *made.remarks)) + "\n" + made.text
