"""Objects in their layouts, the same through the store and through boto3, arriving as time goes by."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError, PreconditionError

from flowtui.aws.objects import fetch, list_objects
from flowtui.demo.account import demo_account
from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser
from flowtui.records.paths import ObjectPath
from tests.demo.conftest import HandClock

BUCKET = "demo-flow-logs"
PLAIN = "AWSLogs/123456789010/vpcflowlogs/us-east-1/"
HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/"


def listed(store, prefix=None, **given):
    return [meta for chunk in store.list(prefix, **given) for meta in chunk]


@pytest.fixture
def store(account):
    return account.store(BUCKET)


@pytest.mark.parametrize(
    ("bucket", "prefix", "hive", "hourly"),
    [
        (BUCKET, PLAIN, False, False),
        (BUCKET, HIVE, True, True),
        ("demo-flow-logs-eu", "network/AWSLogs/123456789010/vpcflowlogs/eu-west-1/", False, False),
    ],
)
def test_keys_are_those_of_aws(account, clock, bucket, prefix, hive, hourly):
    region = prefix.rstrip("/").rpartition("/")[2].removeprefix("aws-region=")
    flow_logs = {item["FlowLogId"] for item in account.call("ec2", "describe_flow_logs", region)["FlowLogs"]}
    keys = [meta["path"] for meta in listed(account.store(bucket), prefix)]
    for key in keys:
        path = ObjectPath.parse(key)
        assert (path.region, path.hive, path.hour is not None) == (region, hive, hourly)
        assert path.slot.date() == path.date
        assert path.slot.minute % 5 == 0
        assert path.flow_log_id in flow_logs or path.date.isoformat() == "2024-01-15"
    newest = max(ObjectPath.parse(key).slot for key in keys)
    assert timedelta(minutes=5) < clock.now - newest < timedelta(minutes=30)


@pytest.mark.parametrize("prefix", [f"{PLAIN}2026/06/01/", f"{HIVE}year=2026/month=06/day=01/hour=03/"])
def test_records_fit_header_and_slot(account, store, prefix):
    (flow_logs,) = [account.call("ec2", "describe_flow_logs", "us-east-1")["FlowLogs"]]
    formats = {item["FlowLogId"]: Layout.from_log_format(item["LogFormat"]) for item in flow_logs}
    for meta in listed(store, prefix)[:12]:
        path = ObjectPath.parse(meta["path"])
        header, *lines = gzip.decompress(bytes(store.get(meta["path"]).bytes())).decode().splitlines()
        layout = Layout.from_header(header)
        assert layout.names == formats[path.flow_log_id].names
        assert lines
        for line in lines:
            record = LineParser(layout).parse(line)
            end = datetime.fromtimestamp(record.end, UTC)
            assert path.slot <= end < path.slot + timedelta(minutes=5)
            assert record.log_status in ("OK", "NODATA", "SKIPDATA")


def test_three_days_and_no_more(store, clock):
    slots = [ObjectPath.parse(meta["path"]).slot for meta in listed(store, HIVE)]
    assert clock.now - timedelta(days=3) <= min(slots) < clock.now - timedelta(days=2, hours=23)
    assert len(slots) == len(set(slots))


def test_everything_is_a_modest_amount(account):
    buckets = [bucket["Name"] for bucket in account.call("s3", "list_buckets")["Buckets"]]
    records = 0
    for bucket in buckets:
        store = account.store(bucket)
        for meta in listed(store):
            records += gzip.decompress(bytes(store.get(meta["path"]).bytes())).count(b"\n") - 1
    assert 60_000 < records < 160_000


def test_the_seeds_day(account):
    there = list(list_objects(account, BUCKET, f"{PLAIN}2024/01/15/"))
    assert len(there) == 144
    assert {ObjectPath.parse(item.key).flow_log_id for item in there} == {"fl-1234abcd"}
    text = gzip.decompress(fetch(account, there[0])).decode()
    assert text.startswith("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes ")
    assert " 192.168.1.100 " in text


def test_objects_appear_as_time_goes_by(store, clock):
    before = {meta["path"] for meta in listed(store, HIVE)}
    clock.move(minutes=20)
    after = {meta["path"]: meta for meta in listed(store, HIVE)}
    fresh = set(after) - before
    assert len(fresh) == 2
    assert all(clock.now - timedelta(minutes=20) < after[key]["last_modified"] <= clock.now for key in fresh)


def test_an_object_is_always_the_same(store):
    later = demo_account(clock=HandClock(HandClock().now + timedelta(hours=30)))
    mine = {meta["path"]: meta for meta in listed(store, PLAIN)}
    theirs = {meta["path"]: meta for meta in listed(later.store(BUCKET), PLAIN)}
    both = set(mine) & set(theirs)
    assert len(both) > 100
    assert {key: mine[key] for key in both} == {key: theirs[key] for key in both}


def test_store_and_boto3_agree(account, store):
    prefix = f"{PLAIN}2026/05/31/"
    by_store = listed(store, prefix)
    pages = account.pages("s3", "list_objects_v2", Bucket=BUCKET, Prefix=prefix, PaginationConfig={"PageSize": 100})
    by_boto = [item for page in pages for item in page["Contents"]]
    assert [(meta["path"], meta["e_tag"], meta["size"], meta["last_modified"]) for meta in by_store] == [
        (item["Key"], item["ETag"], item["Size"], item["LastModified"]) for item in by_boto
    ]
    first = by_boto[0]
    with account.call("s3", "get_object", Bucket=BUCKET, Key=first["Key"])["Body"] as body:
        assert body.read() == bytes(store.get(first["Key"]).bytes())
    assert account.call("s3", "head_object", Bucket=BUCKET, Key=first["Key"])["ContentLength"] == first["Size"]


def test_folders(account):
    answer = account.call("s3", "list_objects_v2", Bucket=BUCKET, Prefix="AWSLogs/", Delimiter="/")
    folders = [item["Prefix"] for item in answer["CommonPrefixes"]]
    assert folders == ["AWSLogs/123456789010/", "AWSLogs/aws-account-id=123456789010/"]
    assert answer["Contents"] == []
    one = account.call("s3", "list_objects_v2", Bucket=BUCKET, Prefix="AWSLogs/", Delimiter="/", MaxKeys=1)
    assert one["IsTruncated"]
    rest = account.call(
        "s3",
        "list_objects_v2",
        Bucket=BUCKET,
        Prefix="AWSLogs/",
        Delimiter="/",
        ContinuationToken=one["NextContinuationToken"],
    )
    assert [item["Prefix"] for item in rest["CommonPrefixes"]] == folders[1:]


def test_store_lists_folders_behind_an_offset(store):
    keys = [meta["path"] for meta in listed(store, f"{PLAIN}2024/01/15")]
    assert len(keys) == 144
    assert [meta["path"] for meta in listed(store, f"{PLAIN}2024/01/15", offset=keys[9])] == keys[10:]
    assert listed(store, f"{PLAIN}2024/01/1") == []
    assert [len(chunk) for chunk in store.list(f"{PLAIN}2024/01/15", chunk_size=100)] == [100, 44]


def test_store_checks_etags_and_knows_what_is_absent(store):
    key = listed(store, f"{PLAIN}2024/01/15")[0]
    assert store.head(key["path"]) == key
    assert store.get(key["path"], options={"if_match": key["e_tag"]}).bytes()
    with pytest.raises(PreconditionError):
        store.get(key["path"], options={"if_match": '"other"'})
    with pytest.raises(FileNotFoundError):
        store.get("absent")
    with pytest.raises(FileNotFoundError):
        store.head("absent")


async def test_store_without_blocking_calls(store):
    key = listed(store, f"{PLAIN}2024/01/15")[0]["path"]
    assert bytes((await store.get_async(key)).bytes()) == bytes(store.get(key).bytes())


def test_buckets_that_are_not_ours(account):
    with pytest.raises(GenericError, match="NoSuchBucket"):
        listed(account.store("absent"))
    with pytest.raises(PermissionDeniedError):
        listed(account.store("demo-taken-bucket"))


def test_delivered_to_a_bucket_of_ones_own(account, clock):
    account.call(
        "ec2",
        "create_flow_logs",
        "us-east-1",
        ResourceIds=["vpc-0a1b2c3d4e5f60718"],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::demo-athena-results/mine",
        MaxAggregationInterval=60,
    )
    assert (
        "delivery.logs.amazonaws.com" in account.call("s3", "get_bucket_policy", Bucket="demo-athena-results")["Policy"]
    )
    assert listed(account.store("demo-athena-results")) == []
    clock.move(minutes=30)
    keys = [meta["path"] for meta in listed(account.store("demo-athena-results"))]
    assert keys
    assert all(key.startswith("mine/AWSLogs/123456789010/") for key in keys)


def test_parquet(account, clock):
    import io

    from pyarrow import parquet

    account.call(
        "ec2",
        "create_flow_logs",
        "us-east-1",
        ResourceIds=["vpc-0a1b2c3d4e5f60718"],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::demo-athena-results",
        DestinationOptions={"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": False},
    )
    clock.move(hours=1)
    store = account.store("demo-athena-results")
    keys = [meta["path"] for meta in listed(store)]
    assert all(ObjectPath.parse(key).file_format == "parquet" for key in keys)
    table = parquet.read_table(io.BytesIO(bytes(store.get(keys[0]).bytes())))
    assert table.column_names[:4] == ["version", "account_id", "interface_id", "srcaddr"]
    assert str(table.schema.field("bytes").type) == "int64"
    assert table.num_rows > 50
    rows = table.to_pylist()
    assert {row["srcaddr"] is None for row in rows if row["log_status"] == "NODATA"} == {True}
