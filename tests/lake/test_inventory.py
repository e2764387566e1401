"""Snapshots of accounts in the workspace: kept whole, replaced, and joined with records."""

from __future__ import annotations

from datetime import UTC, datetime

from flowtui.aws.models import RegionRefusal
from flowtui.demo.account import demo_account
from flowtui.lake.inventory import Kept, snapshot
from flowtui.lake.workspace import Workspace
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.aws.scripted import ACCOUNT_ID, Refused, Script, interface
from tests.lake.conftest import ask

GROUP = {
    "GroupId": "sg-1",
    "GroupName": "web",
    "VpcId": "vpc-1",
    "IpPermissions": [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}, {"CidrIp": "10.0.0.0/8"}],
        }
    ],
}
INSTANCE = {
    "InstanceId": "i-1",
    "InstanceType": "t3.micro",
    "State": {"Name": "stopped"},
    "VpcId": "vpc-1",
    "Tags": [{"Key": "Name", "Value": "web-1"}],
    "LaunchTime": datetime(2024, 1, 15, tzinfo=UTC),
}


def script(**more):
    answers = {
        "DescribeVpcs": lambda _: {"Vpcs": [{"VpcId": "vpc-1", "OwnerId": "999999999999", "CidrBlock": "10.0.0.0/16"}]},
        "DescribeNetworkInterfaces": lambda _: {
            "NetworkInterfaces": [interface("eni-1", "vpc-1", "subnet-1", instance="i-1")]
        },
        "DescribeInstances": lambda _: {"Reservations": [{"Instances": [INSTANCE]}]},
        "DescribeSecurityGroups": lambda _: {"SecurityGroups": [GROUP]},
    }
    return Script(answers | more)


def take(workspace: Workspace, made: Script, regions: tuple[str, ...] = ("us-east-1",)) -> list[Kept | RegionRefusal]:
    return list(snapshot(workspace, [made.account(regions)]))


def test_every_kind_is_kept_with_its_place_and_time(workspace: Workspace) -> None:
    (kept,) = take(workspace, script())
    assert kept == Kept(ACCOUNT_ID, "us-east-1", {"vpcs": 1, "interfaces": 1, "instances": 1, "security_groups": 1})
    engine = DuckDBEngine(workspace.cursor)
    joined = engine.run(
        "SELECT i.owner, n.name, n.state, v.cidr, v.owner_id, n.launched_at, g.name, r.from_port, r.peer, "
        "v.taken_at <= now(), i.account_id, i.region "
        "FROM aws.interfaces i JOIN aws.instances n ON n.instance_id = i.instance_id "
        "JOIN aws.vpcs v ON v.vpc_id = i.vpc_id JOIN aws.security_groups g ON g.vpc_id = v.vpc_id "
        "CROSS JOIN UNNEST(g.rules) AS r(direction, protocol, from_port, to_port, peer) ORDER BY r.peer"
    ).table
    first = [column[0].as_py() for column in joined.columns]
    assert first == [
        *("web-1", "web-1", "stopped", "10.0.0.0/16", "999999999999", datetime(2024, 1, 15)),
        *("web", 443, "0.0.0.0/0", True, ACCOUNT_ID, "us-east-1"),
    ]
    assert joined.num_rows == 2, "a rule with two peers is two rows"


def test_a_new_snapshot_takes_the_old_ones_place(workspace: Workspace) -> None:
    take(workspace, script(), ("us-east-1", "eu-west-1"))
    take(workspace, script(DescribeInstances=lambda _: {"Reservations": []}))
    assert ask(workspace, "SELECT region, count(*) FROM aws.vpcs GROUP BY 1 ORDER BY 1") == [
        ("eu-west-1", 1),
        ("us-east-1", 1),
    ]
    assert ask(workspace, "SELECT region FROM aws.instances") == [("eu-west-1",)]


def test_what_could_not_be_listed_keeps_what_it_had(workspace: Workspace) -> None:
    def refuse(parameters):
        raise Refused("UnauthorizedOperation")

    take(workspace, script())
    refusal, kept = take(workspace, script(DescribeSecurityGroups=refuse))
    assert isinstance(refusal, RegionRefusal)
    assert isinstance(kept, Kept) and "security_groups" not in kept.rows
    assert ask(workspace, "SELECT count(*) FROM aws.security_groups") == [(1,)]


def test_an_empty_table_says_how_to_fill_it(workspace: Workspace) -> None:
    engine = DuckDBEngine(workspace.cursor)
    result = engine.run("SELECT * FROM aws.interfaces")
    assert result.notices == ("aws.interfaces is empty: flowtui inventory fills it.",)
    list(snapshot(workspace, [demo_account(("us-east-1",))]))
    found = engine.run("SELECT interface_id FROM aws.interfaces WHERE contains(private_ips, private_ip)")
    assert found.rows > 50 and found.notices == ()
