"""Policy documents of the demo account, as AWS's pages write them for flow logs."""

from __future__ import annotations

import json
from typing import Any

from flowtui.demo.network import ACCOUNT_ID

DELIVERY = "delivery.logs.amazonaws.com"


def delivery_policy(bucket: str, region: str, prefix: str = "") -> str:
    """The bucket policy that lets flow logs be delivered, as JSON.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    """
    source = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": f"arn:aws:logs:{region}:{ACCOUNT_ID}:*"},
    }
    write = {
        "StringEquals": source["StringEquals"] | {"s3:x-amz-acl": "bucket-owner-full-control"},
        "ArnLike": source["ArnLike"],
    }
    trees = (f"{ACCOUNT_ID}/*", f"aws-account-id={ACCOUNT_ID}/*")
    statements = [
        {
            "Sid": "AWSLogDeliveryWrite",
            "Effect": "Allow",
            "Principal": {"Service": DELIVERY},
            "Action": "s3:PutObject",
            "Resource": [f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{tree}" for tree in trees],
            "Condition": write,
        },
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": DELIVERY},
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": source,
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Id": "AWSLogDeliveryWrite20150319", "Statement": statements})


def flow_log_trust() -> dict[str, Any]:
    """The trust policy of a role for flow logs.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:*:{ACCOUNT_ID}:vpc-flow-log/*"},
                },
            }
        ],
    }


def flow_log_role_policy(actions: tuple[str, ...]) -> dict[str, Any]:
    """A policy that allows these actions everywhere."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }
