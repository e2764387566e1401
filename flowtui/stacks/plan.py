"""What a template would do with these answers: local, changing nothing, calling nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flowtui.aws.models import Destination
from flowtui.errors import UsageError
from flowtui.insight.cost import PRICES, MonthlyCost, Prices, money, monthly_cost
from flowtui.stacks.body import Node
from flowtui.stacks.evaluate import Evaluation, partition_of
from flowtui.stacks.parameters import fill
from flowtui.stacks.templates import Template, capabilities


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """One resource that will be made; ``kept`` says that deleting the stack leaves it."""

    logical_id: str
    type: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A template with its answers, checked and evaluated.

    Args:
        template: the template.
        parameters: a value for every parameter, defaults included.
        resources: what will be made.
        capabilities: what deploying acknowledges, e.g. ``CAPABILITY_IAM``.
        destination: where the records go.
        keeping: for how long, as a sentence.
        stored_days: days a record is stored; 0 when it is never deleted or the bucket decides.
        parquet: records are converted to Parquet, which is charged.
        flow_log: the resolved properties of the flow log it makes; what AWS will name is ``<LogicalId>`` in them.
        to_glacier: some of the stored days are spent in Glacier.
    """

    template: Template
    parameters: Mapping[str, str]
    resources: tuple[PlannedResource, ...]
    capabilities: tuple[str, ...]
    destination: Destination
    keeping: str
    stored_days: int
    parquet: bool
    flow_log: Mapping[str, Node] = field(default_factory=dict)
    to_glacier: bool = False

    @property
    def existing_bucket(self) -> str:
        """The bucket that has to be there already; empty when there is none or it is made."""
        makes = any(resource.type == "AWS::S3::Bucket" for resource in self.resources)
        return "" if makes or self.destination != "s3" else self.bucket

    @property
    def bucket(self) -> str:
        """The bucket named for an S3 destination; empty when a name will be generated or it is none."""
        return self.parameters.get("BucketName", "") if self.destination == "s3" else ""

    def chosen(self, name: str) -> bool:
        """Whether a parameter's value differs from its default."""
        parameter = self.template.parameter(name)
        return parameter is None or parameter.default != self.parameters[name]

    def monthly(self, gb: float, prices: Prices = PRICES) -> MonthlyCost:
        """The monthly cost of ``gb`` uncompressed gigabytes a month."""
        return monthly_cost(gb, self.destination, retention_days=self.stored_days, parquet=self.parquet, prices=prices)

    def cost(self, gb: float, prices: Prices = PRICES) -> str:
        """The monthly cost as a sentence, with the prices' date and what was not counted or counted too dear."""
        cost = self.monthly(gb, prices)
        storage = ", Glacier counted as S3 Standard" if self.to_glacier else ""
        if not self.stored_days:
            storage = ", storage not counted"
        volume = f"{gb:,.0f}" if gb >= 10 else f"{gb:.2g}"
        return f"about {money(cost.total)} a month at {volume} GB{storage} ({cost.source})"


def plan(template: Template, answers: Mapping[str, str]) -> Plan:
    """Check the answers and see what they lead to.

    Raises:
        UsageError: an unknown or missing parameter, a refused value, or a combination the template's rules refuse.
    """
    values = fill(template.parameters, answers)
    evaluation = Evaluation(template.document, values)
    if broken := evaluation.broken_rules():
        said = " ".join(broken)
        named = [f"{name}={value or '(empty)'}" for name, value in values.items() if re.search(rf"\b{name}\b", said)]
        raise UsageError(f"These parameters do not go together: {said}", f"They are: {', '.join(named)}.")
    active = evaluation.active()
    resources = tuple(
        PlannedResource(name, str(resource.get("Type", "")), keeps(resource)) for name, resource in active.items()
    )
    properties = {resource.type: evaluation.properties(resource.logical_id) for resource in resources}
    flow_log = properties.get("AWS::EC2::FlowLog", {})
    options = flow_log.get("DestinationOptions")
    keeping, days = _keeping(properties)
    if flow_log.get("LogDestinationType") == "s3" and "AWS::S3::Bucket" not in properties:
        keeping += _unused(template, values)
    return Plan(
        template=template,
        parameters=values,
        resources=resources,
        capabilities=capabilities(active.values()),
        destination="s3" if flow_log.get("LogDestinationType") == "s3" else "cloud-watch-logs",
        keeping=keeping,
        stored_days=days,
        parquet=isinstance(options, Mapping) and options.get("FileFormat") == "parquet",
        flow_log=flow_log,
        to_glacier=bool(_transition(_lifecycle_rule(properties.get("AWS::S3::Bucket", {})))),
    )


def check_region(planned: Plan, region: str) -> None:
    """Refuse what is named by an ARN of another region than the stack's, such as a KMS key.

    CloudFormation would find out only while making the bucket or the log group, and S3 not even then
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).

    Raises:
        UsageError: a parameter names such a thing.
    """
    for name, value in planned.parameters.items():
        parts = value.split(":", 5)
        if len(parts) < 6 or parts[0] != "arn" or not parts[3]:
            continue
        if (parts[1], parts[3]) != (partition_of(region)[0], region):
            raise UsageError(
                f"{name}: {value} is in {parts[3]} ({parts[1]}), but the stack is to be made in {region}.",
                f"Name one of {region}, or deploy to the region it is in.",
            )


def keeps(resource: Mapping[str, Node]) -> bool:
    """Whether a declared resource outlives its stack."""
    return str(resource.get("DeletionPolicy", "Delete")).startswith("Retain")


def plan_lines(planned: Plan, gb: float | None = None, prices: Prices = PRICES) -> list[str]:
    """A plan as lines of plain text, for the command line and for screens.

    Args:
        planned: the plan.
        gb: volume a month for the cost estimate; None leaves the estimate out.
        prices: what it is reckoned with.
    """
    rows: list[tuple[str, str]] = []
    for resource in planned.resources:
        kept = "  kept when the stack is deleted" if resource.kept else ""
        rows.append(("Makes", f"{resource.type}  {resource.logical_id}{kept}"))
    for name, value in planned.parameters.items():
        default = "" if planned.chosen(name) else "  (default)"
        rows.append(("With", f"{name} = {value or '(empty)'}{default}"))
    for capability in planned.capabilities:
        rows.append(("Needs", f"{capability}: the template makes an IAM role, and deploying it says yes to that"))
    rows.append(("Keeps", planned.keeping))
    if gb is not None:
        rows.append(("Costs", planned.cost(gb, prices)))
    lines, last = [f"Plan  {planned.template.title}"], ""
    for title, text in rows:
        lines.append(f"  {title if title != last else '':<7} {text}")
        last = title
    return lines


def _keeping(properties: Mapping[str, Mapping[str, Node]]) -> tuple[str, int]:
    """How long records live, in words and in days."""
    if group := properties.get("AWS::Logs::LogGroup"):
        days = _days(group, "RetentionInDays")
        return f"records are deleted after {days} days", days
    bucket = properties.get("AWS::S3::Bucket")
    if bucket is None:
        return "logs are kept as the existing bucket is set up to keep them", 0
    kept, days = _lifecycle(bucket)
    return kept + _locked(bucket), days


def _lifecycle(bucket: Mapping[str, Node]) -> tuple[str, int]:
    rule = _lifecycle_rule(bucket)
    if not rule:
        return "logs are kept until somebody deletes them", 0
    days = _days(rule, "ExpirationInDays")
    if move := _transition(rule):
        after = _days(move, "TransitionInDays")
        return f"logs move to Glacier after {after} days and are deleted when {days} days old", days
    return f"logs are deleted after {days} days", days


def _lifecycle_rule(bucket: Mapping[str, Node]) -> Mapping[str, Node]:
    """A bucket's lifecycle rule; empty when it has none."""
    lifecycle = bucket.get("LifecycleConfiguration")
    rules = lifecycle.get("Rules") if isinstance(lifecycle, Mapping) else None
    rule = rules[0] if isinstance(rules, list) and rules else None
    return rule if isinstance(rule, Mapping) else {}


def _transition(rule: Mapping[str, Node]) -> Mapping[str, Node]:
    """A lifecycle rule's move to another storage class; empty when it has none."""
    moves = rule.get("Transitions")
    first = moves[0] if isinstance(moves, list) and moves else None
    return first if isinstance(first, Mapping) else {}


def _locked(bucket: Mapping[str, Node]) -> str:
    """Object Lock, as the end of a sentence; empty where there is none."""
    lock = bucket.get("ObjectLockConfiguration")
    rule = lock.get("Rule") if isinstance(lock, Mapping) else None
    held = rule.get("DefaultRetention") if isinstance(rule, Mapping) else None
    if not isinstance(held, Mapping):
        return ""
    nobody = "nobody, not even the root user," if held.get("Mode") == "COMPLIANCE" else "nobody without a bypass"
    return f"; {nobody} can delete one before {_days(held, 'Days')} days"


def _unused(template: Template, values: Mapping[str, str]) -> str:
    """What was asked of a new bucket although none is made, as the end of a sentence; empty when nothing was."""
    idle = [
        parameter.name
        for parameter in template.parameters
        if parameter.group.endswith("(new bucket)") and values[parameter.name] != parameter.default
    ]
    if not idle:
        return ""
    return f"; {', '.join(idle)} only {'sets' if len(idle) == 1 else 'set'} up a new bucket, and none is made"


def _days(node: Mapping[str, Node], key: str) -> int:
    return int(str(node.get(key, 0)))
