"""``flowtui templates``."""

from pathlib import Path

import pytest

from flowtui.stacks.templates import load_template


@pytest.mark.parametrize("arguments", [["templates"], ["templates", "list"]])
def test_list(run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.status == 0
    assert "cloudwatch  vpc-flow-logs-to-cloudwatch/flow-logs.yml" in done.out
    assert "s3          vpc-flow-logs-to-s3/flow-logs-s3.yml" in done.out


def test_show_tells_parameters_with_defaults_and_choices(run) -> None:
    done = run("templates", "show", "s3")
    assert done.status == 0
    assert "VpcId  required" in done.out and "RetentionInDays  [90]" in done.out and "BucketName  [empty]" in done.out
    assert "One of ALL, ACCEPT, REJECT." in done.out
    assert "CAPABILITY" not in done.out
    assert max(map(len, done.out.splitlines()[1:])) <= 100
    assert "Needs  CAPABILITY_IAM" in run("templates", "show", "cloudwatch").out


def test_show_body_is_the_file(run) -> None:
    assert run("templates", "show", "cloudwatch", "--body").out == load_template("cloudwatch").body


def test_copy_makes_the_tree_of_the_seed_and_overwrites_nothing(run, tmp_path: Path) -> None:
    done = run("templates", "copy", "s3", str(tmp_path / "new"))
    target = tmp_path / "new" / "vpc-flow-logs-to-s3" / "flow-logs-s3.yml"
    assert done.status == 0 and done.out == f"{target}\n"
    assert target.read_text() == load_template("s3").body
    target.write_text("mine")
    again = run("templates", "copy", "s3", str(tmp_path / "new"))
    assert again.status == 1 and "is there already" in again.err
    assert target.read_text() == "mine"


def test_copy_to_where_one_cannot(run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("templates", "copy", "s3", str(tmp_path / "file" / "below"))
    assert done.status == 1 and "Cannot write" in done.err


def test_unknown_template(run) -> None:
    done = run("templates", "show", "firehose")
    assert done.status == 2
    assert "no template 'firehose'" in done.err and "cloudwatch, s3" in done.err
