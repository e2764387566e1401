"""Types as sqlglot reads them, turned into ours."""

from __future__ import annotations

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.types import Type

_PLAIN = {
    exp.DType.BOOLEAN: types.BOOLEAN,
    exp.DType.TINYINT: Type("tinyint"),
    exp.DType.SMALLINT: Type("smallint"),
    exp.DType.INT: types.INTEGER,
    exp.DType.BIGINT: types.BIGINT,
    exp.DType.FLOAT: types.REAL,
    exp.DType.DOUBLE: types.DOUBLE,
    exp.DType.VARBINARY: types.VARBINARY,
    exp.DType.JSON: types.JSON,
    exp.DType.DATE: types.DATE,
    exp.DType.IPADDRESS: types.IPADDRESS,
    exp.DType.UUID: types.UUID,
}
_MOMENTS = {
    exp.DType.TIME: "time",
    exp.DType.TIMESTAMP: "timestamp",
    exp.DType.TIMESTAMPTZ: "timestamp with time zone",
}
_MAX_PRECISION = 6
_NO_SUCH = {
    "TEXT": "Athena has no type text in a query; write varchar.",
    "CHAR": "char pads its values with spaces; write varchar.",
    "STRING": "string is a type of DDL; write varchar in a query.",
}


def type_of(binder: Binder, node: exp.DataType) -> Type:
    """The type a CAST names.

    Raises:
        QueryError: Athena has no such type, or it is not available locally.
    """
    kind = node.this
    numbers = [part.this.this for part in node.expressions if isinstance(part, exp.DataTypeParam)]
    if kind in _PLAIN and not node.expressions:
        return _PLAIN[kind]
    if kind in _MOMENTS:
        precision = int(numbers[0]) if numbers else 3
        if precision > _MAX_PRECISION:
            raise binder.error(node, f"{_MOMENTS[kind]}({precision}) is finer than a microsecond.", LOCAL_ONLY)
        return Type(_MOMENTS[kind], (precision,))
    if kind in (exp.DType.VARCHAR, exp.DType.DECIMAL):
        return _sized(kind, [int(number) for number in numbers])
    if kind in (exp.DType.ARRAY, exp.DType.MAP) and node.expressions:
        return Type(
            "array" if kind == exp.DType.ARRAY else "map", of=tuple(type_of(binder, e) for e in node.expressions)
        )
    if kind == exp.DType.STRUCT:
        return _row(binder, node)
    word = str(getattr(kind, "value", kind))
    raise binder.error(node, f"Type {word.lower()} is not available locally.", _NO_SUCH.get(word, LOCAL_ONLY))


def _sized(kind: exp.DType, numbers: list[int]) -> Type:
    if kind == exp.DType.DECIMAL:
        return types.decimal(numbers[0] if numbers else 38, numbers[1] if len(numbers) > 1 else 0)
    return types.varchar(numbers[0] if numbers else None)


def _row(binder: Binder, node: exp.DataType) -> Type:
    names: list[str | None] = []
    kinds = []
    for part in node.expressions:
        named = isinstance(part, exp.ColumnDef)
        names.append(part.name.lower() if named else None)
        kinds.append(type_of(binder, part.args["kind"] if named else part))
    return Type("row", of=tuple(kinds), fields=tuple(names))
