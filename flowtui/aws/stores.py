"""Object stores over S3: signing, listing and fetching happen in Rust, with boto3's credential chain."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flowtui.errors import AwsError

if TYPE_CHECKING:
    import boto3
    from obstore.store import S3Store

# Credentials are asked for again this often; botocore itself refreshes those that expire.
_CREDENTIAL_TTL = timedelta(minutes=5)

# The library's own three minutes are too long to wait for word that the network is gone.
_RETRY_TIMEOUT = timedelta(seconds=20)


def s3_store(session: boto3.Session, bucket: str, region: str, endpoint_url: str | None) -> S3Store:
    """A store for one bucket.

    Raises:
        AwsError: there are no credentials.
    """
    from obstore.auth.boto3 import Boto3CredentialProvider
    from obstore.store import S3Store

    if session.get_credentials() is None:
        raise AwsError(
            f"No AWS credentials to read s3://{bucket}.",
            "Run aws configure or aws sso login, or name a profile with --profile.",
            code="NoCredentials",
        )
    options: dict[str, Any] = {"region": region}
    if endpoint_url:
        options["endpoint"] = endpoint_url
        options["virtual_hosted_style_request"] = False
    elif "." in bucket:
        # A dot in the name does not match the wildcard certificate of virtual-hosted addresses.
        options["virtual_hosted_style_request"] = False
    return S3Store(
        bucket,
        credential_provider=Boto3CredentialProvider(session, ttl=_CREDENTIAL_TTL),
        client_options={"allow_http": bool(endpoint_url and endpoint_url.startswith("http:"))},
        retry_config={"max_retries": 6, "retry_timeout": _RETRY_TIMEOUT},
        **options,
    )
