"""Readable names for what an interface belongs to.

AWS tells the owner of a requester-managed interface only in its description, in a form each service has chosen
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BALANCERS = {"app": "alb", "net": "nlb", "gwy": "gwlb"}

# (pattern of the description, how the name is made of its groups); the first that matches wins.
_DESCRIPTIONS = (
    (r"ELB (?P<kind>app|net|gwy)/(?P<name>[^/]+)/", "{kind}/{name}"),
    (r"ELB (?P<name>[\w-]+)$", "elb/{name}"),
    (r"Interface for (?:Regional )?NAT Gateway (?P<name>nat-\w+)", "{name}"),
    (r"VPC Endpoint Interface (?P<name>vpce-\w+)", "{name}"),
    (r"AWS Lambda VPC ENI-(?P<name>.+)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", "lambda/{name}"),
    (r"AWS Lambda VPC ENI-(?P<name>.+)", "lambda/{name}"),
    (r"RDSNetworkInterface", "rds"),
    (r"RedshiftNetworkInterface", "redshift"),
    (r"ElastiCache (?P<name>\S+)", "elasticache/{name}"),
    (r"EFS mount target for (?P<name>fs-\w+)", "efs/{name}"),
    (r"Network Interface for Transit Gateway Attachment (?P<name>tgw-attach-\w+)", "{name}"),
    (r"Route 53 Resolver: (?P<name>rslvr-\w+-\w+)", "resolver/{name}"),
    (r"Amazon EKS (?P<name>\S+)", "eks/{name}"),
    (r"EC2 Instance Connect Endpoint(?: Interface)?:? (?P<name>eice-\w+)", "{name}"),
    (r"(?:AWS )?Client ?VPN Endpoint (?P<name>cvpn-endpoint-\w+)", "{name}"),
    (r"AWS created network interface for directory (?P<name>d-\w+)", "directory/{name}"),
    (r"Network interface for DBProxy (?P<name>\S+)", "rds-proxy/{name}"),
    (r"DMSNetworkInterface", "dms"),
    (r"DAX (?P<name>\S+)", "dax/{name}"),
    (r"ES (?P<name>\S+)$", "opensearch/{name}"),
    (r"Created by Amazon FSx.*?(?P<name>fs-\w+)", "fsx/{name}"),
    (r"Attached to Glue using role: (?P<name>\S+)", "glue/{name}"),
    (r".*\bMSK\b.*?cluster/(?P<name>[^/\s]+)", "msk/{name}"),
    (r".*\bSageMaker\b.*?(?P<name>d-\w+)", "sagemaker/{name}"),
    (r"arn:aws[\w-]*:ecs:[^:]*:\d*:attachment/(?P<name>[0-9a-f]{8})", "ecs/{name}"),
)
_COMPILED = tuple((re.compile(pattern), form) for pattern, form in _DESCRIPTIONS)

# Every interface type of DescribeNetworkInterfaces but the plain ones
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html).
_KINDS = {
    "api_gateway_managed": "api gateway",
    "aws_codestar_connections_managed": "codeconnections",
    "branch": "ecs branch",
    "efa": "efa",
    "efa-only": "efa",
    "evs": "evs",
    "gateway_load_balancer": "gwlb",
    "gateway_load_balancer_endpoint": "gwlb endpoint",
    "global_accelerator_managed": "global accelerator",
    "iot_rules_managed": "iot rules",
    "lambda": "lambda",
    "load_balancer": "alb",
    "nat_gateway": "nat gateway",
    "natGateway": "nat gateway",
    "network_load_balancer": "nlb",
    "quicksight": "quicksight",
    "regional_nat_gateway": "regional nat gateway",
    "transit_gateway": "transit gateway",
    "trunk": "ecs trunk",
    "vpc_endpoint": "endpoint",
}
_PLAIN = "interface"


def owner_name(
    kind: str, description: str, instance_id: str, interface_name: str, instance_names: Mapping[str, str]
) -> str:
    """What an interface belongs to: ``web-3``, ``alb/public``, ``nat-0ab…``, ``vpce-0cd…``, ``lambda/resize``.

    Args:
        kind: AWS's interface type.
        description: as AWS or the owner wrote it.
        instance_id: instance it is attached to, or empty.
        interface_name: the interface's own Name tag.
        instance_names: Name tags by instance id; an instance without one goes by its id.
    """
    if instance_id:
        return instance_names.get(instance_id) or interface_name or instance_id
    for pattern, form in _COMPILED:
        if found := pattern.match(description):
            groups = {
                name: _BALANCERS.get(text, text) if name == "kind" else text for name, text in found.groupdict().items()
            }
            return form.format(**groups)
    # A type that is newer than this list still tells more than nothing.
    return interface_name or _KINDS.get(kind, "") or description or kind.replace("_", " ").removeprefix(_PLAIN)
