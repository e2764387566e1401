import pytest
from botocore import exceptions as botocore_errors
from botocore.eventstream import ChecksumMismatch, NoInitialResponseError
from botocore.exceptions import ClientError
from urllib3.exceptions import ProtocolError

from flowtui.aws.failures import iam_action, is_passing, is_throttled, operation_name, translated
from flowtui.errors import AccessDenied, AwsError, FlowTuiError


def client_error(code: str, message: str, operation: str = "DescribeVpcs") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def mapped(
    error: Exception, service: str = "ec2", operation: str = "describe_vpcs", profile: str = "prod"
) -> FlowTuiError:
    with pytest.raises(FlowTuiError) as caught, translated(service, operation, "eu-west-1", profile=profile):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "403"])
def test_denials_name_the_action(code: str):
    error = mapped(client_error(code, "You are not authorized to perform this operation."))
    assert isinstance(error, AccessDenied)
    assert error.action == "ec2:DescribeVpcs"
    assert "ec2:DescribeVpcs" in error.hint
    assert "eu-west-1" in error.message
    assert error.region == "eu-west-1"


def test_the_action_aws_names_is_preferred():
    said = "User: arn:aws:iam::1:user/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/r"
    error = mapped(client_error("AccessDenied", said, "CreateStack"), "cloudformation", "create_stack")
    assert isinstance(error, AccessDenied)
    assert error.action == "iam:PassRole"
    assert said in error.message


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "DescribeFlowLogs", "ec2:DescribeFlowLogs"),
        ("s3", "ListObjectsV2", "s3:ListBucket"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("elbv2", "DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
    ],
)
def test_actions(service: str, operation: str, action: str):
    assert iam_action(service, operation) == action


def test_operation_names():
    assert operation_name("describe_vpcs") == "DescribeVpcs"
    assert operation_name("DescribeVpcs") == "DescribeVpcs"


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "RequestExpired"])
def test_expired_credentials_say_how_to_log_in(code: str):
    assert "aws sso login --profile prod" in mapped(client_error(code, "The token has expired")).hint
    assert "--profile" not in mapped(client_error(code, "The token has expired"), profile="default").hint


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("AuthFailure", "did not accept the credentials", "enabled"),
        ("InvalidClientTokenId", "did not accept the credentials", "keys"),
        ("OptInRequired", "is not enabled", "Enable eu-west-1"),
        ("RequestLimitExceeded", "was throttled", "wait"),
        ("InvalidVpcID.NotFound", "failed: words (InvalidVpcID.NotFound)", ""),
    ],
)
def test_other_refusals(code: str, message: str, hint: str):
    error = mapped(client_error(code, "words"))
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (botocore_errors.ProfileNotFound(profile="prod"), "no AWS profile named prod", "list-profiles"),
        (botocore_errors.NoCredentialsError(), "No AWS credentials for ec2:DescribeVpcs in eu-west-1", "--demo"),
        (botocore_errors.PartialCredentialsError(provider="env", cred_var="X"), "No AWS credentials", "configure"),
        (botocore_errors.SSOTokenLoadError(error_msg="gone"), "login of profile prod has expired", "aws sso login"),
        (botocore_errors.UnauthorizedSSOTokenError(), "login of profile prod has expired", "aws sso login"),
        (botocore_errors.NoRegionError(), "needs a valid region", "--region"),
        (botocore_errors.InvalidRegionError(region_name="x y"), "needs a valid region", "--region"),
        (
            botocore_errors.EndpointConnectionError(endpoint_url="https://ec2.eu-west-1.amazonaws.com/"),
            "Cannot reach ec2:DescribeVpcs",
            "eu-west-1 is a region",
        ),
        (
            botocore_errors.EndpointConnectionError(endpoint_url="http://127.0.0.1:9000/"),
            "Cannot reach ec2:DescribeVpcs",
            "--endpoint-url",
        ),
        (botocore_errors.ReadTimeoutError(endpoint_url="https://x"), "Cannot reach", "network"),
        (botocore_errors.ParamValidationError(report="bad"), "was not sent", ""),
        (ProtocolError("Connection broken"), "Cannot reach", "network"),
    ],
)
def test_local_failures(error: Exception, message: str, hint: str):
    found = mapped(error)
    assert message in found.message
    assert hint in found.hint
    assert "\n" not in found.message


@pytest.mark.parametrize("error", [ChecksumMismatch(1, 2), NoInitialResponseError()])
def test_a_stream_that_is_garbled_on_its_way_passes(error: Exception):
    found = mapped(error, "logs", "start_live_tail")
    assert "The stream of logs:StartLiveTail in eu-west-1 was garbled on its way" in found.message
    assert isinstance(found, AwsError)
    assert is_passing(found)


def test_bugs_keep_their_traceback():
    with pytest.raises(KeyError), translated("ec2", "describe_vpcs"):
        raise KeyError("bug")


def test_what_is_ours_passes_unchanged():
    ours = FlowTuiError("ours", "hint")
    with pytest.raises(FlowTuiError) as caught, translated("ec2", "describe_vpcs"):
        raise ours
    assert caught.value is ours


@pytest.mark.parametrize(
    ("code", "throttled", "passing"),
    [
        ("ThrottlingException", True, True),
        ("SlowDown", True, True),
        ("ServiceUnavailable", False, True),
        ("EndpointConnectionError", False, True),
        ("AccessDenied", False, False),
        ("ExpiredToken", False, False),
        ("", False, False),
    ],
)
def test_what_waiting_mends(code: str, throttled: bool, passing: bool):
    error = AwsError("x", code=code)
    assert (is_throttled(error), is_passing(error)) == (throttled, passing)
