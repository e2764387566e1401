"""Types as sqlglot reads them, turned into ours."""

from __future__ import annotations

import re

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.names import nearest
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
_NO_SUCH = {"CHAR": "char pads its values with spaces; write varchar."}
_ATHENAS = (
    *("array", "bigint", "boolean", "char", "date", "dec", "decimal", "double", "int", "integer", "interval"),
    *("ipaddress", "json", "map", "numeric", "real", "row", "smallint", "time", "timestamp", "tinyint", "uuid"),
    *("varbinary", "varchar", "hyperloglog", "p4hyperloglog", "qdigest", "tdigest"),
)
"""First words of the types Athena has in queries. sqlglot reads the types of many other systems as these."""
_INSTEAD = {
    "float": "float is a type of DDL; write real in a query.",
    "string": "string is a type of DDL; write varchar in a query.",
    "binary": "binary is a type of DDL; write varbinary in a query.",
    "struct": "struct is a type of DDL; write row(…) in a query.",
    "text": "Write varchar.",
    "bool": "Write boolean.",
    "datetime": "Write timestamp.",
    "number": "Write decimal(p, s).",
}
_WORD = re.compile(r"\w+")


def type_of(binder: Binder, node: exp.DataType) -> Type:
    """The type a CAST names.

    Raises:
        QueryError: Athena has no such type, or it is not available locally.
    """
    kind = node.this
    _check_word(binder, node)
    numbers = [part.this.name for part in node.expressions if isinstance(part, exp.DataTypeParam)]
    if not all(number.isdecimal() for number in numbers):
        raise binder.error(node, "The length or precision of a type is a whole number.")
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


def _check_word(binder: Binder, node: exp.DataType) -> None:
    """The type's name as it was written is one of Athena's; sqlglot's own types stand nowhere in the text."""
    written = _WORD.match(binder.text, binder.offset(node)) if "start" in node.meta else None
    word = written[0].lower() if written is not None else ""
    if word and word not in _ATHENAS:
        raise binder.error(
            node, f"Athena has no type {word} in a query.", _INSTEAD.get(word) or nearest(word, _ATHENAS)
        )


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
