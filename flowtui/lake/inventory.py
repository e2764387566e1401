"""The inventory's tables in the workspace: what an account had when it was last asked, to be joined with records.

Each kind of each account and region is there once, as of ``taken_at``; a new snapshot takes the old one's place, so
that a join never doubles a record. A kind that could not be listed keeps what it had.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowtui.aws.inventory import SNAPSHOT_KINDS, RegionInventory, scan
from flowtui.aws.models import Instance, Interface, RegionRefusal, SecurityGroup, Vpc
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flowtui.aws.session import Account

SCHEMA = "aws"
_WHERE = "account_id VARCHAR, region VARCHAR, taken_at TIMESTAMP WITH TIME ZONE"
_RULES = "STRUCT(direction VARCHAR, protocol VARCHAR, from_port INTEGER, to_port INTEGER, peer VARCHAR)[]"
_TABLES = {
    "vpcs": "vpc_id VARCHAR, name VARCHAR, cidr VARCHAR, cidrs VARCHAR[], is_default BOOLEAN, owner_id VARCHAR",
    "interfaces": (
        "interface_id VARCHAR, vpc_id VARCHAR, subnet_id VARCHAR, kind VARCHAR, owner VARCHAR, description VARCHAR, "
        "private_ip VARCHAR, private_ips VARCHAR[], public_ip VARCHAR, ipv6s VARCHAR[], status VARCHAR, "
        "instance_id VARCHAR, security_group_ids VARCHAR[]"
    ),
    "instances": (
        "instance_id VARCHAR, name VARCHAR, state VARCHAR, instance_type VARCHAR, image_id VARCHAR, vpc_id VARCHAR, "
        "subnet_id VARCHAR, private_ip VARCHAR, public_ip VARCHAR, launched_at TIMESTAMP WITH TIME ZONE"
    ),
    "security_groups": f"security_group_id VARCHAR, name VARCHAR, vpc_id VARCHAR, rules {_RULES}",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What one region's snapshot holds now: rows by kind; a kind that could not be listed is absent."""

    account_id: str
    region: str
    rows: dict[str, int]


def create(connection: DuckDBPyConnection) -> None:
    """Make the tables, empty."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for kind, columns in _TABLES.items():
        connection.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{kind} ({columns}, {_WHERE})")


def keep(workspace: Workspace, inventory: RegionInventory, taken_at: datetime) -> Kept:
    """Put a region's snapshot in the place of its last one, all kinds at once.

    Args:
        workspace: where.
        inventory: of one account and region, listed with :data:`SNAPSHOT_KINDS`.
        taken_at: when it was listed.

    Raises:
        WorkspaceError: the workspace cannot be written.
    """
    place = (inventory.account_id, inventory.region)
    rows = {
        "vpcs": [_vpc(item) for item in inventory.vpcs],
        "interfaces": [_interface(item) for item in inventory.interfaces],
        "instances": [_instance(item) for item in inventory.instances],
        "security_groups": [_group(item) for item in inventory.security_groups],
    }
    known = {kind: rows[kind] for kind in SNAPSHOT_KINDS if kind not in inventory.refused}
    with explained(workspace.path), workspace.writing, workspace.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            for kind, its in known.items():
                cursor.execute(f"DELETE FROM {SCHEMA}.{kind} WHERE account_id = ? AND region = ?", list(place))
                _insert(cursor, kind, [[*row, *place, taken_at] for row in its])
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")
    return Kept(*place, {kind: len(its) for kind, its in known.items()})


def snapshot(workspace: Workspace, accounts: Sequence[Account]) -> Generator[Kept | RegionRefusal, None, None]:
    """List what the accounts have and keep it, each region when it is complete.

    A kind that could not be listed gives a :class:`RegionRefusal`, and the rest of the region is kept. Closing the
    generator stops at once; the regions kept until then stay.

    Raises:
        WorkspaceError: the workspace cannot be written.
    """
    for found in scan(accounts, kinds=SNAPSHOT_KINDS):
        yield found if isinstance(found, RegionRefusal) else keep(workspace, found, found.account.clock())


def _insert(cursor: DuckDBPyConnection, kind: str, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        cursor.executemany(f"INSERT INTO {SCHEMA}.{kind} VALUES ({marks})", rows)


def _vpc(item: Vpc) -> list[Any]:
    return [item.id, item.name, item.cidr, list(item.cidrs), item.is_default, item.account_id]


def _interface(item: Interface) -> list[Any]:
    first = item.private_ips[0] if item.private_ips else None
    return [
        *(item.id, item.vpc_id, item.subnet_id, item.kind, item.owner, item.description),
        *(first, list(item.private_ips), item.public_ip or None, list(item.ipv6s), item.status),
        *(item.instance_id or None, list(item.security_groups)),
    ]


def _instance(item: Instance) -> list[Any]:
    return [
        *(item.id, item.name, item.state, item.instance_type, item.image_id, item.vpc_id, item.subnet_id),
        *(item.private_ip or None, item.public_ip or None, item.launched),
    ]


def _group(item: SecurityGroup) -> list[Any]:
    rules = [
        {
            "direction": "egress" if rule.egress else "ingress",
            "protocol": rule.protocol,
            "from_port": rule.ports[0],
            "to_port": rule.ports[1],
            "peer": peer,
        }
        for rule in item.rules
        for peer in rule.peers
    ]
    return [item.id, item.name, item.vpc_id, rules]
