"""Which IAM actions each command needs, and the least policy made of them.

One table, :data:`GRANTS`. Actions and the resources they can be limited to:
https://docs.aws.amazon.com/service-authorization/latest/reference/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flowtui.errors import UsageError

ANY = "*"
APP = "app"
_ROLE = "arn:aws:iam::*:role/*"
_GROUP = "arn:aws:logs:*:*:log-group:*"
_STACK = "arn:aws:cloudformation:*:*:stack/*"


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions a command needs, on one kind of resource.

    ``why`` is one line for a reader and becomes the statement's Sid. ``resource`` is ``*`` where AWS cannot limit
    the actions, otherwise the widest ARN pattern, of the commercial partition; narrow it to your own names.
    """

    why: str
    actions: tuple[str, ...]
    resource: str = ANY
    condition: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_INVENTORY = Grant(
    "See VPCs and their flow logs",
    ("ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces", "ec2:DescribeFlowLogs"),
)
_COVERING = Grant("Find what logs a resource", ("ec2:DescribeNetworkInterfaces", "ec2:DescribeFlowLogs"))
_FLOW_LOGS = Grant("See flow logs", ("ec2:DescribeFlowLogs",))
_REGIONS = Grant("See every region", ("ec2:DescribeRegions",))
_NAMES = Grant("Name the interfaces", ("ec2:DescribeInstances",))
_FIND_GROUPS = Grant("Find log groups", ("logs:DescribeLogGroups",))
_READ_EVENTS = Grant("Read log events", ("logs:DescribeLogStreams", "logs:FilterLogEvents"), _GROUP)
_FIND_OBJECTS = Grant("List flow log objects", ("s3:ListBucket",), "arn:aws:s3:::*")
_READ_OBJECTS = Grant("Read flow log objects", ("s3:GetObject",), "arn:aws:s3:::*/AWSLogs/*")
_LIST_BUCKETS = Grant("Choose a bucket", ("s3:ListAllMyBuckets",))

STACK_ACTIONS = (
    "cloudformation:CreateChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeStacks",
    "cloudformation:DescribeStackEvents",
    "cloudformation:ListChangeSets",
    "cloudformation:ListStackResources",
    "cloudformation:GetTemplate",
    "cloudformation:DeleteStack",
    "cloudformation:TagResource",
)
"""What deploying calls on the stack itself."""

RESOURCE_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "AWS::EC2::FlowLog": (
        "ec2:CreateFlowLogs",
        "ec2:DeleteFlowLogs",
        "ec2:DescribeFlowLogs",
        "ec2:DescribeVpcs",
        "ec2:CreateTags",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
    ),
    "AWS::Logs::LogGroup": (
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "logs:DeleteRetentionPolicy",
        "logs:AssociateKmsKey",
        "logs:TagResource",
        "logs:ListTagsForResource",
    ),
    "AWS::IAM::Role": (
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePolicy",
        "iam:TagRole",
    ),
    "AWS::S3::Bucket": (
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketVersioning",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketTagging",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
    ),
    "AWS::S3::BucketPolicy": ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
}
"""What CloudFormation calls in the caller's name to make, change and take back a resource of each type."""

PASSED_TO = {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}
_BUCKETS = "arn:aws:s3:::*"
_GLUE = "arn:aws:glue:*:*:*"
_READ_BUCKET = Grant(
    "Check the bucket",
    ("s3:GetBucketPolicy", "s3:GetBucketOwnershipControls", "s3:GetEncryptionConfiguration"),
    _BUCKETS,
)

_ON_ATHENA = (
    Grant(
        "Run queries on Athena",
        (
            "athena:GetWorkGroup",
            "athena:StartQueryExecution",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:StopQueryExecution",
        ),
        "arn:aws:athena:*:*:workgroup/*",
    ),
    Grant("Name the workgroups", ("athena:ListWorkGroups",)),
    Grant("Look tables up", ("glue:GetDatabase", "glue:GetTable", "glue:GetPartition", "glue:GetPartitions"), _GLUE),
    Grant(
        "Keep results",
        ("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload"),
        _BUCKETS,
    ),
)
"""Athena reads data and catalog, and writes results, with the caller's own permissions
(https://docs.aws.amazon.com/athena/latest/ug/managed-policies.html)."""

_DEPLOY = (
    Grant("Check templates", ("cloudformation:ValidateTemplate",)),
    Grant("Make stacks", STACK_ACTIONS, _STACK),
    Grant("Make flow logs", RESOURCE_ACTIONS["AWS::EC2::FlowLog"]),
    Grant("Make the log group", RESOURCE_ACTIONS["AWS::Logs::LogGroup"], _GROUP),
    Grant("Make the delivery role", RESOURCE_ACTIONS["AWS::IAM::Role"], _ROLE),
    Grant("Hand the role to flow logs", ("iam:PassRole",), _ROLE, {"StringEquals": PASSED_TO}),
    Grant("Make the bucket", RESOURCE_ACTIONS["AWS::S3::Bucket"], _BUCKETS),
    Grant(
        "Let log delivery into the bucket, also into one that exists",
        RESOURCE_ACTIONS["AWS::S3::BucketPolicy"],
        _BUCKETS,
    ),
    Grant("Check permissions beforehand", ("iam:SimulatePrincipalPolicy",), "arn:aws:iam::*:*"),
)

GRANTS: Mapping[str, tuple[Grant, ...]] = {
    "vpcs": (_INVENTORY, _REGIONS, _READ_EVENTS, _FIND_OBJECTS),
    "doctor": (
        _INVENTORY,
        _REGIONS,
        _FIND_GROUPS,
        _READ_EVENTS,
        _FIND_OBJECTS,
        _READ_BUCKET,
        Grant(
            "Check the role",
            ("iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies"),
            _ROLE,
        ),
        Grant("Check its policies", ("iam:GetPolicy", "iam:GetPolicyVersion"), "arn:aws:iam::*:policy/*"),
    ),
    "deploy": (*_DEPLOY, _REGIONS, _FIND_GROUPS, _READ_BUCKET, _FIND_OBJECTS),
    "stacks": (
        _REGIONS,
        # DescribeStacks without a name needs both, on more than stack ARNs
        # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html).
        Grant("List stacks", ("cloudformation:DescribeStacks", "cloudformation:ListStacks")),
        Grant(
            "Watch and delete stacks",
            (
                "cloudformation:DescribeStackEvents",
                "cloudformation:ListStackResources",
                "cloudformation:GetTemplate",
                "cloudformation:DeleteStack",
            ),
            _STACK,
        ),
    ),
    "tail": (
        _COVERING,
        _REGIONS,
        _FIND_GROUPS,
        Grant("Follow log events", ("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:StartLiveTail"), _GROUP),
    ),
    "load": (
        _COVERING,
        _REGIONS,
        _FIND_OBJECTS,
        _READ_OBJECTS,
        _FIND_GROUPS,
        Grant("Load log events", ("logs:DescribeLogStreams", "logs:FilterLogEvents"), _GROUP),
    ),
    "sql": (*_ON_ATHENA, _FIND_OBJECTS, _READ_OBJECTS),
    "ddl": (
        _FLOW_LOGS,
        _REGIONS,
        *_ON_ATHENA,
        Grant("Make tables", ("glue:CreateDatabase", "glue:CreateTable", "glue:BatchCreatePartition"), _GLUE),
    ),
    "inventory": (
        Grant(
            "Keep the inventory",
            (
                "ec2:DescribeVpcs",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeInstances",
                "ec2:DescribeSecurityGroups",
            ),
        ),
        _REGIONS,
    ),
    APP: (
        _INVENTORY,
        _REGIONS,
        _NAMES,
        _LIST_BUCKETS,
    ),
}
"""What each command calls; ``app`` is what the screens call beyond the commands they share.

Commands that call nothing of AWS (``examples``, ``info``…) are absent; ``sql`` calls it with ``--engine athena``.
``sts:GetCallerIdentity`` needs no permission
(https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
"""

LOCAL = ("templates", "prices", "export", "forget", "compact", "examples", "iam", "info")
"""Commands that need no AWS at all, or only what another command lists."""


def actions(commands: Iterable[str] = ()) -> tuple[str, ...]:
    """The IAM actions of these commands (all of them for none), sorted.

    Raises:
        UsageError: a command of that name does not exist.
    """
    return tuple(sorted({action for grant in _grants(commands) for action in grant.actions}))


def policy(commands: Iterable[str] = ()) -> dict[str, Any]:
    """The least policy for these commands (all of them for none), as IAM takes it; one statement a :class:`Grant`.

    Raises:
        UsageError: a command of that name does not exist.
    """
    statements: dict[str, dict[str, Any]] = {}
    for grant in _grants(commands):
        statement: dict[str, Any] = {
            "Sid": _sid(grant.why),
            "Effect": "Allow",
            "Action": sorted(grant.actions),
            "Resource": grant.resource,
        }
        if grant.condition:
            statement["Condition"] = {operator: dict(keys) for operator, keys in grant.condition.items()}
        # Commands share grants: each is written once.
        statements[grant.why] = statement
    return {"Version": "2012-10-17", "Statement": list(statements.values())}


def _grants(commands: Iterable[str]) -> list[Grant]:
    chosen = tuple(dict.fromkeys(commands)) or tuple(GRANTS)
    for command in chosen:
        if command not in GRANTS and command not in LOCAL:
            raise UsageError(f"There is no command {command}.", f"Those that call AWS are {', '.join(GRANTS)}.")
    return [grant for command in chosen for grant in GRANTS.get(command, ())]


def _sid(text: str) -> str:
    """A statement id: letters and digits only."""
    text = text.partition(",")[0]
    return "".join(word[:1].upper() + word[1:] for word in text.split())
