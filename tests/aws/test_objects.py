import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import obstore
import pytest
from botocore.response import StreamingBody
from obstore.store import MemoryStore
from urllib3.exceptions import ReadTimeoutError

from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.models import FlowLog, StoredObject
from flowtui.aws.objects import (
    bucket_region,
    fetch,
    flow_log_objects,
    list_buckets,
    list_objects,
    parse_s3_uri,
)
from flowtui.aws.session import Account
from flowtui.errors import AccessDenied, AwsError, UsageError
from tests.aws.scripted import NOW, Refused, Script, flow_log

REGION = "us-east-1"
PLAIN = "AWSLogs/123456789010/vpcflowlogs/us-east-1/"
HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/"


def key(day: datetime, *, root: str = PLAIN, flow_log_id: str = "fl-1234abcd", hourly: bool = False) -> str:
    hive = "aws-account-id" in root
    folder = f"year={day:%Y}/month={day:%m}/day={day:%d}/" if hive else f"{day:%Y/%m/%d}/"
    if hourly:
        folder += f"hour={day:%H}/" if hive else f"{day:%H}/"
    return f"{root}{folder}123456789010_vpcflowlogs_us-east-1_{flow_log_id}_{day:%Y%m%dT%H%M}Z_0a1b2c3d.log.gz"


class Spy:
    """A memory store that remembers which prefixes were listed."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.listed: list[str | None] = []
        self.lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def list(self, prefix: str | None = None, **options: Any) -> Any:
        with self.lock:
            self.listed.append(prefix)
        return self.store.list(prefix, **options)


@pytest.fixture
def spy() -> Spy:
    return Spy()


@pytest.fixture
def account(spy: Spy) -> Account:
    script = Script({"HeadBucket": lambda p: {"BucketRegion": REGION}})
    script.stores["logs"] = spy  # type: ignore[assignment]  # a spy in the place of a store
    return script.account()


def put(spy: Spy, *keys: str) -> None:
    for name in keys:
        obstore.put(spy.store, name, b"content of " + name[-20:].encode())


def keys(items: Iterator[StoredObject]) -> list[str]:
    return [item.key for item in items]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("s3://bucket", ("bucket", "")),
        ("s3://bucket/", ("bucket", "")),
        ("S3://bucket/a/b/", ("bucket", "a/b/")),
        ("s3://bucket//a", ("bucket", "a")),
    ],
)
def test_uris(uri: str, expected: tuple[str, str]):
    assert parse_s3_uri(uri) == expected


@pytest.mark.parametrize("uri", ["bucket/key", "s3://", "s3:///key", "https://bucket/key", ""])
def test_what_is_no_uri(uri: str):
    with pytest.raises(UsageError):
        parse_s3_uri(uri)


@pytest.mark.parametrize("hourly", [False, True])
@pytest.mark.parametrize("root", [PLAIN, HIVE, "team/" + PLAIN, PLAIN.replace("AWSLogs/", "AWSLogs/o-a1b2c3d4e5/")])
@pytest.mark.parametrize("above", [False, True])
def test_a_range_lists_its_days_only(account: Account, spy: Spy, root: str, hourly: bool, above: bool):
    slots = [NOW - timedelta(hours=hours) for hours in range(0, 24 * 20, 6)]
    put(spy, *(key(slot, root=root, hourly=hourly) for slot in slots))
    since, until = NOW - timedelta(days=2), NOW - timedelta(days=1)
    prefix = root.partition("AWSLogs")[0] if above else root
    found = keys(list_objects(account, "logs", prefix, since, until))
    wanted = [slot for slot in slots if since - timedelta(minutes=10) < slot <= until + timedelta(minutes=15)]
    assert sorted(found) == sorted(key(slot, root=root, hourly=hourly) for slot in wanted)
    assert sorted(name.removeprefix(root) for name in spy.listed if name) == (
        ["year=2024/month=01/day=13/", "year=2024/month=01/day=14/"] if root == HIVE else ["2024/01/13/", "2024/01/14/"]
    )


def test_a_range_without_an_end_reaches_to_now(account: Account, spy: Spy):
    put(spy, key(NOW - timedelta(hours=2)), key(NOW - timedelta(minutes=10)))
    assert keys(list_objects(account, "logs", PLAIN, NOW - timedelta(hours=1))) == [key(NOW - timedelta(minutes=10))]


def test_a_day_of_a_tree_may_be_named(account: Account, spy: Spy):
    put(spy, key(NOW), key(NOW - timedelta(days=1)))
    assert keys(list_objects(account, "logs", PLAIN + "2024/01/14/", NOW - timedelta(days=3))) == [
        key(NOW - timedelta(days=1))
    ]
    assert spy.listed == [PLAIN + "2024/01/14/"]


@pytest.mark.parametrize("prefix", ["", "AWSLogs/", PLAIN, PLAIN.rstrip("/"), PLAIN + "2024/01/1", "AWSLogs/1234"])
def test_without_a_range_everything_under_the_prefix_is_listed(account: Account, spy: Spy, prefix: str):
    put(spy, key(NOW), "AWSLogs/123456789010/CloudTrail/us-east-1/x.json", "notes.txt")
    assert keys(list_objects(account, "logs", prefix)) == [key(NOW)]


def test_one_object(account: Account, spy: Spy):
    put(spy, key(NOW), key(NOW - timedelta(minutes=5)))
    [item] = list_objects(account, "logs", key(NOW))
    assert (item.bucket, item.key, item.size) == ("logs", key(NOW), 31)
    assert item.modified.tzinfo == UTC
    assert spy.listed == []
    assert list(list_objects(account, "logs", "gone.log.gz")) == []


def test_files_of_the_users_own_outside_any_tree(account: Account, spy: Spy):
    put(spy, "mine/a.log", "mine/b.parquet", "mine/readme.md")
    assert sorted(keys(list_objects(account, "logs", "mine/", NOW - timedelta(days=1)))) == [
        "mine/a.log",
        "mine/b.parquet",
    ]


def test_too_many_strange_folders_are_refused_and_not_walked(account: Account, spy: Spy):
    put(spy, *(f"images/{number}/x.png" for number in range(300)))
    with pytest.raises(UsageError, match="too many folders"):
        list(list_objects(account, "logs", "", NOW - timedelta(days=1)))


def test_a_listing_can_be_left_early(account: Account, spy: Spy):
    put(spy, *(key(NOW - timedelta(days=days)) for days in range(30)))
    listing = list_objects(account, "logs", PLAIN, NOW - timedelta(days=30))
    assert next(listing).key == key(NOW - timedelta(days=29))
    listing.close()


def described(script: Script, **options: Any) -> FlowLog:
    script.answers["DescribeFlowLogs"] = lambda p: {"FlowLogs": [flow_log("fl-1234abcd", "vpc-1", **options)]}
    [found] = list_flow_logs(script.account(), REGION)
    return found


@pytest.mark.parametrize(
    ("root", "options"),
    [
        (PLAIN, {"bucket": "logs"}),
        ("team/" + PLAIN, {"bucket": "logs/team/"}),
        (
            HIVE,
            {
                "bucket": "logs",
                "DestinationOptions": {
                    "FileFormat": "plain-text",
                    "HiveCompatiblePartitions": True,
                    "PerHourPartition": False,
                },
            },
        ),
    ],
)
def test_the_objects_of_one_flow_log(account: Account, spy: Spy, root: str, options: dict[str, Any]):
    put(spy, key(NOW, root=root), key(NOW, root=root, flow_log_id="fl-00000000"))
    assert keys(flow_log_objects(account, described(Script(), **options), NOW - timedelta(hours=1))) == [
        key(NOW, root=root)
    ]


def test_objects_of_a_flow_log_that_writes_elsewhere(account: Account):
    with pytest.raises(UsageError, match="cloud-watch-logs"):
        list(flow_log_objects(account, described(Script(), group="g"), NOW))


def test_fetch(account: Account, spy: Spy):
    put(spy, key(NOW))
    [item] = list_objects(account, "logs", PLAIN)
    assert fetch(account, item) == b"content of " + key(NOW)[-20:].encode()


def test_fetch_of_an_object_replaced_since(account: Account, spy: Spy):
    put(spy, key(NOW))
    [item] = list_objects(account, "logs", PLAIN)
    put(spy, key(NOW))
    with pytest.raises(AwsError) as caught:
        fetch(account, item)
    assert caught.value.code == "PreconditionFailed"
    assert "replaced" in caught.value.message


def test_fetch_of_an_object_deleted_since(account: Account, spy: Spy):
    put(spy, key(NOW))
    [item] = list_objects(account, "logs", PLAIN)
    obstore.delete(spy.store, item.key)
    with pytest.raises(AwsError) as caught:
        fetch(account, item)
    assert caught.value.code == "NoSuchKey"
    assert f"s3://logs/{item.key}" in caught.value.message


def test_the_region_of_a_bucket_is_asked_once():
    script = Script({"HeadBucket": lambda p: {"BucketRegion": "eu-west-1"}})
    account = script.account()
    assert [bucket_region(account, "logs") for _ in range(3)] == ["eu-west-1"] * 3
    assert script.operations() == ["HeadBucket"]


def test_the_region_of_a_bucket_is_known_even_when_denied():
    def denied(_):
        raise Refused("403", "Forbidden", 403, {"x-amz-bucket-region": "eu-central-1"})

    assert bucket_region(Script({"HeadBucket": denied}).account(), "logs") == "eu-central-1"


def test_a_bucket_that_is_not_there():
    def missing(_):
        raise Refused("404", "Not Found", 404)

    with pytest.raises(AwsError, match="There is no bucket lost") as caught:
        bucket_region(Script({"HeadBucket": missing}).account(), "lost")
    assert caught.value.code == "NoSuchBucket"


def test_buckets():
    script = Script({"ListBuckets": lambda p: {"Buckets": [{"Name": "a"}, {"Name": "b"}]}})
    assert list_buckets(script.account()) == ("a", "b")


def test_buckets_denied():
    def denied(_):
        raise Refused("AccessDenied", "Access Denied", 403)

    with pytest.raises(AccessDenied) as caught:
        list_buckets(Script({"ListBuckets": denied}).account())
    assert caught.value.action == "s3:ListAllMyBuckets"


class Dropped(io.BytesIO):
    """A connection that is lost under a reader."""

    def read(self, *_: Any) -> bytes:
        raise ReadTimeoutError(None, None, "Read timed out.")  # type: ignore[arg-type]  # the pool it names is not asked


@pytest.mark.parametrize("body", [io.BytesIO(b"abc"), Dropped()], ids=["short", "dropped"])
def test_an_object_with_an_odd_key_whose_body_ends_early_is_told(body: io.BytesIO) -> None:
    script = Script({"GetObject": lambda p: {"Body": StreamingBody(body, 10), "ContentLength": 10}})
    script.answers["HeadBucket"] = lambda p: {"BucketRegion": REGION}
    item = StoredObject("flow", "a//b.log", '"e"', 10, NOW)
    with pytest.raises(AwsError):
        fetch(script.account(), item)
