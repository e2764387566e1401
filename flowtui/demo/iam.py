"""IAM of the demo account: the roles of flow logs, and what the caller may do."""

from __future__ import annotations

import json
import zlib
from urllib.parse import quote

from flowtui.demo.flowlogs import role_arn
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.state import Json, Role, moment


def _role(call: Call) -> Role:
    name = call.parameters["RoleName"]
    if name not in call.state.roles:
        raise ApiError("NoSuchEntity", f"The role with name {name} cannot be found.", 404)
    return call.state.roles[name]


def _encoded(document: Json) -> str:
    # IAM answers with percent-encoded JSON, which botocore decodes.
    return quote(json.dumps(document))


def _shape(role: Role) -> Json:
    return {
        "Path": "/",
        "RoleName": role.name,
        "RoleId": f"AROADEMO{zlib.crc32(role.name.encode()):013d}",
        "Arn": role_arn(role.name),
        "CreateDate": moment(role.created),
        "AssumeRolePolicyDocument": _encoded(role.trust),
        "MaxSessionDuration": 3600,
    }


def get_role(call: Call) -> Json:
    """GetRole."""
    return {"Role": _shape(_role(call))}


def list_roles(call: Call) -> Json:
    """ListRoles."""
    roles = call.state.roles
    return {"Roles": [_shape(roles[name]) for name in sorted(roles)], "IsTruncated": False}


def list_role_policies(call: Call) -> Json:
    """ListRolePolicies."""
    return {"PolicyNames": sorted(_role(call).policies), "IsTruncated": False}


def list_attached_role_policies(call: Call) -> Json:
    """ListAttachedRolePolicies: managed policies are not simulated, roles have none."""
    _role(call)
    return {"AttachedPolicies": [], "IsTruncated": False}


def get_role_policy(call: Call) -> Json:
    """GetRolePolicy."""
    role, name = _role(call), call.parameters["PolicyName"]
    if name not in role.policies:
        raise ApiError("NoSuchEntity", f"The role policy with name {name} cannot be found.", 404)
    return {"RoleName": role.name, "PolicyName": name, "PolicyDocument": _encoded(role.policies[name])}


def simulate_principal_policy(call: Call) -> Json:
    """SimulatePrincipalPolicy: roles by their own policies, the caller by what the demo account denies."""
    name = call.parameters["PolicySourceArn"].rpartition("/")[2]
    role = call.state.roles.get(name)
    denied = {f"{service}:{operation}" for service, operation, _ in call.state.deny}
    results = []
    for action in call.parameters["ActionNames"]:
        allowed = role.allows(action) if role else action not in denied
        for resource in call.get("ResourceArns") or ["*"]:
            results.append(
                {
                    "EvalActionName": action,
                    "EvalResourceName": resource,
                    "EvalDecision": "allowed" if allowed else "implicitDeny",
                    "MatchedStatements": [],
                    "MissingContextValues": [],
                }
            )
    return {"EvaluationResults": results, "IsTruncated": False}


HANDLERS: dict[str, Handler] = {
    "GetRole": get_role,
    "GetRolePolicy": get_role_policy,
    "ListAttachedRolePolicies": list_attached_role_policies,
    "ListRolePolicies": list_role_policies,
    "ListRoles": list_roles,
    "SimulatePrincipalPolicy": simulate_principal_policy,
}
