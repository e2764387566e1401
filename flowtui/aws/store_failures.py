"""Turns what an object store raises into :class:`FlowTuiError`, naming bucket, key and the missing action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flowtui.aws.failures import refusal
from flowtui.aws.odd_keys import is_about_odd_keys
from flowtui.errors import AwsError

ODD_KEY = "OddKey"
"""Code of the refusal of a key, or of a page of keys, that the store cannot name."""

_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")
_STATUS = re.compile(r"\b([45]\d\d) [A-Z][a-z]+")
_ARCHIVED = "InvalidObjectState"
_CHANGED = "PreconditionFailed"

# S3 says so with a redirect, which the store's client cannot follow.
_WRONG_REGION = ("PermanentRedirect", "AuthorizationHeaderMalformed", "redirect")


@contextmanager
def reading(bucket: str, key: str, action: str, *, region: str = "", profile: str = "") -> Iterator[None]:
    """Let only FlowTuiErrors out of a block that reads from an object store.

    Args:
        bucket: bucket name.
        key: object key or prefix.
        action: the IAM action that permits the call, ``s3:GetObject`` or ``s3:ListBucket``.
        region: region of the store.
        profile: profile of the call, named in hints.

    Raises:
        AwsError: whatever the store raised, mapped; AccessDenied when an action is missing.
    """
    from obstore.exceptions import BaseError, PermissionDeniedError, PreconditionError, UnauthenticatedError

    call = f"{action} of s3://{bucket}/{key}"
    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        text = str(error)
        code, said = _details(text)
        if isinstance(error, PreconditionError):
            code = _CHANGED
        elif not code and is_about_odd_keys(text):
            code = ODD_KEY
        elif isinstance(error, FileNotFoundError):
            code = code or "NoSuchKey"
        elif isinstance(error, (PermissionDeniedError, UnauthenticatedError)):
            code = code or "AccessDenied"
        raise _error(code, said, text, call, bucket, action, region, profile) from error


def _details(text: str) -> tuple[str, str]:
    """AWS's code and words out of the store's message; the code is empty when the answer had none."""
    code, message = _CODE.search(text), _MESSAGE.search(text)
    first_line = text.partition("\n")[0].strip()
    return (code[1] if code else ""), (message[1] if message else first_line)


def _error(code: str, said: str, text: str, call: str, bucket: str, action: str, region: str, profile: str) -> AwsError:
    def made(message: str, hint: str) -> AwsError:
        return AwsError(message, hint, code=code, region=region)

    if code == "NoSuchBucket":
        return made(f"There is no bucket {bucket}.", "Check the name; the flow log's destination shows it.")
    if code == "NoSuchKey":
        return made(f"{call} failed: there is no such object.", "It may have been deleted or expired since listed.")
    if code == _CHANGED:
        return made(f"{call} failed: the object was replaced since it was listed.", "Run the same command again.")
    if code == ODD_KEY:
        return made(
            f"{call} failed: there is a key with an empty part, . or .., or a control character: {said}",
            "Name a folder without such keys.",
        )
    if code == _ARCHIVED:
        return made(
            f"{call} failed: the object is archived in a Glacier storage class.", "Restore it first, then load again."
        )
    if code in _WRONG_REGION or (not code and "redirect" in text):
        return made(f"{call} failed: the bucket is not in {region}.", "Name the bucket's region with --region.")
    if code:
        return refusal(code, said, call, action=action, region=region, profile=profile)
    status = _STATUS.search(text)
    if status:
        code = status[1]
        return made(f"{call} failed: {said}", "")
    code = "ConnectionError"
    return made(f"{call} failed, cannot reach S3: {said}", "Check the network, the proxy and --endpoint-url.")
