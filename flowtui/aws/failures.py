"""Turns what botocore and obstore raise into :class:`FlowTuiError`, in this one place.

``message`` names service, operation, region and AWS's own words; ``hint`` says the next step. A denied call always
carries its IAM action, because that is what a user has to ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flowtui.errors import AccessDenied, AwsError, FlowTuiError

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "Client.UnauthorizedOperation",
    "403",
}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_INVALID = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
}
_THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
    "RequestThrottled",
}
_TROUBLE = {
    *("InternalFailure", "InternalError", "InternalServiceError", "ServiceUnavailable", "ServiceUnavailableException"),
    *("500", "502", "503", "504"),
}
_UNREACHED = {
    *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError", "ConnectionError"),
    *("HTTPClientError", "ProxyConnectionError", "ResponseStreamingError", "ProtocolError"),
    "Garbled",
}
_NAMED_ACTION = re.compile(r"not authorized to perform:?\s+([a-z0-9-]+:[A-Za-z0-9*]+)")

# Where the IAM action is not the operation's own name (https://docs.aws.amazon.com/service-authorization/latest/reference/).
_ACTIONS = {
    ("s3", "ListObjectsV2"): "s3:ListBucket",
    ("s3", "HeadBucket"): "s3:ListBucket",
    ("s3", "HeadObject"): "s3:GetObject",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3", "GetBucketEncryption"): "s3:GetEncryptionConfiguration",
    ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
}
_PREFIXES = {"elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing"}


def iam_action(service: str, operation: str) -> str:
    """The IAM action that permits an operation, e.g. ``ec2:DescribeVpcs``."""
    return _ACTIONS.get((service, operation), f"{_PREFIXES.get(service, service)}:{operation}")


def operation_name(method: str) -> str:
    """boto3's method name as AWS writes the operation: ``describe_vpcs`` is ``DescribeVpcs``."""
    return "".join(part.capitalize() for part in method.split("_")) if "_" in method else method


@contextmanager
def translated(service: str, operation: str, region: str = "", *, profile: str = "") -> Iterator[None]:
    """Let only FlowTuiErrors out of the block.

    Args:
        service: boto3's name of the service, for the message.
        operation: the method or operation attempted.
        region: region of the call.
        profile: profile of the call, named in the hints about logging in.
    """
    from botocore.eventstream import ParserError
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        raise _from_client_error(error, service, region, profile) from error
    except ResponseParserError as error:
        raise not_aws(f"{service}:{operation_name(operation)}", region) from error
    except ParserError as error:
        raise _garbled(f"{service}:{operation_name(operation)}", region, error) from error
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        raise _from_local_error(error, service, operation_name(operation), region, profile) from error


def not_aws(call: str, region: str = "") -> AwsError:
    """The error for an answer that is none of AWS's: a captive portal, a proxy's login page."""
    where = f" in {region}" if region else ""
    return AwsError(
        f"{call}{where} was answered by something that is not AWS.",
        "Check whether the network wants a login first, the proxy, and --endpoint-url.",
        code="NotAws",
        region=region,
    )


def _garbled(call: str, region: str, error: Exception) -> AwsError:
    """The error for a stream of events that is broken; botocore has a class of its own for each way to be."""
    where = f" in {region}" if region else ""
    message = f"The stream of {call}{where} was garbled on its way: {error}"
    return AwsError(message, "Check the network and the proxy.", code="Garbled", region=region)


def _login_hint(profile: str) -> str:
    named = f" --profile {profile}" if profile and profile not in ("default", "demo") else ""
    return f"Log in again: aws sso login{named}, or renew the keys with aws configure{named}."


def _from_client_error(error: Any, service: str, region: str, profile: str) -> AwsError:
    details = error.response.get("Error", {})
    code = str(details.get("Code", "Unknown"))
    said = str(details.get("Message", "")).strip() or code
    action = iam_action(service, error.operation_name)
    return refusal(code, said, f"{service}:{error.operation_name}", action=action, region=region, profile=profile)


def refusal(code: str, said: str, call: str, *, action: str, region: str = "", profile: str = "") -> AwsError:
    """The error for an answer in which AWS refused a call.

    Args:
        code: AWS's error code.
        said: AWS's own words.
        call: what was attempted, ``ec2:DescribeVpcs`` or ``s3:GetObject of s3://bucket/key``.
        action: the IAM action that permits it; one that AWS's words name is preferred.
        region: region of the call.
        profile: profile of the call.
    """
    where = f" in {region}" if region else ""
    if code in _DENIED:
        named = _NAMED_ACTION.search(said)
        action = named[1] if named else action
        return AccessDenied(
            f"{call}{where} was denied: {said}",
            f"Ask for the IAM action {action}.",
            code=code,
            action=action,
            region=region,
        )
    if code in _EXPIRED:
        hint = _login_hint(profile)
        return AwsError(f"The credentials for {call}{where} have expired: {said}", hint, code=code, region=region)
    if code in _INVALID:
        hint = "Check the profile's keys; in a region that has to be enabled first this is also how AWS says it is not."
        return AwsError(f"{call}{where} did not accept the credentials: {said}", hint, code=code, region=region)
    if code == "OptInRequired":
        hint = f"Enable {region or 'the region'} in the account, or leave it out of --region."
        message = f"{region or 'The region'} is not enabled in this account, said {call}: {said}"
        return AwsError(message, hint, code=code, region=region)
    if code in _THROTTLED:
        hint = "AWS limits how often this may be called; wait a little, then try again."
        return AwsError(f"{call}{where} was throttled after several tries.", hint, code=code, region=region)
    return AwsError(f"{call}{where} failed: {said} ({code})", "", code=code, region=region)


def is_throttled(error: AwsError) -> bool:
    """Whether waiting is all it takes: AWS limits how often a call may be made."""
    return error.code in _THROTTLED


def is_passing(error: AwsError) -> bool:
    """Whether the same call may well succeed soon: throttled, AWS is in trouble, or the network is."""
    return is_throttled(error) or is_unreached(error) or error.code in _TROUBLE


def is_unreached(error: AwsError) -> bool:
    """Whether the network failed, so that AWS said nothing."""
    return error.code in _UNREACHED


def _from_local_error(error: Exception, service: str, operation: str, region: str, profile: str) -> FlowTuiError:
    kind = type(error).__name__
    where = f" in {region}" if region else ""
    call = service if operation in ("Client", "client", "store") else f"{service}:{operation}"
    said = re.sub(r"\s+", " ", str(error)).strip()

    def made(message: str, hint: str) -> AwsError:
        return AwsError(message, hint, code=kind, region=region)

    match kind:
        case "ProfileNotFound":
            return made(
                f"There is no AWS profile named {profile}.", "aws configure list-profiles shows those there are."
            )
        case "NoCredentialsError" | "PartialCredentialsError" | "CredentialRetrievalError":
            return made(
                f"No AWS credentials for {call}{where}: {said}",
                "Run aws configure or aws sso login, name a profile with --profile, or look around with --demo.",
            )
        case (
            "SSOTokenLoadError"
            | "UnauthorizedSSOTokenError"
            | "TokenRetrievalError"
            | "SSOError"
            | "LoginRefreshRequired"
            | "LoginTokenLoadError"
        ):
            return made(f"The login of profile {profile} has expired: {said}", _login_hint(profile))
        case "NoRegionError" | "InvalidRegionError":
            return made(f"{call} needs a valid region: {said}", "Name one with --region.")
        case "EndpointConnectionError" if region:
            hint = f"Check the network, and that {region} is a region (aws ec2 describe-regions lists them)."
            if "amazonaws." not in said:
                hint = "Check the network, and that --endpoint-url (or AWS_ENDPOINT_URL) names what is meant."
            return made(f"Cannot reach {call}{where}: {said}", hint)
        case "ParamValidationError" | "UnknownServiceError" | "DataNotFoundError":
            return made(f"{call} was not sent: {said}", "")
        case "ConfigParseError" | "ConfigNotFound" | "InvalidConfigError" | "InfiniteLoopConfigError":
            return made(f"The AWS configuration is not usable: {said}", "Mend ~/.aws/config or ~/.aws/credentials.")
        case _:
            return made(f"Cannot reach {call}{where}: {said}", "Check the network, the proxy and --endpoint-url.")
