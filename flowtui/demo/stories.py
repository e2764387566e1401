"""What happens in the simulated network, one function a story.

A story looks for the interfaces it needs by their role, so it plays in every VPC that has them, and says nothing in
the others.
"""

from __future__ import annotations

from flowtui.demo.network import Interface
from flowtui.demo.plans import BRUTE_FORCER, OFFICE, PARTNER, SCANNER
from flowtui.demo.stage import ICMP, SYN, SYN_ACK, TCP, UDP, Stage

CLIENTS = (
    *(f"203.0.113.{host}" for host in range(100, 180, 3)),
    *(f"198.51.100.{host}" for host in range(130, 190, 5)),
    *(f"192.0.2.{host}" for host in range(10, 60, 4)),
)
CLIENTS6 = tuple(f"2001:db8:{0x5000 + site:x}::{site * 7 + 1:x}" for site in range(8))
API = "192.0.2.200"
MIRROR = "192.0.2.210"
NTP = "192.0.2.123"
MONITOR = "192.168.1.100"
S3 = "52.216.8.11"
SCANNED = (21, 22, 23, 25, 80, 110, 135, 139, 443, 445, 1433, 1521, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200)


def web(stage: Stage) -> None:
    """Browsers talk to a load balancer, which talks to web servers, which ask their database."""
    balancers, servers = stage.vpc.by_role.get("alb", ()), stage.vpc.by_role.get("web", ())
    if not balancers or not servers:
        return
    for _ in range(stage.some(11 if len(servers) > 4 else 4)):
        six = bool(balancers[0].ipv6) and stage.chance(0.12)
        balancer = stage.random.choice(balancers)
        asked, answered = stage.random.randrange(600, 6000), stage.random.randrange(4_000, 900_000)
        stage.talk(stage.random.choice(CLIENTS6 if six else CLIENTS), balancer, 443, asked, answered)
        stage.talk(balancer, stage.random.choice(servers), 80, asked + 300, answered)
    databases = stage.vpc.by_role.get("db", ())[:1]
    caches = stage.vpc.by_role.get("cache", ())
    for index, server in enumerate(servers):
        # Pooled connections: the same client port all day long.
        for database in databases:
            weight = len(servers) - index
            sent, received = 9_000 * weight, stage.random.randrange(400_000, 900_000) * weight
            stage.talk(server, database, 5432, sent, received, client_port=41000 + index)
        for cache in caches:
            stage.talk(server, cache, 6379, 4_000, 60_000, client_port=42000 + index)


def brute_force(stage: Stage) -> None:
    """One address on the internet tries SSH on a public server, minute after minute, and is rejected."""
    targets = [i for i in stage.vpc.by_role.get("web", ()) if i.public_ip]
    for target in targets[:1]:
        for _ in range(stage.random.randrange(2, 7)):
            packets = stage.random.randrange(1, 4)
            source, there = (BRUTE_FORCER, stage.port()), (target.ip, 22)
            stage.see(target, source, there, TCP, (packets, packets * 60), stage.moment(), action="REJECT", flags=SYN)


def noise(stage: Stage) -> None:
    """What every public address with a security group hears all day: single probes, rejected."""
    for target in stage.vpc.interfaces:
        if target.public_ip and target.group_ids and stage.chance(0.35):
            source = (f"198.51.100.{stage.random.randrange(201, 250)}", stage.port())
            port = stage.random.choice((23, 445, 3389, 5060, 8080, 22))
            stage.see(target, source, (target.ip, port), TCP, (1, 44), stage.moment(), action="REJECT", flags=SYN)


def port_scan(stage: Stage) -> None:
    """In the second ten minutes of every hour somebody walks through the ports of the public addresses."""
    if stage.start % 3600 // 600 != 1:
        return
    targets = (*stage.vpc.by_role.get("bastion", ()), *stage.vpc.by_role.get("alb", ())[:1])
    for target in targets:
        for port in stage.random.sample(SCANNED, 12 if stage.length <= 60 else len(SCANNED)):
            source = (SCANNER, 51000 + port % 700)
            action = "ACCEPT" if port in (80, 443) and target.role == "alb" else "REJECT"
            stage.see(target, source, (target.ip, port), TCP, (1, 40), stage.moment(), action=action, flags=SYN)


def dropped_reply(stage: Stage) -> None:
    """The partner's HTTPS request is let in, the answer is not let out: the network ACL is stateless."""
    for gateway in stage.vpc.by_role.get("partner", ()):
        for _ in range(stage.some(1.5)):
            client, server, when = (PARTNER, stage.port()), (gateway.ip, 443), stage.moment()
            stage.see(gateway, client, server, TCP, (3, 180), when, flags=SYN)
            stage.see(
                gateway,
                server,
                client,
                TCP,
                (5, 300),
                when,
                action="REJECT",
                flags=SYN_ACK,
                egress=True,
                path=8,
            )


def nat(stage: Stage) -> None:
    """Private servers reach the internet through the NAT gateway, one of them far too much."""
    gateways, clients = stage.vpc.by_role.get("nat", ()), stage.vpc.by_role.get("app", ())
    clients = clients or stage.vpc.by_role.get("worker", ())[:2]
    for gateway in gateways[:1]:
        for index, client in enumerate(clients):
            if index and not stage.chance(0.6):
                continue
            heavy = index == 0
            received = stage.random.randrange(8_000_000, 40_000_000) if heavy else stage.random.randrange(5_000, 90_000)
            _through(stage, gateway, client, S3 if heavy else API, 2_000 + received // 200, received)


def _through(stage: Stage, gateway: Interface, client: Interface, server: str, sent: int, received: int) -> None:
    """Each way twice at the gateway: its own address replaces the far end's, then the near end's."""
    here, middle, there = (client.ip, stage.port()), (gateway.ip, stage.random.randrange(1024, 65535)), (server, 443)
    when, service = stage.moment(), "S3" if server == S3 else "-"
    out, back = (max(1, sent // 900), sent), (max(1, received // 1400), received)
    to, fro = ("-", service), (service, "-")
    stage.see(client, here, there, TCP, out, when, flags=3, egress=True, path=1, services=to)
    stage.see(client, there, here, TCP, back, when, flags=19, services=fro)
    packet = (client.ip, server)
    stage.see(gateway, here, (gateway.ip, 443), TCP, out, when, flags=3, packet=packet, services=to)
    stage.see(gateway, middle, there, TCP, out, when, flags=3, egress=True, path=8, services=to)
    stage.see(gateway, there, middle, TCP, back, when, flags=19, services=fro)
    packet = (server, client.ip)
    stage.see(
        gateway, (gateway.ip, 443), here, TCP, back, when, flags=19, egress=True, path=1, packet=packet, services=fro
    )


def administration(stage: Stage) -> None:
    """The office logs in to the jump host, and from there to a server; somebody pings."""
    for bastion in stage.vpc.by_role.get("bastion", ()):
        others = [i for i in stage.vpc.interfaces if i.instance_id and i is not bastion]
        if stage.chance(0.5):
            stage.talk(OFFICE, bastion, 22, stage.random.randrange(2_000, 20_000), 30_000, client_port=50122)
        if others and stage.chance(0.3):
            stage.talk(bastion, stage.random.choice(others), 22, 4_000, 22_000)
        if stage.chance(0.15):
            # The request is let in by the group, which remembers it and lets the answer out.
            stage.talk(OFFICE, bastion, 0, 336, 336, protocol=ICMP, client_port=0)


def housekeeping(stage: Stage) -> None:
    """Private servers call endpoints and each other; clocks are set; a function works through its queue."""
    endpoints = stage.vpc.by_role.get("endpoint", ())
    workers = (*stage.vpc.by_role.get("app", ()), *stage.vpc.by_role.get("worker", ()))
    for worker in workers:
        if endpoints and stage.chance(0.5):
            stage.talk(worker, stage.random.choice(endpoints), 443, 3_000, 5_000)
        if len(workers) > 1 and stage.chance(0.55):
            peer = stage.random.choice([other for other in workers if other is not worker])
            stage.talk(worker, peer, stage.random.choice((8080, 9092, 9100)), 12_000, 80_000)
        if stage.chance(0.1):
            stage.talk(worker, NTP, 123, 76, 76, protocol=UDP, client_port=123)
    databases = stage.vpc.by_role.get("db", ())
    for function in stage.vpc.by_role.get("lambda", ()):
        for database in databases[:1]:
            if stage.chance(0.7):
                stage.talk(function, database, 5432, 5_000, 40_000)
    if len(databases) > 1:
        stage.talk(databases[0], databases[1], 5432, 900_000, 40_000, client_port=40100)


def balanced_streams(stage: Stage) -> None:
    """Devices send datagrams and TLS streams through the network load balancer, which keeps their address."""
    balancers = stage.vpc.by_role.get("nlb", ())
    targets = stage.vpc.by_role.get("app", ()) or stage.vpc.by_role.get("web", ())
    port = 8883 if stage.vpc.by_role.get("app") else 443
    for balancer in balancers:
        for _ in range(stage.some(2)):
            device = stage.random.choice(CLIENTS)
            size = stage.random.randrange(1_000, 60_000)
            stage.talk(device, balancer, port, size, size // 8)
            if targets:
                stage.talk(balancer, stage.random.choice(targets), port, size, size // 8)


def build_server(stage: Stage) -> None:
    """The old network: the build server fetches packages, and its neighbours log in to it."""
    for server in stage.vpc.by_role.get("build", ()):
        stage.talk(server, MIRROR, 443, 9_000, stage.random.randrange(200_000, 9_000_000))
        for neighbour in stage.vpc.by_role.get("worker", ()):
            stage.talk(server, neighbour, 445, stage.random.randrange(20_000, 400_000), 9_000)
            if stage.chance(0.4):
                stage.talk(neighbour, server, 22, 6_000, 48_000)
        for database in stage.vpc.by_role.get("db", ()):
            stage.talk(server, database, 5432, 8_000, 90_000, client_port=39000)
        for gateway in stage.vpc.by_role.get("bastion", ()):
            stage.talk(gateway, server, 22, 5_000, 30_000)


def monitoring(stage: Stage) -> None:
    """A host of the company's own network asks the site how it is, once an hour, through the private gateway."""
    # Where there is a cache there is a site worth watching from inside.
    if stage.start // 60 % 60 != 30 or "cache" not in stage.vpc.by_role:
        return
    for balancer in stage.vpc.by_role.get("alb", ())[:1]:
        stage.talk(MONITOR, balancer, 443, stage.random.randrange(1_000, 3_000), 24_000, path=3)


STORIES = (
    web,
    brute_force,
    noise,
    port_scan,
    dropped_reply,
    nat,
    administration,
    housekeeping,
    balanced_streams,
    build_server,
    monitoring,
)
