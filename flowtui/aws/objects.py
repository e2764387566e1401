"""Objects of S3 buckets: where a flow log's lie, listed by days, fetched whole.

A flow log bucket may hold millions of objects, so a listing with a time range goes through the prefixes of the days
in it and never through the whole bucket. Everything here goes through the account's object store.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from flowtui.aws.models import FlowLog, StoredObject
from flowtui.aws.odd_keys import fetch_odd, is_odd, list_odd
from flowtui.aws.parallel import Pool
from flowtui.aws.patience import Patience, interruptibly, patiently
from flowtui.aws.session import Account
from flowtui.aws.store_failures import ODD_KEY, reading
from flowtui.aws.trees import find_trees
from flowtui.errors import AwsError, UsageError
from flowtui.records.paths import ObjectPath, Tree, day_prefixes, in_range, is_of_another_service

if TYPE_CHECKING:
    from obstore import ObjectMeta

LOG_ENDINGS = (".log.gz", ".log", ".gz", ".parquet", ".json", ".ndjson", ".jsonl")
"""Endings of the objects a listing returns; what else lies in a bucket is none of ours."""

_LISTERS = 8
_CHUNK = 1000
_regions: WeakKeyDictionary[Account, dict[str, str]] = WeakKeyDictionary()
_regions_lock = threading.Lock()


def parse_s3_uri(uri: str) -> tuple[str, str]:
    """Bucket and key (or key prefix, maybe empty) of ``s3://bucket/key``.

    Raises:
        UsageError: the text is no such URI.
    """
    scheme, _, rest = uri.partition("://")
    bucket, _, key = rest.partition("/")
    if scheme.lower() != "s3" or not bucket:
        raise UsageError(f"{uri!r} is not an S3 URI.", "Write s3://bucket/prefix/ or s3://bucket/key.")
    return bucket, key.lstrip("/")


def bucket_region(account: Account, bucket: str) -> str:
    """The region a bucket lies in; asked once, and known even where the answer is a denial.

    Raises:
        AwsError: there is no such bucket, or S3 cannot be reached.
    """
    with _regions_lock:
        known = _regions.setdefault(account, {})
    if bucket not in known:
        known[bucket] = _ask_region(account, bucket) or account.home_region
    return known[bucket]


def _ask_region(account: Account, bucket: str) -> str:
    try:
        answer = patiently(partial(account.call, "s3", "head_bucket", Bucket=bucket))
        return str(answer.get("BucketRegion") or _region_header(answer))
    except AwsError as error:
        if error.code == "404":
            hint = "Check the name; the flow log's destination shows it."
            raise AwsError(f"There is no bucket {bucket}.", hint, code="NoSuchBucket") from error
        # A denial still tells the region (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html), and
        # reading objects needs no permission on the bucket.
        refused = getattr(error.__cause__, "response", None)
        if error.code not in ("403", "400", "301", "AccessDenied") or refused is None:
            raise
        return _region_header(refused)


def _region_header(answer: dict[str, dict[str, dict[str, str]]]) -> str:
    return answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region", "")


def list_buckets(account: Account) -> tuple[str, ...]:
    """Names of the caller's buckets.

    Raises:
        AwsError: the call failed; AccessDenied names ``s3:ListAllMyBuckets``.
    """
    return tuple(bucket["Name"] for page in account.pages("s3", "list_buckets") for bucket in page.get("Buckets", ()))


def list_objects(
    account: Account, bucket: str, prefix: str, since: datetime | None = None, until: datetime | None = None
) -> Iterator[StoredObject]:
    """Log objects at or under a key prefix, those that can hold records of a time range when one is given.

    Args:
        account: the account.
        bucket: bucket name.
        prefix: a key, or the beginning of keys; where it reaches into or above trees of flow logs, a range lists
            only the folders of its days.
        since: beginning of the range.
        until: end of the range; now, when there is only a beginning.

    Raises:
        AwsError: listing failed; AccessDenied names ``s3:ListBucket``.
    """
    name = prefix.rpartition("/")[2]
    if name.endswith(LOG_ENDINGS) and (found := _head(account, bucket, prefix)):
        yield found
        return
    for item in _ranged(account, bucket, prefix, since, until):
        path = ObjectPath.parse(item.key) if since or until else None
        if not item.key.endswith(LOG_ENDINGS) or is_of_another_service(item.key):
            continue
        if path is None or in_range(path, since, until):
            yield item


def flow_log_objects(
    account: Account, flow_log: FlowLog, since: datetime | None, until: datetime | None = None
) -> Iterator[StoredObject]:
    """The objects one flow log wrote that can hold records of a time range, oldest first.

    Raises:
        UsageError: the flow log does not write to S3.
        AwsError: as :func:`list_objects`.
    """
    tree = flow_log_tree(flow_log)
    for item in list_objects(account, flow_log.bucket, tree.root, since, until):
        path = ObjectPath.parse(item.key)
        if path is not None and path.flow_log_id in ("", flow_log.id):
            yield item


def flow_log_tree(flow_log: FlowLog) -> Tree:
    """Where a flow log's objects lie in its bucket.

    Raises:
        UsageError: the flow log does not write to S3.
    """
    if flow_log.destination_type != "s3":
        raise UsageError(f"{flow_log.id} writes to {flow_log.destination_type}, not to S3.", "Choose one that does.")
    return Tree(flow_log.prefix, flow_log.account_id, flow_log.region, flow_log.hive_partitions)


def fetch(account: Account, item: StoredObject) -> bytes:
    """The bytes of an object, as it was when it was listed.

    Raises:
        AwsError: the object is gone, was replaced, is archived, or may not be read (``s3:GetObject``).
    """
    region = bucket_region(account, item.bucket)
    if is_odd(item.key):
        content = fetch_odd(account, item, region)
    else:
        store = account.store(item.bucket, region)
        with reading(item.bucket, item.key, "s3:GetObject", region=region, profile=account.name):
            content = bytes(store.get(item.key, options={"if_match": item.etag} if item.etag else {}).bytes())
    if len(content) != item.size:
        message = f"s3://{item.bucket}/{item.key} came with {len(content)} of its {item.size} bytes."
        raise AwsError(message, "Run the same command again.", code="Truncated")
    return content


def _ranged(
    account: Account, bucket: str, prefix: str, since: datetime | None, until: datetime | None
) -> Iterator[StoredObject]:
    """Everything that a range may need: by days inside trees, else all there is under the prefix."""
    if since is None:
        yield from _listed(account, bucket, prefix)
        return
    tree = Tree.parse(prefix)
    trees: Iterable[Tree] = (tree,) if tree else find_trees(account, bucket, bucket_region(account, bucket), prefix)
    days = [day for tree in trees for day in day_prefixes(tree, since, until or account.clock())]
    if not days and tree is None:
        yield from _listed(account, bucket, prefix)
        return
    # The prefix may itself name a month, a day or an hour: then only what lies in both.
    wanted = [max(day, prefix, key=len) for day in days if day.startswith(prefix) or prefix.startswith(day)]
    yield from list_folders(account, bucket, list(dict.fromkeys(wanted)))


def list_folders(account: Account, bucket: str, prefixes: Sequence[str]) -> Iterator[StoredObject]:
    """Everything under several prefixes: listed at once, handed on in the order of the prefixes.

    Raises:
        AwsError: listing failed; AccessDenied names ``s3:ListBucket``.
    """

    def listed(number: int) -> tuple[int, list[StoredObject]]:
        return number, list(_listed(account, bucket, prefixes[number]))

    waiting: dict[int, list[StoredObject]] = {}
    due = 0
    with Pool[tuple[int, list[StoredObject]]](_LISTERS) as pool:
        for number in range(len(prefixes)):
            pool.submit(partial(listed, number))
        for number, items in pool:
            waiting[number] = items
            while due in waiting:
                yield from waiting.pop(due)
                due += 1


def _listed(account: Account, bucket: str, prefix: str, after: str = "") -> Iterator[StoredObject]:
    """Objects under a prefix, in no promised order; ``after`` leaves out keys up to it."""
    # The store lists folders. A prefix without its slash may mean one; only else does it end inside a name.
    folder, _, name = prefix.rpartition("/")
    empty = True
    for item in _folder(account, bucket, prefix, after):
        empty = False
        yield item
    if empty and name:
        yield from (item for item in _folder(account, bucket, folder, after) if item.key.startswith(prefix))


def _folder(account: Account, bucket: str, folder: str, after: str) -> Iterator[StoredObject]:
    region = bucket_region(account, bucket)
    last = after
    try:
        if not is_odd(folder.removesuffix("/") or "-"):
            for item in _by_store(account, bucket, region, folder, after):
                last = item.key
                yield item
            return
    except AwsError as error:
        if error.code != ODD_KEY:
            raise
    # S3 lists keys in order: those of the pages before the odd one are not given again.
    yield from list_odd(account, bucket, region, f"{folder.removesuffix('/')}/" if folder else "", last)


def _by_store(account: Account, bucket: str, region: str, folder: str, after: str) -> Iterator[StoredObject]:
    store = account.store(bucket, region)
    patience, last = Patience(), after
    while True:
        try:
            with reading(bucket, folder, "s3:ListBucket", region=region, profile=account.name):
                pages = iter(store.list(folder or None, offset=last or None, chunk_size=_CHUNK))
                while (page := interruptibly(partial(next, pages, None))) is not None:
                    patience.renew()
                    for meta in page:
                        yield _stored(bucket, meta)
                        last = meta["path"]
            return
        except AwsError as error:
            # S3 lists keys in order: the next try goes on behind the last one.
            patience.wait(error)


def list_after(account: Account, bucket: str, prefix: str, after: str) -> Iterator[StoredObject]:
    """Objects under a prefix whose keys sort behind ``after``.

    Raises:
        AwsError: listing failed; AccessDenied names ``s3:ListBucket``.
    """
    return _listed(account, bucket, prefix, after)


def _head(account: Account, bucket: str, key: str) -> StoredObject | None:
    region = bucket_region(account, bucket)
    if is_odd(key):
        return next((item for item in list_odd(account, bucket, region, key) if item.key == key), None)
    store = account.store(bucket, region)

    def head() -> StoredObject:
        with reading(bucket, key, "s3:GetObject", region=region, profile=account.name):
            return _stored(bucket, store.head(key))

    try:
        return patiently(head)
    except AwsError as error:
        if error.code == "NoSuchKey":
            return None
        raise


def _stored(bucket: str, meta: ObjectMeta) -> StoredObject:
    return StoredObject(bucket, meta["path"], meta["e_tag"] or "", meta["size"], meta["last_modified"])
