"""Finds the folders of flow logs in a bucket, one listing a folder and never a listing of all objects."""

from __future__ import annotations

import re

from flowtui.aws.odd_keys import odd_folders
from flowtui.aws.patience import patiently
from flowtui.aws.session import Account
from flowtui.aws.store_failures import ODD_KEY, reading
from flowtui.errors import AwsError, UsageError
from flowtui.records.paths import Tree

_STRANGE_FOLDERS = 200
_DEPTH_ABOVE = 3
_INSIDE = re.compile(
    r"(?:.*/)?AWSLogs(?:/o-[a-z0-9]+)?"
    r"(?:/(?:\d{12}(?:/vpcflowlogs(?:/[a-z0-9-]+)?)?"
    r"|aws-account-id=\d{12}(?:/aws-service=vpcflowlogs(?:/aws-region=[a-z0-9-]+)?)?))?"
)


def find_trees(account: Account, bucket: str, region: str, prefix: str) -> tuple[Tree, ...]:
    """The trees at or below a key prefix, in order of their keys; empty where there is none within reach.

    ``AWSLogs`` is looked for at most three folders below the prefix.

    Raises:
        UsageError: there are too many other folders to look into.
        AwsError: listing failed; AccessDenied names ``s3:ListBucket``.
    """
    start = prefix.rpartition("/")[0]
    found: list[Tree] = []
    waiting, strange = [start], 0
    while waiting:
        folder = waiting.pop(0)
        tree = Tree.parse(folder + "/") if folder else None
        if tree is not None:
            found.append(tree)
            continue
        strange += "AWSLogs" not in folder.split("/")
        if strange > _STRANGE_FOLDERS:
            raise UsageError(
                f"s3://{bucket}/{prefix} has too many folders to look for flow logs in.",
                "Name the prefix that holds AWSLogs/.",
            )
        below = _folders(account, bucket, region, folder)
        waiting.extend(name for name in below if _worth(name, start, prefix))
    return tuple(sorted(found, key=lambda tree: tree.root))


def _worth(folder: str, start: str, prefix: str) -> bool:
    if not (folder + "/").startswith(prefix) and not prefix.startswith(folder + "/"):
        return False
    if "AWSLogs" in folder.split("/"):
        return _INSIDE.fullmatch(folder) is not None
    return folder.removeprefix(start).strip("/").count("/") < _DEPTH_ABOVE


def _folders(account: Account, bucket: str, region: str, folder: str) -> list[str]:
    store = account.store(bucket, region)

    def below() -> list[str]:
        with reading(bucket, folder, "s3:ListBucket", region=region, profile=account.name):
            return [str(name) for name in store.list_with_delimiter(folder or None)["common_prefixes"]]

    try:
        return patiently(below)
    except AwsError as error:
        if error.code != ODD_KEY:
            raise
    return odd_folders(account, bucket, region, folder)
