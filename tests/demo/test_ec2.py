"""Filters, pages, flow logs; and the coverage states the design asks for."""

from collections import Counter

import pytest

from flowtui.aws.inventory import scan
from flowtui.demo import plans
from flowtui.demo.account import demo_account
from flowtui.demo.world import world
from flowtui.errors import AwsError
from flowtui.insight.coverage import State, coverage

US = "us-east-1"


def states(account):
    return {one.vpc.name: one.state for region in scan([account]) for one in coverage(region, account.clock())}


def test_every_coverage_state_is_there(account):
    found = states(account)
    assert len(found) == 12
    assert Counter(found.values()) == {
        State.ACTIVE: 5,
        State.PARTIAL: 2,
        State.FAILING: 1,
        State.STARTING: 1,
        State.NONE: 3,
    }
    assert found["prod-core"] is State.ACTIVE
    assert found["data"] is State.PARTIAL
    assert found["staging"] is State.FAILING
    assert found["edge"] is State.STARTING


def test_what_starts_becomes_active(account, clock):
    assert states(account)["edge"] is State.STARTING
    clock.move(minutes=40)
    assert states(account)["edge"] is State.ACTIVE


def test_failing_one_gives_awss_reason(account):
    (failing,) = [
        item
        for item in account.call("ec2", "describe_flow_logs", US)["FlowLogs"]
        if item.get("DeliverLogsStatus") == "FAILED"
    ]
    assert failing["DeliverLogsErrorMessage"] == "Access error"
    role = failing["DeliverLogsPermissionArn"].rpartition("/")[2]
    policy = account.call("iam", "get_role_policy", RoleName=role, PolicyName="write-flow-logs")["PolicyDocument"]
    assert "logs:PutLogEvents" not in policy["Statement"][0]["Action"]


def test_flow_logs_of_many_kinds(account):
    there = [
        item for region in account.regions() for item in account.call("ec2", "describe_flow_logs", region)["FlowLogs"]
    ]
    formats = {item["LogFormat"] for item in there}
    assert len(formats) == 3
    assert any(item.split() == sorted(item.split()) for item in formats)
    assert {item["MaxAggregationInterval"] for item in there} == {60, 600}
    assert {item["TrafficType"] for item in there} == {"ALL", "REJECT"}
    assert {item["ResourceId"].partition("-")[0] for item in there} == {"vpc", "subnet", "eni"}
    layouts = {
        (options["HiveCompatiblePartitions"], options["PerHourPartition"])
        for item in there
        if (options := item.get("DestinationOptions"))
    }
    assert layouts == {(False, False), (True, True)}


def test_every_kind_of_interface(account):
    items = account.call("ec2", "describe_network_interfaces", US)["NetworkInterfaces"]
    kinds = {item["InterfaceType"] for item in items}
    assert kinds == {"interface", "nat_gateway", "network_load_balancer", "vpc_endpoint", "lambda"}
    told = " ".join(item["Description"] for item in items)
    for part in ("ELB app/", "ELB net/", "Interface for NAT Gateway", "VPC Endpoint Interface", "AWS Lambda VPC ENI-"):
        assert part in told


def test_ids_and_addresses_are_unique():
    vpcs = world().vpcs
    ids = [part.id for vpc in vpcs for part in (vpc, *vpc.subnets, *vpc.interfaces, *vpc.groups, *vpc.acls)]
    assert len(ids) == len(set(ids))
    addresses = [interface.ip for vpc in vpcs for interface in vpc.interfaces]
    assert len(addresses) == len(set(addresses))


def test_the_stateless_acl(account):
    given = [{"Name": "vpc-id", "Values": [plans.PROD_CORE]}, {"Name": "default", "Values": ["false"]}]
    (acl,) = account.call("ec2", "describe_network_acls", US, Filters=given)["NetworkAcls"]
    rules = {(rule["Egress"], rule["RuleNumber"]): rule for rule in acl["Entries"]}
    assert rules[False, 100]["PortRange"] == {"From": 443, "To": 443}
    assert rules[False, 100]["RuleAction"] == "allow"
    assert (rules[True, 90]["RuleAction"], rules[True, 90]["CidrBlock"]) == ("deny", plans.PARTNER_NET)
    assert rules[True, 32767]["RuleAction"] == "deny"


def test_filters(account):
    def found(**filters):
        given = [{"Name": name.replace("_", "-"), "Values": values} for name, values in filters.items()]
        return account.call("ec2", "describe_vpcs", US, Filters=given)["Vpcs"]

    assert [item["VpcId"] for item in found(vpc_id=[plans.DATA])] == [plans.DATA]
    assert len(found(vpc_id=[plans.DATA, plans.STAGING])) == 2
    assert len(found(cidr=["10.*"])) == 4
    assert found(vpc_id=[plans.DATA], cidr=["192.*"]) == []
    tagged = account.call("ec2", "describe_vpcs", US, Filters=[{"Name": "tag:Name", "Values": ["prod-*"]}])["Vpcs"]
    assert [item["VpcId"] for item in tagged] == [plans.PROD_CORE]
    with pytest.raises(AwsError, match="'colour' is invalid"):
        found(colour=["red"])


def test_unknown_id(account):
    with pytest.raises(AwsError) as caught:
        account.call("ec2", "describe_vpcs", US, VpcIds=["vpc-0000000000000dead"])
    assert caught.value.code == "InvalidVpcID.NotFound"


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        ("describe_vpcs", "Vpcs"),
        ("describe_network_interfaces", "NetworkInterfaces"),
        ("describe_instances", "Reservations"),
        ("describe_flow_logs", "FlowLogs"),
    ],
)
def test_pages_hold_what_one_answer_holds(account, operation, key):
    whole = account.call("ec2", operation, US)[key]
    pages = list(account.pages("ec2", operation, US, PaginationConfig={"PageSize": 5}))
    assert len(pages) == -(-len(whole) // 5)
    assert [item for page in pages for item in page[key]] == whole


def test_token_nobody_gave(account):
    with pytest.raises(AwsError) as caught:
        account.call("ec2", "describe_vpcs", US, NextToken="nonsense")
    assert caught.value.code == "InvalidNextToken"


def create(account, region=US, **given):
    wanted = {"ResourceIds": [plans.STAGING], "ResourceType": "VPC", "TrafficType": "ALL"}
    return account.call("ec2", "create_flow_logs", region, **(wanted | given))


def test_created_flow_log_delivers_after_a_while(account, clock):
    role = "arn:aws:iam::123456789010:role/vpc-flow-logs"
    answer = create(account, LogGroupName="/new", DeliverLogsPermissionArn=role, MaxAggregationInterval=60)
    (flow_log,) = answer["FlowLogIds"]
    told = account.call("ec2", "describe_flow_logs", US, FlowLogIds=[flow_log])["FlowLogs"][0]
    assert "DeliverLogsStatus" not in told
    assert told["CreationTime"] == clock.now
    clock.move(minutes=12)
    assert (
        account.call("ec2", "describe_flow_logs", US, FlowLogIds=[flow_log])["FlowLogs"][0]["DeliverLogsStatus"]
        == "SUCCESS"
    )
    assert account.call("logs", "filter_log_events", US, logGroupName="/new")["events"]


def test_role_that_may_not_write(account, clock):
    role = "arn:aws:iam::123456789010:role/staging-flow-logs"
    (flow_log,) = create(account, LogGroupName="/new", DeliverLogsPermissionArn=role)["FlowLogIds"]
    clock.move(hours=1)
    told = account.call("ec2", "describe_flow_logs", US, FlowLogIds=[flow_log])["FlowLogs"][0]
    assert told["DeliverLogsErrorMessage"] == "Access error"
    assert not account.call("logs", "describe_log_groups", US, logGroupNamePrefix="/new")["logGroups"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ResourceIds": ["vpc-0000000000000dead"]}, "InvalidVpcID.NotFound"),
        ({"ResourceIds": [plans.PROD_EU]}, "InvalidVpcID.NotFound"),
        ({"ResourceType": "Subnet"}, "InvalidSubnetID.NotFound"),
        ({"LogGroupName": ""}, "InvalidParameter"),
        ({"LogFormat": "${version} "}, "InvalidParameter"),
        ({"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::absent"}, "InvalidParameter"),
        ({"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::demo-flow-logs/AWSLogs"}, "InvalidParameter"),
    ],
)
def test_refusals_stand_in_unsuccessful(account, given, code):
    answer = create(account, **({"LogGroupName": "/new"} | given))
    assert answer["FlowLogIds"] == []
    assert answer["Unsuccessful"][0]["Error"]["Code"] == code


def test_same_flow_log_twice(account):
    wanted = {"LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::demo-flow-logs"}
    assert create(account, **wanted)["FlowLogIds"]
    assert create(account, **wanted)["Unsuccessful"][0]["Error"]["Code"] == "FlowLogAlreadyExists"


def test_deleted_flow_log_leaves_its_records(account, clock):
    before = account.call("logs", "filter_log_events", US, logGroupName="/vpc/flow-logs", startTime=clock.ms - 900_000)
    answer = account.call("ec2", "delete_flow_logs", US, FlowLogIds=["fl-0a11c0de0a11c0de1", "fl-0dead"])
    assert [item["ResourceId"] for item in answer["Unsuccessful"]] == ["fl-0dead"]
    assert "fl-0a11c0de0a11c0de1" not in {
        item["FlowLogId"] for item in account.call("ec2", "describe_flow_logs", US)["FlowLogs"]
    }
    assert before["events"]
    after = account.call("logs", "filter_log_events", US, logGroupName="/vpc/flow-logs", startTime=clock.ms - 900_000)
    assert after["events"] == before["events"]


def test_regions_in_parallel_with_one_refusal(clock):
    account = demo_account(clock=clock, deny={("ec2", "DescribeFlowLogs", "ap-southeast-2")})
    kinds = Counter(type(one).__name__ for one in scan([account]))
    assert kinds["RegionRefusal"] == 1
    assert kinds["RegionInventory"] >= 2
