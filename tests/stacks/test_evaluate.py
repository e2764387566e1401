"""Evaluating templates: short forms, functions, conditions and rules."""

import pytest

from flowtui.errors import FlowTuiError
from flowtui.stacks.body import parse_body
from flowtui.stacks.evaluate import Evaluation, pseudo_parameters

BODY = """
Parameters:
  Size: {Type: String}
Mappings:
  Sizes: {small: {Count: '1'}, big: {Count: '9'}}
Conditions:
  Big: !Equals [!Ref Size, big]
  Small: !Not [!Condition Big]
  Either: !Or [!Condition Big, !Condition Small]
  Both: !And [!Condition Big, !Condition Small]
Rules:
  Known:
    Assertions:
      - Assert: {'Fn::Contains': [[small, big], !Ref Size]}
        AssertDescription: Size is small or big.
      - Assert: !Not [!Equals [!Ref Size, huge]]
        AssertDescription: Not huge.
  OnlyBig:
    RuleCondition: !Equals [!Ref Size, big]
    Assertions:
      - Assert: !Equals [a, b]
Resources:
  Thing:
    Type: A::B::C
    Properties:
      Count: !FindInMap [Sizes, !Ref Size, Count]
      Name: !If [Big, !Sub 'x-${AWS::Region}-${Size}-${!literal}-${Other.Arn}', !Ref AWS::NoValue]
      Joined: !Join ['-', [a, !Ref Other, !GetAtt Other.Arn]]
      Mapped: !Sub ['${a}/${Size}', {a: !Ref Size}]
      List: [1, !Ref AWS::NoValue, 3]
      Flag: !If [Both, 'true', 'false']
  Other:
    Type: A::B::D
    Condition: Big
Outputs:
  One: {Value: !Ref Thing}
  Two: {Condition: Small, Value: 'is-small'}
"""


def made(size: str, **more) -> Evaluation:
    return Evaluation(parse_body(BODY), {"Size": size}, pseudo_parameters("1", "us-east-1", "s"), **more)


def test_functions() -> None:
    assert made("big").properties("Thing") == {
        "Count": "9",
        "Name": "x-us-east-1-big-${literal}-<Other.Arn>",
        "Joined": "a-<Other>-<Other.Arn>",
        "Mapped": "big/big",
        "List": [1, 3],
        "Flag": "false",
    }
    assert "Name" not in made("small").properties("Thing")


def test_what_aws_gave_takes_the_place_of_the_names() -> None:
    known = made("big", attributes={"Other": "o-1", "Other.Arn": "arn:o-1"})
    assert known.properties("Thing")["Joined"] == "a-o-1-arn:o-1"


def test_conditions() -> None:
    big, small = made("big"), made("small")
    names = ("Big", "Small", "Either", "Both")
    assert [big.condition(name) for name in names] == [True, False, True, False]
    assert [small.condition(name) for name in names] == [False, True, True, False]
    assert list(big.active()) == ["Thing", "Other"] and list(small.active()) == ["Thing"]
    assert big.outputs() == {"One": "<Thing>"} and small.outputs() == {"One": "<Thing>", "Two": "is-small"}


def test_rules() -> None:
    assert made("small").broken_rules() == ()
    assert made("huge").broken_rules() == ("Size is small or big.", "Not huge.")
    assert made("big").broken_rules() == ("A rule of the template is broken.",)


@pytest.mark.parametrize(
    "value",
    ["!Ref Nobody", "!Select [0, [a]]", "!If [Nope, a, b]"],
)
def test_what_is_not_known_is_refused_not_guessed(value: str) -> None:
    body = f"Resources: {{Thing: {{Type: A, Properties: {{X: {value}}}}}}}"
    with pytest.raises(FlowTuiError):
        Evaluation(parse_body(body), {}).properties("Thing")


def test_a_condition_that_is_no_condition() -> None:
    body = "Conditions: {C: !Ref P}\nResources: {}"
    with pytest.raises(FlowTuiError, match="neither true nor false"):
        Evaluation(parse_body(body), {"P": "yes"}).condition("C")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-central-2", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_partition_follows_from_the_region(region: str, partition: str) -> None:
    assert pseudo_parameters("1", region, "s")["AWS::Partition"] == partition


@pytest.mark.parametrize("text", ["a: [", "just text", "[]", "{}", "Parameters: {}"])
def test_what_is_no_template(text: str) -> None:
    with pytest.raises(FlowTuiError):
        parse_body(text)


def test_json_is_a_template_too() -> None:
    assert parse_body('{"Resources": {"A": {"Type": "X"}}}') == {"Resources": {"A": {"Type": "X"}}}
