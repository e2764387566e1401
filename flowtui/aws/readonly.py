"""Read-only mode: an allow-list of operations, enforced inside botocore.

The hook runs before parameters are even checked, for every client of the session, so nothing outside the list can
leave the machine whatever part of flowtui asks for it. Names are botocore's operation names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flowtui.errors import ReadOnlyError

if TYPE_CHECKING:
    import boto3
    from obstore.store import ObjectStore

_READING_VERBS = ("Describe", "Get", "List", "Head", "Filter")

# Starts with a reading verb, but changes something, or hands out more than it reads.
_EXCEPT = {("iam", "GetCredentialReport"), ("sts", "GetSessionToken"), ("sts", "GetFederationToken")}

# Reads without a reading verb. Athena's StartQueryExecution is absent on purpose, for queries too: whatever its text,
# it writes a result to a bucket and is billed, and CREATE TABLE AS or INSERT differ from a SELECT in their text alone.
# StopQueryExecution ends what somebody else may have started. Looking (GetQueryExecution, GetTable) is allowed.
_ALSO = {
    ("logs", "StartLiveTail"),
    ("logs", "TestMetricFilter"),
    ("iam", "SimulatePrincipalPolicy"),
    ("cloudformation", "ValidateTemplate"),
    ("cloudformation", "EstimateTemplateCost"),
    ("sso", "GetRoleCredentials"),
    # The credential chain itself calls these; they change nothing in the account.
    ("sts", "AssumeRole"),
    ("sts", "AssumeRoleWithWebIdentity"),
    ("sso-oidc", "CreateToken"),
    ("signin", "CreateOAuth2Token"),
}


def is_allowed(service: str, operation: str) -> bool:
    """Whether an operation may be called in read-only mode: ``is_allowed("ec2", "DescribeVpcs")``."""
    key = (service, operation)
    return key in _ALSO or (operation.startswith(_READING_VERBS) and key not in _EXCEPT)


def refuse_changes(session: boto3.Session) -> None:
    """Make every client of this session refuse operations outside the allow-list."""
    session.events.register_first("provide-client-params.*.*", _refuse)


def _refuse(model: Any, **_: Any) -> None:
    service, operation = model.service_model.service_name, model.name
    if not is_allowed(service, operation):
        raise ReadOnlyError(
            f"{service}:{operation} was not sent: flowtui is read-only.",
            "Start flowtui without --read-only to allow changes.",
        )


class ReadOnlyStore:
    """An object store of which only the reading methods can be reached."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def over(cls, store: ObjectStore) -> ObjectStore:
        """The same store without its writing methods; the type is what callers expect, for they only read."""
        return cast("ObjectStore", cls(store))

    def __getattr__(self, name: str) -> Any:
        if not name.startswith(("get", "head", "list")):
            raise ReadOnlyError(
                f"s3 {name} was not sent: flowtui is read-only.",
                "Start flowtui without --read-only to allow changes.",
            )
        return getattr(self._store, name)
