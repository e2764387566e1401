from pathlib import Path

import pytest

from flowtui.cli.load_groups import is_group


@pytest.mark.parametrize(
    ("place", "ranged", "expected"),
    [
        ("logs:///vpc/g", False, True),
        ("logs://plain", True, True),
        ("vpc-0123456789abcdef0", False, True),
        ("eni-0123456789abcdef0", False, True),
        ("fl-01234567", False, True),
        ("arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g", False, True),
        ("/vpc/flow-logs", True, True),
        ("/vpc/flow-logs", False, False),
        ("/some/file.log.gz", True, False),
        ("s3://bucket/prefix", True, False),
        ("./here", True, False),
    ],
)
def test_places_that_are_log_groups(place: str, ranged: bool, expected: bool):
    assert is_group(place, ranged=ranged) is expected


def test_a_path_that_is_there_is_no_log_group(tmp_path: Path):
    assert not is_group(str(tmp_path), ranged=True)
