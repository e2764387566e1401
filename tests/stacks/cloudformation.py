"""A small CloudFormation whose course a test writes. Its wordings are those of AWS's API reference and event texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flowtui.aws.session import Account
from flowtui.stacks.progress import Pace
from tests.aws.scripted import ACCOUNT_ID, NOW, Refused, Script

REGION = "us-east-1"
STACK = "AWS::CloudFormation::Stack"
VPC = "vpc-0a1b2c3d4e5f60718"


@dataclass
class FakeStack:
    name: str
    id: str
    status: str
    tags: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    body: str = "Resources: {}"
    updated: Any = None
    resources: list[tuple[str, str, str]] = field(default_factory=list)


class CloudFormation(Script):
    """Answers like CloudFormation; ``course`` is what an executed change set goes through, a list a poll."""

    def __init__(self) -> None:
        super().__init__()
        self.stacks: list[FakeStack] = []
        self.change_sets: dict[str, dict[str, Any]] = {}
        self.course: list[list[tuple[str, str, str, str]]] = []
        self.changes: list[dict[str, Any]] = []
        self.change_set_status = ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
        self.change_set_reason = ""
        self.refuse: dict[str, list[Refused]] = {}
        self.running: Iterator[list[tuple[str, str, str, str]]] | None = None
        self.slept: list[float] = []
        self.count = 0
        for name in dir(self):
            if name.startswith("on_"):
                operation = "".join(part.capitalize() for part in name[3:].split("_"))
                self.answers[operation] = self._guarded(operation, getattr(self, name))

    def _guarded(self, operation: str, answer: Any) -> Any:
        def guarded(params: Mapping[str, Any]) -> Mapping[str, Any]:
            if self.refuse.get(operation):
                raise self.refuse[operation].pop(0)
            return answer(params)

        return guarded

    @property
    def pace(self) -> Pace:
        """Never waits, but lets the clock go on."""

        def sleep(seconds: float) -> None:
            self.slept.append(seconds)
            self.now += timedelta(seconds=seconds)

        return Pace(sleep=sleep, poll_s=2.0, step_s=1.0)

    def make(self, name: str, status: str = "CREATE_COMPLETE", **more: Any) -> FakeStack:
        self.count += 1
        stack = FakeStack(name, f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/{name}/{self.count:04}", status)
        for key, value in more.items():
            setattr(stack, key, value)
        self.stacks.append(stack)
        return stack

    def find(self, key: str) -> FakeStack:
        for stack in self.stacks:
            if stack.id == key or (stack.name == key and stack.status != "DELETE_COMPLETE"):
                return stack
        raise Refused("ValidationError", f"Stack with id {key} does not exist")

    def happen(self, stack: FakeStack, logical: str, kind: str, status: str, reason: str = "") -> None:
        self.count += 1
        event = {
            "StackId": stack.id,
            "EventId": f"event-{self.count:04}",
            "StackName": stack.name,
            "LogicalResourceId": logical,
            "PhysicalResourceId": stack.id if kind == STACK else f"{logical}-id",
            "ResourceType": kind,
            "Timestamp": self.now,
            "ResourceStatus": status,
        }
        stack.events.append(event | ({"ResourceStatusReason": reason} if reason else {}))
        if kind == STACK:
            stack.status = status

    def on_describe_stacks(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if "StackName" not in params:
            return {"Stacks": [self._described(one) for one in self.stacks if one.status != "DELETE_COMPLETE"]}
        stack = self.find(params["StackName"])
        for step in next(self.running or iter(()), []):
            self.happen(stack, *step)
        return {"Stacks": [self._described(stack)]}

    def _described(self, stack: FakeStack) -> dict[str, Any]:
        described: dict[str, Any] = {
            "StackName": stack.name,
            "StackId": stack.id,
            "StackStatus": stack.status,
            "CreationTime": NOW,
            "Tags": [{"Key": key, "Value": value} for key, value in stack.tags.items()],
            "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in stack.parameters.items()],
            "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in stack.outputs.items()],
        }
        return described | ({"LastUpdatedTime": stack.updated} if stack.updated else {})

    def on_create_change_set(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        kind, name = params["ChangeSetType"], params["StackName"]
        known = [one for one in self.stacks if one.name == name and one.status != "DELETE_COMPLETE"]
        if kind == "UPDATE" and not known:
            raise Refused("ValidationError", f"Stack [{name}] does not exist")
        stack = known[0] if known else self.make(name, "REVIEW_IN_PROGRESS")
        if not known:
            self.happen(stack, name, STACK, "REVIEW_IN_PROGRESS", "User Initiated")
        self.count += 1
        change_set_id = (
            f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:changeSet/{params['ChangeSetName']}/{self.count:04}"
        )
        self.change_sets[change_set_id] = {"stack": stack, "asked": dict(params), "polls": 0}
        return {"Id": change_set_id, "StackId": stack.id}

    def on_describe_change_set(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        found = self._change_set(params["ChangeSetName"])
        status = self.change_set_status[min(found["polls"], len(self.change_set_status) - 1)]
        found["polls"] += 1
        return {
            "ChangeSetId": params["ChangeSetName"],
            "StackId": found["stack"].id,
            "Status": status,
            "StatusReason": self.change_set_reason,
            "ExecutionStatus": "AVAILABLE" if status == "CREATE_COMPLETE" else "UNAVAILABLE",
            "Changes": [{"Type": "Resource", "ResourceChange": change} for change in self.changes],
        }

    def on_list_change_sets(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        stack = self.find(params["StackName"])
        return {"Summaries": [{"ChangeSetId": one} for one, it in self.change_sets.items() if it["stack"] is stack]}

    def on_execute_change_set(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        found = self._change_set(params["ChangeSetName"])
        found["stack"].tags = {tag["Key"]: tag["Value"] for tag in found["asked"]["Tags"]}
        found["stack"].body = found["asked"]["TemplateBody"]
        del self.change_sets[params["ChangeSetName"]]
        self.running = iter(self.course)
        return {}

    def on_delete_change_set(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        self._change_set(params["ChangeSetName"])
        del self.change_sets[params["ChangeSetName"]]
        return {}

    def on_delete_stack(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        stack = self.find(params["StackName"])
        if stack.status == "REVIEW_IN_PROGRESS":
            stack.status = "DELETE_COMPLETE"
        else:
            self.running = iter(self.course)
        return {}

    def on_describe_stack_events(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"StackEvents": list(reversed(self.find(params["StackName"]).events))}

    def on_list_stack_resources(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical,
                    "PhysicalResourceId": physical,
                    "ResourceType": kind,
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": NOW,
                }
                for logical, physical, kind in self.find(params["StackName"]).resources
            ]
        }

    def on_get_template(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"TemplateBody": self.find(params["StackName"]).body}

    def on_describe_vpcs(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        there = [{"VpcId": VPC, "OwnerId": ACCOUNT_ID}] if params["Region"] == "eu-west-1" else []
        return {"Vpcs": there}

    def _change_set(self, change_set_id: str) -> dict[str, Any]:
        if change_set_id not in self.change_sets:
            raise Refused("ChangeSetNotFound", f"ChangeSet [{change_set_id}] does not exist")
        return self.change_sets[change_set_id]


def account_of(cloud: CloudFormation, *, read_only: bool = False) -> Account:
    return cloud.account((REGION,), read_only=read_only)


def created(name: str) -> list[list[tuple[str, str, str, str]]]:
    """The course of a creation that works."""
    return [
        [(name, STACK, "CREATE_IN_PROGRESS", "User Initiated")],
        [("FlowLogGroup", "AWS::Logs::LogGroup", "CREATE_IN_PROGRESS", "")],
        [
            ("FlowLogGroup", "AWS::Logs::LogGroup", "CREATE_COMPLETE", ""),
            ("FlowLog", "AWS::EC2::FlowLog", "CREATE_COMPLETE", ""),
        ],
        [(name, STACK, "CREATE_COMPLETE", "")],
    ]
