"""Every line of functions.txt: it binds, runs, and DuckDB gives the type that the table promises."""

from __future__ import annotations

import pytest

from flowtui.errors import QueryError
from flowtui.sql.dialect.functions import Entry, function_names, lookup
from flowtui.sql.dialect.signatures import parse_signature
from flowtui.sql.dialect.types import Type, duckdb_type
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.macros import prepare

_SAMPLES = {
    "T": "cast(7 as bigint)",
    "U": "'u'",
    "K": "'k'",
    "V": "cast(5 as bigint)",
    "S": "cast(0 as bigint)",
    "A": "'a'",
    "N": "2.5e0",
    "I": "cast(3 as integer)",
    "O": "cast(4 as bigint)",
    "boolean": "(1 = 1)",
    "integer": "cast(2 as integer)",
    "bigint": "cast(2 as bigint)",
    "real": "cast(1.5e0 as real)",
    "double": "0.5e0",
    "decimal": "1.25",
    "varchar": "'ab'",
    "varbinary": "X'4142'",
    "json": "json_parse('[1,{\"a\":2}]')",
    "date": "date '2024-01-15'",
    "time": "time '10:05:06'",
    "timestamp": "timestamp '2024-01-15 10:05:06.789'",
    "timestamp with time zone": "(timestamp '2024-01-15 10:05:06.789 UTC' at time zone 'Asia/Tokyo')",
    "interval day to second": "interval '1' day",
    "interval year to month": "interval '1' month",
    "ipaddress": "ipaddress '10.0.0.1'",
    "uuid": "uuid()",
    "unknown": "NULL",
}
_ARGUMENTS = {
    "date_add": {0: "'day'"},
    "date_diff": {0: "'day'"},
    "date_trunc": {0: "'month'"},
    "date_format": {1: "'%Y'"},
    "date_parse": {0: "'2024'", 1: "'%Y'"},
    "format_datetime": {1: "'yyyy'"},
    "parse_datetime": {0: "'2024'", 1: "'yyyy'"},
    "at_timezone": {1: "'Asia/Tokyo'"},
    "with_timezone": {1: "'+05:30'"},
    "from_unixtime": {1: "'Asia/Tokyo'"},
    "date": {0: "'2024-01-15'"},
    "from_iso8601_date": {0: "'2024-01-15'"},
    "from_iso8601_timestamp": {0: "'2024-01-15T10:00:00Z'"},
    "parse_duration": {0: "'3.5d'"},
    "split_to_map": {0: "'a=1'", 1: "','", 2: "'='"},
    "split_to_multimap": {0: "'a=1'", 1: "','", 2: "'='"},
    "parse_data_size": {0: "'2.5kB'"},
    "parse_presto_data_size": {0: "'2.5kB'"},
    "json_extract": {1: "'$[0]'", 0: "'[1]'"},
    "json_extract_scalar": {1: "'$[0]'", 0: "'[1]'"},
    "json_size": {1: "'$'", 0: "'[1]'"},
    "json_parse": {0: "'[1]'"},
    "json_array_length": {0: "'[1]'"},
    "json_array_contains": {0: "'[1]'"},
    "json_array_get": {0: "'[1]'"},
    "is_json_scalar": {0: "'[1]'"},
    "format": {0: "'%s'"},
    "contains": {0: "'10.0.0.0/8'"},
    "bit_count": {1: "64"},
    "codepoint": {0: "'a'"},
    "from_base64": {0: "'QUI='"},
    "from_base64url": {0: "'QUI='"},
    "width_bucket": {2: "9e0", 3: "2"},
    "rand": {0: "1"},
    "random": {0: "1"},
    "trim_array": {1: "1"},
    "from_hex": {0: "'4142'"},
    "from_base": {0: "'11'"},
    "url_extract_port": {0: "'http://h:80/p?a=b#c'"},
    "regexp_extract": {2: "0"},
    "regexp_extract_all": {2: "0"},
    "reduce": {3: "s -> s"},
    "luhn_check": {0: "'79927398713'"},
    "numeric_histogram": {0: "2"},
    "approx_distinct": {1: "0.05e0"},
    "from_utf8": {1: "'?'"},
}
_BYTES = {
    "from_base64": "to_utf8('QUI=')",
    "from_base64url": "to_utf8('QUI=')",
    "from_big_endian_32": "X'00000001'",
    "from_big_endian_64": "X'0000000000000001'",
}


def _sample(pattern: Type, name: str, place: int) -> str:
    if pattern.name == "function":
        parameters = ["s", "x", "y"][: len(pattern.of) - 1]
        body = {"boolean": "true", "integer": "0", "varchar": "'r'"}.get(pattern.of[-1].name, parameters[0])
        return f"({', '.join(parameters)}) -> {body}"
    if pattern.name == "array" and name == "contains":
        return "ARRAY[cast(7 as bigint)]"
    if pattern.name == "array":
        return f"ARRAY[{_sample(pattern.of[0], name, place)}]"
    if pattern.name == "map":
        return f"map(ARRAY[{_sample(pattern.of[0], name, 9)}], ARRAY[{_sample(pattern.of[1], name, 9)}])"
    if pattern.name == "row":
        return f"row({', '.join(_sample(part, name, 9) for part in pattern.of)})"
    if name == "mod":
        return "7.5"
    if pattern.name == "varbinary" and name in _BYTES:
        return _BYTES[name]
    chosen = _ARGUMENTS.get(name, {}).get(place)
    if chosen is not None and pattern.name in ("varchar", "integer", "bigint", "double", "I"):
        return chosen
    return _SAMPLES[pattern.name]


def _call(entry: Entry) -> str:
    signature = parse_signature(entry.signature)
    arguments = [_sample(parameter, entry.name, place) for place, parameter in enumerate(signature.parameters)]
    if entry.name.startswith("date_") and signature.parameters[-1].name == "time":
        arguments[0] = "'hour'"
    if entry.name in ("rand", "random") and len(arguments) == 2:
        arguments[0] = "cast(1 as integer)"
    if entry.name == "from_unixtime" and len(arguments) == 3:
        arguments[1:] = ["5", "30"]
    if entry.name == "sequence" and signature.parameters[0].name in ("date", "timestamp"):
        arguments[1] = arguments[0]
    if entry.name == "listagg":
        return f"listagg({', '.join(arguments)}) WITHIN GROUP (ORDER BY 'x')"
    over = " OVER (ORDER BY 1)" if entry.kind == "window" else ""
    call = f"{entry.name}({', '.join(arguments)}){over}"
    return "count(*)" if call == "count()" else call


_LINES = [entry for name in function_names() for entry in lookup(name)]
_BOUND = [entry for entry in _LINES if entry.kind != "refused"]
_REFUSED = sorted({entry.name for entry in _LINES if entry.kind == "refused"} - {entry.name for entry in _BOUND})


@pytest.mark.parametrize("entry", _BOUND, ids=lambda entry: entry.signature)
def test_line_gives_the_type_it_promises(engine: DuckDBEngine, entry: Entry) -> None:
    call = _call(entry)
    translation = engine.translate(f"SELECT {call}")
    cursor = engine._new_cursor()
    try:
        prepare(cursor)
        cursor.execute(translation.sql)
        assert cursor.description is not None
        given = str(cursor.description[0][1])
        cursor.fetchall()
    finally:
        cursor.close()
    promised = duckdb_type(translation.columns[0].type)
    assert given.replace(", ", ",").replace('"', "") == promised.replace(", ", ",").replace('"', ""), translation.sql


@pytest.mark.parametrize("name", _REFUSED)
def test_refused_functions_say_why(engine: DuckDBEngine, name: str) -> None:
    with pytest.raises(QueryError, match="not available locally") as caught:
        engine.translate(f"SELECT {name}('a')")
    assert "--engine athena" in caught.value.hint
    assert (caught.value.line, caught.value.column) == (1, 8)


def test_every_documented_topic_is_there() -> None:
    assert len(function_names()) > 250
    for name in ("strpos", "regexp_like", "date_trunc", "round", "array_agg", "lag", "transform", "map_agg"):
        assert lookup(name), name
