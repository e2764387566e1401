"""The answers given last for each VPC."""

import json

import pytest

from flowtui.stacks.remembered import KEEP, Last, Remembered


@pytest.fixture
def remembered(tmp_path):
    return Remembered(tmp_path / "data" / "answers.json")


def test_answers_come_back_by_vpc_and_template(remembered):
    remembered.note("vpc-1", "s3", {"Prefix": "a"})
    remembered.note("vpc-1", "cloudwatch", {"RetentionInDays": "30"})
    remembered.note("vpc-2", "s3", {})
    again = Remembered(remembered.path)
    assert again.recall("vpc-1") == Last("cloudwatch", {"s3": {"Prefix": "a"}, "cloudwatch": {"RetentionInDays": "30"}})
    assert again.recall("vpc-2") == Last("s3", {"s3": {}})
    assert again.recall("vpc-3") == Last("", {})


def test_later_answers_take_the_place_of_earlier_ones(remembered):
    remembered.note("vpc-1", "s3", {"Prefix": "a", "FileFormat": "parquet"})
    remembered.note("vpc-1", "s3", {"Prefix": "b"})
    assert remembered.recall("vpc-1").answers == {"s3": {"Prefix": "b"}}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"vpc-1": 3}', '{"vpc-1": {"template": "s3", "s3": "x"}}'])
def test_a_file_that_makes_no_sense_is_forgotten(remembered, text):
    remembered.path.parent.mkdir()
    remembered.path.write_text(text)
    assert remembered.recall("vpc-1").answers == {}
    remembered.note("vpc-1", "s3", {"Prefix": "a"})
    assert remembered.recall("vpc-1").answers["s3"] == {"Prefix": "a"}


def test_the_file_does_not_grow_for_ever(remembered):
    for number in range(KEEP + 5):
        remembered.note(f"vpc-{number}", "s3", {})
    assert len(json.loads(remembered.path.read_text())) == KEEP
    assert remembered.recall("vpc-0").template == "" and remembered.recall(f"vpc-{KEEP + 4}").template == "s3"


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    remembered = Remembered(blocked / "answers.json")
    remembered.note("vpc-1", "s3", {})
    assert remembered.recall("vpc-1") == Last("", {})
