"""The stories are in the records, and the records fit their flow logs' formats."""

import ipaddress
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.demo import plans, stories
from flowtui.demo.flowlogs import seeded
from flowtui.demo.render import Renderer, renderer
from flowtui.demo.traffic import observed, window
from flowtui.demo.world import world
from flowtui.records.fields import VPC_BY_NAME
from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser

HOUR = 1780311600
FLOW_LOGS = seeded(HOUR)


def hour(vpc_id, length=60):
    return [flow for start in range(HOUR, HOUR + 3600, length) for flow in window(vpc_id, start, length)]


@pytest.fixture(scope="module")
def prod():
    return hour(plans.PROD_CORE)


def test_brute_force_is_rejected(prod):
    tries = [flow for flow in prod if flow.src == plans.BRUTE_FORCER]
    assert len(tries) > 100
    assert {(flow.action, flow.dst_port, flow.interface.name) for flow in tries} == {("REJECT", 22, "web-3")}
    assert len({flow.src_port for flow in tries}) > 50


def test_reply_is_dropped(prod):
    asked = {flow.src_port: flow for flow in prod if flow.src == plans.PARTNER}
    answers = [flow for flow in prod if flow.dst == plans.PARTNER]
    assert asked
    assert {flow.action for flow in asked.values()} == {"ACCEPT"}
    assert {flow.action for flow in answers} == {"REJECT"}
    assert {flow.dst_port for flow in answers} == set(asked)
    assert all(flow.egress and flow.src_port == 443 for flow in answers)


def test_web_traffic_goes_through_to_the_database(prod):
    pairs = Counter(
        (flow.interface.role, flow.egress, flow.dst_port) for flow in prod if flow.dst_port in (443, 80, 5432)
    )
    for step in (("alb", False, 443), ("alb", True, 80), ("web", False, 80), ("web", True, 5432), ("db", False, 5432)):
        assert pairs[step] > 50, step


def test_nat_hides_addresses(prod):
    at_nat = [flow for flow in prod if flow.interface.role == "nat" and flow.action == "ACCEPT"]
    assert {flow for flow in at_nat if flow.src != flow.pkt_src}
    assert {flow for flow in at_nat if flow.dst != flow.pkt_dst}
    sent = Counter()
    for flow in prod:
        sent[flow.interface.name] += flow.bytes
    assert sent["nat-a"] > 5 * sent["bastion"]


def test_port_scan_comes_once_an_hour(prod):
    scans = [flow for flow in prod if flow.src == plans.SCANNER]
    assert len({flow.dst_port for flow in scans}) > 15
    assert {flow.start % 3600 // 600 for flow in scans} == {1}


def test_ipv6_and_icmp_and_udp(prod):
    assert any(":" in flow.src for flow in prod)
    assert {1, 6, 17} <= {flow.protocol for flow in prod}
    for flow in prod:
        ipaddress.ip_address(flow.src)
        ipaddress.ip_address(flow.dst)


def test_both_ends_tell_of_one_conversation(prod):
    ours = {interface.ip: interface for interface in world().by_id[plans.PROD_CORE].interfaces}
    flows = [flow for flow in prod if flow.src in ours and flow.dst in ours and flow.pkt_src == flow.src]
    told = Counter((flow.src, flow.dst, flow.src_port, flow.dst_port, flow.start) for flow in flows)
    assert told
    twice = sum(1 for count in told.values() if count >= 2)
    assert twice / len(told) > 0.8


def lets_in(rules, flow, ours):
    """Whether some rule of security groups lets a packet in."""
    source = ipaddress.ip_address(flow.src)
    for rule in rules:
        if rule.egress or rule.protocol not in ("-1", {1: "icmp", 6: "tcp", 17: "udp"}[flow.protocol]):
            continue
        if rule.protocol in ("tcp", "udp") and not rule.ports[0] <= flow.dst_port <= rule.ports[1]:
            continue
        if rule.peer.startswith("sg-"):
            if rule.peer in ours.get(flow.src, ()):
                return True
        elif source.version == 6 and rule.peer == "0.0.0.0/0":
            return True  # these groups are open for both
        elif source.version == 4 and source in ipaddress.ip_network(rule.peer):
            return True
    return False


@pytest.mark.parametrize("vpc", world().vpcs, ids=lambda vpc: vpc.name)
def test_security_groups_explain_what_was_accepted_and_rejected(vpc):
    groups = {group.id: group.rules for group in vpc.groups}
    ours = {interface.ip: interface.group_ids for interface in vpc.interfaces}
    for flow in hour(vpc.id, 600):
        opens = flow.flags in (2, 3) or flow.protocol == 1
        if flow.egress or not opens or not flow.interface.group_ids:
            continue
        rules = [rule for group in flow.interface.group_ids for rule in groups[group]]
        assert lets_in(rules, flow, ours) == (flow.action == "ACCEPT"), flow


def test_idle_interfaces_and_lost_records():
    flows = [flow for start in range(HOUR, HOUR + 3600, 60) for flow in observed(plans.PROD_CORE, start, 60, "ALL")]
    idle = {flow.interface.name for flow in flows if flow.status == "NODATA"}
    assert "standby-1" in idle
    assert "spare" not in idle
    assert 1 <= sum(flow.status == "SKIPDATA" for flow in flows) <= 10


@pytest.mark.parametrize("traffic", ["ACCEPT", "REJECT"])
def test_traffic_type(traffic):
    flows = observed(plans.PROD_CORE, HOUR, 600, traffic)
    assert {flow.action for flow in flows if flow.status == "OK"} == {traffic}


def test_subnet_and_interface_see_their_own():
    vpc = world().by_id[plans.DATA]
    subnet = vpc.subnets[0]
    flows = observed(subnet.id, HOUR, 600, "ALL")
    assert flows
    assert {flow.interface.subnet_id for flow in flows} == {subnet.id}
    one = vpc.interfaces[0]
    assert {flow.interface for flow in observed(one.id, HOUR, 600, "ALL")} == {one}
    assert observed("vpc-0dead", HOUR, 600, "ALL") == []


@given(minute=st.integers(min_value=20_000_000, max_value=40_000_000), length=st.sampled_from([60, 600]))
@settings(max_examples=25)
def test_records_stay_in_their_window_and_repeat(minute, length):
    start = minute * 60 // length * length
    flows = observed(plans.PROD_CORE, start, length, "ALL")
    assert flows
    for flow in flows:
        assert start <= flow.start <= flow.end < start + length
        if length == 600 and flow.status == "OK":
            assert flow.end >= start + 300
    window.cache_clear()
    assert observed(plans.PROD_CORE, start, length, "ALL") == flows


@pytest.mark.parametrize("flow_log", FLOW_LOGS, ids=lambda one: one.id)
def test_records_parse_with_their_format(flow_log):
    content = flow_log.content
    layout = Layout.from_log_format(content.log_format)
    assert not layout.unknown
    parser, line = LineParser(layout), renderer(content.log_format).line
    versions = {VPC_BY_NAME[name].version for name in layout.names}
    for flow in observed(content.resource_id, HOUR, content.interval_s, content.traffic_type):
        record = parser.parse(line(flow))
        assert (record.start, record.end, record.log_status) == (flow.start, flow.end, flow.status)
        assert record.interface_id == flow.interface.id
        assert record.get("version") == max(versions)
        if flow.status == "OK":
            assert (record.srcaddr, record.dstport, record.bytes) == (flow.src, flow.dst_port, flow.bytes)
        else:
            assert (record.srcaddr, record.dstport, record.action) == ("-", None, "-")


def test_any_format():
    flow = window(plans.PROD_CORE, HOUR, 60)[0]
    assert Renderer("${bytes}").line(flow) == str(flow.bytes)
    names = "ecs-task-id version interface-type"
    assert Renderer(" ".join(f"${{{name}}}" for name in names.split())).line(flow).split()[:2] == ["-", "11"]


def test_every_story_plays_somewhere():
    def told(story):
        from flowtui.demo.stage import Stage

        return sum(
            len(stage.flows)
            for vpc in world().vpcs
            for start in range(HOUR, HOUR + 3600, 600)
            if (stage := Stage(vpc, start, 600, f"{start}")) and story(stage) is None
        )

    silent = [story.__name__ for story in stories.STORIES if not told(story)]
    assert not silent


def test_the_seeds_queries_have_answers():
    archive = next(one for one in FLOW_LOGS if one.archived).content
    flows = [
        flow
        for start in range(1705276800, 1705276800 + 7200, 600)
        for flow in observed(archive.resource_id, start, 600, "ALL")
    ]
    assert any(flow.src == "192.168.1.100" for flow in flows)
    assert any(flow.dst_port == 22 and flow.action == "ACCEPT" and flow.protocol == 6 for flow in flows)
    assert any(flow.action == "REJECT" for flow in flows)
