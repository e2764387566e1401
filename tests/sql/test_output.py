"""Values as Athena prints them, in Python and in the macros, against each other and against Python's own."""

from __future__ import annotations

import ipaddress
import math
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.sql.dialect.types import DOUBLE, REAL, VARBINARY, array, map_of
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.macros import prepare
from flowtui.sql.output import double_text, to_athena_text


@pytest.fixture(scope="module")
def cursor(empty_database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    opened = empty_database.cursor()
    prepare(opened)
    return opened


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (3.0, "3.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.0, "9999999.0"),
        (10000000.0, "1.0E7"),
        (1705312800.0, "1.7053128E9"),
        (1e300, "1.0E300"),
        (-1.5e-10, "-1.5E-10"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_doubles_print_as_java_does(cursor: duckdb.DuckDBPyConnection, value: float, text: str) -> None:
    assert double_text(value) == text
    assert cursor.execute("SELECT double_text(CAST(? AS DOUBLE))", [value]).fetchone() == (text,)


@given(st.floats())
def test_doubles_read_back_and_the_macro_agrees(cursor: duckdb.DuckDBPyConnection, value: float) -> None:
    text = double_text(value)
    again = float(text)
    assert again == value or (math.isnan(again) and math.isnan(value))
    row = cursor.execute("SELECT double_text(CAST(? AS DOUBLE))", [value]).fetchone()
    assert row == (text,)


@given(st.ip_addresses(v=6) | st.ip_addresses(v=4))
def test_addresses_go_there_and_back(cursor: duckdb.DuckDBPyConnection, address: object) -> None:
    assert isinstance(address, (ipaddress.IPv4Address, ipaddress.IPv6Address))
    row = cursor.execute("SELECT ip_text(ip_number(?, 0)), ip_number(?, 0)", [str(address)] * 2).fetchone()
    assert row is not None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    assert row[0] == str(mapped or address)
    assert row[1] == int(address) + (0xFFFF << 32 if address.version == 4 else 0)


@given(st.text(alphabet="0123456789abcdef:./ ", max_size=20))
def test_what_python_takes_for_no_address_is_refused(cursor: duckdb.DuckDBPyConnection, text: str) -> None:
    try:
        expected: str | None = str(ipaddress.ip_address(text))
    except ValueError:
        expected = None
    row = cursor.execute("SELECT TRY(ip_number(?, 0)) IS NULL", [text]).fetchone()
    assert row == (expected is None,)


@given(st.ip_addresses(v=4), st.integers(0, 32), st.ip_addresses(v=4))
def test_blocks_contain_what_python_says(
    cursor: duckdb.DuckDBPyConnection, base: object, size: int, ip: object
) -> None:
    network = ipaddress.ip_network(f"{base}/{size}", strict=False)
    row = cursor.execute("SELECT cidr_contains(?, ip_number(?, 0), 0)", [str(network), str(ip)]).fetchone()
    assert row == (ipaddress.ip_address(str(ip)) in network,)


@given(
    st.decimals(min_value=-(10**8), max_value=10**8, places=2),
    st.decimals(min_value=-(10**6), max_value=10**6, places=4).filter(lambda number: number != 0),
)
def test_decimals_divide_exactly(a: Decimal, b: Decimal) -> None:
    connection = _CONNECTION
    engine = DuckDBEngine(connection.cursor)
    expression = f"CAST('{a}' AS decimal(12,2)) / CAST('{b}' AS decimal(12,4))"
    result = engine.run(f"SELECT {expression}")
    assert result.columns[0].type == "decimal(18,4)"
    assert result.table.column(0)[0].as_py() == (a / b).quantize(Decimal("0.0001"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        ([1.0, None], array(DOUBLE), "[1.0, null]"),
        ([(0.5, [2.0])], map_of(DOUBLE, array(DOUBLE)), "{0.5=[2.0]}"),
        (b"\x00\xff", VARBINARY, "00 ff"),
        (0.10000000149011612, REAL, "0.1"),
    ],
)
def test_nested_and_other_values(value: object, type_: object, text: str) -> None:
    assert to_athena_text(value, type_) == text  # type: ignore[arg-type]  # the cases mix kinds of values


_CONNECTION = duckdb.connect()
_CONNECTION.execute("CREATE SCHEMA vpc_flow_logs")
