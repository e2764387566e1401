"""What ``flowtui deploy`` asks AWS about a plan before anything is made: permissions, volume, the existing bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flowtui.errors import AwsError, FlowTuiError
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.session import Account
    from flowtui.stacks.bucket import BucketCheck
    from flowtui.stacks.plan import Plan

_SIGNS = {"yes": "ok", "no": "DENIED", "unknown": "?"}


def permit_lines(account: Account, region: str, planned: Plan, stack_name: str) -> list[str]:
    """The plan's permissions as IAM's simulation sees them."""
    from flowtui.stacks.permits import check_permits, shown

    lines = ["Permissions"]
    for verdict, text, reason in shown(check_permits(account, region, planned, stack_name)):
        lines.append(clean(f"  {_SIGNS[verdict]:<7} {text}" + (f"  {reason}" if reason else "")))
    return lines


def volume_line(account: Account, region: str, planned: Plan) -> str:
    """The cost of what the VPC's present flow logs write; says so where there is nothing to go by."""
    from flowtui.aws.volume import observed_volume

    try:
        volume = observed_volume(account, region, planned.parameters.get("VpcId", ""))
    except AwsError as error:
        return f"Costs   volume cannot be measured: {error.message}"
    if volume is None:
        return "Costs   nothing measured: the VPC's flow logs delivered nothing yet; give a volume with --gb."
    return f"Costs   {planned.cost(volume.gb)}, by what {volume.source}"


def prepare_bucket(account: Account, region: str, planned: Plan, *, add: bool, yes: bool) -> None:
    """Look at the bucket a plan delivers to, if it is an existing one; with ``add``, mend its policy.

    Raises:
        FlowTuiError: there is no such bucket, the policy lacks something that may not be added, or the user said no.
    """
    from flowtui.stacks.bucket import add_statements, check_bucket

    check = check_bucket(account, region, planned)
    if check is None:
        if add:
            click.echo("This plan makes its own bucket with its policy; there is none to add to.", err=True)
        return
    show_bucket(check)
    if check.missing:
        # AWS would find out only while making the flow log, and leave a stack in ROLLBACK_COMPLETE.
        raise FlowTuiError(
            f"There is no bucket {check.name}, so nothing was made.",
            "Check BucketName, or let the template make the bucket with CreateBucket=Yes.",
        )
    if not add or check.advice is None or not check.advice.missing:
        return
    if check.can_add and not (yes or click.confirm("Add this to the bucket's policy?", default=False, err=True)):
        raise FlowTuiError(f"The policy of bucket {check.name} is as it was, and nothing was deployed.")
    add_statements(account, check)
    click.echo(f"The policy of bucket {check.name} lets log delivery write now.", err=True)


def show_bucket(check: BucketCheck) -> None:
    """Tell on stderr what was found, with the difference adding would make."""
    from flowtui.stacks.bucket import check_lines

    for line in check_lines(check):
        click.echo(clean(line), err=True)
    if check.advice is not None and check.advice.after is not None:
        click.echo("  What --add-bucket-policy adds, all else stays:", err=True)
        for line in check.advice.difference():
            click.echo(clean(f"    {line}"), err=True)
