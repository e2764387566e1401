"""S3 of the demo account: buckets and their settings, and the same objects the store lists."""

from __future__ import annotations

import base64
import io
import json

from flowtui.demo.delivery import Delivery
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.state import TAKEN_BUCKET, Bucket, Json, moment
from flowtui.demo.store import deliveries_in

_OWNER = {"ID": "0123456789abcdef" * 4}


def _bucket(call: Call) -> Bucket:
    name = call.parameters["Bucket"]
    if name == TAKEN_BUCKET:
        raise ApiError("403" if call.operation == "HeadBucket" else "AccessDenied", "Access Denied", 403)
    if name not in call.state.buckets:
        code = "404" if call.operation == "HeadBucket" else "NoSuchBucket"
        said = "Not Found" if call.operation == "HeadBucket" else "The specified bucket does not exist"
        raise ApiError(code, said, 404)
    return call.state.buckets[name]


def list_buckets(call: Call) -> Json:
    """ListBuckets."""
    buckets = sorted(call.state.buckets.values(), key=lambda bucket: bucket.name)
    listed = [
        {"Name": one.name, "CreationDate": moment(one.created), "BucketRegion": one.region}
        for one in buckets
        if one.name.startswith(call.get("Prefix", ""))
    ]
    return {"Buckets": listed, "Owner": _OWNER}


def head_bucket(call: Call) -> Json:
    """HeadBucket, with the bucket's region as a member and as a header."""
    bucket = _bucket(call)
    headers = {"x-amz-bucket-region": bucket.region}
    return {"BucketRegion": bucket.region, "AccessPointAlias": False, "_headers": headers}


def get_bucket_location(call: Call) -> Json:
    """GetBucketLocation: nothing for us-east-1."""
    region = _bucket(call).region
    return {"LocationConstraint": None if region == "us-east-1" else region}


def get_bucket_policy(call: Call) -> Json:
    """GetBucketPolicy."""
    bucket = _bucket(call)
    if not bucket.policy:
        raise ApiError("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
    return {"Policy": bucket.policy}


def put_bucket_policy(call: Call) -> Json:
    """PutBucketPolicy."""
    try:
        json.loads(call.parameters["Policy"])
    except ValueError:
        raise ApiError("MalformedPolicy", "This policy contains invalid Json") from None
    _bucket(call).policy = call.parameters["Policy"]
    return {}


def get_bucket_acl(call: Call) -> Json:
    """GetBucketAcl: everything to the owner."""
    _bucket(call)
    owner = {"Type": "CanonicalUser", **_OWNER}
    return {"Owner": _OWNER, "Grants": [{"Grantee": owner, "Permission": "FULL_CONTROL"}]}


def get_bucket_ownership_controls(call: Call) -> Json:
    """GetBucketOwnershipControls."""
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": _bucket(call).ownership}]}}


def get_bucket_encryption(call: Call) -> Json:
    """GetBucketEncryption: S3 encrypts every bucket somehow."""
    bucket = _bucket(call)
    default = {"SSEAlgorithm": bucket.encryption}
    if bucket.kms_key:
        default["KMSMasterKeyID"] = bucket.kms_key
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(bucket.kms_key)}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def get_bucket_versioning(call: Call) -> Json:
    """GetBucketVersioning: nothing until it was ever enabled."""
    status = _bucket(call).versioning
    return {"Status": status} if status else {}


def get_public_access_block(call: Call) -> Json:
    """GetPublicAccessBlock."""
    return {"PublicAccessBlockConfiguration": dict(_bucket(call).public_access_block)}


def list_objects_v2(call: Call) -> Json:
    """ListObjectsV2, with delimiter and continuation."""
    bucket, prefix, delimiter = _bucket(call), call.get("Prefix", ""), call.get("Delimiter", "")
    after = call.get("StartAfter", "")
    if call.get("ContinuationToken"):
        after = _decoded(call.parameters["ContinuationToken"])
    most = min(call.get("MaxKeys", 1000), 1000)
    contents: list[Json] = []
    folders: dict[str, None] = {}
    last, truncated = "", False
    for item in deliveries_in(call.state, bucket.name, prefix):
        folder = _folder(item.key, prefix, delimiter)
        if item.key <= after or (folder and after.startswith(folder)) or folder in folders:
            continue
        if len(contents) + len(folders) >= most:
            truncated = True
            break
        if folder:
            folders[folder] = None
        else:
            contents.append(_listed(item))
        last = folder or item.key
    answer: Json = {
        "Name": bucket.name,
        "Prefix": prefix,
        "MaxKeys": most,
        "KeyCount": len(contents) + len(folders),
        "IsTruncated": truncated,
        "Contents": contents,
        "CommonPrefixes": [{"Prefix": folder} for folder in folders],
    }
    if truncated:
        answer["NextContinuationToken"] = base64.b64encode(last.encode()).decode()
    return answer


def _folder(key: str, prefix: str, delimiter: str) -> str:
    rest = key[len(prefix) :]
    at = rest.find(delimiter) if delimiter else -1
    return prefix + rest[: at + len(delimiter)] if at >= 0 else ""


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except ValueError:
        raise ApiError("InvalidArgument", "The continuation token provided is incorrect") from None


def _listed(item: Delivery) -> Json:
    return {
        "Key": item.key,
        "LastModified": moment(item.delivered),
        "ETag": item.etag,
        "Size": len(item.body),
        "StorageClass": "STANDARD",
    }


def _object(call: Call) -> Delivery:
    bucket, key = _bucket(call), call.parameters["Key"]
    found = [item for item in deliveries_in(call.state, bucket.name, key) if item.key == key]
    if not found and call.operation == "HeadObject":
        raise ApiError("404", "Not Found", 404)
    if not found:
        raise ApiError("NoSuchKey", "The specified key does not exist.", 404, Key=key)
    return found[0]


def head_object(call: Call) -> Json:
    """HeadObject."""
    item = _object(call)
    return {
        "ContentLength": len(item.body),
        "ContentType": "application/octet-stream",
        "ETag": item.etag,
        "LastModified": moment(item.delivered),
        "Metadata": {},
    }


def get_object(call: Call) -> Json:
    """GetObject, whole objects only."""
    from botocore.response import StreamingBody

    body = _object(call).body
    return {**head_object(call), "Body": StreamingBody(io.BytesIO(body), len(body))}


HANDLERS: dict[str, Handler] = {
    "GetBucketAcl": get_bucket_acl,
    "GetBucketEncryption": get_bucket_encryption,
    "GetBucketLocation": get_bucket_location,
    "GetBucketOwnershipControls": get_bucket_ownership_controls,
    "GetBucketPolicy": get_bucket_policy,
    "GetBucketVersioning": get_bucket_versioning,
    "GetObject": get_object,
    "GetPublicAccessBlock": get_public_access_block,
    "HeadBucket": head_bucket,
    "HeadObject": head_object,
    "ListBuckets": list_buckets,
    "ListObjectsV2": list_objects_v2,
    "PutBucketPolicy": put_bucket_policy,
}
