"""Words for numbers: protocols, TCP flags, traffic paths, ports; and text made safe to show."""

from __future__ import annotations

# https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml, those met on a network of today.
PROTOCOLS = {
    0: "HOPOPT",
    1: "ICMP",
    2: "IGMP",
    3: "GGP",
    4: "IPv4",
    6: "TCP",
    8: "EGP",
    9: "IGP",
    17: "UDP",
    27: "RDP",
    33: "DCCP",
    41: "IPv6",
    43: "IPv6-Route",
    44: "IPv6-Frag",
    46: "RSVP",
    47: "GRE",
    50: "ESP",
    51: "AH",
    58: "ICMPv6",
    59: "IPv6-NoNxt",
    60: "IPv6-Opts",
    88: "EIGRP",
    89: "OSPF",
    94: "IPIP",
    97: "EtherIP",
    98: "ENCAP",
    103: "PIM",
    108: "IPComp",
    112: "VRRP",
    115: "L2TP",
    124: "IS-IS",
    132: "SCTP",
    133: "FC",
    136: "UDPLite",
    137: "MPLS-in-IP",
    143: "Ethernet",
}

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html, field traffic-path.
TRAFFIC_PATHS = {
    1: "same VPC or Outpost local gateway",
    2: "internet gateway or gateway endpoint",
    3: "virtual private gateway",
    4: "peering in the region",
    5: "peering across regions",
    6: "Local or Wavelength Zone",
    7: "gateway endpoint",
    8: "internet gateway",
}

ENCRYPTION_STATUSES = {0: "not encrypted", 1: "Nitro", 2: "application", 3: "Nitro and application"}

# The names services go by at a terminal; https://www.iana.org/assignments/service-names-port-numbers.
PORTS = {
    20: "ftp-data",
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp",
    53: "dns",
    67: "dhcp",
    68: "dhcp",
    69: "tftp",
    80: "http",
    88: "kerberos",
    110: "pop3",
    111: "rpcbind",
    123: "ntp",
    135: "msrpc",
    137: "netbios",
    138: "netbios",
    139: "netbios",
    143: "imap",
    161: "snmp",
    162: "snmptrap",
    179: "bgp",
    389: "ldap",
    443: "https",
    445: "smb",
    465: "smtps",
    500: "ike",
    514: "syslog",
    587: "submission",
    636: "ldaps",
    853: "dns-tls",
    873: "rsync",
    993: "imaps",
    995: "pop3s",
    1080: "socks",
    1194: "openvpn",
    1433: "mssql",
    1521: "oracle",
    1883: "mqtt",
    2049: "nfs",
    2181: "zookeeper",
    2375: "docker",
    2376: "docker",
    2379: "etcd",
    3128: "squid",
    3268: "ldap-gc",
    3306: "mysql",
    3389: "rdp",
    4500: "ipsec-nat",
    5432: "postgres",
    5439: "redshift",
    5601: "kibana",
    5671: "amqps",
    5672: "amqp",
    5900: "vnc",
    5985: "winrm",
    5986: "winrm",
    6379: "redis",
    6443: "kubernetes",
    8080: "http-alt",
    8081: "http-alt",
    8443: "https-alt",
    8883: "mqtts",
    9092: "kafka",
    9094: "kafka",
    9098: "kafka",
    9100: "node-exporter",
    9200: "elasticsearch",
    10250: "kubelet",
    11211: "memcached",
    27017: "mongodb",
}

_FLAGS = ((2, "SYN"), (16, "ACK"), (1, "FIN"), (4, "RST"), (8, "PSH"), (32, "URG"), (64, "ECE"), (128, "CWR"))
_SYN_ACK = 18


def protocol_name(number: int | None) -> str:
    """``6`` is ``TCP``; a number without a name stands for itself, None is ``-``."""
    return "-" if number is None else PROTOCOLS.get(number, str(number))


def tcp_flag_names(mask: int | None) -> str:
    """``18`` is ``SYN-ACK``, ``3`` is ``SYN+FIN``; empty for 0 (only ACK or PSH were seen) and None.

    VPC flow logs record FIN, SYN, RST and SYN-ACK; transit gateways also PSH, ACK and URG.
    """
    if not mask or mask < 0:
        return ""
    names = []
    if mask & _SYN_ACK == _SYN_ACK:
        names.append("SYN-ACK")
        mask -= _SYN_ACK
    for bit, name in _FLAGS:
        if mask & bit:
            names.append(name)
            mask -= bit
    return "+".join([*names, str(mask)] if mask else names)


def traffic_path_name(number: int | None) -> str:
    """``8`` is ``internet gateway``; a number without a name stands for itself, None is ``-``."""
    return "-" if number is None else TRAFFIC_PATHS.get(number, str(number))


def encryption_status_name(number: int | None) -> str:
    """``1`` is ``Nitro``; a number without a name stands for itself, None is ``-``."""
    return "-" if number is None else ENCRYPTION_STATUSES.get(number, str(number))


def port_name(port: int | None) -> str:
    """``22`` is ``ssh``; empty for a port that has no well-known name."""
    return "" if port is None else PORTS.get(port, "")


def clean(text: str) -> str:
    """Text from outside, safe on a terminal: what is not printable (controls, direction marks) becomes ``·``."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "·" for character in text)
