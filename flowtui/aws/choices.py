"""What profiles and regions there are to choose from."""

from __future__ import annotations

from flowtui.aws.session import Account
from flowtui.errors import AwsError


def available_profiles() -> tuple[str, ...]:
    """Profiles of the AWS configuration files, in their order; reads files, calls nothing."""
    import botocore.session

    return tuple(botocore.session.Session().available_profiles)


def available_regions(account: Account) -> tuple[str, ...]:
    """Regions enabled in the account; those boto3 knows of where ``ec2:DescribeRegions`` is refused."""
    try:
        answer = account.call("ec2", "describe_regions")
    except AwsError:
        return tuple(sorted(account.session().get_available_regions("ec2")))
    return tuple(sorted(region["RegionName"] for region in answer["Regions"]))
