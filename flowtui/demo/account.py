"""Makes the demo account: an :class:`Account` whose session and stores never leave the process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flowtui.aws.session import Account, Backend
from flowtui.demo.network import REGIONS
from flowtui.times import Clock, system_clock

if TYPE_CHECKING:
    import boto3
    from obstore.store import ObjectStore


def demo_account(
    regions: tuple[str, ...] = (),
    *,
    read_only: bool = False,
    clock: Clock | None = None,
    deny: Iterable[tuple[str, str, str]] = (),
) -> Account:
    """A simulated account with a state of its own.

    Args:
        regions: regions asked for; empty means the three it has.
        read_only: as for any account.
        clock: its idea of now; the machine's when None.
        deny: ``(service, operation, region)`` such as ``("ec2", "DescribeFlowLogs", "ap-southeast-2")``, refused as
            AWS refuses them.
    """
    from flowtui.demo.state import State

    now = clock or system_clock
    state = State(now, frozenset(deny))

    def make_session(_: str | None) -> boto3.Session:
        from flowtui.demo.hooks import answer_calls

        session = _isolated_session()
        answer_calls(session, state)
        return session

    def make_store(_: Account, bucket: str, __: str) -> ObjectStore:
        from flowtui.demo.store import DemoStore

        return DemoStore(state, bucket)

    backend = Backend(make_session, make_store, demo=True, clock=now)
    return Account(None, regions or REGIONS, read_only=read_only, backend=backend)


def _isolated_session() -> boto3.Session:
    """A session that knows neither the environment nor the user's files, with keys that sign but open nothing."""
    import os

    import boto3
    from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
    from botocore.session import Session

    variables = {
        name: (None, None, default, convert)
        for name, (_, __, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
    }
    for name, value in (
        ("config_file", os.devnull),
        ("credentials_file", os.devnull),
        ("ignore_configured_endpoint_urls", True),
    ):
        variables[name] = (None, None, value, None)
    return boto3.Session(
        aws_access_key_id="ASIADEMODEMODEMODEMO",
        aws_secret_access_key="demo",
        aws_session_token="demo",
        region_name=REGIONS[0],
        botocore_session=Session(session_vars=variables),
    )
