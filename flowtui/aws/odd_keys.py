"""Objects whose keys the object store cannot name, listed and fetched through boto3 instead.

The store takes a key for a path: it refuses empty parts (``a//b``), ``.`` and ``..``, and control characters, and one
such key makes it refuse the whole page of a listing. S3 allows them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from flowtui.aws.failures import translated
from flowtui.aws.models import StoredObject
from flowtui.aws.session import Account

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_REFUSED = ("Could not parse path", "invalid path", "invalid list response")


def is_odd(key: str) -> bool:
    """Whether the store cannot name a key."""
    return bool(_CONTROL.search(key)) or any(part in ("", ".", "..") for part in key.split("/"))


def is_about_odd_keys(text: str) -> bool:
    """Whether the store's refusal says that some key is one it cannot name, or that its answer cannot be read.

    Control characters have no place in XML, so that a listing with them may be no XML at all; boto3 asks for keys
    that are percent-encoded.
    """
    return any(words in text for words in _REFUSED)


def list_odd(account: Account, bucket: str, region: str, prefix: str, after: str = "") -> Iterator[StoredObject]:
    """All objects whose keys begin with ``prefix`` and sort behind ``after``, in the order of their keys.

    Raises:
        AwsError: listing failed; AccessDenied names ``s3:ListBucket``.
    """
    start = {"StartAfter": after} if after else {}
    for page in account.pages("s3", "list_objects_v2", region, Bucket=bucket, Prefix=prefix, **start):
        for item in page.get("Contents", ()):
            yield StoredObject(bucket, item["Key"], item.get("ETag", ""), item["Size"], item["LastModified"])


def odd_folders(account: Account, bucket: str, region: str, folder: str) -> list[str]:
    """Folders right below a folder, without their last slash; those with names that cannot be gone into left out.

    Raises:
        AwsError: as :func:`list_odd`.
    """
    prefix = f"{folder}/" if folder else ""
    pages = account.pages("s3", "list_objects_v2", region, Bucket=bucket, Prefix=prefix, Delimiter="/")
    below = [str(one["Prefix"]).removesuffix("/") for page in pages for one in page.get("CommonPrefixes", ())]
    return [name for name in below if not is_odd(name)]


def fetch_odd(account: Account, item: StoredObject, region: str) -> bytes:
    """The bytes of an object, as it was when it was listed.

    Raises:
        AwsError: the object is gone, was replaced, or may not be read.
    """
    match = {"IfMatch": item.etag} if item.etag else {}
    answer = account.call("s3", "get_object", region, Bucket=item.bucket, Key=item.key, **match)
    body = answer["Body"]
    # Read as botocore does, which tells a body that ends early; as a context it would be the bare connection.
    with closing(body), translated("s3", "get_object", region, profile=account.name):
        return bytes(body.read())
