"""Interfaces and the names of what they serve; descriptions as services write them."""

import pytest

from flowtui.aws import names
from flowtui.aws.interfaces import list_interfaces
from flowtui.aws.names import owner_name
from tests.aws.scripted import Refused, Script, interface

INSTANCES = {
    "Reservations": [
        {"Instances": [{"InstanceId": "i-1", "Tags": [{"Key": "Name", "Value": "web-3"}]}, {"InstanceId": "i-2"}]}
    ]
}


@pytest.mark.parametrize(
    ("kind", "description", "name"),
    [
        ("interface", "ELB app/public/50dc6c495c0c9188", "alb/public"),
        ("network_load_balancer", "ELB net/ingest/0123456789abcdef", "nlb/ingest"),
        ("gateway_load_balancer", "ELB gwy/inspect/0123456789abcdef", "gwlb/inspect"),
        ("interface", "ELB my-classic", "elb/my-classic"),
        ("nat_gateway", "Interface for NAT Gateway nat-0a1b2c3d4e5f60718", "nat-0a1b2c3d4e5f60718"),
        ("vpc_endpoint", "VPC Endpoint Interface vpce-0a1b2c3d4e5f60718", "vpce-0a1b2c3d4e5f60718"),
        ("lambda", "AWS Lambda VPC ENI-resize-img-3cf1b3e8-7d55-4c2a-9d11-0123456789ab", "lambda/resize-img"),
        ("lambda", "AWS Lambda VPC ENI-short", "lambda/short"),
        ("interface", "RDSNetworkInterface", "rds"),
        ("interface", "ElastiCache sessions-001", "elasticache/sessions-001"),
        ("interface", "EFS mount target for fs-0123abcd (fsmt-0123abcd)", "efs/fs-0123abcd"),
        ("interface", "EC2 Instance Connect Endpoint: eice-0123abcd", "eice-0123abcd"),
        ("interface", "AWS created network interface for directory d-9067", "directory/d-9067"),
        ("interface", "Network interface for DBProxy orders", "rds-proxy/orders"),
        ("interface", "DO NOT DELETE: MSK ENI of arn:aws:kafka:us-east-1:1:cluster/events/0a-1", "msk/events"),
        ("interface", "[DO NOT DELETE] ENI managed by SageMaker for Studio Domain (d-abc1)", "sagemaker/d-abc1"),
        ("interface", "ES search-logs", "opensearch/search-logs"),
        ("interface", "Attached to Glue using role: etl", "glue/etl"),
        ("aws_codestar_connections_managed", "", "codeconnections"),
        ("new_thing_managed", "", "new thing managed"),
        ("nat_gateway", "", "nat gateway"),
        ("interface", "made by hand for the migration", "made by hand for the migration"),
        ("interface", "", ""),
    ],
)
def test_the_owner_is_read_from_type_and_description(kind, description, name):
    assert owner_name(kind, description, "", "", {}) == name


def test_every_type_of_interface_has_a_name():
    """By the service description that botocore brings."""
    import botocore.session

    model = botocore.session.get_session().get_service_model("ec2")
    assert set(model.shape_for("NetworkInterfaceType").enum) - {"interface"} <= set(names._KINDS)


def test_an_instance_goes_by_name_then_by_id():
    assert owner_name("interface", "anything", "i-1", "", {"i-1": "web-3"}) == "web-3"
    assert owner_name("interface", "anything", "i-9", "", {"i-1": "web-3"}) == "i-9"


def test_interfaces_carry_addresses_groups_and_instance_names():
    item = interface("eni-1", instance="i-1") | {
        "PrivateIpAddress": "10.0.0.9",
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.9"}, {"PrivateIpAddress": "10.0.0.10"}],
        "Association": {"PublicIp": "198.51.100.7"},
        "Ipv6Addresses": [{"Ipv6Address": "2001:db8::9"}],
        "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
    }
    script = Script(
        {"DescribeNetworkInterfaces": lambda _: {"NetworkInterfaces": [item]}, "DescribeInstances": lambda _: INSTANCES}
    )
    (found,) = list_interfaces(script.account(), "us-east-1", "vpc-0aaaaaaa")
    assert found.owner == "web-3"
    assert found.private_ips == ("10.0.0.9", "10.0.0.10")
    assert (found.public_ip, found.ipv6s, found.security_groups) == ("198.51.100.7", ("2001:db8::9",), ("sg-1",))
    assert script.operations() == ["DescribeNetworkInterfaces", "DescribeInstances"]


def test_no_instances_no_question_about_them():
    script = Script({"DescribeNetworkInterfaces": lambda _: {"NetworkInterfaces": [interface("eni-1")]}})
    list_interfaces(script.account(), "us-east-1")
    assert script.operations() == ["DescribeNetworkInterfaces"]


def test_denied_names_leave_the_instance_ids():
    def refuse(_):
        raise Refused("UnauthorizedOperation")

    script = Script(
        {
            "DescribeNetworkInterfaces": lambda _: {"NetworkInterfaces": [interface("eni-1", instance="i-1")]},
            "DescribeInstances": refuse,
        }
    )
    (found,) = list_interfaces(script.account(), "us-east-1")
    assert found.owner == "i-1"


def test_a_regional_nat_gateways_interface_is_in_no_subnet():
    item = {"NetworkInterfaceId": "eni-1", "InterfaceType": "regional_nat_gateway", "VpcId": "vpc-1"}
    script = Script({"DescribeNetworkInterfaces": lambda _: {"NetworkInterfaces": [item]}})
    (found,) = list_interfaces(script.account(), "us-east-1")
    assert (found.subnet_id, found.owner) == ("", "regional nat gateway")
