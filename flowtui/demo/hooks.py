"""Answers botocore's calls in process, where it would otherwise open a connection.

botocore has by then validated the parameters and built the request, and afterwards treats the answer as any other:
error codes become its modelled exceptions, paginators and waiters work. Only its retry loop, which lies below the
hook, never sees the demo account.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowtui.demo.network import ACCOUNT_ID, REGIONS
from flowtui.demo.state import Json, State
from flowtui.errors import FlowTuiError

if TYPE_CHECKING:
    import boto3
    from botocore.model import OperationModel

ROLE_NAME = "prod-admin"
CALLER = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{ROLE_NAME}/demo"
_PARAMETERS = "flowtui_demo_parameters"
_MODULES = {
    "athena": "flowtui.demo.athena",
    "cloudformation": "flowtui.demo.cloudformation.handlers",
    "ec2": "flowtui.demo.ec2.handlers",
    "elbv2": "flowtui.demo.elbv2",
    "glue": "flowtui.demo.glue",
    "iam": "flowtui.demo.iam",
    "logs": "flowtui.demo.logs",
    "s3": "flowtui.demo.s3",
    "sts": "flowtui.demo.sts",
}
_GLOBAL = {"iam", "sts", "s3"}


class ApiError(Exception):
    """An error that AWS answers.

    Args:
        code: AWS's error code.
        message: AWS's words.
        status: HTTP status.
        more: what else the service puts into the error's answer.
    """

    def __init__(self, code: str, message: str, status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.more = more


@dataclass(frozen=True, slots=True)
class Call:
    """One API call on its way to a handler."""

    service: str
    operation: str
    region: str
    parameters: Mapping[str, Any]
    state: State

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or the default when it was not given."""
        return self.parameters.get(name, default)


Handler = Callable[[Call], Json]


def answer_calls(session: boto3.Session, state: State) -> None:
    """Make every client of a session talk to the demo account."""

    def remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[_PARAMETERS] = params

    def answer(model: OperationModel, context: dict[str, Any], **_: Any) -> tuple[Any, Json]:
        service = str(model.service_model.service_name)
        region = str(context["client_region"])
        call = Call(service, str(model.name), region, context.pop(_PARAMETERS, {}), state)
        return _answered(call)

    session.events.register_last("before-parameter-build.*.*", remember)
    session.events.register_first("before-call.*.*", answer)


def handlers(service: str) -> Mapping[str, Handler]:
    """The operations a service of the demo account knows; none for an unknown service."""
    if service not in _MODULES:
        return {}
    found: Mapping[str, Handler] = importlib.import_module(_MODULES[service]).HANDLERS
    return found


def _answered(call: Call) -> tuple[Any, Json]:
    from botocore.awsrequest import AWSResponse

    handler = handlers(call.service).get(call.operation)
    if handler is None:
        raise FlowTuiError(
            f"not in the demo account: {call.service}:{call.operation}",
            "The demo account simulates what flowtui itself needs; use a real account for this.",
        )
    with call.state.lock:
        call.state.advance()
        request_id = call.state.request_id()
        try:
            _check_allowed(call)
            parsed, status = handler(call), 200
        except ApiError as error:
            parsed = {"Error": {"Code": error.code, "Message": error.message}, **error.more}
            status = error.status
    headers = parsed.pop("_headers", {})
    parsed["ResponseMetadata"] = {
        "RequestId": request_id,
        "HTTPStatusCode": status,
        "HTTPHeaders": {"x-amzn-requestid": request_id, **headers},
        "RetryAttempts": 0,
    }
    return AWSResponse("demo", status, headers, None), parsed


def _check_allowed(call: Call) -> None:
    from flowtui.aws.failures import iam_action

    if call.region not in REGIONS and call.service not in _GLOBAL:
        raise ApiError("OptInRequired", f"You are not subscribed to this service in {call.region}.", 403)
    if (call.service, call.operation, call.region) not in call.state.deny:
        return
    action = iam_action(call.service, call.operation)
    said = f"User: {CALLER} is not authorized to perform: {action} because no identity-based policy allows it"
    if call.service == "ec2":
        raise ApiError("UnauthorizedOperation", f"You are not authorized to perform this operation. {said}", 403)
    code = "AccessDeniedException" if call.service == "logs" else "AccessDenied"
    raise ApiError(code, said, 403)
