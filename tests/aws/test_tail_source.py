import pytest

from flowtui.aws.tail_source import current_prefixes, resolve
from flowtui.errors import AccessDenied, FlowTuiError
from flowtui.records.layout import DEFAULT_LAYOUT
from tests.aws.scripted import Refused, Script, flow_log, interface

VPC, OTHER = "vpc-0aaaaaaa", "vpc-0bbbbbbb"
SUBNET = "subnet-0aaaaaaa"
ENI1, ENI2 = "eni-01111111", "eni-02222222"
INSTANCE = "i-0123456789abcdef0"


def script(*flow_logs: dict[str, object], groups: tuple[str, ...] = (), region: str = "us-east-1") -> Script:
    interfaces = [
        interface(ENI1, instance=INSTANCE),
        interface(ENI2),
        interface("eni-03333333", OTHER, "subnet-0bbbbbbb"),
    ]

    def describe_interfaces(params):
        wanted = [f["Values"][0] for f in params.get("Filters", ())]
        found = interfaces if params["Region"] == region else []
        return {"NetworkInterfaces": [item for item in found if not wanted or item["VpcId"] in wanted]}

    return Script(
        {
            "DescribeFlowLogs": lambda p: {"FlowLogs": list(flow_logs) if p["Region"] == region else []},
            "DescribeNetworkInterfaces": describe_interfaces,
            "DescribeLogGroups": lambda p: {
                "logGroups": [{"logGroupName": name} for name in groups if p["Region"] == region]
            },
        }
    )


def test_vpc_with_a_group_of_its_own():
    source = resolve(script(flow_log("fl-00000001", VPC, group="g", MaxAggregationInterval=60)).account(), VPC)
    assert (source.region, source.group, source.groups[0].stream_prefixes) == ("us-east-1", "g", ())
    assert source.layouts == (DEFAULT_LAYOUT,)
    assert (source.groups[0].interval_s, source.groups[0].scopes, source.notes) == (60, (), ())


def test_vpc_that_shares_its_group_is_limited_to_its_interfaces():
    account = script(
        flow_log("fl-00000001", VPC, group="g"),
        flow_log("fl-00000002", OTHER, group="g", log_format="${srcaddr} ${dstaddr}"),
    ).account()
    source = resolve(account, VPC)
    assert source.groups[0].stream_prefixes == (ENI1, ENI2)
    assert [len(layout.names) for layout in source.layouts] == [14, 2]
    assert source.groups[0].scopes == (VPC,)
    assert current_prefixes(account, source.groups[0]) == (ENI1, ENI2)


@pytest.mark.parametrize(
    ("target", "prefixes"), [(ENI1, (ENI1,)), (SUBNET, (ENI1, ENI2)), (INSTANCE, (ENI1,)), ("fl-00000001", ())]
)
def test_parts_of_a_vpc_are_read_from_its_group(target: str, prefixes: tuple[str, ...]):
    source = resolve(script(flow_log("fl-00000001", VPC, group="g")).account(), target)
    assert (source.group, source.groups[0].stream_prefixes) == ("g", prefixes)


def test_vpc_covered_by_its_parts_only():
    source = resolve(
        script(flow_log("fl-00000001", SUBNET, group="sub"), flow_log("fl-00000002", ENI2, group="eni")).account(), VPC
    )
    # Both interfaces are in the subnet.
    assert source.group == "sub"
    assert source.notes == (f"further records of {VPC} are in log group eni",)


def test_vpc_covered_by_flow_logs_of_single_interfaces_is_tailed_from_all_their_groups():
    source = resolve(
        script(flow_log("fl-00000001", ENI1, group="one"), flow_log("fl-00000002", ENI2, group="two")).account(), VPC
    )
    assert sorted(group.name for group in source.groups) == ["one", "two"]
    assert source.notes == ()


def test_a_group_that_holds_everything_is_enough():
    source = resolve(
        script(flow_log("fl-00000001", VPC, group="all"), flow_log("fl-00000002", ENI2, group="eni")).account(), VPC
    )
    assert source.group == "all"
    assert source.notes == (f"further records of {VPC} are in log group eni",)


def test_accepted_and_rejected_traffic_in_two_groups_is_tailed_from_both():
    halves = [
        flow_log("fl-00000001", VPC, group="yes", TrafficType="ACCEPT"),
        flow_log("fl-00000002", VPC, group="no", TrafficType="REJECT"),
    ]
    assert sorted(group.name for group in resolve(script(*halves).account(), VPC).groups) == ["no", "yes"]


def test_several_targets_are_tailed_as_one_and_a_shared_group_once():
    account = script(flow_log("fl-00000001", VPC, group="g"), groups=("other", "g")).account()
    source = resolve(account, ENI1, "other", ENI2)
    assert [(group.name, group.stream_prefixes) for group in source.groups] == [("g", (ENI1, ENI2)), ("other", ())]
    assert source.label == f"{ENI1} other {ENI2}"
    whole = resolve(account, ENI1, "g")
    assert [(group.name, group.stream_prefixes) for group in whole.groups] == [("g", ())]


def test_the_regions_are_searched_in_turn():
    account = script(flow_log("fl-00000001", VPC, group="g"), region="eu-west-1").account(("us-east-1", "eu-west-1"))
    assert resolve(account, VPC).region == "eu-west-1"


def test_vpc_that_logs_to_s3_only_is_told_so():
    with pytest.raises(FlowTuiError) as caught:
        resolve(script(flow_log("fl-00000001", VPC, bucket="logs/p")).account(), VPC)
    assert "S3" in caught.value.message
    assert "flowtui load s3://logs/p" in caught.value.hint


@pytest.mark.parametrize("target", [VPC, ENI1, "fl-0abcdef0", "subnet-0ccccccc"])
def test_uncovered(target: str):
    with pytest.raises(FlowTuiError) as caught:
        resolve(script(flow_log("fl-00000002", OTHER, group="g")).account(), target)
    assert target in caught.value.message
    assert caught.value.hint


def test_log_group_by_name_and_by_arn():
    account = script(flow_log("fl-00000001", VPC, group="/vpc/g"), groups=("/vpc/g", "/vpc/g2")).account()
    assert resolve(account, "/vpc/g").layouts == (DEFAULT_LAYOUT,)
    source = resolve(account, "arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g:*")
    assert (source.group, source.region) == ("/vpc/g", "us-east-1")
    with pytest.raises(FlowTuiError, match="There is no log group /vpc in us-east-1"):
        resolve(account, "/vpc")


def streams(*names: str):
    def answer(params):
        return {
            "logStreams": [{"logStreamName": n} for n in names if n.startswith(params.get("logStreamNamePrefix", ""))]
        }

    return answer


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (f"{ENI1}-all", ()),
        ("eni-01", ()),
        (f"{ENI1}-al1", (f"/vpc/g has no log stream {ENI1}-al1 yet. Did you mean {ENI1}-all?",)),
        ("quite-another", ("/vpc/g has no log stream quite-another yet",)),
    ],
)
def test_a_stream_that_is_not_there_is_told_with_the_likeliest(stream: str, said: tuple[str, ...]):
    written = script(flow_log("fl-00000001", VPC, group="/vpc/g"), groups=("/vpc/g",))
    written.answers["DescribeLogStreams"] = streams(f"{ENI1}-all", f"{ENI2}-all")
    source = resolve(written.account(), f"arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g:log-stream:{stream}")
    assert source.notes == said
    assert source.groups[0].stream_prefixes == (stream,)


def test_a_stream_is_tailed_though_streams_may_not_be_listed():
    def denied(_):
        raise Refused("AccessDeniedException", "no")

    written = script(flow_log("fl-00000001", VPC, group="/vpc/g"), groups=("/vpc/g",))
    written.answers["DescribeLogStreams"] = denied
    source = resolve(written.account(), f"arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g:log-stream:{ENI1}-all")
    assert source.notes == ("cannot check that the log stream exists: needs logs:DescribeLogStreams",)


def test_a_stream_by_arn_is_that_stream_of_its_group():
    written = script(flow_log("fl-00000001", VPC, group="/vpc/g"), groups=("/vpc/g",))
    written.answers["DescribeLogStreams"] = streams(f"{ENI1}-all")
    account = written.account()
    source = resolve(account, f"arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g:log-stream:{ENI1}-all")
    assert (source.group, source.groups[0].stream_prefixes, source.label) == (
        "/vpc/g",
        (f"{ENI1}-all",),
        f"/vpc/g {ENI1}-all",
    )
    for every in ("*", ""):
        source = resolve(account, f"arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g:log-stream:{every}")
        assert (source.groups[0].stream_prefixes, source.label) == ((), "/vpc/g")


@pytest.mark.parametrize(
    ("arn", "prefixes"),
    [
        (f"vpc/{VPC}", ()),
        (f"network-interface/{ENI1}", (ENI1,)),
        (f"instance/{INSTANCE}", (ENI1,)),
        ("vpc-flow-log/fl-00000001", ()),
    ],
)
def test_what_has_flow_logs_by_arn_is_looked_for_in_its_region_alone(arn: str, prefixes: tuple[str, ...]):
    written = script(flow_log("fl-00000001", VPC, group="g"), region="eu-west-1")
    source = resolve(written.account(("us-east-1", "eu-west-1")), f" arn:aws:ec2:eu-west-1:123456789010:{arn} ")
    assert (source.group, source.region, source.groups[0].stream_prefixes) == ("g", "eu-west-1", prefixes)
    assert {region for name, region, _ in written.calls if name.startswith("Describe")} == {"eu-west-1"}


@pytest.mark.parametrize("arn", ["arn:aws:s3:::flow-logs", "arn:aws:ec2:us-east-1:123456789010:volume/v", "arn:"])
def test_other_arns_are_no_names_of_groups(arn: str):
    with pytest.raises(FlowTuiError, match="not the ARN of anything that can be tailed"):
        resolve(script(groups=(arn,)).account(), arn)


def test_a_group_of_another_account_is_not_taken_for_ones_own_of_that_name():
    written = script()
    own = "arn:aws:logs:us-east-1:123456789010:log-group:g"
    written.answers["DescribeLogGroups"] = lambda p: {"logGroups": [{"logGroupName": "g", "arn": f"{own}:*"}]}
    assert resolve(written.account(), own).group == "g"
    with pytest.raises(FlowTuiError) as caught:
        resolve(written.account(), own.replace("123456789010", "999999999999"))
    assert "g is of account 999999999999, the credentials are of 123456789010" in caught.value.message
    assert "--profile" in caught.value.hint


def test_group_without_a_flow_log_says_that_the_layout_is_assumed():
    source = resolve(script(groups=("old",)).account(), "old")
    assert source.layouts == (DEFAULT_LAYOUT,)
    assert any("default format" in note for note in source.notes)


def test_group_whose_flow_logs_may_not_be_listed():
    written = script(groups=("g",))

    def denied(_):
        raise Refused("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)

    written.answers["DescribeFlowLogs"] = written.answers["DescribeLogGroups"] = denied
    source = resolve(written.account(), "g")
    assert source.notes[0] == "cannot check that the log group exists: needs logs:DescribeLogGroups"
    assert source.notes[1] == "cannot read the records' format: needs ec2:DescribeFlowLogs"


def test_a_vpc_whose_flow_logs_may_not_be_listed_fails_by_name():
    written = script()

    def denied(_):
        raise Refused("UnauthorizedOperation", status=403)

    written.answers["DescribeFlowLogs"] = denied
    with pytest.raises(AccessDenied) as caught:
        resolve(written.account(), VPC)
    assert caught.value.action == "ec2:DescribeFlowLogs"


def test_failing_delivery_is_noted():
    source = resolve(
        script(
            flow_log("fl-00000001", VPC, group="g", DeliverLogsStatus="FAILED", DeliverLogsErrorMessage="Access error")
        ).account(),
        VPC,
    )
    assert source.notes == ("fl-00000001 fails to deliver: Access error",)


def test_unreadable_format_is_noted():
    source = resolve(script(flow_log("fl-00000001", VPC, group="g", log_format="nothing")).account(), VPC)
    assert source.layouts == (DEFAULT_LAYOUT,)
    assert source.notes[0] == "fl-00000001 has no readable format"


def test_transit_gateway():
    log_format = "${resource-type} ${tgw-id} ${srcaddr}"
    source = resolve(
        script(flow_log("fl-00000001", "tgw-0123456789abcdef0", group="g", log_format=log_format)).account(),
        "tgw-0123456789abcdef0",
    )
    assert source.layouts[0].kind == "tgw"
    assert source.groups[0].stream_prefixes == ()


@pytest.mark.parametrize(
    ("target", "meant"),
    [("/vpc/flow-log", "/vpc/flow-logs"), ("vpc-0aaaaaab", VPC), ("fl-00000011", "fl-00000001"), ("/other", "")],
)
def test_a_wrong_name_gets_the_nearest(target: str, meant: str):
    account = script(flow_log("fl-00000001", VPC, group="g"), groups=("/aws/lambda/x", "/vpc/flow-logs")).account()
    with pytest.raises(FlowTuiError) as caught:
        resolve(account, target)
    assert (f"Did you mean {meant}?" in caught.value.hint) if meant else ("mean" not in caught.value.hint)
