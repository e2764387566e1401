"""The years that results may lie in: 1 to 9999, those that Python's dates and the formats of exports have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, in days since 1970."""
_DAY_US = 86_400_000_000


def check_years(batch: pa.RecordBatch) -> None:
    """Refuse rows whose dates or timestamps, outside arrays and the like, lie beyond those years.

    Raises:
        QueryError: some do; Athena would print them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for values, field in zip(batch.columns, batch.schema, strict=True):
        if pa.types.is_date32(field.type):
            ends, day = pc.min_max(values.view(pa.int32())), 1
        elif pa.types.is_timestamp(field.type) and field.type.unit == "us":
            ends, day = pc.min_max(values.view(pa.int64())), _DAY_US
        else:
            continue
        first, last = ends["min"].as_py(), ends["max"].as_py()
        if first is not None and not (_FIRST_DAY * day <= first and last < (_LAST_DAY + 1) * day):
            raise QueryError(
                f"Column {field.name} has moments before the year 1 or after 9999, which are not available locally.",
                "Limit them in the query, or run it with --engine athena.",
            )
