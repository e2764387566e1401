"""What is flowtui's own, and finding it in a statement that shall run on Athena."""

from __future__ import annotations

import pytest

from flowtui.records.labels import PROTOCOLS, protocol_name, tcp_flag_names, traffic_path_name
from flowtui.sql.dialect.local_only import local_functions, local_uses
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.sql.conftest import value


def test_uses_are_found_where_they_stand() -> None:
    text = (
        "SELECT is_private('protocol_name(1)'), Protocol_Name (protocol) -- is_private(x)\n"
        'FROM flow_logs f JOIN aws.vpcs v ON true, "aws".instances'
    )
    assert [(use.name, text[use.offset :][:5]) for use in local_uses(text)] == [
        ("is_private", "is_pr"),
        ("protocol_name", "Proto"),
        ("aws.vpcs", "aws.v"),
        ("aws.instances", '"aws"'),
    ]
    assert list(local_uses("SELECT protocol_name FROM x.aws.vpcs, aws.mine")) == []
    assert local_functions() == {"is_private", "protocol_name", "tcp_flag_names", "traffic_path_name"}


@pytest.mark.parametrize("number", [*sorted(PROTOCOLS)[:8], 143, 255, 256, 70000])
def test_words_are_those_shown_elsewhere(engine: DuckDBEngine, number: int) -> None:
    assert value(engine, f"protocol_name({number})") == protocol_name(number)
    assert value(engine, f"traffic_path_name({number})") == traffic_path_name(number)
    if number < 256:
        assert value(engine, f"tcp_flag_names({number})") == tcp_flag_names(number)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.0.0.1", "true"),
        ("172.15.0.1", "false"),
        ("172.16.0.1", "true"),
        ("172.31.255.255", "true"),
        ("172.32.0.1", "false"),
        ("192.168.1.1", "true"),
        ("192.169.1.1", "false"),
        ("100.64.0.1", "true"),
        ("100.128.0.1", "false"),
        ("169.254.169.254", "true"),
        ("127.0.0.1", "true"),
        ("8.8.8.8", "false"),
        ("fd12:3456::1", "true"),
        ("FE80::1", "true"),
        ("2600:1f18::1", "false"),
        ("::1", "true"),
        ("-", "NULL"),
    ],
)
def test_private_addresses(engine: DuckDBEngine, address: str, private: str) -> None:
    assert value(engine, f"is_private('{address}')") == private
