"""Flow log objects in Parquet, with the types AWS gives the fields."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from flowtui.records.fields import VPC_BY_NAME


def parquet_bytes(names: Sequence[str], lines: Iterable[str]) -> bytes:
    """A Parquet file of record lines; ``-`` becomes null, hyphens in names become underscores."""
    import pyarrow
    from pyarrow import parquet

    types = {"INT_32": pyarrow.int32(), "INT_64": pyarrow.int64(), "STRING": pyarrow.string()}
    rows = [line.split(" ") for line in lines]
    fields, arrays = [], []
    for position, name in enumerate(names):
        known = VPC_BY_NAME.get(name)
        number = known is not None and known.numeric
        texts = [None if row[position] == "-" else row[position] for row in rows]
        values = [int(text) if text is not None and number else text for text in texts]
        kind = types[known.parquet_type if known else "STRING"]
        fields.append(pyarrow.field(name.replace("-", "_"), kind))
        arrays.append(pyarrow.array(values, kind))
    into = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields)), into, compression="gzip")
    return into.getvalue()
