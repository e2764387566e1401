"""Athena's types: how they are written, how they widen, and which DuckDB type carries them.

Three of them are carried by another DuckDB type than the obvious one, because that is what makes Trino's rules
simple and fast: a timestamp with time zone is the UTC instant as a plain ``TIMESTAMP`` (its zone is known while
translating), an interval is a count of milliseconds or months, and an IP address is a 128-bit number with IPv4
mapped into ``::ffff:0:0/96``. Results are turned back by :mod:`flowtui.sql.output`.

Source: https://trino.io/docs/current/language/types.html
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

MAX_PRECISION = 38
_INTEGERS = ("tinyint", "smallint", "integer", "bigint")
_DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
_NUMBERS = (*_INTEGERS, "decimal", "real", "double")
_MOMENTS = ("date", "timestamp", "timestamp with time zone")


@dataclass(frozen=True, slots=True)
class Type:
    """A type of Athena.

    Args:
        name: ``bigint``, ``timestamp with time zone``, ``array``, …; ``unknown`` is the type of a bare NULL.
        args: precision and scale of a decimal, precision of a timestamp, length of a varchar; may be empty.
        of: types of elements, of key and value, or of fields.
        fields: names of a row's fields; None for a nameless one.
        zone: zone a timestamp with time zone is shown in; no part of the type's identity.
    """

    name: str
    args: tuple[int, ...] = ()
    of: tuple[Type, ...] = ()
    fields: tuple[str | None, ...] = ()
    zone: str = field(default="UTC", compare=False)

    def __str__(self) -> str:
        if self.name == "timestamp with time zone":
            return f"timestamp({self.args[0]}) with time zone"
        if self.name == "row":
            return f"row({', '.join(_field_text(n, t) for n, t in zip(self.fields, self.of, strict=True))})"
        inner = [str(part) for part in self.of] or [str(number) for number in self.args]
        separator = ", " if self.of else ","
        return f"{self.name}({separator.join(inner)})" if inner else self.name

    @property
    def is_integer(self) -> bool:
        """Whether values are whole numbers."""
        return self.name in _INTEGERS

    @property
    def is_number(self) -> bool:
        """Whether arithmetic applies."""
        return self.name in _NUMBERS

    @property
    def is_floating(self) -> bool:
        """Whether values are binary floating point."""
        return self.name in ("real", "double")

    @property
    def is_moment(self) -> bool:
        """Whether values are a date or a timestamp, with or without zone."""
        return self.name in _MOMENTS

    @property
    def is_interval(self) -> bool:
        """Whether values are a duration."""
        return self.name.startswith("interval")

    @property
    def is_orderable(self) -> bool:
        """Whether ``<`` and ORDER BY apply."""
        if self.name in ("map", "json", "function"):
            return False
        return all(part.is_orderable for part in self.of)

    @property
    def element(self) -> Type:
        """Type of an array's elements."""
        return self.of[0]


def _field_text(name: str | None, type_: Type) -> str:
    return f"{name} {type_}" if name else str(type_)


UNKNOWN = Type("unknown")
BOOLEAN = Type("boolean")
INTEGER = Type("integer")
BIGINT = Type("bigint")
REAL = Type("real")
DOUBLE = Type("double")
VARCHAR = Type("varchar")
VARBINARY = Type("varbinary")
JSON = Type("json")
DATE = Type("date")
TIME = Type("time", (3,))
IPADDRESS = Type("ipaddress")
UUID = Type("uuid")
DAY_INTERVAL = Type("interval day to second")
MONTH_INTERVAL = Type("interval year to month")
ZONED = Type("timestamp with time zone", (3,))


def varchar(length: int | None = None) -> Type:
    """``varchar`` or ``varchar(n)``."""
    return VARCHAR if length is None else Type("varchar", (length,))


def decimal(precision: int, scale: int) -> Type:
    """``decimal(p,s)`` with the precision capped at 38."""
    return Type("decimal", (min(MAX_PRECISION, max(precision, scale, 1)), scale))


def timestamp(precision: int = 3) -> Type:
    """``timestamp(p)``."""
    return Type("timestamp", (precision,))


def zoned(precision: int = 3, zone: str = "UTC") -> Type:
    """``timestamp(p) with time zone``, shown in a zone."""
    return Type("timestamp with time zone", (precision,), zone=zone)


def array(element: Type) -> Type:
    """``array(element)``."""
    return Type("array", of=(element,))


def map_of(key: Type, value: Type) -> Type:
    """``map(key, value)``."""
    return Type("map", of=(key, value))


def as_decimal(type_: Type) -> Type:
    """The decimal that holds every value of an integer type; decimals stay."""
    return decimal(_DIGITS[type_.name], 0) if type_.is_integer else type_


_DUCKDB = {
    "unknown": "INTEGER",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "json": "VARCHAR",
    "varbinary": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamp with time zone": "TIMESTAMP",
    "interval day to second": "BIGINT",
    "interval year to month": "INTEGER",
    "ipaddress": "UHUGEINT",
    "uuid": "UUID",
}


def duckdb_type(type_: Type) -> str:
    """The DuckDB type that carries a type's values inside a translated query."""
    if type_.name == "decimal":
        return f"DECIMAL({type_.args[0]}, {type_.args[1]})"
    if type_.name == "array":
        return f"{duckdb_type(type_.element)}[]"
    if type_.name == "map":
        return f"MAP({duckdb_type(type_.of[0])}, {duckdb_type(type_.of[1])})"
    if type_.name == "row":
        parts = (f"{struct_field(type_, place)} {duckdb_type(part)}" for place, part in enumerate(type_.of))
        return f"STRUCT({', '.join(parts)})"
    return _DUCKDB[type_.name]


def struct_field(row: Type, place: int) -> str:
    """Quoted DuckDB name of a row's field; nameless fields are numbered as Trino shows them."""
    name = row.fields[place] or f"field{place}"
    return '"' + name.replace('"', '""') + '"'


def can_widen(source: Type, target: Type) -> bool:
    """Whether Trino converts a value of one type to another without being asked."""
    return common_type(source, target) == target


def common_type(left: Type, right: Type) -> Type | None:
    """The type both widen to, or None; for timestamps with zone the left one's zone is kept."""
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left.is_number and right.is_number:
        return _common_number(left, right)
    if left.is_moment and right.is_moment:
        return _common_moment(left, right)
    if {left.name, right.name} <= {"varchar", "char"}:
        lengths = left.args + right.args
        return varchar(max(lengths)) if left.args and right.args else VARCHAR
    if left.name != right.name or len(left.of) != len(right.of) or not left.of:
        return Type(left.name, (max(left.args + right.args),)) if left.name == right.name and left.args else None
    parts = [common_type(a, b) for a, b in zip(left.of, right.of, strict=True)]
    if None in parts:
        return None
    fields = left.fields if left.fields == right.fields else (None,) * len(left.fields)
    return replace(left, of=tuple(part for part in parts if part), fields=fields)


def _common_number(left: Type, right: Type) -> Type:
    if left.name == "decimal" or right.name == "decimal":
        if left.is_floating or right.is_floating:
            return left if left.is_floating else right
        (p1, s1), (p2, s2) = as_decimal(left).args, as_decimal(right).args
        scale = max(s1, s2)
        return decimal(max(p1 - s1, p2 - s2) + scale, scale)
    return max(left, right, key=lambda type_: _NUMBERS.index(type_.name))


def _common_moment(left: Type, right: Type) -> Type:
    wider, other = (left, right) if _MOMENTS.index(left.name) >= _MOMENTS.index(right.name) else (right, left)
    precision = max((wider.args or (0,))[0], (other.args or (0,))[0])
    return replace(wider, args=(precision,)) if wider.args else wider
