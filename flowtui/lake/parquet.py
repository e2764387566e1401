"""Flow logs in Parquet: what a file's footer says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flowtui.lake.faults import Unreadable

PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True, slots=True)
class ParquetContent:
    """What a footer says: columns with their types, as the file has them, and how many records."""

    columns: tuple[tuple[str, str], ...]
    records: int


def read_parquet_content(path: Path) -> ParquetContent:
    """Read a footer.

    Raises:
        Unreadable: the file is damaged.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            schema = file.schema_arrow
            columns = tuple((str(field.name), str(field.type)) for field in schema)
            return ParquetContent(columns, int(file.metadata.num_rows))
    except (ArrowException, OSError) as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise Unreadable(f"its Parquet data is damaged: {reason}") from error
