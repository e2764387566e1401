"""The bundled templates evaluated with answers, as CloudFormation would."""

from __future__ import annotations

from typing import Any

from flowtui.stacks.evaluate import Evaluation, pseudo_parameters
from flowtui.stacks.parameters import fill
from flowtui.stacks.templates import load_template

ACCOUNT = "123456789010"
REGION = "us-east-1"
VPC = "vpc-0a1b2c3d4e5f60718"


def evaluate(name: str, region: str = REGION, **answers: str) -> Evaluation:
    template = load_template(name)
    values = fill(template.parameters, {"VpcId": VPC, **answers})
    return Evaluation(template.document, values, pseudo_parameters(ACCOUNT, region, "my-stack"))


def arns(node: object) -> list[str]:
    """Every ARN inside a resolved value."""
    if isinstance(node, str):
        return [node] if node.startswith("arn:") else []
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [arn for part in parts for arn in arns(part)]


def of_type(evaluation: Evaluation, kind: str) -> list[dict[str, Any]]:
    return [evaluation.properties(name) for name, made in evaluation.active().items() if made["Type"] == kind]


def only(evaluation: Evaluation, kind: str) -> dict[str, Any]:
    found = of_type(evaluation, kind)
    assert len(found) == 1, f"{len(found)} of {kind}"
    return found[0]
