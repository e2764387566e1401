import csv
from collections import Counter
from pathlib import Path

import pytest

from flowtui.records.fields import DEFAULT_FORMAT, TGW_BY_NAME, TGW_FIELDS, VPC_BY_NAME, VPC_FIELDS, Field

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"


def reference_rows(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"the field reference {name} is not beside this checkout")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "fields"), [("flow-log-fields.csv", VPC_FIELDS), ("transit-gateway-fields.csv", TGW_FIELDS)]
)
def test_registry_is_the_reference(name: str, fields: tuple[Field, ...]):
    expected = [
        (int(row["position"]), row["name"], row["column"], row["parquet_type"], int(row["version"]))
        for row in reference_rows(name)
    ]
    assert [(f.position, f.name, f.column, f.parquet_type, f.version) for f in fields] == expected


def test_cumulative_counts_by_version():
    by_version = Counter(field.version for field in VPC_FIELDS)
    counts = {version: sum(by_version[v] for v in by_version if v <= version) for version in by_version}
    assert counts == {2: 14, 3: 21, 4: 25, 5: 29, 7: 39, 8: 40, 9: 41, 10: 42, 11: 54}
    assert len(TGW_FIELDS) == 36
    assert "action" not in TGW_BY_NAME


def test_athena_types_of_the_default_format_are_those_of_the_published_table():
    assert " ".join(f"{VPC_BY_NAME[name].column} {VPC_BY_NAME[name].athena_type}" for name in DEFAULT_FORMAT) == (
        "version int account_id string interface_id string srcaddr string dstaddr string srcport int dstport int "
        "protocol bigint packets bigint bytes bigint start bigint end bigint action string log_status string"
    )


@pytest.mark.parametrize("fields", [VPC_FIELDS, TGW_FIELDS])
def test_every_field_is_consistent(fields: tuple[Field, ...]):
    assert len({field.column for field in fields}) == len(fields)
    for field in fields:
        assert field.numeric == (field.athena_type != "string")
