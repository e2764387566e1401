from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.aws.models import RegionRefusal
from flowtui.errors import AccessDenied, AwsError
from flowtui.insight.coverage import State, coverage, first_record_due, format_version, is_starting
from flowtui.insight.coverage_text import refusal_text, sentence, tally
from tests.insight.facts import NOW, Facts, flow_log, interface, s3_flow_log, subnet, vpc

SEVEN = tuple(subnet(f"subnet-{number}") for number in range(1, 8))
DENIED = AccessDenied("ec2:DescribeFlowLogs was denied", "Ask.", action="ec2:DescribeFlowLogs", region="us-east-1")


def judged(*logs, **more):
    (item,) = coverage(Facts(flow_logs=logs, **more), NOW)
    return item


def test_none():
    item = judged(subnets=SEVEN, interfaces=(interface("eni-1"), interface("eni-2")))
    assert (item.state, item.label, item.reason) == (State.NONE, "none", "")
    assert (item.subnets_covered, item.subnets_total, item.interfaces_dark, item.interface_count) == (0, 7, 2, 2)
    assert (item.destinations, item.traffic, item.version, item.interval_s) == ((), "", 0, 0)
    assert sentence(item) == "data · no flow log on the VPC, its subnets or interfaces; all 2 interfaces are dark."


def test_active_by_the_vpcs_own():
    item = judged(flow_log(), subnets=SEVEN, interfaces=(interface("eni-1", "subnet-3"),))
    assert (item.state, item.label) == (State.ACTIVE, "active")
    assert (item.subnets_covered, item.interfaces_dark) == (7, 0)
    assert (item.destinations, item.traffic, item.version, item.interval_s) == (("CW",), "ALL", 2, 600)
    assert sentence(item) == "data · 1 flow log to CW; 1 interface."


def test_partial_by_subnets_counts_what_is_dark():
    enis = tuple(interface(f"eni-{n}", "subnet-1" if n < 5 else "subnet-7") for n in range(27))
    logs = (flow_log("subnet-1"), flow_log("subnet-2"), flow_log("subnet-3"))
    item = judged(*logs, subnets=SEVEN, interfaces=enis)
    assert (item.state, item.label) == (State.PARTIAL, "partial 3/7 sub")
    assert item.interfaces_dark == 22
    assert sentence(item) == "data · 3 of 7 subnets have flow logs; 4 subnets with 22 interfaces are dark."


def test_partial_by_one_interface():
    enis = (interface("eni-1"), interface("eni-2"), interface("eni-3"))
    item = judged(flow_log("eni-2"), subnets=SEVEN, interfaces=enis)
    assert (item.state, item.label) == (State.PARTIAL, "partial 1/3 eni")
    assert sentence(item) == "data · 1 of 3 interfaces has flow logs; 2 interfaces are dark."


def test_an_interface_level_log_lights_its_interface_in_a_dark_subnet():
    enis = (interface("eni-1", "subnet-1"), interface("eni-2", "subnet-2"), interface("eni-3", "subnet-2"))
    item = judged(flow_log("subnet-1"), flow_log("eni-3"), subnets=SEVEN[:2], interfaces=enis)
    assert (item.state, item.interfaces_dark) == (State.PARTIAL, 1)


def test_every_subnet_covered_is_active():
    item = judged(*(flow_log(part.id) for part in SEVEN), subnets=SEVEN)
    assert item.state is State.ACTIVE


@pytest.mark.parametrize(
    ("make", "interval_s", "due_s"), [(flow_log, 600, 900), (flow_log, 60, 360), (s3_flow_log, 600, 1200)]
)
def test_starting_lasts_an_interval_and_the_delivery(make, interval_s, due_s):
    young = make(interval_s=interval_s, deliver_status="", created=NOW - timedelta(seconds=due_s - 1))
    old = make(interval_s=interval_s, deliver_status="", created=NOW - timedelta(seconds=due_s))
    assert is_starting(young, NOW)
    assert not is_starting(old, NOW)
    assert judged(young).state is State.STARTING
    assert judged(old).state is State.ACTIVE
    assert "has not reported a delivery yet" in judged(old).reason


def test_starting_says_when():
    log = flow_log(deliver_status="", created=NOW - timedelta(minutes=2))
    item = judged(log)
    assert first_record_due(log) == NOW + timedelta(minutes=13)
    assert (item.label, item.reason) == ("starting 14:18", "first record expected 14:18 UTC")
    assert sentence(item) == "data · new flow log; first record expected 14:18 UTC."


def test_a_young_one_that_delivered_is_active():
    assert judged(flow_log(created=NOW - timedelta(minutes=2))).state is State.ACTIVE


def test_a_new_log_beside_an_old_one_is_active():
    new = s3_flow_log(id="fl-new", deliver_status="", created=NOW)
    item = judged(flow_log(), new)
    assert (item.state, item.destinations) == (State.ACTIVE, ("CW", "S3"))


def test_failing_has_awss_reason_also_when_another_delivers():
    bad = flow_log(id="fl-bad", deliver_status="FAILED", deliver_error="Access error")
    assert judged(bad).label == "Access error"
    item = judged(s3_flow_log(), bad)
    assert (item.state, item.reason) == (State.FAILING, "Access error (fl-bad to CW; 1 of 2 flow logs fail)")
    assert judged(flow_log(deliver_status="FAILED")).label == "failing"


def test_several_flow_logs_are_summed_up():
    full = "${version} ${vpc-id} ${flow-direction} ${start}"
    item = judged(
        flow_log(traffic_type="ACCEPT"),
        s3_flow_log(id="fl-2", traffic_type="REJECT", log_format=full, interval_s=60),
    )
    assert (item.traffic, item.version, item.interval_s, item.destinations) == ("ALL", 5, 60, ("CW", "S3"))


def test_rejects_only_is_said():
    item = judged(flow_log(traffic_type="REJECT"))
    assert (item.state, item.traffic) == (State.ACTIVE, "REJECT")
    assert "REJECT only" in sentence(item)


def test_unlisted_flow_logs_are_unknown_not_none():
    item = judged(subnets=SEVEN, refused={"flow_logs": DENIED})
    assert (item.state, item.label) == (State.UNKNOWN, "unknown")
    assert item.reason == "cannot list flow logs: needs ec2:DescribeFlowLogs"


def test_unlisted_subnets_matter_only_where_a_subnet_log_could_be_theirs():
    refused = {"subnets": AwsError("ec2:DescribeSubnets was throttled")}
    assert judged(refused=refused).state is State.NONE
    assert judged(flow_log(), refused=refused).state is State.ACTIVE
    elsewhere = judged(flow_log("subnet-99"), refused=refused)
    assert (elsewhere.state, elsewhere.subnets_total) == (State.UNKNOWN, None)
    assert "throttled" in elsewhere.reason


def test_unlisted_interfaces_have_no_count():
    item = judged(flow_log(), subnets=SEVEN, refused={"interfaces": DENIED})
    assert (item.state, item.interface_count, item.interfaces_dark) == (State.ACTIVE, None, None)
    assert "? interfaces" in sentence(item)


def test_a_vpc_shared_by_another_account_is_unknown():
    item = judged(vpcs=(vpc(owner="999999999999"),))
    assert item.state is State.UNKNOWN
    assert "999999999999" in item.reason
    assert judged(flow_log(), vpcs=(vpc(owner="999999999999"),)).state is State.ACTIVE


def test_a_flow_log_elsewhere_covers_nothing_here():
    facts = Facts(
        vpcs=(vpc("vpc-1"), vpc("vpc-2")),
        subnets=(subnet("subnet-1", "vpc-1"), subnet("subnet-2", "vpc-2")),
        flow_logs=(flow_log("subnet-2"), flow_log("tgw-1")),
    )
    assert [item.state for item in coverage(facts, NOW)] == [State.NONE, State.ACTIVE]


def test_format_version():
    assert format_version("") == 2
    assert format_version("${version} ${vpc-id}") == 3
    assert format_version("${encryption-status} ${srcaddr} ${brand-new}") == 10
    assert format_version("no fields at all") == 0


def test_every_state_has_its_own_symbols():
    assert len({state.symbol for state in State}) == len(State)
    assert len({state.ascii for state in State}) == len(State)
    assert all(state.ascii.isascii() for state in State)


def test_tally_is_ordered_and_leaves_out_what_is_not_there():
    items = [judged(), judged(flow_log()), judged()]
    assert tally(items) == {State.ACTIVE: 1, State.NONE: 2}
    assert list(tally(items)) == [State.ACTIVE, State.NONE]


def test_hostile_text_is_made_safe():
    assert "\x1b" not in sentence(judged(vpcs=(vpc(name="evil\x1b[2J"),)))
    assert "\r" not in refusal_text(RegionRefusal("us-east-1", "1", AwsError("bad\rwords")))


def test_refusals_in_a_row():
    assert refusal_text(RegionRefusal("us-east-1", "1", DENIED)) == "cannot list: needs ec2:DescribeFlowLogs"
    assert refusal_text(RegionRefusal("us-east-1", "1", AwsError("no network"))) == "no network"


@given(
    st.integers(0, 4),
    st.lists(st.integers(0, 3), max_size=8),
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 7)),
    st.booleans(),
)
def test_counts_add_up(subnet_count, places, logged_subnets, logged_interfaces, own):
    """Whatever is covered: dark interfaces are exactly those under no flow log, and nothing exceeds its total."""
    subnets = tuple(subnet(f"subnet-{number}") for number in range(subnet_count))
    enis = tuple(interface(f"eni-{n}", f"subnet-{place}") for n, place in enumerate(places) if place < subnet_count)
    ids = {part.id for part in subnets} | {eni.id for eni in enis}
    wanted = [f"subnet-{n}" for n in logged_subnets] + [f"eni-{n}" for n in logged_interfaces]
    logs = [flow_log(id) for id in wanted if id in ids] + ([flow_log()] if own else [])
    item = judged(*logs, subnets=subnets, interfaces=enis)
    lit = {log.resource_id for log in logs}
    dark = [eni for eni in enis if not own and eni.id not in lit and eni.subnet_id not in lit]
    assert item.interfaces_dark == len(dark)
    assert 0 <= item.subnets_covered <= item.subnets_total == len(subnets)
    assert (item.state is State.NONE) == (not logs)
    assert len(item.flow_logs) == len(logs)
    assert item.vpc.name in sentence(item)
    if item.state is State.ACTIVE:
        assert not dark
