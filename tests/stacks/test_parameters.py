"""Answers to a template's questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.errors import UsageError
from flowtui.stacks.parameters import Parameter, fill, number_runs, parameter_of, parse_assignments
from flowtui.stacks.templates import load_template

S3 = load_template("s3").parameters


def test_defaults_are_filled_in() -> None:
    values = fill(S3, {"VpcId": "vpc-0a", "TrafficType": "REJECT"})
    assert list(values) == [parameter.name for parameter in S3]
    assert (values["TrafficType"], values["CreateBucket"], values["RetentionInDays"]) == ("REJECT", "Yes", "90")


def test_the_placeholder_of_the_seed_is_let_through_to_aws() -> None:
    assert fill(S3, {"VpcId": "vpc-xxxxxxxxxxxxxxxxx"})["VpcId"] == "vpc-xxxxxxxxxxxxxxxxx"


@pytest.mark.parametrize(
    ("answers", "message", "hint"),
    [
        ({"Vpcid": "vpc-1"}, "no parameter 'Vpcid'", "Did you mean VpcId?"),
        ({"VpcId": "vpc-1", "Retention": "1"}, "no parameter 'Retention'", "Did you mean RetentionInDays?"),
        ({"VpcId": "vpc-1", "Zzzz": "1"}, "no parameter 'Zzzz'", "Parameters: VpcId"),
        ({}, "VpcId is missing. The VPC whose traffic", "--param VpcId=VALUE"),
        ({"VpcId": "my-vpc"}, "VpcId: 'my-vpc' is not a VPC id", ""),
        ({"VpcId": "vpc-1", "TrafficType": "all"}, "TrafficType: 'all' is not one of ALL, ACCEPT, REJECT", ""),
        ({"VpcId": "vpc-1", "BucketName": "UP"}, "BucketName: 'UP' is refused: A bucket name has 3 to 63", ""),
        ({"VpcId": "vpc-1", "Prefix": "a" * 513}, "is longer than 512", ""),
        ({"VpcId": "vpc-1", "RetentionInDays": "ten"}, "RetentionInDays: 'ten' is not one of", ""),
    ],
)
def test_wrong_answers(answers: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        fill(S3, answers)
    assert message in caught.value.message and hint in caught.value.hint


NUMBER = parameter_of("N", {"Type": "Number", "MinValue": 1, "MaxValue": 10})


@pytest.mark.parametrize(("value", "good"), [("1", True), ("10", True), ("0", False), ("11", False), ("x", False)])
def test_numbers_have_bounds(value: str, good: bool) -> None:
    assert (NUMBER.problem(value) == "") is good


def test_lengths_and_patterns_hold_for_the_whole_value() -> None:
    text = parameter_of("T", {"Type": "String", "MinLength": 2, "MaxLength": 3, "AllowedPattern": "[a-z]+"})
    assert [bool(text.problem(value)) for value in ("a", "ab", "abc", "abcd", "ab1")] == [
        True,
        False,
        False,
        True,
        True,
    ]
    assert "does not match [a-z]+" in text.problem("ab1")


def test_a_declaration_is_read() -> None:
    made = parameter_of("B", {"Type": "String", "Default": "Yes", "AllowedValues": ["Yes", "No"]}, label="L", group="G")
    assert made == Parameter("B", "String", "Yes", "", allowed_values=("Yes", "No"), label="L", group="G")
    assert not made.required and parameter_of("B", {"Type": "String"}).required


def test_assignments() -> None:
    assert parse_assignments(["A=1", "B=x=y", "C="]) == {"A": "1", "B": "x=y", "C": ""}


@pytest.mark.parametrize("texts", [["A"], ["=1"], [" =1"], ["A=1", "A=2"], ["A=1", "A =2"]])
def test_bad_assignments(texts: list[str]) -> None:
    with pytest.raises(UsageError):
        parse_assignments(texts)


@given(st.dictionaries(st.text(st.characters(categories=["L", "N"]), min_size=1), st.text()))
def test_any_value_survives_the_command_line(answers: dict[str, str]) -> None:
    assert parse_assignments(f"{name}={value}" for name, value in answers.items()) == answers


@given(st.text())
def test_any_text_is_either_taken_or_refused_with_a_reason(value: str) -> None:
    for parameter in S3:
        problem = parameter.problem(value)
        assert problem == "" or problem.split()[0] in ("is", "does")


def test_many_allowed_days_are_told_by_their_runs_and_the_nearest() -> None:
    parameter = load_template("s3").parameter("RetentionInDays")
    assert parameter is not None
    said = parameter.problem("47")
    assert "1 to 31" in said and "by 5" in said and said.endswith("the nearest are 45 and 50")
    assert "1, 2, 3" not in said
    assert parameter.problem("ninety").startswith("is not one of 1 to 31")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([1, 2, 3], "1, 2, 3"), ([1, 2, 3, 4, 10], "1 to 4, 10"), ([5, 10, 15, 20, 21], "5 to 20 by 5, 21"), ([], "")],
)
def test_runs_of_numbers(numbers: list[int], said: str) -> None:
    assert number_runs(numbers) == said
