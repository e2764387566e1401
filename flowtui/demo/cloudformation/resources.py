"""The resource types the demo account can make: each really appears in, changes in and leaves its service's answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flowtui.demo.ec2.flow_logs import create as create_flow_log
from flowtui.demo.flowlogs import role_arn
from flowtui.demo.hooks import ApiError
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.state import TAKEN_BUCKET, Bucket, Json, LogGroup, Role, State


@dataclass(frozen=True)
class Site:
    """Where and when a resource is worked on; ``at`` in Unix seconds."""

    state: State
    region: str
    stack: str
    logical_id: str
    at: int

    def generated(self, *, limit: int = 64) -> str:
        """A name as CloudFormation makes them."""
        mark = self.state.new_uuid().replace("-", "")[:12]
        return f"{self.stack[: limit - 14 - len(self.logical_id)]}-{self.logical_id}-{mark}"


@dataclass(frozen=True)
class Made:
    """What creating gave: the physical id, which is also what Ref says, and attributes for GetAtt."""

    physical_id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class Kind:
    """A resource type that has no effect outside its stack; the base of those that have.

    ``seconds`` is how long making one takes, ``fixed`` are the properties that cannot be changed in place.
    """

    seconds = 3
    fixed: frozenset[str] = frozenset()

    def create(self, site: Site, properties: Json) -> Made:
        """Make it.

        Raises:
            ApiError: AWS refuses.
        """
        identity = site.generated()
        return Made(identity, {"Arn": f"arn:aws:demo:{site.region}:{ACCOUNT_ID}:{identity}", "Id": identity})

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Change it in place."""

    def delete(self, site: Site, physical_id: str) -> None:
        """Remove it.

        Raises:
            ApiError: AWS refuses.
        """

    def replaces(self, changed: set[str]) -> bool:
        """Whether a change of these properties makes a new resource."""
        return bool(changed & self.fixed)


class LogGroups(Kind):
    """AWS::Logs::LogGroup."""

    seconds = 2
    fixed = frozenset({"LogGroupName", "LogGroupClass"})

    def create(self, site: Site, properties: Json) -> Made:
        """Make a log group."""
        name = properties.get("LogGroupName") or site.generated(limit=512)
        if (site.region, name) in site.state.groups:
            identifier = json.dumps({"/properties/LogGroupName": name}, separators=(",", ":"))
            raise ApiError(
                "AlreadyExists",
                f"Resource of type 'AWS::Logs::LogGroup' with identifier '{identifier}' already exists.",
            )
        group = LogGroup(name, site.region, site.at)
        site.state.groups[site.region, name] = group
        self.update(site, name, properties)
        return Made(name, {"Arn": group.arn})

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Set retention and key."""
        group = site.state.groups[site.region, physical_id]
        group.retention_days = int(properties.get("RetentionInDays", 0))
        group.kms_key = str(properties.get("KmsKeyId", ""))

    def delete(self, site: Site, physical_id: str) -> None:
        """Remove the log group and its records."""
        site.state.groups.pop((site.region, physical_id), None)


class Roles(Kind):
    """AWS::IAM::Role."""

    seconds = 6
    fixed = frozenset({"RoleName", "Path"})

    def create(self, site: Site, properties: Json) -> Made:
        """Make a role."""
        name = properties.get("RoleName") or site.generated()
        if name in site.state.roles:
            raise ApiError("AlreadyExists", f"Role with name {name} already exists.")
        site.state.roles[name] = Role(name, site.at, properties["AssumeRolePolicyDocument"])
        self.update(site, name, properties)
        return Made(name, {"Arn": role_arn(name), "RoleId": "AROADEMO" + name.upper().replace("-", "")[-12:]})

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Set trust and inline policies."""
        role = site.state.roles[physical_id]
        role.trust = properties["AssumeRolePolicyDocument"]
        role.policies = {one["PolicyName"]: one["PolicyDocument"] for one in properties.get("Policies", ())}

    def delete(self, site: Site, physical_id: str) -> None:
        """Remove the role."""
        site.state.roles.pop(physical_id, None)


class RolePolicies(Kind):
    """AWS::IAM::Policy, attached to roles."""

    seconds = 4
    fixed = frozenset({"PolicyName"})

    def create(self, site: Site, properties: Json) -> Made:
        """Put the policy into its roles."""
        self.update(site, properties["PolicyName"], properties)
        return Made(properties["PolicyName"])

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Put the policy into its roles again."""
        for name in properties.get("Roles", ()):
            if name not in site.state.roles:
                raise ApiError("NotFound", f"The role with name {name} cannot be found.")
            site.state.roles[name].policies[physical_id] = properties["PolicyDocument"]

    def delete(self, site: Site, physical_id: str) -> None:
        """Take the policy out of every role."""
        for role in site.state.roles.values():
            role.policies.pop(physical_id, None)


class Buckets(Kind):
    """AWS::S3::Bucket."""

    seconds = 5
    fixed = frozenset({"BucketName"})

    def create(self, site: Site, properties: Json) -> Made:
        """Make a bucket."""
        name = properties.get("BucketName") or site.generated(limit=63).lower()
        if name == TAKEN_BUCKET or name in site.state.buckets:
            raise ApiError("AlreadyExists", f"{name} already exists (Service: S3, Status Code: 409)")
        site.state.buckets[name] = Bucket(name, site.region, site.at)
        self.update(site, name, properties)
        domain = f"{name}.s3.amazonaws.com"
        return Made(name, {"Arn": f"arn:aws:s3:::{name}", "DomainName": domain})

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Set the bucket's settings."""
        bucket = site.state.buckets[physical_id]
        rules = properties.get("OwnershipControls", {}).get("Rules", ())
        bucket.ownership = next((rule["ObjectOwnership"] for rule in rules), "BucketOwnerEnforced")
        encryption = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", ())
        default: Json = next((rule.get("ServerSideEncryptionByDefault", {}) for rule in encryption), {})
        bucket.encryption = default.get("SSEAlgorithm", "AES256")
        bucket.kms_key = default.get("KMSMasterKeyID", "")
        bucket.versioning = properties.get("VersioningConfiguration", {}).get("Status", "")

    def delete(self, site: Site, physical_id: str) -> None:
        """Remove the bucket, which has to be empty."""
        if next(iter(site.state.objects(physical_id)), None) is not None:
            raise ApiError("GeneralServiceException", "The bucket you tried to delete is not empty")
        site.state.buckets.pop(physical_id, None)


class BucketPolicies(Kind):
    """AWS::S3::BucketPolicy."""

    seconds = 2
    fixed = frozenset({"Bucket"})

    def create(self, site: Site, properties: Json) -> Made:
        """Attach the policy to a bucket that has none."""
        bucket = site.state.buckets.get(properties["Bucket"])
        if bucket is None:
            raise ApiError("NotFound", "The specified bucket does not exist")
        if bucket.policy:
            raise ApiError("AlreadyExists", f"The bucket policy already exists on bucket {bucket.name}.")
        self.update(site, bucket.name, properties)
        return Made(bucket.name)

    def update(self, site: Site, physical_id: str, properties: Json) -> None:
        """Replace the policy."""
        site.state.buckets[physical_id].policy = json.dumps(properties["PolicyDocument"])

    def delete(self, site: Site, physical_id: str) -> None:
        """Remove the policy."""
        if physical_id in site.state.buckets:
            site.state.buckets[physical_id].policy = ""


class FlowLogs(Kind):
    """AWS::EC2::FlowLog: only its tags can be changed."""

    seconds = 3

    def create(self, site: Site, properties: Json) -> Made:
        """Start a flow log."""
        tags = [{"ResourceType": "vpc-flow-log", "Tags": properties.get("Tags", ())}]
        wanted = {**properties, "TagSpecifications": tags}
        options = properties.get("DestinationOptions")
        if options is not None:
            missing = {"FileFormat", "HiveCompatiblePartitions", "PerHourPartition"} - set(options)
            if missing:
                raise ApiError("InvalidRequest", f"required key [{min(missing)}] not found in DestinationOptions")
            wanted["DestinationOptions"] = {
                name: _flag(value) if name != "FileFormat" else value for name, value in options.items()
            }
        made = create_flow_log(site.state, site.region, properties["ResourceId"], wanted, site.at)
        return Made(made.id, {"Id": made.id})

    def delete(self, site: Site, physical_id: str) -> None:
        """End the flow log; what it delivered stays."""
        flow_log = site.state.flow_logs.get(physical_id)
        if flow_log is not None and not flow_log.retired:
            site.state.end_flow_log(flow_log, site.at)

    def replaces(self, changed: set[str]) -> bool:
        """Everything but tags is create-only."""
        return bool(changed - {"Tags"})


def _flag(value: Any) -> bool:
    return str(value).lower() == "true"


_KINDS: dict[str, Kind] = {
    "AWS::EC2::FlowLog": FlowLogs(),
    "AWS::IAM::Policy": RolePolicies(),
    "AWS::IAM::Role": Roles(),
    "AWS::Logs::LogGroup": LogGroups(),
    "AWS::S3::Bucket": Buckets(),
    "AWS::S3::BucketPolicy": BucketPolicies(),
}
_PLAIN = Kind()


def kind_of(resource_type: str) -> Kind:
    """How a type is made; types without meaning here are made and forgotten."""
    return _KINDS.get(resource_type, _PLAIN)
