"""How much a VPC's flow logs write."""

from datetime import timedelta

import pytest
from obstore.store import MemoryStore

from flowtui.aws.volume import GZIP_RATIO, observed_volume
from tests.aws.scripted import ACCOUNT_ID, NOW, Script, flow_log

VPC = "vpc-0aaaaaaa"
OLD = {"CreationTime": NOW - timedelta(days=40)}


def script(*logs, groups=()):
    return Script(
        {
            "DescribeFlowLogs": lambda _: {"FlowLogs": list(logs)},
            "DescribeLogGroups": lambda _: {"logGroups": list(groups)},
            "HeadBucket": lambda _: {"BucketRegion": "us-east-1"},
        }
    )


def group(stored, retention=None):
    found = {"logGroupName": "/vpc", "arn": "a", "storedBytes": stored}
    return found | ({"retentionInDays": retention} if retention else {})


def test_objects_of_the_last_whole_day_times_a_month():
    made = script(flow_log("fl-1", VPC, bucket="logs", **OLD))
    store = made.stores["logs"] = MemoryStore()
    tree = f"AWSLogs/{ACCOUNT_ID}/vpcflowlogs/us-east-1/2024/01"
    name = f"{ACCOUNT_ID}_vpcflowlogs_us-east-1_{{}}_202401{{}}T0005Z_x.log.gz"
    store.put(f"{tree}/14/{name.format('fl-1', 14)}", b"x" * 1_000_000)
    store.put(f"{tree}/14/{name.format('fl-2', 14)}", b"x" * 5_000_000)
    store.put(f"{tree}/15/{name.format('fl-1', 15)}", b"x" * 7_000_000)
    volume = observed_volume(made.account(), "us-east-1", VPC)
    assert volume is not None
    assert volume.gb == pytest.approx(0.001 * GZIP_RATIO * 30)
    assert "fl-1" in volume.source and "2024-01-14" in volume.source


@pytest.mark.parametrize(("retention", "days"), [(None, 40), (10, 10), (400, 40)])
def test_a_log_group_by_what_it_holds(retention, days):
    made = script(flow_log("fl-1", VPC, group="/vpc", **OLD), groups=[group(40_000_000_000, retention)])
    volume = observed_volume(made.account(), "us-east-1", VPC)
    assert volume is not None and volume.gb == pytest.approx(40 / days * 30)
    assert "/vpc" in volume.source


def test_a_log_group_older_than_its_flow_log():
    old = group(40_000_000_000) | {"creationTime": int((NOW - timedelta(days=80)).timestamp() * 1000)}
    made = script(flow_log("fl-1", VPC, group="/vpc", **OLD), groups=[old])
    volume = observed_volume(made.account(), "us-east-1", VPC)
    assert volume is not None and volume.gb == pytest.approx(40 / 80 * 30)
    assert "80 days" in volume.source


@pytest.mark.parametrize(
    "logs",
    [
        (),
        (flow_log("fl-1", "vpc-other", group="/vpc", **OLD),),
        (flow_log("fl-1", VPC, group="/vpc"),),
        (flow_log("fl-1", VPC, bucket="logs"),),
    ],
)
def test_nothing_to_measure_is_none(logs):
    made = script(*logs, groups=[group(1_000)])
    assert observed_volume(made.account(), "us-east-1", VPC) is None
