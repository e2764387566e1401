"""Messages here are shaped as the object store words S3's answers."""

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError, UnauthenticatedError

from flowtui.aws.store_failures import reading
from flowtui.errors import AccessDenied, AwsError


def s3_answer(status: str, code: str, message: str) -> str:
    return (
        f"Generic S3 error: Error performing GET https://b.s3.amazonaws.com/k in 9ms - Server returned non-2xx status "
        f"code: {status}: <Error><Code>{code}</Code><Message>{message}</Message></Error>\n\nDebug source:\nRetry"
    )


def caught(error: Exception, action: str = "s3:GetObject") -> AwsError:
    with pytest.raises(AwsError) as found, reading("b", "k", action, region="us-east-1", profile="prod"):
        raise error
    assert "Debug source" not in str(found.value)
    return found.value


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:ListBucket"])
def test_a_denial_names_bucket_key_and_action(action: str):
    error = caught(PermissionDeniedError(s3_answer("403 Forbidden", "AccessDenied", "Access Denied")), action)
    assert isinstance(error, AccessDenied)
    assert error.action == action
    assert "s3://b/k" in error.message
    assert action in error.hint


def test_the_action_that_aws_names_is_preferred():
    said = "User: x is not authorized to perform: kms:Decrypt on resource: y"
    error = caught(PermissionDeniedError(s3_answer("403 Forbidden", "AccessDenied", said)))
    assert isinstance(error, AccessDenied)
    assert error.action == "kms:Decrypt"


def test_a_denial_without_words():
    error = caught(PermissionDeniedError("The operation lacked the necessary privileges to complete for path k"))
    assert isinstance(error, AccessDenied)


@pytest.mark.parametrize(
    ("code", "status", "message", "hint"),
    [
        ("ExpiredToken", "400 Bad Request", "expired", "aws sso login --profile prod"),
        ("InvalidAccessKeyId", "403 Forbidden", "did not accept", "keys"),
        ("NoSuchBucket", "404 Not Found", "There is no bucket b", "destination"),
        ("InvalidObjectState", "403 Forbidden", "Glacier", "Restore"),
        ("PermanentRedirect", "301 Moved Permanently", "not in us-east-1", "--region"),
        ("SlowDown", "503 Slow Down", "throttled", "wait"),
        ("InternalError", "500 Internal Server Error", "words", ""),
    ],
)
def test_other_answers(code: str, status: str, message: str, hint: str):
    error = caught(GenericError(s3_answer(status, code, "words of AWS")))
    assert error.code == code
    assert message in error.message
    assert hint in error.hint


def test_unauthenticated():
    error = caught(UnauthenticatedError(s3_answer("401 Unauthorized", "ExpiredToken", "The token has expired")))
    assert "expired" in error.message


def test_no_network():
    error = caught(
        GenericError(
            "Generic S3 error: Error performing GET http://127.0.0.1:9/b/k in 103ms, after 1 retries - HTTP error"
        )
    )
    assert error.code == "ConnectionError"
    assert "network" in error.hint


def test_a_status_without_words():
    error = caught(GenericError("Generic S3 error: Server returned non-2xx status code: 502 Bad Gateway: "))
    assert error.code == "502"


def test_errors_of_our_own_pass_unchanged():
    with pytest.raises(KeyError), reading("b", "k", "s3:GetObject"):
        raise KeyError("bug")
