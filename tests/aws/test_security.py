from flowtui.aws.security import ALL_PORTS, list_security_groups
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
