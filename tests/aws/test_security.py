from flowtui.aws.security import ALL_PORTS, list_network_acls, list_security_groups
from tests.aws.scripted import Script


def test_security_group_rules_are_normalised():
    item = {
        "GroupId": "sg-1",
        "GroupName": "web",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 80,
                "ToPort": 443,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                "PrefixListIds": [{"PrefixListId": "pl-1"}],
                "UserIdGroupPairs": [{"GroupId": "sg-2"}],
            },
            {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "50", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        ],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }
    script = Script({"DescribeSecurityGroups": lambda _: {"SecurityGroups": [item]}})
    (group,) = list_security_groups(script.account(), "us-east-1", "vpc-1")
    web, ping, esp, out = group.rules
    assert (web.protocol, web.ports, web.egress) == ("6", (80, 443), False)
    assert web.peers == ("0.0.0.0/0", "::/0", "pl-1", "sg-2")
    assert (ping.protocol, ping.ports) == ("1", (8, 65535))
    assert (esp.protocol, esp.ports) == ("50", ALL_PORTS)
    assert (out.protocol, out.ports, out.egress) == ("-1", ALL_PORTS, True)


def test_acl_rules_come_in_order_of_evaluation():
    def entry(number, action, egress, **more):
        return {"RuleNumber": number, "RuleAction": action, "Egress": egress, "Protocol": "6"} | more

    item = {
        "NetworkAclId": "acl-1",
        "VpcId": "vpc-1",
        "Associations": [{"SubnetId": "subnet-1"}],
        "Entries": [
            entry(32767, "deny", False, Protocol="-1", CidrBlock="0.0.0.0/0"),
            entry(200, "deny", True, CidrBlock="0.0.0.0/0", PortRange={"From": 1024, "To": 65535}),
            entry(100, "allow", False, Ipv6CidrBlock="::/0", PortRange={"From": 22, "To": 22}),
            entry(110, "allow", False, Protocol="1", CidrBlock="10.0.0.0/8", IcmpTypeCode={"Type": -1, "Code": -1}),
        ],
    }
    script = Script({"DescribeNetworkAcls": lambda _: {"NetworkAcls": [item]}})
    (acl,) = list_network_acls(script.account(), "us-east-1")
    assert [(rule.egress, rule.number, rule.allow) for rule in acl.rules] == [
        (False, 100, True),
        (False, 110, True),
        (False, 32767, False),
        (True, 200, False),
    ]
    assert acl.rules[0].ports == (22, 22)
    assert acl.rules[0].peers == ("::/0",)
    assert acl.rules[1].ports == ALL_PORTS
    assert acl.subnet_ids == ("subnet-1",)
