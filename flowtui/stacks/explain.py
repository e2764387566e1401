"""AWS's reasons, and what to do about them.

The wordings matched here are those of CloudFormation, EC2, S3 and IAM as their documentation and error references
give them; an unknown one is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from flowtui.aws.models import Change, Stack
from flowtui.errors import AccessDenied, AwsError
from flowtui.insight.coverage import due
from flowtui.stacks.progress import Result

_DENIED = re.compile(r"not authorized to perform:?\s+([a-z0-9-]+:[A-Za-z0-9*]+)|API: ([a-z0-9-]+:[A-Za-z0-9]+)")
_NO_SUCH_VALUE = re.compile(r"parameter value (\S+) for parameter name (\S+) does not exist", re.IGNORECASE)
_PASS_ROLE = (
    "Ask for the IAM action iam:PassRole on the stack's role: whoever makes a flow log to CloudWatch Logs hands it "
    "the role it writes with."
)
_BUCKET_POLICY = (
    "The bucket's policy has to let delivery.logs.amazonaws.com do s3:PutObject and s3:GetBucketAcl; "
    "flowtui deploy s3 --add-bucket-policy with the same answers adds what is missing."
)

# (pattern in the reason, type of the resource or "", next step); the first that fits wins.
_STEPS = (
    (r"not stable|internal failure|rate exceeded|throttl", "", "AWS was busy: delete the stack and deploy again."),
    (
        r"existing Flow Log with the same|FlowLogAlreadyExists",
        "",
        "This VPC already has such a flow log with the same destination; flowtui doctor VPC-ID shows it. Delete it or "
        "deploy to another destination; for S3 another Prefix will do.",
    ),
    (
        r"LogDestinationNotFound|LogDestination\S* .*(does not exist|not found)|NoSuchBucket",
        "",
        "The bucket does not exist: check BucketName, or let the template make it with CreateBucket=Yes.",
    ),
    (r"Access Denied for LogDestination|LogDestinationPermissionIssue", "", _BUCKET_POLICY),
    (r"policy already exists", "", "The bucket has a policy already: deploy with CreateBucket=No and BucketName."),
    (
        r"already exists|BucketAlready|not available",
        "AWS::S3::Bucket",
        "Bucket names are shared by all accounts. Choose another BucketName, leave it empty, or use an existing bucket "
        "of yours with CreateBucket=No.",
    ),
    (
        r"already exists",
        "AWS::Logs::LogGroup",
        "Choose another LogGroupName, or leave it empty to have a name generated.",
    ),
    (r"TooManyBuckets", "", "The account has as many buckets as it may; use an existing one with CreateBucket=No."),
    (r"vpc-\S+ .*does not exist|InvalidVpc", "", "Check the VPC id and --region; flowtui vpcs lists them."),
    (
        r"kms|\bkey\b",
        "AWS::Logs::LogGroup",
        "The KMS key's policy has to let logs.REGION.amazonaws.com use it, and the key be in the same region.",
    ),
    (r"LimitExceeded|limit", "", "A quota of the account is reached; ask for more under Service Quotas."),
)


_HANDLER = re.compile(r'(?:Resource handler returned message: )"(.*)" \(RequestToken: .*\)', re.DOTALL)


def plain(reason: str) -> str:
    """AWS's reason without the wrapping that CloudFormation's resource handlers put around it."""
    wrapped = _HANDLER.fullmatch(reason)
    return wrapped[1] if wrapped else reason


def next_step(reason: str, resource_type: str = "") -> str:
    """What to do about a resource that failed; empty when AWS's reason has to speak for itself."""
    if denied := _DENIED.search(reason):
        action = denied[1] or denied[2]
        if action == "iam:PassRole":
            return _PASS_ROLE
        if denied[1] or re.search("denied|not authorized", reason, re.IGNORECASE):
            return f"Ask for the IAM action {action}."
    for pattern, kind, step in _STEPS:
        if (not kind or kind == resource_type) and re.search(pattern, reason, re.IGNORECASE):
            return step
    return ""


def explained(error: AwsError, stack_name: str, region: str) -> AwsError:
    """A refusal of CloudFormation, said in the terms of what was being done."""
    message, hint = error.message, error.hint
    if found := _NO_SUCH_VALUE.search(message):
        value, parameter = found.groups()
        message = f"{parameter}: there is no {value} in {region}."
        hint = f"Check the id and --region; flowtui vpcs --region {region} lists the VPCs there."
    elif error.code.startswith("InsufficientCapabilities"):
        message = f"CloudFormation did not make stack {stack_name}: the template makes IAM resources. {message}"
        hint = "This has to be acknowledged with CAPABILITY_IAM; flowtui deploy does so for the bundled templates."
    elif error.code.startswith("AlreadyExists"):
        message = f"There is a stack {stack_name} in {region} already."
        hint = "Choose another --stack-name, or change the one there with --update."
    elif error.code.startswith("LimitExceeded"):
        hint = "The account has as many stacks as it may; ask for more under Service Quotas."
    elif isinstance(error, AccessDenied) and error.action == "iam:PassRole":
        hint = _PASS_ROLE
    if (message, hint) == (error.message, error.hint):
        return error
    return type(error)(message, hint, code=error.code, action=error.action, region=error.region)


# The default (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html).
_LONGEST_INTERVAL_S = 600

_ANEW = {
    "AWS::EC2::FlowLog": "A flow log cannot be changed: it is made anew, with a new id and a gap of some minutes.",
    "AWS::S3::Bucket": "The bucket is made anew; the old one and its logs are kept, outside the stack.",
    "AWS::Logs::LogGroup": "The log group is made anew; the old one and its records are kept, outside the stack.",
}


def replacement_lines(changes: Iterable[Change]) -> list[str]:
    """A warning for every change that makes a resource anew, surely or perhaps."""
    anew = [change for change in changes if change.replacement in ("True", "Conditional")]
    return [_ANEW[change.type] for change in anew if change.type in _ANEW]


def arrival(result: Result, now: datetime) -> str:
    """When records arrive from a stack that is complete, as a sentence; empty for any other."""
    stack, made = result.stack, result.flow_log_made
    if stack is None or result.outcome != "complete":
        return ""
    if made is None:
        return "Its flow log was not made anew; records arrive as before." if stack.updated else ""
    interval = stack.parameters.get("MaxAggregationInterval", "")
    interval_s = int(interval) if interval.isdecimal() else _LONGEST_INTERVAL_S
    first = due(made, interval_s, "cloud-watch-logs" if "LogGroupName" in stack.outputs else "s3")
    if now < first:
        return f"The first records are expected by {first:%H:%M} UTC."
    return f"Its flow log was made on {made:%Y-%m-%d at %H:%M} UTC."


def way_out(stack: Stack, *, app: bool = False) -> str:
    """What a stack's status means when it is stuck, and the way out; empty when there is nothing to say.

    Args:
        stack: the stack.
        app: name the app's key instead of the command.
    """
    delete = "ctrl+d" if app else f"flowtui stacks delete {stack.name} --region {stack.region}"
    match stack.status:
        case "REVIEW_IN_PROGRESS":
            return f"It is empty: a change set was made and never executed. Deploy again, or remove it: {delete}"
        case "ROLLBACK_COMPLETE":
            return f"Its creation failed and was undone; it can only be deleted: {delete}"
        case "ROLLBACK_FAILED" | "CREATE_FAILED":
            return f"Its creation failed and left resources behind; delete it: {delete}"
        case "DELETE_FAILED":
            watch = f"flowtui stacks watch {stack.name} --region {stack.region}"
            return f"A resource refused to go; {watch} tells which. Then again: {delete}"
        case "UPDATE_ROLLBACK_FAILED":
            again = f"aws cloudformation continue-update-rollback --stack-name {stack.name} --region {stack.region}"
            return f"Undoing an update failed; once its cause is gone: {again}"
        case _:
            return ""
