"""What ``flowtui deploy`` asks AWS about a plan before anything is made: permissions, volume, the existing bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flowtui.errors import AwsError, FlowTuiError
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.session import Account
    from flowtui.aws.simulate import Permit
    from flowtui.aws.volume import Volume
    from flowtui.insight.cost import Prices
    from flowtui.stacks.bucket import BucketCheck
    from flowtui.stacks.plan import Plan

_SIGNS = {"yes": "ok", "no": "DENIED", "unknown": "?"}


def permit_lines(permits: Sequence[Permit]) -> list[str]:
    """A plan's permissions as IAM's simulation sees them."""
    from flowtui.stacks.permits import shown

    lines = ["Permissions"]
    for verdict, text, reason in shown(permits):
        lines.append(clean(f"  {_SIGNS[verdict]:<7} {text}" + (f"  {reason}" if reason else "")))
    return lines


def measured(account: Account, region: str, planned: Plan) -> tuple[Volume | None, str]:
    """What the VPC's present flow logs write, None where there is nothing to go by; and why it cannot be measured."""
    from flowtui.aws.volume import observed_volume

    try:
        return observed_volume(account, region, planned.parameters.get("VpcId", "")), ""
    except AwsError as error:
        return None, error.message


def rate_line(planned: Plan, prices: Prices) -> str:
    """The cost of a gigabyte, where no volume is known."""
    return f"Costs   {planned.cost(1, prices)}; --gb reckons another volume, --plan --check measures it"


def volume_line(planned: Plan, volume: Volume | None, trouble: str, prices: Prices) -> str:
    """The cost of a measured volume; says so where there is none."""
    if trouble:
        return clean(f"Costs   volume cannot be measured: {trouble}")
    if volume is None:
        return "Costs   nothing measured: the VPC's flow logs delivered nothing yet; give a volume with --gb."
    return f"Costs   {planned.cost(volume.gb, prices)}, by what {volume.source}"


def look_at_bucket(account: Account, region: str, planned: Plan) -> BucketCheck | None:
    """Look at the bucket a plan delivers to and tell on stderr what was found; None when the plan makes its own."""
    from flowtui.stacks.bucket import bucket_name_taken, check_bucket, taken_text

    check = check_bucket(account, region, planned)
    if check is not None:
        show_bucket(check)
    elif bucket_name_taken(account, planned):
        click.echo(clean(f"Bucket {taken_text(planned.bucket)}"), err=True)
    return check


def require_bucket(check: BucketCheck | None) -> None:
    """Refuse to go on without the bucket.

    AWS would find out only while making the flow log, and leave a stack in ROLLBACK_COMPLETE.

    Raises:
        FlowTuiError: there is no such bucket.
    """
    if check is not None and check.missing:
        raise FlowTuiError(
            f"There is no bucket {check.name}, so nothing was made.",
            "Check BucketName, or let the template make the bucket with CreateBucket=Yes.",
        )


def prepare_bucket(account: Account, region: str, planned: Plan, *, add: bool, yes: bool) -> None:
    """Look at the bucket a plan delivers to, if it is an existing one; with ``add``, mend its policy.

    Raises:
        FlowTuiError: there is no such bucket, the policy lacks something that may not be added, or the user said no.
    """
    from flowtui.stacks.bucket import add_statements

    check = look_at_bucket(account, region, planned)
    if check is None:
        if add:
            click.echo("This plan makes its own bucket with its policy; there is none to add to.", err=True)
        return
    require_bucket(check)
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
